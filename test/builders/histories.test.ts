import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CloudEvent } from '../../local/simulate/chronicle.ts';
import type { LoopEvent } from '../../shared/contracts/event.ts';
import { byOccurrence, effectiveEvents } from '../../shared/domain/referral/event-order.ts';
import { IN_STORIES } from '../local/simulate/situations.ts';
import { histories as told } from '../local/simulate/tally.ts';
import { accepted } from './events.ts';
import { histories } from './histories.ts';

/** What the laws have to meet: each is rare, or takes several events that fit together. */
const REACHED = [
  'a booking stated again, unchanged',
  'a booking stated again after it was missed',
  'a booking stated again after another replaced it',
  'a booking stated again after it was cancelled',
  'a cancelled appointment reinstated before its start',
  'a no-show of a start that was moved before it, the id kept',
  'a no-show of a start that was moved after it had passed',
  'a no-show of a replaced appointment',
  'an arrival after a no-show',
  'a visit without an id after a no-show',
  'a completed visit after a no-show, without an arrival',
  'a visit without an appointment id',
  'a missed appointment beside an older one without outcome',
  'an appointment moved by a cancellation and a booking of the same minute',
  'two events of the same minute in the order of recording, not of ids',
  'two events of the same minute recorded at the same second',
  'a promised call that came late',
  'a patient who declined, not closed',
  'a patient who thinks better of it',
  'a note dated days before the order',
  'a note dated hours before the order',
  'a booking or visit after an end of class exclusion',
  'a booking or visit after an end of class other care',
  'a note after a closing as duplicate, entered in error or test',
  'all alerts acknowledged',
  'all alerts snoozed',
  'a snooze for longer than 30 days',
];

/** The same for what objects of senders say again. */
const SAID_AGAIN: Record<string, (event: LoopEvent, before: readonly LoopEvent[]) => boolean> = {
  'what was said last': saysAgain,
  'a booking, cancelled and booked again': (event, before) => {
    const [cancelled, booked] = [before.at(-1), before.at(-2)];
    return cancelled?.type === 'appointment.cancelled' && booked !== undefined && isSame(event, booked);
  },
  'one of several things said of appointments at one time': (event, before) => {
    const last = before.filter(({ time, type }) => time === before.at(-1)?.time && type.startsWith('appointment.'));
    return last.length > 1 && last.some((one) => isSame(event, one) && one.time < event.time);
  },
  'what was said with something else': (event, before) => {
    const last = before.filter(({ time }) => time === before.at(-1)?.time);
    return last.length > 1 && saysAgain(event, last);
  },
  'a call': (event, before) => event.type === 'contact.attempted' && saysAgain(event, before),
  'a retraction': (event, before) => event.type === 'event.retracted' && saysAgain(event, before),
  'what people said of alerts': (event, before) => event.type === 'alert.acknowledged' && saysAgain(event, before),
  'the receipt': (event, before) => event.type === 'referral.received' && saysAgain(event, before),
};

function isSame(a: LoopEvent, b: LoopEvent): boolean {
  return a.type === b.type && JSON.stringify(a.data) === JSON.stringify(b.data);
}

function saysAgain(event: LoopEvent, before: readonly LoopEvent[]): boolean {
  const last = before.at(-1);
  return (
    last !== undefined && last.time < event.time && before.some((one) => one.time === last.time && isSame(event, one))
  );
}

describe('Histories for the laws', () => {
  const sample = fc.sample(histories('R-1'), { numRuns: 3_000, seed: 1 });
  const stories = sample.flatMap((history) => [...told(history.map(({ event }): CloudEvent => event)).values()]);

  it.each(REACHED)('meet %s', (name) => {
    expect(stories.some(IN_STORIES[name] as (typeof IN_STORIES)[string])).toBe(true);
  });

  const objects = sample.flatMap((history) => {
    const log = history.map(({ event }) => accepted(event)).sort(byOccurrence);
    const said = log.filter(({ entity }) => entity !== null);
    return [...Map.groupBy(said, ({ source, entity }) => `${source} ${entity}`).values()];
  });

  it.each(Object.entries(SAID_AGAIN))('say again %s', (_name, holds) => {
    expect(objects.some((said) => said.some((event, place) => holds(event, said.slice(0, place))))).toBe(true);
  });

  it('say something again in one of five', () => {
    const saying = sample.filter(
      (history) => effectiveEvents(history.map(({ event }) => accepted(event))).restated.size,
    );
    expect(saying.length).toBeGreaterThan(sample.length / 5);
  });
});
