import type { Config } from '../../shared/contracts/config.ts';
import type { Report, Scope } from '../../shared/contracts/report.ts';
import { coordinatorDigest } from '../../shared/domain/mail/coordinator-digest.ts';
import type { ReferralAlert } from '../../shared/domain/mail/digest-input.ts';
import { liaisonDigest } from '../../shared/domain/mail/liaison-digest.ts';
import { MOST_CHANGES } from '../../shared/domain/practice/changes.ts';
import type { RowContent } from '../../shared/mail/digest/row-view.ts';
import { renderMail } from '../../shared/mail/render-mail.tsx';
import { drawCharts } from '../../shared/mail/report/charts/draw-charts.tsx';
import { config, coordinator, days, FRIDAY, hours, liaison, MONDAY, referralAlert } from '../shared/mail/builders.ts';
import { digestsOf } from '../shared/mail/mails.ts';
import { badMorning, code, held, mailFate } from '../shared/mail/operations-samples.ts';
import { changedPractices } from '../shared/mail/practice-change-samples.ts';
import {
  badWeek,
  emptyReport,
  firstWeek,
  goodWeek,
  hugeOrganization,
  reportContent,
  smallScope,
} from '../shared/mail/report-samples.ts';
import { busyMorning } from '../shared/mail/samples.ts';

export interface Sample {
  name: string;
  /** As it is sent. */
  html: string;
  /** As a client shows it: with its pictures in place, or with pictures off. */
  shown: string;
  text: string;
  images: number;
}

const UNBROKEN = 'W'.repeat(128);
const ACCENTED = 'Übergangsklinik für Ärztliche Nachsorge und Früherkennung, Nördliche Außenstelle Ærø';
const RIGHT_TO_LEFT = 'מרפאת הדוגמה הצפונית';
/** Reverses the text after it, unless it is taken out. */
const OVERRIDE = '\u202e';

/** Every kind of mail: digests about no, one, 50 and 5,000 referrals, and with names that break layouts. */
export async function mailSamples(): Promise<Sample[]> {
  const hostile = hostileConfig();
  return [
    ...(await rendered('all clear', allClears(), config())),
    ...(await rendered('1 referral', [...digestsOf(oneReferral()), badMorning(1), changes(1)], config())),
    ...(await rendered('50 referrals', [...digestsOf(busyMorning(50)), badMorning(50), changes(50)], config())),
    ...(await rendered(
      '5,000 referrals',
      [...digestsOf(busyMorning(5000)), badMorning(5000), changes(5000)],
      config(),
    )),
    ...(await rendered(
      'names that break layouts',
      [...digestsOf(hostileItems(), hostile), hostileOperations(hostile), changes(3, hostile)],
      hostile,
    )),
    ...(await reports()),
  ];
}

function rendered(name: string, contents: readonly RowContent[], settings: Config): Promise<Sample[]> {
  return Promise.all(
    contents.map(async (content) => {
      const { html, text } = await renderMail(content, settings);
      const weekly =
        content.kind === 'liaison_digest' && content.practiceChanges.length > 0 ? ' with practice changes' : '';
      return { name: `${content.kind.replace('_', ' ')}${weekly}, ${name}`, html, shown: html, text, images: 0 };
    }),
  );
}

/** Reports with much and with nothing to say, with their charts shown, missing, or blocked by the client. */
async function reports(): Promise<Sample[]> {
  const huge = hugeOrganization();
  return [
    await reportSample('a good week', goodWeek()),
    await reportSample('a bad week', badWeek()),
    await reportSample('a bad week, pictures off', badWeek(), { pictures: 'off' }),
    await reportSample('a bad week, without charts', badWeek(), { pictures: 'none' }),
    await reportSample('an empty week', emptyReport()),
    await reportSample('a first week', firstWeek(), { scope: { site: 'north' } }),
    await reportSample('a small scope', smallScope(), { scope: { specialty: 'behavioral_health' } }),
    await reportSample('a huge organization', huge.report, { settings: huge.settings }),
    await reportSample('a huge organization, pictures off', huge.report, { settings: huge.settings, pictures: 'off' }),
  ];
}

interface ReportOptions {
  scope?: Scope;
  settings?: Config;
  pictures?: 'shown' | 'off' | 'none';
}

