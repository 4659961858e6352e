/** Figures that may not grow unnoticed, by name; the smaller the better. */
export type Figures = Readonly<Record<string, number>>;

/** By how much a figure may exceed the committed one. */
export const ALLOWED_GROWTH = 0.05;

/**
 * What has grown beyond what is allowed, or can't be compared, a sentence each. None: all is well.
 * @param committed the figures that were accepted
 * @param measured the figures of this checkout
 */
export function grownFigures(committed: Figures, measured: Figures): string[] {
  const names = [...new Set([...Object.keys(committed), ...Object.keys(measured)])].sort();
  return names.flatMap((name) => {
    const [before, now] = [committed[name], measured[name]];
    if (now === undefined) return `${name} is committed, but is measured no more`;
    if (before === undefined) return `${name} is ${now}, and no figure is committed for it`;
    if (now <= before * (1 + ALLOWED_GROWTH)) return [];
    return `${name} has grown by ${(100 * (now / before - 1)).toFixed(1)}%, from ${before} to ${now}`;
  });
}
