import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ClockFigures, Report, Scope, Share } from '../../../shared/contracts/report.ts';
import { CLOCK_KINDS, type ClockKind } from '../../../shared/contracts/vocabulary.ts';
import { renderMail } from '../../../shared/mail/render-mail.tsx';
import { drawCharts } from '../../../shared/mail/report/charts/draw-charts.tsx';
import { config } from './builders.ts';
import { clock, emptyReport, goodWeek, reportContent, smallScope } from './report-samples.ts';

const count = fc.integer({ min: 0, max: 30 });
const share = (most = 30): fc.Arbitrary<Share> =>
  fc.tuple(fc.integer({ min: 0, max: most }), fc.double({ min: 0, max: 1, noNaN: true })).map(([d, part]) => ({
    n: Math.round(d * part),
    d,
  }));

const anyClock: fc.Arbitrary<ClockFigures> = fc
  .record({ periods: fc.array(share(14), { minLength: 9, maxLength: 9 }), excluded: count, trailingExcluded: count })
  .map(({ periods, excluded, trailingExcluded }) =>
    clock(
      periods.map(({ n }) => n),
      periods.map(({ d }) => d),
      { excluded, excludedBy: excluded > 0 ? { moved: excluded } : {}, trailingExcluded },
    ),
  );

const PRACTICES = ['p1', 'p2', 'p3', 'p4', 'p5', 'p6'];
const SPECIALTIES = ['cardiology', 'behavioral_health', 'addiction_medicine'];
const countsOf = (names: readonly string[]) =>
  fc
    .tuple(...names.map(() => count))
    .map((counts) => Object.fromEntries(names.map((name, index) => [name, counts[index] ?? 0])));

/** Any figures, most of them small, for practices whose names occur nowhere else. */
const anyReport: fc.Arbitrary<Report> = fc
  .record({
    clocks: fc.tuple(...CLOCK_KINDS.map(() => anyClock)),
    received: count,
    funnel: fc.tuple(count, count, count, count, count),
    leakage: fc.record({
      broad: share(),
      network: share(),
      byReason: countsOf(['unreachable', 'distance', 'cost']),
      expiredAdmin: count,
    }),
    shares: fc.tuple(share(), share(), share(), share(), share(), share()),
    byPractice: fc.tuple(countsOf(PRACTICES), countsOf(PRACTICES), countsOf(PRACTICES)),
    bySpecialty: fc.tuple(countsOf(SPECIALTIES), countsOf(SPECIALTIES), countsOf(SPECIALTIES)),
    observed: count,
    notes: fc.tuple(...SPECIALTIES.map(() => share())),
    incidence: count,
  })
  .map((any) => {
    const [adminClosure, loopClosure, cms50Estimate, incomplete, recovery, shows] = any.shares;
    const [received = 0, reached = 0, scheduled = 0, seen = 0, noteReceived = 0] = any.funnel;
    const [receivedByPractice, incompleteByPractice, declinedByPractice] = any.byPractice;
    const [receivedBySpecialty, incompleteBySpecialty, declinedBySpecialty] = any.bySpecialty;
    const rates = { 7: 0.123, 14: 0.234, 28: 0.345, 60: 0.456, 90: 0.567 };
    return emptyReport({
      clocks: Object.fromEntries(CLOCK_KINDS.map((kind, index) => [kind, any.clocks[index]])) as Report['clocks'],
      received: { n: any.received, prior: 3 },
      funnel: { received, reached, scheduled, seen, noteReceived },
      leakage: { ...any.leakage, network: { ...any.leakage.network, known: null } },
      adminClosure,
      loopClosure,
      cms50Estimate,
      recovery: { met: recovery.n, all: recovery.d },
      noShow: { noShows: shows.n, completed: shows.d - shows.n, unknown: 0, rate: null },
      incidence: { n: any.incidence, scheduled: rates, leaked: rates },
      intake: {
        incomplete: { ...incomplete, bySpecialty: incompleteBySpecialty, byPractice: incompleteByPractice },
        declined: { other: 1 },
        declinedBySpecialty,
        declinedByPractice,
        receivedBySpecialty,
        receivedByPractice,
        patientsByPractice: receivedByPractice,
      },
      sources: {
        new: [],
        active: 6,
        inactive: [],
        declining: [{ practiceId: 'p6', observed: any.observed, expected: 40, p: 0.001 }],
        reactivated: [],
      },
      notes: {
        bySpecialty: Object.fromEntries(
          SPECIALTIES.map((name, index) => {
            const { n, d } = any.notes[index] ?? { n: 0, d: 0 };
            return [name, { all: d, late: n, overdue: 0 }];
          }),
        ),
        bySite: {},
      },
    });
  });

const settings = config({ sensitiveSpecialties: ['behavioral_health', 'addiction_medicine'] });
settings.directory.practices = PRACTICES.map((id) => ({ id, name: `Practice Number ${id}` }));

