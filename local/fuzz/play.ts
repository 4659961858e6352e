import { quarantineIdOf } from '../../functions/ingest-events/quarantine-item.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../shared/contracts/duration.ts';
import { subjectKindOf } from '../../shared/contracts/event.ts';
import { formatInstant, type Instant } from '../../shared/contracts/instant.ts';
import { REFUSAL_REASONS } from '../../shared/contracts/vocabulary.ts';
import { reportPeriods } from '../../shared/domain/report/periods.ts';
import { readCloudEvent } from '../../shared/intake/cloudevents.ts';
import type { Log } from '../../shared/platform/logger.ts';
import { eventSort, practiceKey, referralKey } from '../../shared/store/keys.ts';
import { MemoryStage, type Scheduled } from '../memory-stage/memory-stage.ts';
import { sesNotification } from '../stand-ins/ses-events.ts';
import type { FuzzMessage } from './messages.ts';
import type { FuzzPlan } from './plan.ts';

/** Something that must not be, whatever was sent. */
export interface Finding {
  kind:
    | 'given back'
    | 'lost'
    | 'run failed'
    | 'mail not made'
    | 'report not made'
    | 'not explained'
    | 'harmed'
    | 'not rebuilt';
  detail: string;
  /** The message that brought it out, if one is known to. */
  body?: string;
}

export interface Played {
  stage: MemoryStage;
  findings: Finding[];
}

/** Twice a day, when digests are due in the organization's zones: each digest, each report, a day's detection. */
const RUNS_AT = [12 * HOUR_MS + 15 * MINUTE_MS, 16 * HOUR_MS + 15 * MINUTE_MS];

/**
 * Puts messages through every function for the plan's weeks. Nothing fails of itself here: what fails was brought out by a
 * message, or by what `halfway` does to the tables.
 */
export async function play(
  { config, from, until }: FuzzPlan,
  messages: readonly FuzzMessage[],
  halfway: (stage: MemoryStage) => Promise<void> = async () => {},
): Promise<Played> {
  const findings: Finding[] = [];
  const failures: string[] = [];
  const stage = await MemoryStage.open(from, { log: noting(failures) });
  await stage.pushConfig(config);
  const arrivals = messages.toSorted((a, b) => a.sentAt - b.sentAt);
  let next = 0;
  let isHalfway = false;
  for (const at of instants(from, until)) {
    stage.time.moveTo(at);
    for (; (arrivals[next]?.sentAt ?? Number.POSITIVE_INFINITY) <= at; next += 1) {
      const { body, sentAt, attributes = {} } = arrivals[next] as FuzzMessage;
      stage.queues['referral-events'].send(body, { sentAt, attributes });
    }
    await consumeAll(stage, 'referral-events', failures, findings);
    if (!isHalfway && at >= (from + until) / 2) {
      isHalfway = true;
      await halfway(stage);
    }
    await schedules(stage, at, failures, findings);
  }
  return { stage, findings };
}

function* instants(from: Instant, until: Instant): Generator<Instant> {
  for (let day = Math.floor(from / DAY_MS) * DAY_MS; day <= until + DAY_MS; day += DAY_MS) {
    for (const time of RUNS_AT) if (day + time > from) yield day + time;
  }
}

const SCHEDULES: readonly Scheduled[] = ['detect-breaches', 'write-reports', 'plan-mail'];

async function schedules(stage: MemoryStage, at: Instant, failures: string[], findings: Finding[]): Promise<void> {
  for (const name of SCHEDULES) {
    await stage.run(name, at).catch(() => {
      findings.push({
        kind: 'run failed',
        detail: `${name} at ${formatInstant(at)}: ${failures.splice(0).join('; ')}`,
      });
    });
  }
  const sent = stage.sent.length;
  await consumeAll(stage, 'mail-jobs', failures, findings);
  for (const mail of stage.sent.slice(sent)) {
    for (const type of ['Send', 'Delivery'] as const) {
      stage.queues['delivery-events'].send(sesNotification(mail, type), { sentAt: at });
    }
  }
  await consumeAll(stage, 'delivery-events', failures, findings);
}

