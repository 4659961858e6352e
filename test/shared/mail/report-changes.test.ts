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
  test('in a bad week: quiet feeds first, then what got worse, exclusions and missing input', () => {
    expect(saidOf(badWeek())).toEqual([
      'The feed ehr-north is quiet, last heard Thu 5 Mar 2026, 05:00 EST, its last event Wed 4 Mar 2026, 05:00 EST. What has not come from there is missing in every figure below.',
      'Consult note got worse: 51% (93 of 182) in time, below its usual range of 62% to 82%.',
      'Also worse: Booking 52% (151 of 290), usually 66%.',
      'Over twice the share of the 8 weeks before is excluded: Consult note 15% (31 of 213), was 4%.',
      'Input is missing: 45 events refused and 19 referrals known by events only, beside 318 referrals received.',
      'Acceptance got better: 96% (298 of 310) in time, above its usual range of 85% to 95%.',
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

  test('in a first week, and in a small scope: that it is too early to tell a change', () => {
    const early = (one: string) =>
      `Too early to tell a change from chance: no promise has 8 ${one}s with 10 or more due to compare with.`;
    expect(saidOf(firstWeek())[0]).toBe(early('week'));
    expect(saidOf(firstWeek(), 'quarterly')[0]).toBe(early('quarter'));
    expect(saidOf(smallScope())).toEqual([
      early('week'),
      'Referring practices: 1 practice sends far fewer referrals than before, beside 2 active.',
      '1 promise is overdue now: Consult note; 9 referrals are open.',
    ]);
  });

  test('in a week with few promises after weeks with many: that too little fell due', () => {
    const few = clock([...flat(70), 7], [...flat(100), 9]);
    expect(saidOf(withClocks({ note: few }))[0]).toBe('Too little fell due to tell a change from chance.');
  });
});

describe('a clock', () => {
  const better = steady([...flat(70), 90], 100);
  const worse = steady([...flat(70), 50], 100);

  test('that got better is named too, after what got worse', () => {
    expect(saidOf(withClocks({ acceptance: better, note: worse }))).toEqual([
      'Consult note got worse: 50% (50 of 100) in time, below its usual range of 56% to 84%.',
      'Acceptance got better: 90% (90 of 100) in time, above its usual range of 56% to 84%.',
    ]);
  });

  test.each([
    ['shift_down', 'got worse: 69% (69 of 100) in time, below its usual 70% for 8 weeks running.'],
    ['shift_up', 'got better: 69% (69 of 100) in time, above its usual 70% for 8 weeks running.'],
    ['trend_down', 'got worse: 69% (69 of 100) in time, lower from week to week for 7 weeks running.'],
    ['trend_up', 'got better: 69% (69 of 100) in time, higher from week to week for 7 weeks running.'],
  ] as const)('with the signal %s %s', (signal, said) => {
    const note = { ...steady([...flat(70), 69], 100), signal };
    expect(saidOf(withClocks({ note }))[0]).toBe(`Consult note ${said}`);
  });

  test('is named however many changed, the largest change in full', () => {
    const kinds: ClockKind[] = ['acceptance', 'first_attempt', 'reached', 'scheduled', 'visit', 'note'];
    const clocks = Object.fromEntries(kinds.map((kind, index) => [kind, steady([...flat(80), 60 - index], 100)]));
    const [first, also] = saidOf(withClocks(clocks));
    expect(first).toMatch(/^Consult note got worse: 55% /);
    expect(also).toBe(
      'Also worse: Wait for the visit 56% (56 of 100), usually 80%; Booking 57% (57 of 100), usually 80%; ' +
        'Reaching the patient 58% (58 of 100), usually 80%; First attempt and Acceptance.',
    );
  });

  test('whose change may be chance is not named, though it is flagged', () => {
    const chance = steady([...flat(70), 60], 100, { interval: [-0.2, -0.001], flagged: true });
    expect(saidOf(withClocks({ note: chance }))[0]).toBe('No promise changed more than chance explains.');
  });
});

describe('exclusions', () => {
  const excluding = (excluded: number, trailingExcluded: number, all = 95) =>
    withClocks({
      note: steady([...flat(70), 70], all, { excluded, excludedBy: { moved: excluded }, trailingExcluded }),
    });
  const named = (...given: Parameters<typeof excluding>) =>
    saidOf(excluding(...given))
      .join()
      .includes('excluded');

  test('are named once they are over twice the share before', () => {
    // Of 1,000 a week and 8,000 before, 412 are 4.9%: 108 of 1,108 are 9.7%, 110 of 1,110 are 9.9%.
    expect(named(108, 412, 1000)).toBe(false);
    expect(saidOf(excluding(110, 412, 1000))[0]).toBe(
      'Over twice the share of the 8 weeks before is excluded: Consult note 10% (110 of 1,110), was 5%.',
    );
  });

  test('are named only from five on, even if there were none before', () => {
    expect(named(4, 0)).toBe(false);
    expect(saidOf(excluding(5, 0))[0]).toBe(
      'Over twice the share of the 8 weeks before is excluded: Consult note 5% (5 of 100), was none.',
    );
  });

  test('are not named if chance may explain them', () => {
    // 5 of 100 against 15 of 775, thrice the share: Newcombe's interval is -0.1 to 9.2 points. 6 of 101 begins above 0.
    expect(named(5, 15)).toBe(false);
    expect(named(6, 15)).toBe(true);
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
    lastEventAt: null,
  });
  const quiet = (feeds: Report['dataQuality']['feeds']): Report => {
    const base = goodWeek();
    return { ...base, dataQuality: { ...base.dataQuality, feeds } };
  };
  const MISSING = 'What has not come from there is missing in every figure below.';

  test('that are quiet come before saying that nothing has changed', () => {
    const said = saidOf(quiet([feed('ehr', true), feed('fax', false)]));
    expect(said[0]).toContain('The feed ehr is quiet, last heard Thu 5 Mar 2026, 11:00 EST.');
    expect(said[1]).toBe('No promise changed more than chance explains.');
  });

  test('that were never heard are called so', () => {
    expect(saidOf(quiet([feed('ehr', true, false)]))[0]).toBe(`The feed ehr was never heard. ${MISSING}`);
  });

  test('are counted if they are many, the first few by name', () => {
    const feeds = ['a', 'b', 'c', 'd', 'e'].map((name) => feed(name, name !== 'e'));
    expect(saidOf(quiet(feeds))[0]).toBe(`4 of 5 feeds are quiet: a, b, c and 1 more. ${MISSING}`);
  });
});

test('a little refused input is no headline', () => {
  expect(saidOf(goodWeek()).join()).not.toContain('Input is missing');
});

test('there are six sentences at most', () => {
  const base = badWeek();
  const clocks = {
    ...base.clocks,
    reached: steady([...flat(70), 90], 100),
    first_attempt: steady([...flat(70), 95], 100),
  };
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
    const lower = steady([...flat(70), 30], 100);
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
