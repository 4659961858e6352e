import { DAY_MS } from '../../shared/contracts/duration.ts';
import { isAbout } from '../../shared/contracts/event.ts';
import { formatInstant, type Instant } from '../../shared/contracts/instant.ts';
import { type MailContent, receiverIn } from '../../shared/contracts/mail.ts';
import { mailRows } from '../../shared/contracts/mail-rows.ts';
import { reportPeriods } from '../../shared/domain/report/periods.ts';
import { reportRecipients } from '../../shared/domain/report/recipients.ts';
import { ORGANIZATION } from '../../shared/domain/report/scopes.ts';
import { nextRun } from '../stand-ins/schedule.ts';
import { sendMessages } from '../stand-ins/send-messages.ts';
import type { SentMail } from '../stand-ins/ses-events.ts';
import type { Aws } from './aws.ts';
import { type Checks, expected } from './checks.ts';
import { eventually } from './eventually.ts';
import type { InboxMail } from './inbox.ts';
import { identityOf, type RehearsalData } from './organization.ts';
import { publishSesEvents, runSchedule, schedulesOf } from './workarounds.ts';
import type { World } from './world.ts';

const PATIENCE_SECONDS = 90;
/** Long enough to reach the next Monday in any time zone. */
const REPORT_WITHIN_MS = 8 * DAY_MS;
const DONE = ['sent', 'empty', 'undeliverable', 'superseded', 'held'];

export interface Journey {
  aws: Aws;
  world: World;
  checks: Checks;
  data: RehearsalData;
  account: string;
  region: string;
}

/** Sends the events to the deployed queue and checks the log and the projections. */
export async function ingestEvents({ world, checks, data: { events } }: Journey): Promise<void> {
  const messages = events.map((event) => ({ body: JSON.stringify(event) }));
  const { sent } = await sendMessages(world.sqs, await world.queueUrl('referral-events'), messages);
  checks.note(`${events.length} events taken by SQS`, expected(events.length, sent));
  const wanted = new Set(events.map(identityOf));
  await eventually('every event is in the log', PATIENCE_SECONDS, async () => {
    const logged = new Set((await world.logged()).map(identityOf));
    const missing = [...wanted].filter((identity) => !logged.has(identity));
    return missing.length === 0 ? null : `${missing.length} of ${wanted.size} are not`;
  });
  checks.note('each of them in the log, once', expected(wanted.size, (await world.logged()).length));
  const subjects = new Set(events.filter((event) => !isAbout(event, 'practice')).map(({ subject }) => subject));
  checks.note(`a projection for each of ${subjects.size} referrals`, expected(subjects.size, await world.referrals()));
  checks.note('nothing in quarantine', expected(0, await world.quarantined()));
}

/** Runs every schedule once: detection at its next time from now, the others when the digests are due. */
export async function runSchedules(journey: Journey, now: number): Promise<void> {
  const { aws, world, checks, data } = journey;
  const schedules = await schedulesOf(aws, world.stage);
  const nextOf = async (name: string, after: number): Promise<number> => {
    const { ScheduleExpression, ScheduleExpressionTimezone } = await aws.call('scheduler', 'GetSchedule', {
      Name: name,
    });
    return nextRun({ expression: ScheduleExpression, timeZone: ScheduleExpressionTimezone, input: '' }, after);
  };
  const detection = schedules.get('detect-breaches');
  if (!detection) throw new Error('the stage has no schedule for detect-breaches');
  const run = await nextOf(detection, now);
  await runSchedule(aws, detection, run);
  await untilDone(world, 'detection has written alerts and is done', async () => {
    const [alerts, due] = await Promise.all([world.alerts(), world.due(run)]);
    return alerts.length > 0 && due === 0 ? null : `${alerts.length} alerts, ${due} referrals still due`;
  });
  const open = (await world.alerts()).filter(({ openedAt, resolvedAt }) => openedAt === run && resolvedAt === null);
  checks.note(`alerts open as of the run of ${formatInstant(run)}: ${open.length}`, open.length > 0 ? null : 'none');

  for (const [purpose, name] of schedules) {
    if (purpose === 'detect-breaches') continue;
    const time = purpose === 'plan-mail' ? await nextOf(name, data.digestAt) : data.digestAt;
    await runSchedule(aws, name, time);
  }
  checks.note(`${schedules.size} schedules called`, null);
  await mailsAreDone(world, 'every mail that was planned is done', async () =>
    (await world.mails()).length > 0 ? null : 'none was planned',
  );
}

/** Waits until every mail has ended and something else holds. */
export function mailsAreDone(world: World, what: string, look: () => Promise<string | null>): Promise<void> {
  return untilDone(world, what, async () => {
    const mails = await world.mails();
    const open = mails.filter(({ status }) => !DONE.includes(status as string));
    return open.length > 0 ? `${mails.length} mails, ${open.length} not done` : look();
  });
}

/** What is wrong with a mail in SES, beside its frozen content. */
function faultsOf(mail: InboxMail, content: MailContent): string[] {
  const said = mailRows(content).map(({ referralId }) => referralId);
  const missing = said.filter((id) => !mail.BodyHtml?.includes(id) || !mail.BodyText?.includes(id));
  // A report has only figures, and an operations mail may have only feeds and dead letters.
  const listsReferrals = content.kind !== 'weekly_report' && content.kind !== 'operations';
  return [
    ...(said.length === 0 && listsReferrals ? ['lists no referral'] : []),
    ...(missing.length > 0 ? [`leaves out ${missing.length} of ${said.length} referrals`] : []),
    ...(mail.To.some((to: string) => to.includes(receiverIn(content).email)) ? [] : [`went to ${mail.To}`]),
    ...(mail.Subject ? [] : ['has no subject']),
  ];
}

