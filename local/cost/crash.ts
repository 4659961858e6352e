/**
 * The process died in the middle of a call. It is thrown outside the SDK's own retries, so that nothing below the
 * handler can retry, and by every later call of the same invocation, so that a handler that catches it cannot continue
 * either.
 */
export class Crash extends Error {
  override readonly name = 'Crash';

  constructor(functionName: string) {
    super(`${functionName} crashed, as the test asked`);
  }
}

/** One invocation of a function: its name, and the life that nested invocations share with it. */
export interface Run {
  readonly functionName: string;
  readonly life: { dead: boolean };
}

/** Decides whether to crash at a call, and whether before or after it. */
export class CrashPlan {
  #left = 0;
  #side: 'before' | 'after' = 'before';
  #functionName: string | undefined;

  /** Crash at the `call`th call from now, counted from 1, of one function or of all. */
  arm(side: 'before' | 'after', call: number, functionName: string | undefined): void {
    if (!Number.isInteger(call) || call < 1) throw new RangeError(`Calls are counted from 1, not ${call}`);
    this.#left = call;
    this.#side = side;
    this.#functionName = functionName;
  }

  disarm(): void {
    this.#left = 0;
  }

  /** Has to be asked once for each call, in order. Fires once. */
  sideOf(run: Run): 'before' | 'after' | undefined {
    if (this.#left === 0) return undefined;
    if (this.#functionName !== undefined && this.#functionName !== run.functionName) return undefined;
    this.#left -= 1;
    return this.#left === 0 ? this.#side : undefined;
  }
}

/** Throws if the invocation has crashed. */
export function assertAlive(run: Run): void {
  if (run.life.dead) throw new Crash(run.functionName);
}
