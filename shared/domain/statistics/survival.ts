import { runLength, SortedIntegers } from './sorted-integers.ts';

/** S(t) may be this far above the given survival and still count as reached: a product of a million quotients isn't exact. */
const TOLERANCE = 1e-9;

/** One step of the curve: from `time` on, the proportion `survival` has had no event. */
export interface SurvivalStep {
  time: number;
  survival: number;
}

/**
 * Times to an event, some of them censored, and the Kaplan-Meier estimate of the proportion without one by a time (Kaplan
 * and Meier 1958, J Am Stat Assoc 53:457-481): S(t) is the product over the event times up to t of 1 - events / at risk.
 * At one instant events come before censorings. Fit for millions of times.
 */
export class SurvivalTimes {
  // Time and kind in one number, so that a plain numeric sort puts events before censorings of the same instant.
  #codes = new SortedIntegers();
  #events = 0;

  /** How many times there are, events and censorings. */
  get n(): number {
    return this.#codes.length;
  }

  /** How many of them are events. */
  get events(): number {
    return this.#events;
  }

  /**
   * @param time whole milliseconds since the start. A censoring before the start (negative) is never at risk
   * @param isEvent whether the wait ended there; otherwise the wait is only known to have lasted until then
   */
  add(time: number, isEvent: boolean): void {
    this.#codes.add(2 * time + (isEvent ? 0 : 1));
    if (isEvent) this.#events += 1;
  }

  /** The smallest event time t, in milliseconds, with S(t) <= `survival` + 1e-9; null if the curve stays above. */
  timeAt(survival: number): number | null {
    for (const step of this.#steps()) if (step.survival <= survival + TOLERANCE) return step.time;
    return null;
  }

  /** The curve's steps: every event time, ascending, with the proportion without an event by then. Before the first it is 1. */
  curve(): SurvivalStep[] {
    return [...this.#steps()];
  }

  *#steps(): Generator<SurvivalStep> {
    const codes = this.#codes.ascending();
    let survival = 1;
    let index = 0;
    for (let code = codes[index]; code !== undefined; code = codes[index]) {
      const atRisk = codes.length - index;
      const members = runLength(codes, index, code);
      index += members;
      const isEvent = code % 2 === 0;
      if (!isEvent) continue;
      survival *= (atRisk - members) / atRisk;
      yield { time: code / 2, survival };
    }
  }
}
