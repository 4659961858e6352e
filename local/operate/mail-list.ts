import { DAY_MS } from '../../shared/contracts/duration.ts';
import { formatInstant, formatOptionalInstant, type Instant } from '../../shared/contracts/instant.ts';
import type { MailKind } from '../../shared/contracts/vocabulary.ts';
import { byCodePoint } from '../../shared/domain/code-point.ts';
import { utcDate } from '../../shared/domain/mail/mail-id.ts';
import { plural } from '../../shared/mail/format-time.ts';
import { dynamoStores } from '../../shared/store/dynamo-stores.ts';
import type { MailJob, MailStore } from '../../shared/store/mail-store.ts';
import { KEPT_DAYS } from '../../shared/store/time-to-live.ts';
import { bold, dim, padEnd, thousands, wrap } from '../cli/columns.ts';
import type { Print } from '../cli/print.ts';
import { Counting } from './counting.ts';
import { commandOn, shortened, terminalRows, utcMinute } from './lines.ts';
import { onTarget, type Target } from './target.ts';
import { UsageError } from './usage-error.ts';

export interface ListOptions {
  stage?: string;
  /** UTC dates on which a mail's period came. */
  date?: string;
  since?: string;
  person?: string;
  kind?: MailKind;
  status?: string;
  limit?: number;
  json?: boolean;
}

const DEFAULT_DAYS = 7;

export const mailsOf = ({ tables: { client, names } }: Pick<Target, 'tables'>): MailStore =>
  dynamoStores(client, names).mails;

/** What SES reported of a mail, the worst first; if nothing, how far it has come. */
export function standingOf(job: MailJob): string {
  if (job.sesComplaintAt !== undefined) return 'complained';
  if (job.sesBounceAt !== undefined) return 'bounced';
  if (job.sesRejectAt !== undefined) return 'rejected';
  if (job.sesDeliveryAt !== undefined) return 'delivered';
  return job.status;
}

/** `loopwatch mail list`: mails with what became of them, newest first. Never what they say. */
export async function listMails(options: ListOptions, print: Print): Promise<void> {
  const { stage, limit = Math.max(5, terminalRows() - 9), json = false } = options;
  await onTarget(stage, async (target) => {
    const dates = datesOf(options, target.now);
    const counting = new Counting('days looked at', dates.length);
    const counts = new Map<string, number>();
    const shown: MailJob[] = [];
    // A day's mails at a time, so that however many there are, few are held at once.
    for (const [index, date] of dates.entries()) {
      const mails = (await mailsOf(target).dueOn(date)).filter((job) => isMeant(job, options));
      for (const job of mails) counts.set(standingOf(job), (counts.get(standingOf(job)) ?? 0) + 1);
      shown.push(...mails.sort(newestFirst).slice(0, limit - shown.length));
      counting.show(index + 1);
    }
    counting.end();
    const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
    const listed = { counts, shown, more: total - shown.length, total };
    if (json) print(JSON.stringify(asData(stage, listed)));
    else print(listText(`${target.name}: ${plural(total, 'mail')} ${spanText(dates)}`, listed, stage));
  });
}

/** UTC dates, latest first. */
function datesOf({ date, since }: ListOptions, now: Instant): string[] {
  if (date !== undefined && since !== undefined) throw new UsageError('give --date or --since, not both');
  if (date !== undefined) return [date];
  const first = Math.max(
    since === undefined ? now - DEFAULT_DAYS * DAY_MS : Date.parse(since),
    now - KEPT_DAYS.mail * DAY_MS,
  );
  const days = Math.max(0, Math.ceil((now - first) / DAY_MS)) + 1;
  const dates = Array.from({ length: days }, (_, day) => utcDate(now - day * DAY_MS));
  return dates.filter((each) => each >= utcDate(first));
}

const spanText = (dates: readonly string[]): string =>
  dates.length === 1 ? `of ${dates[0]}` : `since ${dates.at(-1) ?? 'then'}`;

function isMeant(job: MailJob, { person, kind, status }: ListOptions): boolean {
  return (
    (person === undefined || job.personId === person) &&
    (kind === undefined || job.kind === kind) &&
    (status === undefined || job.status === status || standingOf(job) === status)
  );
}

