/** A share as a percentage with two decimals, such as `4.69%`. */
export const percent = (share: number): string => `${(100 * share).toFixed(2)}%`;
