import { describe, expect, it } from 'vitest';
import { type Simulation, simulate } from '../../../local/simulate/simulate.ts';
import { IN_DIRECTORIES, IN_STORIES } from './situations.ts';
import { histories } from './tally.ts';

/** As many organizations, and of the size, as the oracle compares by default. */
const organizations = Array.from({ length: 100 }, (_, index) =>
  simulate({ referrals: 50, weeks: 10, seed: index + 1 }),
);
const stories = ({ events }: Simulation) => [...histories(events).values()];
const all = organizations.flatMap(stories);

describe('a hundred organizations of the size that the oracle compares', () => {
  it.each(Object.entries(IN_STORIES))('know %s', (_name, occurs) => {
    expect(all.filter(occurs).length).toBeGreaterThan(0);
  });

  it.each(Object.entries(IN_DIRECTORIES))('have %s', (_name, occurs) => {
    expect(organizations.filter(({ directory, until }) => occurs(directory, until)).length).toBeGreaterThan(0);
  });
});

/** What brings each kind of alert, stage and word about that is rare. */
const IN_A_DEMO = [
  'a patient who declined, not closed', // to_close
  'a late booking that nobody says the patient chose', // booked_late
  'a promised call that nobody made', // callback
  'a booking or visit after an end of class exclusion or other care', // news_after_end
  'a closing without a reason',
  'a contact by a channel of their own',
  'a contact with an outcome of their own',
  'a wrong number last',
  'an arrival after a no-show',
  'a note dated days before the order',
];

describe('a demo of 300 referrals over ten weeks', () => {
  const demo = stories(simulate({ referrals: 300, weeks: 10, seed: 1, thin: 0.1 }));

  it.each(IN_A_DEMO)('knows %s', (name) => {
    expect(demo.filter(IN_STORIES[name] as (typeof IN_STORIES)[string]).length).toBeGreaterThan(0);
  });
});
