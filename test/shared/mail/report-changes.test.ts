import { describe, expect, test } from 'vitest';
import { EVENT_TYPES } from '../../../shared/contracts/event.ts';
import { formatInstant } from '../../../shared/contracts/instant.ts';
import type { FeedFigures, Report, ReportKind } from '../../../shared/contracts/report.ts';
import type { ClockKind } from '../../../shared/contracts/vocabulary.ts';
import { changesOf, keptText } from '../../../shared/mail/report/changes-view.ts';
import { toReportView } from '../../../shared/mail/report/report-view.ts';
import { config, hours } from './builders.ts';
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
  changesOf(reportContent(report, { reportKind }), config()).map(({ what, text }) => `${what} ${text}`.trim());
const keptOf = (report: Report, reportKind: ReportKind = 'weekly'): string =>
  keptText(reportContent(report, { reportKind }));

const withClocks = (clocks: Partial<Report['clocks']>): Report => {
  const base = emptyReport();
  return { ...base, clocks: { ...base.clocks, ...clocks } };
};
const flat = (value: number): number[] => Array.from({ length: 8 }, () => value);

describe('the first sentence', () => {
  const kept = (met: number, all: number) => keptOf(withClocks({ note: clock([...flat(0), met], [...flat(0), all]) }));

  test('says how many of all promises that fell due were kept', () => {
    expect(keptOf(badWeek())).toBe('1,538 of 2,075 promises kept this week (74%).');
    expect(keptOf(badWeek(), 'monthly')).toBe('1,538 of 2,075 promises kept this month (74%).');
    expect(keptOf(withClocks({ note: steady([...flat(0), 40], 10), visit: steady([...flat(0), 100], 10) }))).toBe(
      '14 of 20 promises kept this week (70%).',
    );
  });

  test('says when all were, and when none fell due', () => {
    expect(kept(310, 310)).toBe('All 310 promises kept this week.');
    expect(kept(1, 1)).toBe('1 of 1 promise kept this week.');
    expect(keptOf(emptyReport())).toBe('No promise fell due this week.');
    expect(keptOf(emptyReport(), 'quarterly')).toBe('No promise fell due this quarter.');
  });

  test('has no percentage of under ten, and no 100% that isn’t', () => {
    expect(kept(7, 9)).toBe('7 of 9 promises kept this week.');
    expect(kept(999, 1000)).toBe('999 of 1,000 promises kept this week (>99%).');
  });
});

describe('what changed', () => {
  test('in a bad week: what got worse, exclusions, what got better, then what can’t be known', () => {
    expect(saidOf(badWeek())).toEqual([
      'Consult note got worse: 51% (93 of 182) kept this week, below its usual range of 62% to 82%. Mostly in cardiology: 52 not kept, 20 expected. What could help: notes finished on the day of the visit in cardiology, and a reminder the day after.',
      'Booking got worse: 52% (151 of 290) kept this week, below its usual range of 58% to 75%. Mostly at North Clinic: 96 not kept, 61 expected. What could help: more slots at North Clinic, and booking while the patient is on the phone.',
      'More is excluded than usual: Consult note 15% (31 of 213), 4% in the 8 weeks before.',
      'Acceptance got better: 96% (298 of 310) kept this week, above its usual range of 85% to 95%.',
      'The feed ehr-north is silent: nothing has come since Thu 5 Mar 2026, 05:00 EST. It brings bookings, no-shows and visits; newer ones are missing below.',
      'Input is missing: 45 events not taken in and 19 referrals known by events only, against 318 referrals received.',
      'Too few fell due to tell a change from chance: Rebooking and Rerouting.',
    ]);
  });

  test('in a good week: that nothing has', () => {
    expect(saidOf(goodWeek())).toEqual([
      'No promise changed more than chance explains.',
      'Too few fell due to tell a change from chance: Rebooking and Rerouting.',
    ]);
  });

  test('where under half is kept and nothing has changed: what is kept least, and what is overdue', () => {
    const low = withClocks({ visit: steady([...flat(30), 30], 20), note: steady([...flat(40), 40], 20) });
    const report = { ...low, backlog: { ...low.backlog, overdue: { ...low.backlog.overdue, visit: 30, note: 12 } } };
    expect(saidOf(report)[1]).toMatch(
      /^Kept least: Wait for the visit, .* Overdue now: 42 promises, mostly Wait for the visit \(30\)\.$/,
    );
  });

  test('in an empty week: nothing more', () => {
    expect(saidOf(emptyReport())).toEqual([]);
  });

  test('in a first week, in a small scope and after weeks with many: that it is too early to tell', () => {
    const early = (one: string) =>
      `Too early to tell a change from chance: it takes 10 or more due this ${one} and in 8 ${one}s before.`;
    expect(saidOf(firstWeek())).toEqual([early('week')]);
    expect(saidOf(firstWeek(), 'quarterly')).toEqual([early('quarter')]);
    expect(saidOf(smallScope())).toEqual([early('week')]);
    expect(saidOf(withClocks({ note: clock([...flat(70), 7], [...flat(100), 9]) }))).toEqual([early('week')]);
  });
});

