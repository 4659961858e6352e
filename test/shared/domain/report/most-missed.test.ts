import { describe, expect, it } from 'vitest';
import type { Clock, ReferralState } from '../../../../shared/contracts/state.ts';
import { at } from '../../../builders/instants.ts';
import { reportsOver, weekDue } from '../../../builders/reports.ts';

/** Where promises are missed, worked out by hand. */

const week = weekDue(at('03-09 10:00'));

type Place = Partial<Pick<ReferralState, 'site' | 'specialty' | 'practiceId'>>;

/** A referral of a place with so many notes that fell due so many weeks before the report's own, of which some were missed. */
function due(place: Place, back: number, missed: number, all: number): Partial<ReferralState> {
  const dueAt = week.edges[back + 1] ?? 0;
  const clocks = Array.from({ length: all }, (_, index): Clock => {
    const stoppedAt = index < missed ? dueAt + 1 : dueAt;
    const times = { startedAt: dueAt - 1, dueAt, netDueAt: dueAt, stoppedAt, endedAt: null };
    return { kind: 'note', instance: 1, ...times, warnAt: null, escalateAt: null };
  });
  return { site: null, specialty: null, ...place, clocks };
}

/** The same in each of 8 weeks before. */
const weeksBefore = (place: Place, missed: number, all: number) =>
  Array.from({ length: 8 }, (_, index) => due(place, index + 1, missed, all));

const whereIn = (referrals: Partial<ReferralState>[], scope?: string) =>
  reportsOver(week, referrals)(scope).clocks.note.where;

const [north, south] = [{ site: 'north' }, { site: 'south' }];

describe('what is missed most', () => {
  it('is at the site with most misses over what its own weeks before lead to expect', () => {
    // South misses more, as ever: half of 20, which is 10. North missed a tenth, of 20 that is 2, and now misses 14.
    const usual = [...weeksBefore(north, 2, 20), ...weeksBefore(south, 10, 20)];
    const now = [due(north, 0, 14, 20), due(south, 0, 15, 20)];
    expect(whereIn([...usual, ...now])).toEqual({ site: 'north', misses: 14, expected: 2 });
  });

  it('is in a specialty, if that adds more than any site', () => {
    // Cardiology misses 12 more than its 2 of 20 at two sites; of each site that is 6.
    const places = ['north', 'south'].flatMap((site) =>
      ['cardiology', 'allergy'].map((specialty) => ({ site, specialty })),
    );
    const usual = places.flatMap((place) => weeksBefore(place, 1, 10));
    const now = places.map((place) => due(place, 0, place.specialty === 'cardiology' ? 7 : 1, 10));
    expect(whereIn([...usual, ...now])).toEqual({ specialty: 'cardiology', misses: 14, expected: 2 });
    // Within a site only the specialties are left to look at, and within cardiology only the sites.
    expect(whereIn([...usual, ...now], 'site=north')).toEqual({ specialty: 'cardiology', misses: 7, expected: 1 });
    const inCardiology = whereIn([...usual, ...now], 'specialty=cardiology');
    expect(inCardiology).toEqual({ site: 'north', misses: 7, expected: 1 });
  });

  it('is expected at the level of the scope where a site had fewer than 10 due before', () => {
    // Of 160 before, 16 were missed in the north. With the south's 8 of 9 these are 24 of 169.
    const usual = [...weeksBefore(north, 2, 20), due(south, 1, 8, 9)];
    const found = whereIn([...usual, due(north, 0, 2, 20), due(south, 0, 15, 20)]);
    expect(found).toMatchObject({ site: 'south', misses: 15 });
    expect(found?.expected).toBeCloseTo((20 * 24) / 169, 10);
  });

  it('is nowhere if no place has two misses more than expected', () => {
    // 12 sites of 10 that missed 1 a week, and now 2 or 3: each at most two more.
    const sites = Array.from({ length: 12 }, (_, index) => ({ site: `site-${index}` }));
    const usual = sites.flatMap((site) => weeksBefore(site, 1, 10));
    const now = (missed: number) => sites.map((site) => due(site, 0, missed, 10));
    expect(whereIn([...usual, ...now(3)])).toEqual({ site: 'site-0', misses: 3, expected: 1 });
    const steady = sites.flatMap((site) => weeksBefore(site, 1, 40));
    const little = sites.map((site) => due(site, 0, 2, 40));
    expect(reportsOver(week, [...steady, ...little])().clocks.note.signal).toBe('below');
    expect(whereIn([...steady, ...little])).toBeNull();
  });

  it('is nowhere where there is only one place, or none with a name', () => {
    expect(whereIn([...weeksBefore(north, 2, 20), due(north, 0, 14, 20)])).toBeNull();
    expect(whereIn([...weeksBefore({}, 2, 20), due({}, 0, 14, 20)])).toBeNull();
  });

  it('is asked only of a change for the worse', () => {
    const usual = [...weeksBefore(north, 10, 20), ...weeksBefore(south, 10, 20)];
    const better = reportsOver(week, [...usual, due(north, 0, 0, 60), due(south, 0, 13, 20)])();
    expect(better.clocks.note).toMatchObject({ signal: 'above', where: null });
    expect(whereIn([...usual, due(north, 0, 13, 20), due(south, 0, 9, 20)])).toBeNull();
  });

  it('is counted over all practices of a place, and of no voided referral', () => {
    const [one, other] = ['practice-1', 'practice-2'].map((practiceId) => ({ ...north, practiceId })) as [Place, Place];
    const usual = [...weeksBefore(one, 1, 10), ...weeksBefore(other, 1, 10), ...weeksBefore(south, 2, 20)];
    const voided = { ...due(south, 0, 20, 20), stage: 'voided' as const };
    const now = [due(one, 0, 7, 10), due(other, 0, 7, 10), due(south, 0, 2, 20), voided];
    expect(whereIn([...usual, ...now])).toEqual({ site: 'north', misses: 14, expected: 2 });
  });
});
