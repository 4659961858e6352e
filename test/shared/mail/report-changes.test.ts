import { describe, expect, test } from 'vitest';
import { formatInstant } from '../../../shared/contracts/instant.ts';
import type { Report, ReportKind } from '../../../shared/contracts/report.ts';
import type { ClockKind } from '../../../shared/contracts/vocabulary.ts';
import { changesOf } from '../../../shared/mail/report/changes-view.ts';
import { hours } from './builders.ts';
import {
  AS_OF,
  badWeek,
  clock,
  emptyReport,
  firstWeek,
  goodWeek,
  reportContent,
  smallScope,
  steady,
} from './report-samples.ts';

const saidOf = (report: Report, reportKind: ReportKind = 'weekly'): string[] =>
  changesOf(reportContent(report, { reportKind })).map(({ what, text }) => `${what} ${text}`.trim());

const withClocks = (clocks: Partial<Report['clocks']>): Report => {
  const base = emptyReport();
  return { ...base, clocks: { ...base.clocks, ...clocks } };
};
const flat = (value: number): number[] => Array.from({ length: 8 }, () => value);

describe('what changed most', () => {
  test('in a bad week: silent feeds first, then what got worse, exclusions and missing input', () => {
    expect(saidOf(badWeek())).toEqual([
      'The feed ehr-north has been silent since Thu 5 Mar 2026, 05:00 EST. What has not come from there is missing in every figure below.',
      'Consult note got worse: 51% (93 of 182) in time, 72% (1,044 of 1,456) in the 8 weeks before; a difference of 13 to 29 percentage points.',
      'Also worse: Booking 52% (151 of 290), was 66%.',
      'Over twice the share of the 8 weeks before is excluded: Consult note 15% (31 of 213), was 4%.',
      'Input is missing: 45 events refused and 19 referrals known by events only, beside 318 referrals received.',
      'Acceptance got better: 96% (298 of 310) in time, 90% (2,226 of 2,480) in the 8 weeks before; a difference of 3 to 9 percentage points.',
    ]);
  });

  test('in a good week: that nothing has changed, then what is lost and overdue', () => {
    expect(saidOf(goodWeek())).toEqual([
      'No promise changed more than chance explains.',
      'Leaked: 23% (812 of 3,480) of those received 90 to 180 days ago, most often unreachable (260).',
      'Least kept: Wait for the visit, 62% (168 of 271) in time.',
      'Referring practices: 1 practice sends far fewer referrals than before and 1 practice has gone quiet, beside 84 active.',
      '287 promises are overdue now: most often Consult note (74); 1,204 referrals are open.',
    ]);
  });

  test('in an empty week: that nothing fell due', () => {
    expect(saidOf(emptyReport())).toEqual(['No promise fell due in this week.']);
    expect(saidOf(emptyReport(), 'monthly')).toEqual(['No promise fell due in this month.']);
  });

  test('in a first week: that there is nothing to compare with', () => {
    expect(saidOf(firstWeek())[0]).toBe(
      'Nothing fell due in the 8 weeks before, so there is nothing to compare with yet.',
    );
  });

  test('in a small scope: an exclusion, though it may be one person, before saying that too little fell due', () => {
    expect(saidOf(smallScope())).toEqual([
      'Over twice the share of the 8 weeks before is excluded: Acceptance 1 of 5, was 8%; First attempt 1 of 5, was 8%.',
      'Too little fell due to tell a change from chance.',
      'Referring practices: 1 practice sends far fewer referrals than before, beside 2 active.',
      '1 promise is overdue now: Consult note; 9 referrals are open.',
    ]);
  });
});

describe('a clock', () => {
  const better = steady([...flat(70), 90], 100, { interval: [0.11, 0.27], flagged: true });
  const worse = steady([...flat(70), 50], 100, { interval: [-0.31, -0.09], flagged: true });

  test('that got better is named too, after what got worse', () => {
    expect(saidOf(withClocks({ acceptance: better, note: worse }))).toEqual([
      'Consult note got worse: 50% (50 of 100) in time, 70% (560 of 800) in the 8 weeks before; a difference of 9 to 31 percentage points.',
      'Acceptance got better: 90% (90 of 100) in time, 70% (560 of 800) in the 8 weeks before; a difference of 11 to 27 percentage points.',
    ]);
  });

  test('is named however many changed, the largest change in full', () => {
    const kinds: ClockKind[] = ['acceptance', 'first_attempt', 'reached', 'scheduled', 'visit', 'note'];
    const clocks = Object.fromEntries(
      kinds.map((kind, index) => [
        kind,
        steady([...flat(80), 60 - index], 100, { interval: [-0.3, -0.1], flagged: true }),
      ]),
    );
    const [first, also] = saidOf(withClocks(clocks));
    expect(first).toMatch(/^Consult note got worse: 55% /);
    expect(also).toBe(
      'Also worse: Wait for the visit 56% (56 of 100), was 80%; Booking 57% (57 of 100), was 80%; ' +
        'Reaching the patient 58% (58 of 100), was 80%; First attempt and Acceptance.',
    );
  });

  test('whose change may be chance is not named', () => {
    const chance = steady([...flat(70), 60], 100, { interval: [-0.2, 0.01] });
    expect(saidOf(withClocks({ note: chance }))[0]).toBe('No promise changed more than chance explains.');
  });

  test('with a difference under a point says so', () => {
    const close = steady([...flat(70), 69], 100, { interval: [-0.02, -0.004], flagged: true });
    expect(saidOf(withClocks({ note: close }))[0]).toContain('a difference of under 1 to 2 percentage points');
  });
});

