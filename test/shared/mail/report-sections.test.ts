import { describe, expect, test } from 'vitest';
import type { Report, ReportKind, Scope } from '../../../shared/contracts/report.ts';
import { duration, percent, shareText } from '../../../shared/mail/report/format-figure.ts';
import { toReportView } from '../../../shared/mail/report/report-view.ts';
import { renderText } from '../../../shared/mail/text.ts';
import { config } from './builders.ts';
import {
  badWeek,
  emptyReport,
  firstWeek,
  goodWeek,
  hugeOrganization,
  reportContent,
  smallScope,
  steady,
} from './report-samples.ts';

interface Options {
  scope?: Scope;
  reportKind?: ReportKind;
}

const viewOf = (report: Report, options: Options = {}, settings = config()) =>
  toReportView(reportContent(report, options), settings);

/** A section as plain text. */
function sectionOf(report: Report, title: string, options: Options = {}): string {
  const view = viewOf(report, options);
  const section = view.sections.find((each) => each.title === title);
  if (!section) throw new Error(`no section ${title}`);
  const text = renderText({ ...view, top: [], sections: [section], footer: [] });
  return text.slice(text.indexOf(title.toUpperCase()));
}

/** The same on one line. */
const flatSection = (...given: Parameters<typeof sectionOf>): string => sectionOf(...given).replace(/\s+/g, ' ');

test('sections come in the order in which a leader reads them', () => {
  expect(viewOf(goodWeek()).sections.map(({ title }) => title)).toEqual([
    'Promises kept this week',
    'Week by week',
    'Where patients are lost',
    'Why patients leak',
    'Open now',
    'Late consult notes',
    'Referring practices',
    'Intake',
    'Data quality',
    'CMS50-style estimate',
    'How these figures are made',
  ]);
});

test('of an empty week only what is known stands there: what has no members has no table', () => {
  const { sections } = viewOf(emptyReport());
  expect(sections.map(({ title }) => title)).toEqual(['Open now', 'Data quality', 'How these figures are made']);
  expect(sections.flatMap(({ blocks }) => blocks).filter(({ kind }) => kind === 'table')).toEqual([]);
  expect(flatSection(emptyReport(), 'Open now')).toContain('No referral is open. No promise is overdue.');
  expect(flatSection(emptyReport(), 'Data quality')).toContain(
    'Nothing was refused, and nothing is missing or stands twice.',
  );
});

describe('attainment', () => {
  const TITLE = 'Promises kept this week';

  test('has, for each clock, its target, how much was kept, the change and the exclusions', () => {
    const text = sectionOf(badWeek(), TITLE);
    expect(text).toContain('Promise                   Kept in time\n');
    expect(text).toContain('Consult note           51% (93 of 182)\n');
    expect(text.replace(/\s+/g, ' ')).toContain(
      'Worse: below its usual range of 62% to 82%. ' +
        'Excluded: 15% (31 of 213), mostly completed in network (24). Over twice the share of the 8 weeks before: 4% (60 of 1,516).',
    );
    expect(text.replace(/\s+/g, ' ')).toContain(
      'Excluded: 6, all duplicate. Better: above its usual range of 85% to 95%.',
    );
    expect(text).not.toMatch(/week before|Week before/);
  });

  test('says which clocks are left out', () => {
    expect(flatSection(goodWeek(), TITLE)).toContain('Not listed, since none fell due in these 9 weeks: Note receipt.');
  });

  test('says nothing more where chance alone explains the week, or nothing is excluded', () => {
    const text = flatSection(goodWeek(), TITLE);
    expect(text).not.toMatch(/[Bb]etter|[Ww]orse|None excluded/);
    expect(text).toMatch(/Rebooking 69% \(9 of 13\) [^%]*Rerouting 3 of 4/);
  });

  test('says what the week before was reported as, if a reader would see the difference', () => {
    const share = (n: number, d: number) => ({ n, d });
    const base = goodWeek();
    const text = flatSection(
      {
        ...base,
        restated: {
          note: { reported: share(60, 100), now: share(66, 101) },
          visit: { reported: share(600, 1000), now: share(601, 1001) },
          rebook: { reported: share(0, 0), now: share(12, 20) },
        },
      },
      'Promises kept this week',
    );
    expect(text).toContain(
      'The week before is 65% (66 of 101) by what has come since; its report said 60% (60 of 100).',
    );
    expect(text.match(/its report said/g)).toHaveLength(1);
  });
});

