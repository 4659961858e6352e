import type { EventAbout } from '../../contracts/event.ts';
import type { Instant } from '../../contracts/instant.ts';
import type { ClockKind } from '../../contracts/vocabulary.ts';
import { REPEATING_KINDS, SINGLE_KINDS, type Standing, startsClock, stopsClock } from './clock-table.ts';

/** An event's place in the fold's order and its instant. */
export interface Moment {
  place: number;
  at: Instant;
}

/** An instance of a clock before the policy is asked: where it starts and what stops it. */
export interface Promised {
  kind: ClockKind;
  instance: number;
  start: Moment;
  stop: Instant | null;
  /** Only for `rebook` and `referrer_update`: a no-show started it. */
  afterNoShow?: true;
}

/**
 * The clocks of a referral that don't repeat: each starts at the first event that starts its kind, and stops at the
 * earliest that stops it. A stop dated before the start stops the clock at its start: two systems' clocks differ.
 * @param events in the fold's order
 */
export function singleClocks(events: readonly EventAbout<'referral'>[], standing: Standing): Promised[] {
  return SINGLE_KINDS.flatMap((kind): Promised[] => {
    const place = events.findIndex((event) => startsClock(kind, event, standing));
    const started = events[place];
    if (!started) return [];
    const stopped = events.find((event) => stopsClock(kind, event, standing));
    const start = { place, at: started.time };
    return [{ kind, instance: 1, start, stop: stopped ? Math.max(start.at, stopped.time) : null }];
  });
}

/** The clocks that can start more than once. Whether one of a kind runs is judged in the fold's order. */
export class RepeatingClocks {
  readonly all: Promised[] = [];
  readonly #running = new Map<ClockKind, Promised>();

  /** Takes in the next event, with how things stand once it has been walked. */
  take(event: EventAbout<'referral'>, start: Moment, standing: Standing): void {
    for (const kind of REPEATING_KINDS) {
      const running = this.#running.get(kind);
      if (running && stopsClock(kind, event, standing)) {
        running.stop = event.time;
        this.#running.delete(kind);
      }
    }
    for (const kind of REPEATING_KINDS) {
      if (this.#running.has(kind) || !startsClock(kind, event, standing)) continue;
      const instance = this.all.filter((other) => other.kind === kind).length + 1;
      const afterNoShow = kind !== 'reroute' && event.type === 'appointment.no_show';
      const promised: Promised = { kind, instance, start, stop: null, ...(afterNoShow && { afterNoShow }) };
      this.#running.set(kind, promised);
      this.all.push(promised);
    }
  }
}
