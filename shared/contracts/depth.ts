/** Most levels of lists and objects in what is taken in. A message has room for half a million. */
export const MAX_DEPTH = 64;

/** Whether a value has more levels of lists and objects. Goes down level by level instead of calling itself. */
export function isDeeperThan(levels: number, value: unknown): boolean {
  let level = [value];
  for (let left = levels; level.length > 0; left -= 1) {
    level = level.filter((each) => typeof each === 'object' && each !== null);
    if (left === 0) return level.length > 0;
    level = level.flatMap((each) => Object.values(each as object));
  }
  return false;
}