async function consumeAll(
  stage: MemoryStage,
  queue: 'referral-events' | 'mail-jobs' | 'delivery-events',
  failures: string[],
  findings: Finding[],
): Promise<void> {
  failures.length = 0;
  const { failed } = await stage.consume(queue);
  for (const message of failed) {
    findings.push({ kind: 'given back', detail: `${queue}: ${failures.join('; ')}`, body: message.body });
    // Told once.
    stage.queues[queue].delete(message);
  }
}

/** What is logged of failures: the error's name, and where it came from. */
function noting(failures: string[]): Log {
  return {
    info: () => {},
    warn: () => {},
    error: (code, { error, frames } = {}) => {
      failures.push(`${code} ${error} ${JSON.stringify(frames ?? [])}`);
    },
  };
}

/** Where each message is: in a log, in quarantine, or nowhere. @returns the findings, and counts by where */
export async function whereabouts(
  { stage }: Played,
  messages: readonly FuzzMessage[],
): Promise<{ findings: Finding[]; counts: Record<string, number> }> {
  const stored = keysOf(stage, stage.names.referrals);
  const operations = keysOf(stage, stage.names.operations);
  const refused = new Map<string, string>();
  for (const reason of REFUSAL_REASONS) {
    for (const { quarantineId } of await stage.stores.quarantine.list(reason)) refused.set(quarantineId, reason);
  }
  const counts: Record<string, number> = {};
  const findings: Finding[] = [];
  for (const { body, sentAt, attributes = {} } of messages) {
    const id = quarantineIdOf(body, attributes.file ?? null, attributes.position ?? null);
    const where = refused.get(id) ?? (isTaken(body, sentAt, stored, operations) ? 'taken in' : 'lost');
    counts[where] = (counts[where] ?? 0) + 1;
    if (where === 'lost') findings.push({ kind: 'lost', detail: 'neither in a log nor in quarantine', body });
  }
  return { findings, counts };
}

function isTaken(body: string, sentAt: Instant, stored: Set<string>, operations: Set<string>): boolean {
  const read = readCloudEvent(body, sentAt);
  if ('refusal' in read) return false;
  const { event } = read;
  switch (subjectKindOf(event)) {
    case 'referral':
      return stored.has(`${referralKey(event.subject)} ${eventSort(event)}`);
    case 'practice':
      return operations.has(`${practiceKey(event.subject)} ${eventSort(event)}`);
    case 'feed':
      return operations.has(`feeds ${event.subject}`);
  }
}

function keysOf(stage: MemoryStage, table: string): Set<string> {
  return new Set(stage.dynamo.items(table).map(({ pk, sk }) => `${pk?.S} ${sk?.S}`));
}

/** Mails that came to no end, and reports that were due and aren't there. */
export async function unmade({ stage }: Played, { config, from, until }: FuzzPlan): Promise<Finding[]> {
  const mails = stage.dynamo.items(stage.names.operations).filter(({ pk }) => pk?.S?.startsWith('mail#'));
  const open = mails.filter(({ status }) => ['planned', 'queued', 'claimed'].includes(status?.S ?? ''));
  const finished = new Set(
    (await stage.stores.reports.finishedPeriods()).map(({ kind, period }) => `${kind} ${period}`),
  );
  const due = reportPeriods(config.directory.organization.timeZone, from, until)
    .map(({ kind, name }) => `${kind} ${name}`)
    .filter((name) => !finished.has(name));
  return [
    ...open.map(({ sk, status }): Finding => ({ kind: 'mail not made', detail: `${sk?.S} is ${status?.S}` })),
    ...due.map((name): Finding => ({ kind: 'report not made', detail: name })),
  ];
}
