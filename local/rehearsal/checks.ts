/** What was asked and how it came out. */
export interface Check {
  what: string;
  /** Empty where it is as it should be. */
  problem: string;
}

/** Collects checks, and says each as it comes. */
export class Checks {
  readonly all: Check[] = [];
  readonly #print: (line: string) => void;

  constructor(print: (line: string) => void) {
    this.#print = print;
  }

  /** @param problem what is wrong, with figures; empty or null where nothing is */
  note(what: string, problem: string | null): void {
    this.all.push({ what, problem: problem ?? '' });
    this.#print(problem ? `  FAILED  ${what}: ${problem}` : `  ok      ${what}`);
  }

  get failed(): Check[] {
    return this.all.filter(({ problem }) => problem !== '');
  }
}

/** Null where a number is what was expected. */
export function expected(count: number, actual: number): string | null {
  return actual === count ? null : `${actual}, expected ${count}`;
}