/** Checks the mails in SES: one for each that was sent, with the frozen content. */
export async function readMails(
  { aws, world, checks, data, account, region }: Journey,
  inbox: readonly InboxMail[],
): Promise<void> {
  const jobs = (await world.mails()).filter(({ status }) => status === 'sent');
  checks.note(`a mail in SES for each of ${jobs.length} that were sent`, expected(jobs.length, inbox.length));
  for (const kind of ['coordinator_digest', 'liaison_digest']) {
    const count = jobs.filter((job) => job.kind === kind).length;
    checks.note(`${kind} mails: ${count}`, count > 0 ? null : 'none');
  }
  const wrong: string[] = [];
  for (const job of jobs) {
    const mailId = job.mailId as string;
    const mail = inbox.find(({ MessageId }) => MessageId === job.messageId);
    const content = await world.stores.mails.frozen(mailId);
    if (!mail || !content) {
      wrong.push(`${mailId} is not in SES, or its content isn't kept`);
      continue;
    }
    wrong.push(...faultsOf(mail, content).map((fault) => `${mailId} ${fault}`));
    const sent: SentMail = {
      messageId: mail.MessageId,
      tags: { mailId: [mailId] },
      source: data.config.directory.organization.sender,
      destinations: [receiverIn(content).email],
      raw: new Uint8Array(),
      sentAt: job.sentAt as number,
    };
    await publishSesEvents(aws, { stage: world.stage, account, region }, sent);
  }
  checks.note('each to its recipient, as HTML and as text with every referral', wrong.join('; '));
  const told = async () => (await world.mails()).filter(({ sesSendAt, sesDeliveryAt }) => sesSendAt && sesDeliveryAt);
  await eventually("SES' events are recorded", PATIENCE_SECONDS, async () => {
    const count = (await told()).length;
    return count === jobs.length ? null : `of ${count} mails of ${jobs.length}`;
  });
  checks.note("SES' events recorded: Send and Delivery of each mail", expected(jobs.length, (await told()).length));
}

/**
 * Writes the reports of this week as of next Monday, with their charts, and mails them to the leaders.
 * @returns that Monday: mail is planned up to it
 */
export async function writeReports(journey: Journey, now: number): Promise<Instant> {
  const { aws, world, checks, data } = journey;
  const { timeZone } = data.config.directory.organization;
  const weekly = reportPeriods(timeZone, now, now + REPORT_WITHIN_MS).find(({ kind }) => kind === 'weekly');
  if (!weekly) throw new Error('a week has a Monday');
  const { name: period, asOf } = weekly;
  const schedules = await schedulesOf(aws, world.stage);
  const call = (purpose: string): Promise<void> => runSchedule(aws, schedules.get(purpose) ?? purpose, asOf);
  await call('write-reports');
  await untilDone(world, 'the reports of the week are written', async () => {
    const finished = await world.stores.reports.finishedPeriods();
    if (!finished.some((run) => run.period === period)) return `of ${finished.length} periods`;
    // Planning goes by this mark, which comes last: before it there are no reports to mail.
    const { progress } = await world.stores.configs.inForce();
    return (progress.reportsUntil ?? 0) >= asOf ? null : 'the run has not ended';
  });
  const stored = await world.stores.reports.get({ kind: 'weekly', period, scope: ORGANIZATION });
  const charts = Object.keys(stored?.charts ?? {}).length;
  checks.note(`the report of ${period}, with ${charts} charts`, charts > 0 ? null : 'none was drawn');
  const received = stored?.report.backlog.open ?? 0;
  checks.note(`it counts ${received} open referrals`, received > 0 ? null : 'none');
  await call('plan-mail');
  const leaders = reportRecipients(data.config.directory, 'weekly').length;
  await untilDone(world, 'every leader has the report', async () => {
    const mails = await world.mails();
    // By the end of a month that is reported, too, some have got another.
    const ofWeek = mails.filter((mail) => mail.kind === 'weekly_report' && mail.period === period);
    const reports = ofWeek.filter(({ status }) => status === 'sent');
    const open = mails.filter(({ status }) => !DONE.includes(status as string));
    const isDone = reports.length === leaders && open.length === 0;
    return isDone ? null : `${reports.length} of ${leaders}, ${open.length} mails not done`;
  });
  checks.note(`${leaders} leaders got it`, null);
  return asOf;
}

/** Waits until the queues are worked off, and checks that no message is left in any queue. */
export async function emptyQueues({ world, checks }: Journey): Promise<void> {
  const work = ['referral-events', 'mail-jobs', 'delivery-events'];
  await eventually('the queues are worked off', PATIENCE_SECONDS, async () => {
    const depths = await Promise.all(work.map((purpose) => world.depth(purpose)));
    const left = depths.reduce((sum, depth) => sum + depth, 0);
    return left === 0 ? null : `${left} messages are left`;
  });
  for (const purpose of [...work, ...work.map((name) => `${name}-dlq`), 'scheduler-dlq']) {
    checks.note(`${purpose} is empty`, expected(0, await world.depth(purpose)));
  }
}

/** As `eventually`, but a scheduled run that failed after its retries ends the waiting. */
function untilDone(world: World, what: string, look: () => Promise<string | null>): Promise<void> {
  return eventually(what, PATIENCE_SECONDS, async () => {
    const dead = await world.depth('scheduler-dlq');
    if (dead > 0) throw new Error(`${dead} scheduled runs failed for good: they are in scheduler-dlq`);
    return look();
  });
}
