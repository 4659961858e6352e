import { describe, expect, test } from 'vitest';
import type { Config } from '../../../shared/contracts/config.ts';
import type { ReportContent } from '../../../shared/contracts/mail.ts';
import { mailRows } from '../../../shared/contracts/mail-rows.ts';
import type { Report } from '../../../shared/contracts/report.ts';
import { reportMail } from '../../../shared/domain/mail/report-mail.ts';
import { renderMail } from '../../../shared/mail/render-mail.tsx';
import { drawCharts } from '../../../shared/mail/report/charts/draw-charts.tsx';
import { config } from './builders.ts';
import { visibleText } from './mails.ts';
import {
  AS_OF,
  badWeek,
  emptyReport,
  firstWeek,
  goodWeek,
  hugeOrganization,
  leader,
  reportContent,
  smallScope,
} from './report-samples.ts';

const GMAIL_CLIPS_AT = 102_400;

const huge = hugeOrganization();
const SAMPLES: [string, ReportContent, Config][] = [
  ['a good week', reportContent(goodWeek()), config()],
  ['a bad week', reportContent(badWeek()), config()],
  ['an empty week', reportContent(emptyReport()), config()],
  ['a first week', reportContent(firstWeek(), { scope: { site: 'north' } }), config()],
  ['a small scope', reportContent(smallScope(), { scope: { specialty: 'behavioral_health' } }), config()],
  ['a huge organization', reportContent(huge.report), huge.settings],
  ['a month', reportContent(goodWeek(), { reportKind: 'monthly' }), config()],
];

const numbers = (text: string): string[] => (text.match(/\d+/g) ?? []).sort();
const withoutLegend = (html: string): string => html.replaceAll(/<p class="m lg">.*?<\/p>/gs, '');

describe.each(SAMPLES)('the mail of %s', (_, content, settings) => {
  test('says the same figures in HTML and plain text, with charts and without', async () => {
    const charts = await drawCharts(content.report);
    for (const given of [{}, charts]) {
      const { html, text } = await renderMail(content, settings, given);
      expect(numbers(visibleText(withoutLegend(html)))).toEqual(numbers(text));
    }
  });

  test('stays below what Gmail clips', async () => {
    const { html } = await renderMail(content, settings, await drawCharts(content.report));
    expect(Buffer.byteLength(html)).toBeLessThan(GMAIL_CLIPS_AT);
  });

  test('has plain text of 72 columns at most, without stray spaces', async () => {
    const { text } = await renderMail(content, settings);
    for (const line of text.split('\n')) {
      expect([...line].length, line).toBeLessThanOrEqual(72);
      expect(line).toBe(line.trimEnd());
    }
    expect(text).not.toContain('\n\n\n');
  });

  test('says neither undefined nor null nor NaN, and nothing twice in a row', async () => {
    const { html, text, subject } = await renderMail(content, settings);
    for (const said of [subject, text, visibleText(html)]) {
      expect(said).not.toMatch(/undefined|null|NaN|Infinity|\[object/);
      expect(said).not.toMatch(/\b(is|the|of|in) \1\b|\.\.| ,|,,/);
    }
  });

  test('loads nothing from elsewhere: its pictures come with it', async () => {
    const { html, images } = await renderMail(content, settings, await drawCharts(content.report));
    expect(html).not.toMatch(/<script|<link|<iframe|url\(|@import/i);
    const sources = [...html.matchAll(/\bsrc="([^"]*)"/g)].map(([, source]) => source);
    expect(sources.toSorted()).toEqual(images.map(({ contentId }) => `cid:${contentId}`));
  });

  test('names no referral', async () => {
    const { html, text } = await renderMail(content, settings);
    expect(mailRows(content)).toEqual([]);
    expect(html + text).not.toContain('records.example.org');
  });

  test('is the same for the same content', async () => {
    const charts = await drawCharts(content.report);
    expect(await renderMail(content, settings, charts)).toEqual(await renderMail(content, settings, charts));
  });
});

describe('charts', () => {
  const png = new Uint8Array([1, 2, 3]);

  test('that are missing leave no broken picture and are not explained, and their figures stand in words', async () => {
    const { html, images } = await renderMail(reportContent(badWeek()), config());
    expect(html).not.toMatch(/<img|cid:|How to read/);
    expect(images).toEqual([]);
    expect(visibleText(html)).toContain('Usual level 72%, usual range 62% to 82%. Weeks of 1 Sep 2025 to 2 Mar 2026');
  });

  test('that exist for one clock only are shown for that clock', async () => {
    const { html, images } = await renderMail(reportContent(badWeek()), config(), { 'chart-note': png });
    expect(html.match(/<img/g)).toHaveLength(1);
    expect(html).toContain(
      '<img src="cid:chart-note@loopwatch" alt="Chart of 27 weeks, 1 Sep 2025 to 2 Mar 2026. This week: 51% (93 of 182)." width="480"',
    );
    expect(images).toEqual([{ contentId: 'chart-note@loopwatch', fileName: 'chart-note.png', png }]);
  });

  test('that nothing shows are not sent, such as those of an earlier release', async () => {
    const charts = { 'chart-acknowledge': png, 'line-note': png, 'chart-note': png };
    const { images } = await renderMail(reportContent(badWeek()), config(), charts);
    expect(images.map(({ fileName }) => fileName)).toEqual(['chart-note.png']);
  });
});

describe('a report of an earlier release', () => {
  test('is mailed without what it lacks: charts, dates, places, what feeds bring', async () => {
    const { clocks, dataQuality, cms50TooRecent, ...rest } = badWeek();
    const earlier = {
      ...rest,
      clocks: Object.fromEntries(
        Object.entries(clocks).map(([kind, { history, since, where, ...figures }]) => [kind, figures]),
      ),
      dataQuality: { ...dataQuality, feeds: dataQuality.feeds.map(({ lacks, types, ...feed }) => feed) },
    } as unknown as Report;
    const { text } = await renderMail(reportContent(earlier), config(), { 'line-note': new Uint8Array([1]) });
    const said = text.replace(/\s+/g, ' ');
    expect(said).toContain(
      'Consult note got worse: 51% (93 of 182) kept this week, below its usual range of 62% to 82%.',
    );
    expect(said).toContain('The feed ehr-north is silent: nothing has come since');
    expect(said).not.toMatch(/Mostly|WEEK BY WEEK|undefined|NaN|ordered under 90/);
  });
});

describe('names from elsewhere', () => {
  test('are rendered as text, whatever is in them, and reverse nothing', async () => {
    const { html, text } = await renderMail(reportContent(huge.report), huge.settings);
    expect(html).not.toMatch(/<img|<script/);
    expect(html + text).not.toContain('\u202e');
    expect(html + text).not.toContain('\u0000');
  });
});

describe('the content of a report mail', () => {
  test('is the report, its recipient and when it was made', () => {
    const content = reportContent(goodWeek(), { scope: { site: 'north' } });
    const { id, name, email, timeZone } = leader();
    expect(content).toEqual({
      kind: 'weekly_report',
      recipient: { id, name, email, timeZone },
      period: '2026-W10',
      asOf: AS_OF,
      policyVersions: ['2025-07', '2026-01'],
      referrals: 318,
      reportKind: 'weekly',
      scope: { site: 'north' },
      report: goodWeek(),
    });
  });

  test('is refused without its instant', () => {
    const report = goodWeek({ asOf: 'yesterday' });
    const input = { recipient: leader(), reportKind: 'weekly', period: '2026-W10', scope: {}, report } as const;
    expect(() => reportMail(input)).toThrow('a report without its instant');
  });
});
