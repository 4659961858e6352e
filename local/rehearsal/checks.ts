/** What was checked, and the outcome. */
export interface Check {
  what: string;
  /** Empty if the check passed. */
  problem: string;
}

/** Collects checks and prints each of them at once. */
export class Checks {
  readonly all: Check[] = [];
  readonly #print: (line: string) => void;

  constructor(print: (line: string) => void) {
    this.#print = print;
  }

  /** @param problem what is wrong, with numbers; empty or null if the check passed */
  note(what: string, problem: string | null): void {
    this.all.push({ what, problem: problem ?? '' });
    this.#print(problem ? `  FAILED  ${what}: ${problem}` : `  ok      ${what}`);
  }

  get failed(): Check[] {
    return this.all.filter(({ problem }) => problem !== '');
  }
}

/** Null if a number is as expected, else the problem. */
export function expected(count: number, actual: number): string | null {
  return actual === count ? null : `${actual}, expected ${count}`;
}
