import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CloudEvent } from '../../local/simulate/chronicle.ts';
import { IN_STORIES } from '../local/simulate/situations.ts';
import { histories as told } from '../local/simulate/tally.ts';
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

describe('Histories for the laws', () => {
  const sample = fc.sample(histories('R-1'), { numRuns: 3_000, seed: 1 });
  const stories = sample.flatMap((history) => [...told(history.map(({ event }): CloudEvent => event)).values()]);

  it.each(REACHED)('meet %s', (name) => {
    expect(stories.some(IN_STORIES[name] as (typeof IN_STORIES)[string])).toBe(true);
  });
});
