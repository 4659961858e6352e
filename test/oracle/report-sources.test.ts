import { describe, expect, it } from 'vitest';
import { at, from, organizationIn, type Told, weekOf } from './report-story.ts';

const AS_OF = '2026-03-09 10:00';
const DAY = 86_400_000;
const MINUTE = 60_000;

const text = (instant: number): string => new Date(instant).toISOString().slice(0, 16).replace('T', ' ');
const ago = (days: number, more = 0): number => at(AS_OF) - days * DAY - more;

/** One referral of practice `a` at each instant. */
const sentAt = (times: number[]): Told[] =>
  times.map((time, index) => [`R${index}`, text(time), 'referral.received', from('a')]);
const sourcesAfter = (times: number[]) => organizationIn('2026-W10', AS_OF, sentAt(times)).sources;
const every = (days: number, from: number, count: number): number[] =>
  Array.from({ length: count }, (_, index) => ago(from + days * index));

describe('The oracle of sources', () => {
  it('flags a source that stopped only when chance is an unlikely reason', () => {
    // 20 in 182 days lead to expect 20 x 56/182 = 6.15 since; (13/17)^20 = 0.0047 is under 0.005, (13/17)^19 not.
    const [flagged, ...others] = sourcesAfter(every(9, 57, 20)).declining;
    expect(others).toEqual([]);
    expect(flagged).toMatchObject({ practiceId: 'a', observed: 0 });
    expect(flagged.expected).toBeCloseTo(80 / 13, 12);
    expect(flagged.p).toBeCloseTo((13 / 17) ** 20, 14);
    expect(sourcesAfter(every(9, 57, 19)).declining).toEqual([]);
  });

  it('looks back 238 days, the first of them included, and counts the last 56 apart', () => {
    expect(sourcesAfter([...every(9, 57, 19), ago(238)]).declining).toHaveLength(1);
    expect(sourcesAfter([...every(9, 57, 19), ago(238, MINUTE)]).declining).toEqual([]);
    expect(sourcesAfter([...every(9, 57, 19), ago(56, MINUTE)]).declining).toHaveLength(1);
    expect(sourcesAfter([...every(9, 57, 19), ago(56)]).declining).toEqual([]); // one since: p is 0.03
  });

  it('flags no source that was away for only half of the time', () => {
    // 65 lead to expect 20 since, at most 6 in each half. Seven are few enough, but not all of them in one half.
    const before = every(2, 60, 65);
    expect(sourcesAfter([...before, ...every(5, 30, 4), ...every(5, 5, 3)]).declining).toMatchObject([{ observed: 7 }]);
    expect(sourcesAfter([...before, ...every(3, 29, 7)]).declining).toEqual([]);
    expect(sourcesAfter([...before, ...every(3, 1, 7)]).declining).toEqual([]);
  });

  it('calls a source inactive after 60 days, or three times its usual gap', () => {
    expect(sourcesAfter(every(10, 60, 4)).inactive).toEqual([]); // 60 days to the minute
    expect(sourcesAfter(every(10, 61, 4)).inactive).toEqual(['a']);
    expect(sourcesAfter(every(10, 61, 3)).inactive).toEqual([]); // too few to tell
    expect(sourcesAfter(every(30, 90, 4)).inactive).toEqual([]); // 3 x 30
    expect(sourcesAfter(every(30, 91, 4)).inactive).toEqual(['a']);
    // the fourth last counts up to 365 days before the last, that day included
    expect(sourcesAfter([...every(10, 100, 3), ago(465)]).inactive).toEqual(['a']);
    expect(sourcesAfter([...every(10, 100, 3), ago(465, MINUTE)]).inactive).toEqual([]);
    // gaps of 10, 10 and 345 days: the middle one is 10
    expect(sourcesAfter([...every(10, 70, 3), ago(435)]).inactive).toEqual(['a']);
  });

  it('finds a source that comes back, and one that is new', () => {
    // The week is 7 days and 5 hours to 6 hours before.
    expect(sourcesAfter([...every(10, 70, 4), ago(3)])).toMatchObject({ reactivated: ['a'], inactive: [], new: [] });
    expect(sourcesAfter([...every(10, 70, 4), ago(2), ago(3)]).reactivated).toEqual(['a']);
    expect(sourcesAfter([...every(10, 60, 4), ago(3)]).reactivated).toEqual([]); // 57 days
    expect(sourcesAfter([...every(10, 70, 4), ago(9)]).reactivated).toEqual([]); // the week before
    expect(sourcesAfter([ago(3)])).toMatchObject({ new: ['a'], active: 1 });
    expect(sourcesAfter([ago(3), ago(8)]).new).toEqual([]);
    expect(sourcesAfter([ago(60)]).active).toBe(1);
    expect(sourcesAfter([ago(60, MINUTE)]).active).toBe(0);
  });

  it('leaves out voided referrals, and judges each scope by itself', () => {
    const told: Told[] = [
      ...sentAt([ago(3), ago(40)]),
      ['R1', text(ago(39)), 'referral.voided'],
      ['R9', text(ago(30)), 'referral.received', from('a', { specialty: 'imaging' })],
    ];
    const scopes = weekOf('2026-W10', AS_OF, told);
    expect(scopes.get('organization')?.sources.new).toEqual([]);
    expect(scopes.get('specialty=dermatology')?.sources.new).toEqual(['a']);
    expect(scopes.get('specialty=imaging')?.sources).toMatchObject({ new: [], active: 1 });
  });
});
