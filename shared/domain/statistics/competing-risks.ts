import { runLength, SortedIntegers } from './sorted-integers.ts';

const CENSORED = 2;

/** Which of the two competing events ended a wait; null if the wait is only known to have lasted until then. */
export type Cause = 0 | 1 | null;

/** Proportions by some time: with the first event, with the second, with neither. They add up to 1. */
export interface Incidence {
  first: number;
  second: number;
  eventFree: number;
}

/**
 * Times to whichever of two competing events came first, some of them censored, and the Aalen-Johansen estimate of how
 * many have had which (Aalen and Johansen 1978, Scand J Stat 5:141-150): each cause's incidence grows at an event time by
 * its events / at risk of the proportion that was event-free just before. Events of both causes at one instant are
 * simultaneous, both before the censorings of that instant. Fit for millions of times.
 */
export class CompetingTimes {
  // Time and kind in one number, so that a plain numeric sort groups the kinds of an instant, censorings last.
  #codes = new SortedIntegers();

  /** How many times there are, events and censorings. */
  get n(): number {
    return this.#codes.length;
  }

  /**
   * Each member counts once: if both of its events fall at one instant, the caller chooses which counts.
   * @param time whole milliseconds since the start. A censoring before the start (negative) is never at risk
   * @param cause 0 the first event, 1 the second, null censored
   */
  add(time: number, cause: Cause): void {
    this.#codes.add(4 * time + (cause ?? CENSORED));
  }

  /**
   * The proportions by each of the given times, inclusive: an event at exactly that time counts.
   * @param times milliseconds since the start, in any order
   * @returns one answer per time, in their order; null if there are no members at all
   */
  incidenceAt(times: readonly number[]): (Incidence | null)[] {
    if (this.n === 0) return times.map(() => null);
    const codes = this.#codes.ascending();
    const byTime = new Map<number, Incidence>();
    let incidence: Incidence = { first: 0, second: 0, eventFree: 1 };
    let index = 0;
    for (const time of times.toSorted((a, b) => a - b)) {
      for (let code = codes[index]; code !== undefined && timeOf(code) <= time; code = codes[index]) {
        const event = 4 * timeOf(code);
        const first = runLength(codes, index, event);
        const second = runLength(codes, index + first, event + 1);
        const censored = runLength(codes, index + first + second, event + CENSORED);
        incidence = after(incidence, first, second, codes.length - index);
        index += first + second + censored;
      }
      byTime.set(time, incidence);
    }
    return times.map((time) => byTime.get(time) ?? null);
  }
}

function timeOf(code: number): number {
  return Math.floor(code / 4);
}

/** The proportions after an instant with `firsts` first and `seconds` second events among those at risk. */
function after({ first, second, eventFree }: Incidence, firsts: number, seconds: number, atRisk: number): Incidence {
  return {
    first: first + (eventFree * firsts) / atRisk,
    second: second + (eventFree * seconds) / atRisk,
    eventFree: (eventFree * (atRisk - firsts - seconds)) / atRisk,
  };
}