describe('exclusions', () => {
  const excluding = (excluded: number, trailingExcluded: number) =>
    withClocks({
      note: steady([...flat(70), 70], 95, { excluded, excludedBy: { moved: excluded }, trailingExcluded }),
    });

  test('are named once they are over twice the share before', () => {
    // 8 of 768 before is 1.04%; 2 of 97 is 2.06%, 3 of 98 is 3.06%.
    expect(saidOf(excluding(2, 8)).join()).not.toContain('excluded');
    expect(saidOf(excluding(3, 8))[0]).toBe(
      'Over twice the share of the 8 weeks before is excluded: Consult note 3% (3 of 98), was 1%.',
    );
  });

  test('are named if there were none before', () => {
    expect(saidOf(excluding(1, 0))[0]).toBe(
      'Over twice the share of the 8 weeks before is excluded: Consult note 1% (1 of 96), was none.',
    );
  });

  test('in a first week are compared with nothing', () => {
    const first = clock([...flat(0), 20], [...flat(0), 30], { excluded: 5, excludedBy: { moved: 5 } });
    expect(saidOf(withClocks({ note: first })).join()).not.toContain('excluded');
  });
});

describe('feeds', () => {
  const feed = (name: string, quiet: boolean, heard = true) => ({
    name,
    quiet,
    lastHeardAt: heard ? formatInstant(AS_OF - hours(90)) : null,
  });
  const silent = (feeds: Report['dataQuality']['feeds']): Report => {
    const base = goodWeek();
    return { ...base, dataQuality: { ...base.dataQuality, feeds } };
  };
  const MISSING = 'What has not come from there is missing in every figure below.';

  test('that are silent come before saying that nothing has changed', () => {
    const said = saidOf(silent([feed('ehr', true), feed('fax', false)]));
    expect(said[0]).toContain('The feed ehr has been silent since');
    expect(said[1]).toBe('No promise changed more than chance explains.');
  });

  test('that were never heard are called so', () => {
    expect(saidOf(silent([feed('ehr', true, false)]))[0]).toBe(`The feed ehr was never heard. ${MISSING}`);
  });

  test('are counted if they are many, the first few by name', () => {
    const feeds = ['a', 'b', 'c', 'd', 'e'].map((name) => feed(name, name !== 'e'));
    expect(saidOf(silent(feeds))[0]).toBe(`4 of 5 feeds are silent: a, b, c and 1 more. ${MISSING}`);
  });
});

test('a little refused input is no headline', () => {
  expect(saidOf(goodWeek()).join()).not.toContain('Input is missing');
});

test('there are six sentences at most', () => {
  const flagged = (interval: [number, number], rate: number) =>
    steady([...flat(70), rate], 100, { interval, flagged: true });
  const base = badWeek();
  const clocks = { ...base.clocks, reached: flagged([0.1, 0.2], 90), first_attempt: flagged([0.1, 0.3], 95) };
  expect(saidOf({ ...base, clocks })).toHaveLength(6);
});

describe('what is lost and least kept', () => {
  const leaking = (n: number, d: number): Report => {
    const base = goodWeek();
    return { ...base, leakage: { ...base.leakage, broad: { n, d }, byReason: n === 0 ? {} : { distance: n } } };
  };

  test('is given for cohorts that are large enough, and only if any are lost', () => {
    const said = (report: Report): string | undefined => saidOf(report).find((text) => text.startsWith('Leaked'));
    expect(said(leaking(3, 10))).toBe(
      'Leaked: 30% (3 of 10) of those received 90 to 180 days ago, most often distance (3).',
    );
    expect(said(leaking(3, 9))).toBeUndefined();
    expect(said(leaking(0, 100))).toBeUndefined();
  });

  test('names the promise that is kept least, unless it is named as worse already', () => {
    const low = steady(flat(40).concat(40), 100);
    const lower = steady([...flat(70), 30], 100, { interval: [-0.5, -0.3], flagged: true });
    const said = (clocks: Partial<Report['clocks']>) =>
      saidOf(withClocks(clocks)).filter((text) => text.startsWith('Least kept'));
    expect(said({ visit: low })).toEqual(['Least kept: Wait for the visit, 40% (40 of 100) in time.']);
    expect(said({ visit: low, note: lower })).toEqual([]);
  });

  test('names no promise that was always kept, or of which few fell due', () => {
    const kept = steady(flat(100).concat(100), 100);
    const few = steady([...flat(70), 20], 5);
    expect(saidOf(withClocks({ note: kept, visit: few })).some((text) => text.startsWith('Least kept'))).toBe(false);
  });
});