describe('the charts', () => {
  const TITLE = 'Week by week';
  const chartsOf = (report: Report, options?: Options) => {
    const section = viewOf(report, options).sections.find(
      ({ title }) => title.endsWith(options ? 'month' : 'week') && title.includes(' by '),
    );
    return (section?.blocks ?? []).filter((block) => block.kind === 'chart');
  };

  test('say in words what they show, with the first and last week, the level and the limits', () => {
    const [acceptance] = chartsOf(badWeek());
    expect(acceptance).toMatchObject({
      name: 'chart-acceptance',
      title: 'Acceptance',
      alt: 'Chart of 9 weeks, 5 Jan to 2 Mar 2026. This week: 96% (298 of 310).',
      caption:
        'Usual level 90%, usual range 85% to 95%. Weeks of 5 Jan to 2 Mar 2026, drawn from 80% to 100%. Better: the week of 2 Mar 2026.',
    });
    expect(acceptance?.legend).toContain('a blue triangle pointing up is better');
    expect(flatSection(badWeek(), TITLE)).toContain(
      'Consult note Usual level 72%, usual range 62% to 82%. Weeks of 1 Sep 2025 to 2 Mar 2026',
    );
  });

  test('are explained once, and in plain text not at all', () => {
    const charts = chartsOf(badWeek());
    expect(charts.filter(({ legend }) => legend !== null)).toHaveLength(1);
    expect(flatSection(badWeek(), TITLE)).not.toContain('How to read');
  });

  test('are of months in a monthly report', () => {
    expect(chartsOf(badWeek(), { reportKind: 'monthly' })[0]?.caption).toMatch(/Months of Jan to Mar 2026, drawn/);
  });

  test('have no level where too few weeks are known, and are left out where every week had under ten', () => {
    const charts = chartsOf(goodWeek());
    const rebooking = charts.find(({ title }) => title === 'Rebooking');
    expect(rebooking?.caption).toMatch(/^Too early for a usual level\. Weeks of/);
    expect(charts.map(({ title }) => title)).not.toContain('Rerouting');
  });

  test('are none in a first week', () => {
    expect(chartsOf(firstWeek())).toEqual([]);
  });
});

describe('the funnel', () => {
  const TITLE = 'Where patients are lost';

  test('has each step with its share and what is lost at it', () => {
    expect(sectionOf(goodWeek(), TITLE)).toContain(
      [
        'Step                  Patients  Lost here',
        'Received          3,720 (100%)',
        'Reached            3,348 (90%)  372 (10%)',
        'Booked             2,641 (71%)  707 (21%)',
        'Seen               2,120 (57%)  521 (20%)',
        'Note back          1,590 (43%)  530 (25%)',
      ].join('\n'),
    );
  });

  test('loses nobody if more notes came than visits were reported', () => {
    const report = goodWeek({ funnel: { received: 100, reached: 90, scheduled: 80, seen: 20, noteReceived: 40 } });
    expect(sectionOf(report, TITLE)).toMatch(/Note back +40 \(40%\) +none/);
  });

  test('has incidence by day, unless there are too few', () => {
    expect(sectionOf(goodWeek(), TITLE)).toMatch(/By day 28 +68% +9%\n/);
    expect(flatSection(smallScope(), TITLE)).toContain(
      'How soon they are booked or lost: too few to say (9 referrals received in the last 180 days).',
    );
  });

  test('has no rate of a day that none has been followed to', () => {
    const text = sectionOf(firstWeek(), TITLE);
    expect(text).toMatch(/By day 7 +31% +0%\n/);
    expect(text).not.toMatch(/By day (14|28|60|90)|not yet +not yet/);
    const { incidence } = goodWeek();
    const nowhere = { 7: null, 14: null, 28: null, 60: null, 90: null };
    const none = goodWeek({ incidence: { ...incidence, scheduled: nowhere, leaked: nowhere } });
    expect(sectionOf(none, TITLE)).not.toContain('How soon');
  });

  test('has the time to each stop in hours or days, and none of under ten', () => {
    const text = sectionOf(goodWeek(), TITLE);
    expect(text).toMatch(/Acceptance +6 hours +44 hours\n/);
    expect(text).toMatch(/Booking +4.1 days +not yet\n/);
    expect(text).toContain('Too few to say: Rerouting.');
    expect(text).not.toContain('Note receipt');
  });
});

