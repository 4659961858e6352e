/**
 * The process died in the middle of a call. Thrown outside of the SDK's own retry, so nothing below the handler can
 * try again, and into every later call of the same run, so that a handler that swallows it gets no further either.
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

/** Says whether a call is the one to crash at, and on which side of it. */
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

  /** To be asked once a call, in the order in which they are made. Fires once, then is disarmed. */
  sideOf(run: Run): 'before' | 'after' | undefined {
    if (this.#left === 0) return undefined;
    if (this.#functionName !== undefined && this.#functionName !== run.functionName) return undefined;
    this.#left -= 1;
    return this.#left === 0 ? this.#side : undefined;
  }
}

/** Throws in a run that has crashed. */
export function assertAlive(run: Run): void {
  if (run.life.dead) throw new Crash(run.functionName);
}