async function saidOf(report: Report, scope: Scope = {}) {
  const charts = Object.fromEntries(CLOCK_KINDS.map((kind) => [`chart-${kind}`, new Uint8Array([1])]));
  const { subject, html, text } = await renderMail(reportContent(report, { scope }), settings, charts);
  return { subject, html, text: text.replace(/\s+/g, ' ') };
}

describe('whatever the figures are', () => {
  test('no percentage has a denominator under ten', async () => {
    await fc.assert(
      fc.asyncProperty(anyReport, async (report) => {
        const { text, html } = await saidOf(report);
        for (const said of [text, html]) {
          for (const [all, , of] of said.matchAll(/\d%(?:<\/b><br\/><span class="m">| \()([\d,]+) of ([\d,]+)/g)) {
            expect(Number(of?.replaceAll(',', '')), all).toBeGreaterThanOrEqual(10);
          }
        }
        // The words of a chart have a percentage of this week only if it had ten or more due.
        for (const [, kind = '', alt = ''] of html.matchAll(/cid:chart-(\w+)@loopwatch" alt="([^"]+)"/g)) {
          const { all } = report.clocks[kind as ClockKind];
          expect(/This week: [<>]?\d+% /.test(alt.replaceAll('&gt;', '>').replaceAll('&lt;', '<')), alt).toBe(
            all >= 10,
          );
        }
      }),
      { numRuns: 100 },
    );
  });

  test('a cohort of under ten has no percentage of its own', async () => {
    await fc.assert(
      fc.asyncProperty(anyReport, async (report) => {
        const { text } = await saidOf(report);
        const rows = [...text.matchAll(/(Received|Reached|Booked|Seen|Note back) (\d+)( \(<?>?\d+%\))?/g)];
        if (report.funnel.received > 0 && report.funnel.received < 10) {
          expect(rows.filter(([, , , percentage]) => percentage !== undefined)).toEqual([]);
        }
        expect(text.includes('By day 7')).toBe(report.incidence.n >= 10);
      }),
      { numRuns: 100 },
    );
  });

  test('no practice of under eleven people is in a breakdown', async () => {
    await fc.assert(
      fc.asyncProperty(anyReport, async (report) => {
        const { text } = await saidOf(report);
        const breakdown = text.slice(text.indexOf('INTAKE'), text.indexOf('DATA QUALITY'));
        const { receivedByPractice } = report.intake;
        for (const practice of PRACTICES) {
          if ((receivedByPractice[practice] ?? 0) < 11) expect(breakdown).not.toContain(`Number ${practice}`);
        }
        const [{ observed } = { observed: 0 }] = report.sources.declining;
        const shown = /Practice Number p6 (\d+) 40/.exec(text)?.[1];
        const isFew = observed > 0 && observed < 11;
        expect(shown).toBe(isFew ? undefined : String(observed));
        expect(text.includes('Declining to under 11 referrals in 8 weeks: 1.')).toBe(isFew);
        const practices = text.slice(text.indexOf('REFERRING PRACTICES'), text.indexOf('INTAKE'));
        if (isFew) expect(practices).not.toContain('Practice Number');
      }),
      { numRuns: 100 },
    );
  });

  test('a sensitive specialty is named nowhere, and two of them are added up', async () => {
    await fc.assert(
      fc.asyncProperty(anyReport, fc.constantFrom(...SPECIALTIES), async (report, specialty) => {
        const { text, html, subject } = await saidOf(report, { specialty });
        for (const said of [text, html, subject]) expect(said).not.toMatch(/behavioral|addiction/i);
        const league = text.slice(text.indexOf('By specialty Specialty Late'), text.indexOf('REFERRING'));
        expect(league.split('specialty care').length).toBeLessThanOrEqual(2);
      }),
      { numRuns: 60 },
    );
  });

  test('a subject is fixed text and at most a count', async () => {
    await fc.assert(
      fc.asyncProperty(anyReport, async (report) => {
        const { subject } = await saidOf(report);
        expect(subject).toMatch(/^Weekly SLA report(: \d+ promises? changed)?$/);
      }),
      { numRuns: 20 },
    );
  });
});

test('practices of eleven people are in a breakdown', async () => {
  const base = goodWeek();
  const report = {
    ...base,
    intake: { ...base.intake, receivedByPractice: { p1: 30, p2: 30 }, patientsByPractice: { p1: 11, p2: 10 } },
  };
  const { text } = await saidOf(report);
  expect(text).toContain('Practice Number p1 9 (30% of 30) 2');
  expect(text).not.toContain('Practice Number p2 3');
});

test('a small scope has no percentage but of all its promises, and of those excluded in 8 weeks', async () => {
  const { text } = await saidOf(smallScope());
  const said = text.slice(0, text.indexOf('HOW THESE'));
  const left = said
    .replaceAll('12 of 17 promises kept this week (71%)', '')
    .replaceAll('10% (1 of 10)', '')
    .replaceAll('8% (1 of 12)', '');
  expect(left).not.toContain('%');
  expect(await drawCharts(smallScope())).toEqual({});
});
