/** Counts and lists as a sentence has them, in every mail. */

/** `1,204`. */
export function formatCount(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** `1 patient`, `1,204 patients`. */
export function counted(count: number, word: string, words = `${word}s`): string {
  return `${formatCount(count)} ${count === 1 ? word : words}`;
}

/** `A`, `A and B`, `A, B and C`. */
export function listed(texts: readonly string[]): string {
  if (texts.length <= 1) return texts.join('');
  return `${texts.slice(0, -1).join(', ')} and ${texts.at(-1)}`;
}

/** The first few of a list, and how many more there are. */
export function firstOf(texts: readonly string[], most: number): string {
  const more = texts.length - most;
  return more <= 0 ? listed(texts) : `${texts.slice(0, most).join(', ')} and ${formatCount(more)} more`;
}

export const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