describe('leakage', () => {
  const TITLE = 'Why patients leak';

  test('has the reasons, most frequent first, with how much they add up to', () => {
    const text = sectionOf(goodWeek(), TITLE);
    expect(text).toMatch(/Unreachable +260 +32%\nPatient declined +170 +53%\nBooked elsewhere +96 +65%/);
    expect(text).toMatch(/Missed, not rebooked +72 +84%\n4 other reasons +130 +100%\n/);
    expect(text).not.toContain('Cost');
  });

  test('has broad and network leakage, what is unknown, and what never is a success', () => {
    const text = flatSection(goodWeek(), TITLE);
    expect(text).toContain('Leaked: 23% (812 of 3,480) of the same cohort');
    expect(text).toContain(
      'Expired, or closed without a known reason: 57 more. What became of them is unknown, and never counts as a success.',
    );
    expect(text).toContain(
      'Went to another network: 6% (142 of 2,310) of those whose destination is known, which are 66% (2,310 of 3,480).',
    );
  });

  test('has no-shows, recovery and administrative closure', () => {
    const text = flatSection(goodWeek(), TITLE);
    expect(text).toContain(
      "No-shows: 11% (31 of 271) of this week's appointments with an outcome. 7 more have no outcome on record. " +
        'Rebooked in time after a no-show: 71% (17 of 24). ' +
        'Closed without evidence or a known reason, or as expired: 11% (22 of 205) of those closed this week.',
    );
  });

  test('has bars in proportion to how often the reasons occur', () => {
    const section = viewOf(goodWeek()).sections.find(({ title }) => title === TITLE);
    const table = section?.blocks.find((block) => block.kind === 'table');
    const bars = table?.kind === 'table' ? table.rows.map(({ bar }) => bar ?? 0) : [];
    expect(bars[0]).toBe(1);
    expect(bars[1]).toBeCloseTo(170 / 260);
    expect(bars.slice(0, 5)).toEqual(bars.slice(0, 5).toSorted((a, b) => b - a));
    expect(bars.at(-1)).toBe(0.5);
  });
});

describe('the backlog', () => {
  test('has what is open by stage and age, what is overdue, and the oldest', () => {
    const text = sectionOf(goodWeek(), 'Open now');
    expect(text.replace(/\s+/g, ' ')).toContain(
      '1,204 referrals open, the oldest received Thu 7 Aug 2025, 214 days ago.',
    );
    expect(text).toMatch(/To contact +190 \(16%\)\nReached, to book +121 \(10%\)\n/);
    expect(text).toMatch(/Over 60 days +81 \(7%\)/);
    expect(text.replace(/\s+/g, ' ')).toContain(
      'Overdue now: 287 promises: Consult note 74, Wait for the visit 61, Booking 55,',
    );
  });

  test('names notes that are owed of referrals that have ended', () => {
    const { backlog } = emptyReport();
    const report = emptyReport({ backlog: { ...backlog, overdue: { ...backlog.overdue, note: 3 } } });
    expect(flatSection(report, 'Open now')).toContain('No referral is open. Overdue now: 3 promises: Consult note 3.');
  });

  test('has no row for an age that nothing has', () => {
    expect(sectionOf(firstWeek(), 'Open now')).not.toContain('8 to 14 days');
  });
});

describe('the league of late notes', () => {
  const TITLE = 'Late consult notes';

  test('lists who is late most often first, with sensitive specialties added up', () => {
    const base = goodWeek();
    const settings = config({ sensitiveSpecialties: ['behavioral_health', 'orthopedics'] });
    const content = reportContent(base);
    const view = toReportView(content, settings);
    const section = view.sections.find(({ title }) => title === TITLE);
    const table = section?.blocks.find((block) => block.kind === 'table');
    const rows =
      table?.kind === 'table'
        ? table.rows.map(({ name, cells }) => [name, ...cells.map(({ main, sub }) => sub ?? main)])
        : [];
    expect(rows).toEqual([
      ['specialty care', '280 of 1,020', '43'],
      ['cardiology', '190 of 610', '31'],
    ]);
  });

  test('leaves out sites and specialties with under ten notes, and says so', () => {
    const text = flatSection(goodWeek(), TITLE);
    expect(text).not.toContain('allergy');
    expect(text).toContain('By specialty, left out: 1 with under 10 notes due.');
  });
});