describe('a clock', () => {
  const better = steady([...flat(70), 90], 100);
  const worse = steady([...flat(70), 50], 100);

  test('that got better is named too, after what got worse', () => {
    expect(saidOf(withClocks({ acceptance: better, note: worse }))).toEqual([
      'Consult note got worse: 50% (50 of 100) kept this week, below its usual range of 56% to 84%. What could help: notes finished on the day of the visit, and a reminder the day after.',
      'Acceptance got better: 90% (90 of 100) kept this week, above its usual range of 56% to 84%.',
    ]);
  });

  test.each([
    [
      'shift_down',
      'got worse: 69% (69 of 100) kept this week, below its usual 70% every week since the week of 12 Jan 2026.',
    ],
    [
      'shift_up',
      'got better: 69% (69 of 100) kept this week, above its usual 70% every week since the week of 12 Jan 2026.',
    ],
    [
      'trend_down',
      'got worse: 69% (69 of 100) kept this week, lower every week since the week of 12 Jan 2026, usually 70%.',
    ],
    [
      'trend_up',
      'got better: 69% (69 of 100) kept this week, higher every week since the week of 12 Jan 2026, usually 70%.',
    ],
  ] as const)('with the signal %s %s', (signal, said) => {
    const note = { ...steady([...flat(70), 69], 100), signal, since: '2026-01-12T05:00:00.000Z' };
    expect(saidOf(withClocks({ note }))[0]).toContain(`Consult note ${said}`);
  });

  test.each([
    ['monthly', 'every month since Jan 2026.'],
    ['quarterly', 'every quarter since Q1 2026.'],
  ] as const)('in a %s report is lower %s', (reportKind, said) => {
    const note = {
      ...steady([...flat(70), 69], 100),
      signal: 'shift_down',
      since: '2026-01-01T05:00:00.000Z',
    } as const;
    expect(saidOf(withClocks({ note }), reportKind)[0]).toContain(said);
  });

  test('of a report from before there were dates and places is told without them', () => {
    const note = { ...steady([...flat(70), 69], 100), signal: 'shift_down', since: null, where: null } as const;
    expect(saidOf(withClocks({ note }))[0]).toBe(
      'Consult note got worse: 69% (69 of 100) kept this week, below its usual 70% every week. What could help: notes finished on the day of the visit, and a reminder the day after.',
    );
  });

  test('is worse mostly where least was expected, in a sensitive specialty without its name', () => {
    const where = { specialty: 'behavioral_health', misses: 12, expected: 0.3 };
    expect(saidOf(withClocks({ note: { ...worse, where } }))[0]).toContain(
      'Mostly in specialty care: 12 not kept, hardly any expected.',
    );
  });

  test('is named however many changed, the three largest changes in full', () => {
    const kinds: ClockKind[] = ['acceptance', 'first_attempt', 'reached', 'scheduled', 'visit', 'note'];
    const clocks = Object.fromEntries(kinds.map((kind, index) => [kind, steady([...flat(80), 60 - index], 100)]));
    const [first, second, third, also] = saidOf(withClocks(clocks));
    expect(first).toMatch(/^Consult note got worse: 55% /);
    expect(second).toMatch(/^Wait for the visit got worse: 56% /);
    expect(third).toMatch(/^Booking got worse: 57% /);
    expect(also).toBe(
      'Also worse: Reaching the patient 58% (58 of 100), usually 80%; First attempt 59% (59 of 100), usually 80%; ' +
        'Acceptance 60% (60 of 100), usually 80%.',
    );
  });

  test('that is told in brief on top has the rest beside its figures', () => {
    const kinds: ClockKind[] = ['acceptance', 'reached', 'scheduled', 'note'];
    const where = { site: 'north', misses: 30, expected: 12 };
    const clocks = Object.fromEntries(
      kinds.map((kind, index) => [kind, steady([...flat(80), 60 - index], 100, { where })]),
    );
    const { sections } = toReportView(reportContent(withClocks(clocks)), config());
    const rows = sections[0]?.blocks.flatMap((block) => (block.kind === 'table' ? block.rows : [])) ?? [];
    const verdicts = rows.map(({ remarks }) => remarks.find(({ tone }) => tone === 'bad')?.text);
    expect(verdicts[0]).toBe(
      'Worse: 60% (60 of 100) kept this week, below its usual range of 68% to 92%. Mostly at North Clinic: 30 not kept, 12 expected. What could help: one person a day at North Clinic who answers what has come in.',
    );
    expect(verdicts[1]).toBe('Worse: below its usual range of 68% to 92%.');
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
      .includes('excluded than');

  test('are named once they are over twice the share before', () => {
    // Of 1,000 a week and 8,000 before, 412 are 4.9%: 108 of 1,108 are 9.7%, 110 of 1,110 are 9.9%.
    expect(named(108, 412, 1000)).toBe(false);
    expect(saidOf(excluding(110, 412, 1000))[0]).toBe(
      'More is excluded than usual: Consult note 10% (110 of 1,110), 5% in the 8 weeks before.',
    );
  });

  test('are named only from five on, even if there were none before', () => {
    expect(named(4, 0)).toBe(false);
    expect(saidOf(excluding(5, 0))[0]).toBe(
      'More is excluded than usual: Consult note 5% (5 of 100), none in the 8 weeks before.',
    );
  });

  test('are not named if chance may explain them', () => {
    // 5 of 100 against 15 of 775, thrice the share: Newcombe's interval is -0.1 to 9.2 points. 6 of 101 begins above 0.
    expect(named(5, 15)).toBe(false);
    expect(named(6, 15)).toBe(true);
  });

  test('in a first week are compared with nothing', () => {
    const first = clock([...flat(0), 20], [...flat(0), 30], { excluded: 5, excludedBy: { moved: 5 } });
    expect(saidOf(withClocks({ note: first })).join()).not.toContain('excluded than');
  });
});

describe('feeds', () => {
  const feed = (name: string, over: Partial<FeedFigures> = {}): FeedFigures => ({
    name,
    quiet: true,
    lacks: 'anything',
    types: [],
    lastHeardAt: formatInstant(AS_OF - hours(90)),
    lastEventAt: null,
    ...over,
  });
  const heard = (name: string) => feed(name, { quiet: false, lacks: null });
  const aboutFeeds = (...feeds: FeedFigures[]): string[] => {
    const base = goodWeek();
    return saidOf({ ...base, dataQuality: { ...base.dataQuality, feeds } }).filter((said) => said.includes('feed'));
  };

  test('that are quiet come after what changed, and those that were heard not at all', () => {
    expect(aboutFeeds(heard('fax'))).toEqual([]);
    const base = goodWeek();
    const said = saidOf({ ...base, dataQuality: { ...base.dataQuality, feeds: [feed('ehr'), heard('fax')] } });
    expect(said[0]).toBe('No promise changed more than chance explains.');
    expect(said[1]).toBe(
      'The feed ehr is silent: nothing has come since Thu 5 Mar 2026, 11:00 EST. What it brings is missing below.',
    );
  });

  test('that were never heard are called so', () => {
    expect(aboutFeeds(feed('ehr', { lastHeardAt: null }))).toEqual([
      'The feed ehr is silent: nothing has ever come from it. What it brings is missing below.',
    ]);
  });

  test('that send heartbeats and no events are not silent', () => {
    const lastEventAt = formatInstant(AS_OF - hours(120));
    expect(aboutFeeds(feed('ehr', { lacks: 'events', types: ['note.received'], lastEventAt }))).toEqual([
      'The feed ehr is without events: it says that it works, but no event has come since Wed 4 Mar 2026, 05:00 EST. It brings notes; newer ones are missing below.',
    ]);
    expect(aboutFeeds(feed('ehr', { lacks: 'events' }))[0]).toContain('but no event has ever come from it.');
  });

  test('that bring many things have the first few named', () => {
    expect(aboutFeeds(feed('ehr', { types: EVENT_TYPES }))[0]).toMatch(
      /It brings referrals, acceptances, declines, reroutings and \d+ more; newer/,
    );
  });

  test('are counted if they are many, the first few by name, with what they bring', () => {
    const types = ['note.received', 'visit.arrived', 'visit.completed'];
    expect(aboutFeeds(feed('a', { types }), feed('b'), feed('c'), feed('d'), heard('e'))).toEqual([
      '4 of 5 feeds are silent, and what they bring is missing below: a (visits and notes), b, c and 1 more.',
    ]);
    expect(aboutFeeds(feed('a'), feed('b', { lacks: 'events' }))).toHaveLength(2);
  });
});

test('a little refused input is no headline', () => {
  expect(saidOf(goodWeek()).join()).not.toContain('Input is missing');
});