const newestFirst = (a: MailJob, b: MailJob): number => b.dueAt - a.dueAt || byCodePoint(a.mailId, b.mailId);

interface Listed {
  counts: ReadonlyMap<string, number>;
  shown: readonly MailJob[];
  more: number;
  total: number;
}

const asData = (stage: string | undefined, { counts, shown, more }: Listed) => ({
  stage: stage ?? null,
  counts: Object.fromEntries(counts),
  mails: shown.map(mailData),
  more,
});

/** A mail as data: nothing that it says, no address. */
export function mailData(job: MailJob) {
  return {
    mailId: job.mailId,
    kind: job.kind,
    personId: job.personId,
    period: job.period,
    dueAt: formatInstant(job.dueAt),
    status: job.status,
    standing: standingOf(job),
    heldAt: formatOptionalInstant(job.heldAt ?? null),
    sentAt: formatOptionalInstant(job.sentAt),
    deliveredAt: formatOptionalInstant(job.sesDeliveryAt ?? null),
    bouncedAt: formatOptionalInstant(job.sesBounceAt ?? null),
    complainedAt: formatOptionalInstant(job.sesComplaintAt ?? null),
    rejectedAt: formatOptionalInstant(job.sesRejectAt ?? null),
  };
}

function listText(head: string, { counts, shown, more, total }: Listed, stage: string | undefined): string {
  const figures = [...counts].sort(([, a], [, b]) => b - a).map(([name, count]) => `${thousands(count)} ${name}`);
  if (total === 0) return bold(head);
  const rows = [
    ['mail', 'kind', 'standing', 'sent (UTC)', 'person'],
    ...shown.map((job) => [shortMailId(job.mailId), job.kind, standingOf(job), sentText(job), job.personId]),
  ];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) => {
    const cells = row.map((cell, column) => padEnd(shortened(cell, 80), widths[column] ?? 0));
    return shortened(cells.join('  ').trimEnd(), 80);
  });
  return [
    ...wrap(`${head}: ${figures.join(', ')}`.split(' '), 80),
    dim(lines[0] ?? ''),
    ...lines.slice(1),
    ...(more > 0
      ? [`${thousands(more)} older: --limit N lists more; --date, --person, --kind, --status list fewer.`]
      : []),
    'To read one, or send it again:',
    commandOn(stage, 'mail show ID'),
    commandOn(stage, 'mail resend ID'),
  ].join('\n');
}

/** `07:01`, or with the date if it isn't that of the mail. */
function sentText({ mailId, sentAt }: MailJob): string {
  if (sentAt === null) return '';
  const text = utcMinute(sentAt);
  return text.startsWith(mailId.slice(0, 10)) ? text.slice(11) : text.slice(5);
}

const HASH_SHOWN = 8;

/** `2026-03-02-3fa9c1d2`: of a day's mails hardly ever two begin alike. */
export const shortMailId = (mailId: string): string =>
  mailId.replace(/^(\d{4}-\d\d-\d\d-)([0-9a-f]+)/, (_, date: string, hash: string) => date + hash.slice(0, HASH_SHOWN));

/** The mail that an id names, in full or as the list shows it. Throws if there is none, or more than one. */
export async function mailNamed(mails: MailStore, id: string): Promise<MailJob> {
  const [, date, start, resend = ''] = /^(\d{4}-\d\d-\d\d)-([0-9a-f]{4,})(-r\d+)?$/.exec(id) ?? [];
  if (date === undefined || start === undefined) {
    throw new UsageError(`${id}: expected an id as \`npx loopwatch mail list\` shows it, such as 2026-03-02-3fa9c1d2`);
  }
  const found = (await mails.dueOn(date)).filter(
    ({ mailId }) => mailId.startsWith(`${date}-${start}`) && (/-r\d+$/.exec(mailId)?.[0] ?? '') === resend,
  );
  const [job] = found;
  if (job === undefined)
    throw new Error(`${id}: no such mail; \`npx loopwatch mail list --date ${date}\` lists that day's`);
  if (found.length > 1) throw new Error(`${id}: ${found.length} ids begin like this; give more of it`);
  return job;
}
