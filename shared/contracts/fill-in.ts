/** Stands in a draft of `dialects.json`, alone or before what it stands for, where only a person can say what belongs there. */
export const FILL_IN = 'FILL IN';

export const isFillIn = (value: unknown): boolean =>
  typeof value === 'string' && (value === FILL_IN || value.startsWith(`${FILL_IN}: `));

/** What is said of a value: of one that was never filled in that first, and what to write in its place. */
export function messageOn(value: unknown, message: string): string {
  if (!isFillIn(value)) return message;
  const [, expected] = /expected (.*)$/s.exec(message) ?? [];
  return `${FILL_IN} is still there; ${expected === undefined ? message : `write ${expected}`}`;
}