async function reportSample(name: string, report: Report, options: ReportOptions = {}): Promise<Sample> {
  const { scope = {}, settings = config(), pictures = 'shown' } = options;
  const charts = pictures === 'none' ? {} : await drawCharts(report);
  const { html, text, images } = await renderMail(reportContent(report, { scope }), settings, charts);
  const shown = images.reduce((page, { contentId, png }) => {
    const data = pictures === 'off' ? 'data:,' : `data:image/png;base64,${Buffer.from(png).toString('base64')}`;
    return page.replace(`cid:${contentId}`, data);
  }, html);
  return { name: `weekly report, ${name}`, html, shown, text, images: images.length };
}

function allClears(): RowContent[] {
  const base = {
    period: '2026-03-02',
    asOf: MONDAY,
    since: FRIDAY,
    hasLast: true,
    memory: new Map(),
    alerts: [],
    config: config(),
  };
  const contents = [
    coordinatorDigest({ ...base, recipient: coordinator() }),
    liaisonDigest({ ...base, recipient: liaison(), practices: [] }),
  ];
  return contents.filter((content) => content !== null);
}

/** A referral that is in a mail of every kind. */
const oneReferral = (): ReferralAlert[] => [
  referralAlert({ kind: 'first_attempt', dueAt: MONDAY - hours(2) }, { priority: 'stat' }),
  referralAlert({ kind: 'referrer_update', level: 'at_risk', dueAt: MONDAY + hours(10) }, { priority: 'stat' }),
];

/** A liaison's Monday on which `count` practices have changed. */
function changes(count: number, settings = config()): RowContent {
  const practiceChanges = changedPractices(Math.min(count, MOST_CHANGES));
  const content = liaisonDigest({
    recipient: liaison(),
    period: '2026-03-02',
    asOf: MONDAY,
    since: FRIDAY,
    hasLast: true,
    alerts: busyMorning(count),
    practices: [],
    config: settings,
    practiceChanges,
    morePracticeChanges: count - practiceChanges.length,
  });
  if (!content) throw new Error('expected a digest');
  return content;
}

function hostileConfig(): Config {
  const settings = config({ name: ACCENTED, identifiers: 'initials' });
  settings.directory.sites = [
    { id: 'north', name: RIGHT_TO_LEFT, timeZone: 'America/New_York' },
    { id: 'south', name: UNBROKEN, timeZone: 'America/New_York' },
  ];
  settings.directory.practices = [
    { id: 'p1', name: UNBROKEN, liaisonId: 'l1' },
    { id: 'p2', name: `${OVERRIDE}${ACCENTED}`, liaisonId: 'l1' },
    { id: 'p3', name: RIGHT_TO_LEFT, liaisonId: 'l1' },
  ];
  settings.directory.people = [
    coordinator({ id: 'c2', name: `Koordinatörin Ægir ${UNBROKEN}` }),
    coordinator({ id: 'c3', name: RIGHT_TO_LEFT }),
  ];
  return settings;
}

function hostileOperations(settings: Config): RowContent {
  const names = [UNBROKEN, RIGHT_TO_LEFT, `${OVERRIDE}${ACCENTED}`];
  const feeds = names.map((name) => ({ name, expectedEveryHours: 24 }));
  return badMorning(3, {
    config: { ...settings, directory: { ...settings.directory, feeds } },
    alerts: hostileItems(),
    unmatched: names.flatMap((name) => held(name, UNBROKEN)),
    unmapped: names.map((name) => code(UNBROKEN, name)),
    deadLetters: [{ queue: UNBROKEN, count: 1_000_000 }],
    mails: ['c2', 'c3', UNBROKEN].map((personId) => mailFate({ personId, sesBounceAt: MONDAY - days(1) })),
  });
}

function hostileItems(): ReferralAlert[] {
  return Array.from({ length: 9 }, (_, index) => {
    const referralId = [UNBROKEN.slice(1) + index, `${index}`, `${RIGHT_TO_LEFT}-${index}`][index % 3] ?? '';
    const on = {
      referralId,
      priority: 'urgent' as const,
      specialty: [UNBROKEN, RIGHT_TO_LEFT, ACCENTED][index % 3] ?? null,
      site: index % 2 ? 'north' : 'south',
      practiceId: `p${(index % 3) + 1}`,
      coordinatorId: index % 2 ? 'c2' : 'c3',
      initials: 'ÆØ',
    };
    return [
      referralAlert({ referralId, kind: 'reached', level: 'escalated', dueAt: MONDAY - days(400) }, on),
      referralAlert({ referralId, kind: 'referrer_update', dueAt: MONDAY - days(30) }, on),
      referralAlert({ referralId, kind: 'visit', level: 'at_risk', dueAt: MONDAY + days(300) }, on),
    ];
  }).flat();
}