describe('referring practices', () => {
  const TITLE = 'Referring practices';

  test('are counted by how they have changed, without names for those with few people', () => {
    const text = flatSection(badWeek(), TITLE);
    expect(text).toContain('Active: 84 practices with a referral in the last 60 days.');
    expect(text).toContain("Gone quiet: 1. New this week: 1. Their names are in the liaisons' digests.");
    expect(text).not.toMatch(/p-quiet|First Family Practice/);
  });

  test('that decline are shown with what came and what was expected, but never a count under 11', () => {
    const text = sectionOf(badWeek(), TITLE);
    expect(text).toMatch(/Second Family Practice +12 +31\n/);
    expect(text).not.toMatch(/First Family Practice +\d/);
    expect(flatSection(badWeek(), TITLE)).toContain('Declining to under 11 referrals in 8 weeks: 1.');
    expect(text).toMatch(/p-closed +0 +9\n/);
  });

  test('are cut off if they are many', () => {
    const { report, settings } = hugeOrganization();
    const view = toReportView(reportContent(report), settings);
    const text = renderText(view).replace(/\s+/g, ' ');
    expect(text).toContain('480 more are declining, not listed here.');
    expect(text).toContain('Gone quiet: 500.');
  });
});

describe('receipts', () => {
  test('has what is incomplete and declined, by reason, specialty and practice', () => {
    const text = sectionOf(goodWeek(), 'Intake');
    expect(text).toContain(
      'Received: 318 referrals this week, 305 the week before.\nIncomplete at receipt: 9% (29 of 318).\n',
    );
    expect(text).toMatch(/Misdirected +7\nIncomplete +4\nNot accepting patients +2\n/);
    expect(text).toMatch(/cardiology +14 \(11% of 130\) +6\n/);
    expect(text).toMatch(/specialty care +5 \(6% of 87\) +7\n/);
    expect(text).toMatch(/First Family Practice +9 \(23% of 40\) +2\n/);
    expect(text).not.toContain('p-small');
  });
});

describe('data quality', () => {
  test('has feeds, refused input and what to put right', () => {
    const text = flatSection(badWeek(), 'Data quality');
    expect(text).toContain(
      'ehr-north Thu 5 Mar (05:00 EST) Wed 4 Mar (05:00 EST) Silent for longer than expected. ' +
        'Events: appointment.no_show, appointment.scheduled, visit.completed. 1 other feed was heard as expected.',
    );
    expect(text).toContain(
      'Events not taken in this week: 45 (31 invalid fields, 12 not readable, 2 dated in the future).',
    );
    expect(text).toContain(
      'Words missing or unknown this week: 65 (reason for closing 61 and reason for declining 4). The senders should supply or map them.',
    );
    expect(text).toContain(
      'Referrals that never came, only events about them: 19. Open referrals that nobody coordinates: 6.',
    );
    expect(text).toContain('Practices that are not in the directory: 2 (p-closed and p-small).');
    expect(text).toContain("NPIs that can't be right: 1 (1234567890).");
    expect(text).toContain(
      'Practices whose names read like one: 1 (p1 First Family Practice / p-7 First Familiy Practice).',
    );
    expect(text).toContain('Referrals without a provider: 18. Visits without an outcome: 7.');
    // Which referrals these are a leader isn't told.
    expect(text).toContain('Notes dated before their referral: 2. They belong to another referral and close no loop.');
    expect(text).not.toContain('R-2041');
  });

  test('has one line for feeds that were heard, and no table', () => {
    const text = sectionOf(goodWeek(), 'Data quality');
    expect(text).toContain('2 feeds were heard as expected.');
    expect(text).not.toContain('Last heard');
  });

  test("says for a scope that input is the whole organization's, and nothing about orphans, which are in no scope", () => {
    const SAID = 'Feeds, refused events and replaced words are those of the whole organization.';
    expect(flatSection(goodWeek(), 'Data quality', { scope: { site: 'north' } })).not.toContain('that never came');
    expect(flatSection(goodWeek(), 'Data quality')).toContain('that never came');
    expect(flatSection(goodWeek(), 'Data quality', { scope: { site: 'north' } })).toContain(SAID);
    expect(flatSection(goodWeek(), 'Data quality')).not.toContain(SAID);
  });
});

test('the estimate is that of the year in which the period began, though it is made in the next', () => {
  const [from, to, asOf] = ['2026-12-28T05', '2027-01-04T05', '2027-01-04T11'].map((hour) => `${hour}:00:00.000Z`);
  const report = { ...goodWeek(), ...{ from, to, asOf } } as Report;
  expect(flatSection(report, 'CMS50-style estimate')).toContain('of patients whose first referral of 2026 was ordered');
});

