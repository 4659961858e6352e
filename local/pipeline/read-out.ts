import type { Config } from '../../shared/contracts/config.ts';
import { DAY_MS } from '../../shared/contracts/duration.ts';
import { formatInstant, type Instant } from '../../shared/contracts/instant.ts';
import { receiverIn } from '../../shared/contracts/mail.ts';
import { cutOf, mailRows } from '../../shared/contracts/mail-rows.ts';
import type { AlertRow, MailRow, QuarantineRow, ReferralRow } from '../../shared/contracts/output.ts';
import type { Report, ReportKind } from '../../shared/contracts/report.ts';
import type { ReferralState } from '../../shared/contracts/state.ts';
import { REFUSAL_REASONS } from '../../shared/contracts/vocabulary.ts';
import { byCodePoint } from '../../shared/domain/code-point.ts';
import { alertRow, byAlert, referralRow } from '../../shared/domain/export-rows.ts';
import { unpackAlerts } from '../../shared/store/alert-record.ts';
import { EVENTS, REFERRAL } from '../../shared/store/keys.ts';
import { reportKey } from '../../shared/store/operations-keys.ts';
import { readEvent, readReferral } from '../../shared/store/referral-items.ts';
import type { LoggedEvent, StoredReferral } from '../../shared/store/referral-store.ts';
import { scan } from '../stand-ins/scan.ts';
import type { SentMail } from '../stand-ins/ses-events.ts';
import type { Pipeline } from './pipeline.ts';

/** A sender may have what it sends tried again for up to a year. */
const MOST_HELD_DAYS = 366;

/** Everything that a replay left in the tables, as rows, in the order in which `replay` writes them. */
export interface ReadOut {
  referrals: ReferralRow[];
  alerts: AlertRow[];
  mails: (Omit<MailRow, 'html' | 'text' | 'eml'> & { sent: SentMail })[];
  quarantine: QuarantineRow[];
  reports: { kind: ReportKind; period: string; scope: string; report: Report }[];
  log: LoggedEvent[];
  states: Map<string, ReferralState>;
}

/**
 * Reads the whole tables.
 * @param now the instant as of which outcomes and owners are given
 * @param unreadable what never came as far as the tables
 */
export async function readOut(
  pipeline: Pipeline,
  config: Config,
  now: Instant,
  unreadable: readonly QuarantineRow[] = [],
): Promise<ReadOut> {
  const items = byKey(await scan(pipeline.dynamodb, pipeline.resources.tables.referrals ?? ''));
  const referrals = items.filter(({ sk }) => sk === REFERRAL).map(readReferral);
  const states = new Map(referrals.map(({ state }) => [state.referralId, state]));
  return {
    referrals: referralRows(states, config, now),
    alerts: alertRows(referrals, config),
    mails: await mailsOf(pipeline),
    quarantine: [...unreadable, ...(await quarantineRows(pipeline, now))].sort(byPlace),
    reports: await reportsOf(pipeline),
    log: items.filter(({ sk }) => String(sk).startsWith(EVENTS)).map(readEvent),
    states,
  };
}

/** A scan gives partitions in whatever order. */
const byKey = <Keyed extends { pk?: unknown; sk?: unknown }>(items: Keyed[]): Keyed[] =>
  items.sort((a, b) => byCodePoint(String(a.pk), String(b.pk)) || byCodePoint(String(a.sk), String(b.sk)));

function referralRows(states: Map<string, ReferralState>, { directory }: Config, now: Instant): ReferralRow[] {
  return [...states.values()]
    .flatMap((state) => referralRow(state, directory, now) ?? [])
    .sort((a, b) => byCodePoint(a.referralId, b.referralId));
}

function alertRows(referrals: readonly StoredReferral[], { directory }: Config): AlertRow[] {
  return referrals
    .flatMap((stored) => unpackAlerts(stored).map(({ alert }) => alertRow(alert, stored.state, directory)))
    .sort(byAlert);
}

async function mailsOf(pipeline: Pipeline): Promise<ReadOut['mails']> {
  const mails = await Promise.all(
    pipeline.sent.map(async (sent) => {
      const mailId = sent.tags.mailId?.[0] ?? '';
      const [job, content] = await Promise.all([
        pipeline.stores.mails.get(mailId),
        pipeline.stores.mails.frozen(mailId),
      ]);
      if (!job || !content) throw new Error(`mail ${mailId} was sent but is not in the table`);
      return {
        mailId,
        kind: job.kind,
        recipient: receiverIn(content).email,
        forPersonId: content.recipient.id,
        period: job.period,
        sentAt: formatInstant(sent.sentAt),
        subject: subjectOf(sent.raw),
        rows: mailRows(content),
        cut: cutOf(content),
        sent,
      };
    }),
  );
  return mails.sort((a, b) => byCodePoint(a.sentAt, b.sentAt) || byCodePoint(a.mailId, b.mailId));
}

/** Subjects are fixed ASCII text. */
function subjectOf(raw: Uint8Array): string {
  return /^Subject: (.*)$/m.exec(Buffer.from(raw).toString('latin1'))?.[1]?.trim() ?? '';
}

/** Every report of every finished period, sorted by period and scope. */
async function reportsOf({ dynamodb, stores, resources }: Pipeline): Promise<ReadOut['reports']> {
  const finished = await stores.reports.finishedPeriods();
  const items = await scan(dynamodb, resources.tables.operations ?? '');
  const reports = await Promise.all(
    finished.flatMap(({ kind, period }) => {
      const { pk } = reportKey({ kind, period, scope: '' });
      const scopes = items.filter((item) => item.pk === pk).map(({ sk }) => sk as string);
      return scopes.map(async (scope) => {
        const stored = await stores.reports.get({ kind, period, scope });
        if (!stored) throw new Error(`the report of ${scope} for ${period} is listed but is not there`);
        return { kind, period, scope, report: stored.report };
      });
    }),
  );
  return reports.sort((a, b) => byCodePoint(a.period, b.period) || byCodePoint(a.scope, b.scope));
}

const NOT_KNOWN = 'no referral is known by its keys';

/** Whether a row waits until a referral is known by one of its keys. What is unmatched for want of a key waits for none. */
export const isWaiting = ({ reason, detail }: QuarantineRow): boolean =>
  reason === 'unmatched' && detail.endsWith(NOT_KNOWN);

/** What was refused, and what still waits for its referral. */
async function quarantineRows({ stores }: Pipeline, now: Instant): Promise<QuarantineRow[]> {
  const all = await Promise.all(REFUSAL_REASONS.map((reason) => stores.quarantine.list(reason)));
  const held = await stores.unmatched.heldBetween(now - MOST_HELD_DAYS * DAY_MS, now + 1);
  const refused = all
    .flat()
    .map(({ reason, detail, dialect, file, position }) => ({ reason, detail, dialect, file, position }));
  const unmatched = held.map(({ kind, dialect, file, position }): QuarantineRow => {
    return { reason: 'unmatched', detail: `${kind}: ${NOT_KNOWN}`, dialect, file, position };
  });
  return [...refused, ...unmatched];
}

const byPlace = (a: QuarantineRow, b: QuarantineRow): number =>
  byCodePoint(a.file ?? '', b.file ?? '') || (a.position ?? 0) - (b.position ?? 0);