test('the estimate is labelled as one, and says how many are too recent to tell', () => {
  const text = flatSection(goodWeek(), 'CMS50-style estimate');
  expect(text).toContain(
    'Patients whose note came back: 41% (801 of 1,960). Of those without one 640 were ordered under 90 days ago, so theirs may yet come. An estimate, not a certified measure:',
  );
  expect(flatSection(goodWeek({ cms50TooRecent: 1 }), 'CMS50-style estimate')).toContain('without one 1 was ordered');
  expect(flatSection(goodWeek({ cms50TooRecent: 0 }), 'CMS50-style estimate')).not.toContain('under 90 days');
});

describe('the head and the footer', () => {
  test('count as changed what has a signal, not what is flagged', () => {
    const flagged = steady([70, 70, 70, 70, 70, 70, 70, 70, 65], 100, { interval: [-0.1, -0.01], flagged: true });
    const base = emptyReport();
    expect(viewOf({ ...base, clocks: { ...base.clocks, note: flagged } }).subject).toBe('Weekly SLA report');
  });

  test.each([
    ['weekly', 'Weekly SLA report'],
    ['monthly', 'Monthly SLA report'],
    ['quarterly', 'Quarterly SLA report'],
  ] as const)('of a %s report', (reportKind, title) => {
    expect(viewOf(goodWeek(), { reportKind }).subject).toBe(title);
    expect(viewOf(badWeek(), { reportKind }).subject).toBe(`${title}: 3 promises changed`);
    expect(viewOf(goodWeek(), { reportKind }).title).toBe(title);
  });

  test.each([
    [{}, 'Example Health'],
    [{ site: 'north' }, 'North Clinic'],
    [{ specialty: 'pain_medicine' }, 'Pain medicine'],
    [{ specialty: 'behavioral_health' }, 'Specialty care'],
    [{ segment: 'primary_care' }, 'Primary care practices'],
    [{ region: 'east' }, 'Practices in east'],
    [{ site: 'north', specialty: 'cardiology' }, 'North Clinic, cardiology'],
  ])('name the scope %j', (scope, name) => {
    expect(viewOf(goodWeek(), { scope }).date).toBe(`${name}, Mon 2 Mar 2026 to Sun 8 Mar 2026`);
  });

  test('say for whom, why, as of when and by which policies', () => {
    const { byline, footer } = viewOf(goodWeek(), { scope: { site: 'north' } });
    expect(byline).toBe('For Leader One, as of 06:00 EDT');
    expect(footer).toEqual([
      'This is the weekly SLA report of Example Health for North Clinic. You get it because the directory names you as a leader of it. It comes on Mondays after 06:00, for the week that ended.',
      '2026-W10, as of Mon 9 Mar 2026, 06:00 EDT: what had arrived by then; times are in America/New_York. Policy 2025-07, 2026-01.',
      'Questions about this mail, or something wrong in it? Answer it, or write to operations@example.org.',
      'Figures only: no patient and no referral is named here.',
    ]);
  });
});

test('the preview in an inbox is the first sentence and what changed, as far as it goes', () => {
  expect(viewOf(goodWeek()).preview).toBe(
    '1,603 of 2,075 promises kept this week (77%). No promise changed more than chance explains. Too few fell due to tell a change from chance.',
  );
  expect(viewOf(emptyReport()).preview).toBe('No promise fell due this week.');
  expect(viewOf(badWeek()).preview).toBe(
    '1,538 of 2,075 promises kept this week (74%). Consult note got worse. Booking got worse. More is excluded than usual. Acceptance got better.',
  );
});

describe('figures', () => {
  test('are whole percents, 0 and 100 only if they are exactly that', () => {
    expect([0, 0.001, 0.994, 0.996, 1].map(percent)).toEqual(['0%', '<1%', '99%', '>99%', '100%']);
  });

  test('are counts below ten members', () => {
    expect(
      [
        { n: 7, d: 9 },
        { n: 7, d: 10 },
        { n: 0, d: 0 },
      ].map(shareText),
    ).toEqual(['7 of 9', '70% (7 of 10)', 'none']);
  });

  test('for times are in hours below two days', () => {
    expect([0.4, 1, 31.4, 47.9, 48, 239, 5000].map(duration)).toEqual([
      'under 1 hour',
      '1 hour',
      '31 hours',
      '48 hours',
      '2 days',
      '10 days',
      '208 days',
    ]);
  });
});
