/**
 * Trigger: SQS mail-jobs; a message names a mail.
 * Reads: the mail, the configuration, and what its kind gathers (`kinds/`): the recipient's alerts with their referrals'
 * projections; for a liaison also practices, and once a week when their referrals were received; for a leader a report
 * and its charts; for operations how much was refused and what waits for its referral, codes without an entry, feeds, the
 * mails of the last days and the counts of the dead-letter queues.
 * Writes: the mail's lease, its frozen content, which alerts an urgent mail has claimed, SES, and that the mail is done;
 * referrals that are set aside.
 * Idempotency: the mail is claimed with a lease longer than the function's timeout. Its content is frozen once, so a
 * retry says the same. SES has no idempotency token: one attempt. The Send event of a mail that SES took
 * (record-delivery) also ends the mail; a retry after the lease finds it ended.
 * Pace: mails wait for their turn, as SES takes so many in a second; what would have to wait longer than the function's
 * time allows goes back before SES gets it. So does what SES refuses by its daily quota, or because sending is paused.
 * Hold: while the stage holds mail, a mail ends as `held` where it would go to SES. What an urgent mail that was held has
 * claimed is given back once mail is sent again.
 * On failure: the message goes back to the queue, and after maxReceiveCount to the dead-letter queue.
 */
import middy from '@middy/core';
import type { SQSEvent, SQSRecord } from 'aws-lambda';
import * as z from 'zod';
import type { Config } from '../../shared/contracts/config.ts';
import type { Instant } from '../../shared/contracts/instant.ts';
import { type MailContent, type MailRecipient, receiverIn } from '../../shared/contracts/mail.ts';
import {
  isAllowed,
  type Recipient,
  receiverOf,
  recipientOf,
  toMailRecipient,
} from '../../shared/domain/mail/recipients.ts';
import { NoTimeLeftError } from '../../shared/mail/send-pace.ts';
import { settleEach } from '../../shared/platform/concurrency.ts';
import { logFailure } from '../../shared/platform/failure.ts';
import { failingIn } from '../../shared/platform/logger.ts';
import { reportItemFailures } from '../../shared/platform/middleware.ts';
import type { TimeSource } from '../../shared/platform/time-source.ts';
import type { VersionedConfig } from '../../shared/store/fold-log.ts';
import type { MailJob } from '../../shared/store/mail-store.ts';
import { setAsideUnlessAll } from '../../shared/store/set-aside-store.ts';
import { chartsOf, contentOf, KINDS } from './content.ts';
import { isNextDue } from './digest-sequence.ts';
import type { Charts, GatherDeps } from './kinds/kind.ts';

/** Renders mails and hands them to SES. */
export interface Mailer {
  /**
   * @param options `until`: SES gets nothing after this
   * @returns SES's message id; throws if SES didn't take the mail, or if its answer was lost
   */
  send(
    content: MailContent,
    job: MailJob,
    config: Config,
    options: { charts: Charts; until: Instant },
  ): Promise<string>;
  /** Renders a mail as `send` does, and sends nothing. Throws if it can't be rendered. */
  make(content: MailContent, job: MailJob, config: Config, options: { charts: Charts }): Promise<void>;
}

export interface SendDeps extends GatherDeps {
  mailer: Mailer;
  time: TimeSource;
  /** Longer than the function's timeout, and than the Send event takes to arrive. */
  leaseMs: number;
}

const mailJobMessage = z.object({ mailId: z.string().min(1) });
const MAILS_AT_ONCE = 4;
/** What SES may take to answer, and the table to note it, before the function's time is over. */
const RESERVE_MS = 15_000;

/** Somebody else is sending this mail, or died doing so: the message comes back once the lease has run out. */
export class LeaseHeldError extends Error {
  override readonly name = 'LeaseHeldError';
}

async function sendOne(record: SQSRecord, until: Instant, deps: SendDeps): Promise<void> {
  const { mailId } = mailJobMessage.parse(JSON.parse(record.body));
  const { mails, time, log } = deps;
  const now = time.now();
  if (now > until) throw new NoTimeLeftError('a mail was not begun any more');
  const job = await claimed(mailId, now, deps);
  if (job === null) return;
  const { config, version } = await deps.configs.inForce();
  const recipient = recipientOf(job, config.directory);
  const frozen = await mails.frozen(mailId);
  // What is frozen goes where it was to go, so that a retry doesn't send it to somebody else too.
  const receiver = frozen ? receiverIn(frozen) : receiverOf(job, config.directory, job.dueAt);
  const unsent = (end: Unsent, why: string): Promise<void> => endUnsent(job, end, why, deps);
  if (!recipient || !receiver || !isAllowed(receiver, config.directory)) {
    return unsent({ status: 'undeliverable' }, recipient ? 'domain not allowed' : 'recipient left');
  }
  // Frozen or not: whoever comes after a day of trouble with SES needs today's digest, not yesterday's too.
  if (KINDS[job.kind].isSupersededByNext && isNextDue(job, recipient, now)) {
    return unsent({ status: 'superseded' }, 'the next digest has come');
  }
  if (isPlannedAnew(job, deps)) return unsent({ status: 'superseded' }, 'it was held, and is planned anew');
  const content = frozen ?? (await makeContent(job, { recipient, receiver }, { config, version }, deps));
  if (content === null) return unsent({ status: 'empty' }, 'nothing to report');
  const charts = await chartsOf(content.kind, content, deps.reports);
  if (deps.holds) {
    await deps.mailer.make(content, job, config, { charts });
    return unsent({ status: 'held', heldAt: now }, 'held');
  }
  const messageId = await deps.mailer.send(content, job, config, { charts, until });
  await mails.finish(mailId, { status: 'sent', sentAt: time.now(), messageId });
  log.info('MAIL_SENT', { mailId, kind: job.kind, messageId });
}

/** Takes a mail's lease. Null: it has ended. Throws if somebody else holds it. */
async function claimed(mailId: string, now: Instant, { mails, log, leaseMs }: SendDeps): Promise<MailJob | null> {
  const job = await mails.claim(mailId, now, now + leaseMs);
  if (job !== null) return job;
  const other = await mails.get(mailId);
  if (other?.status === 'claimed') throw new LeaseHeldError('the mail is leased');
  log.info('MAIL_SKIPPED', { mailId, why: other?.status ?? 'unknown' });
  return null;
}

/**
 * Whether a mail was held and is not what its recipient needs now that mail is sent: it says what was urgent then. What it
 * has claimed is given back, and the next planning puts what is still open into a new mail.
 */
const isPlannedAnew = ({ kind, heldAt }: MailJob, { holds }: SendDeps): boolean =>
  !holds && heldAt !== undefined && KINDS[kind].giveBack !== undefined;

type Unsent = { status: 'undeliverable' | 'superseded' | 'empty' } | { status: 'held'; heldAt: Instant };

/** Ends a mail that isn't sent. What it has claimed waits again, unless the mail is held and kept for it. */
async function endUnsent(job: MailJob, end: Unsent, why: string, deps: SendDeps): Promise<void> {
  if (end.status !== 'held') await KINDS[job.kind].giveBack?.(job, deps.time.now(), deps);
  await deps.mails.finish(job.mailId, { ...end, sentAt: null, messageId: null });
  const level = end.status === 'undeliverable' ? 'warn' : 'info';
  deps.log[level]('MAIL_SKIPPED', { mailId: job.mailId, why });
}

/** Makes what the mail says and freezes it. Null: there is nothing to say. */
async function makeContent(
  job: MailJob,
  { recipient, receiver }: { recipient: Recipient; receiver: MailRecipient },
  versioned: VersionedConfig,
  deps: SendDeps,
): Promise<MailContent | null> {
  const asOf = job.asOf ?? job.dueAt;
  const made = await contentOf(job.kind, job, { ...deps, ...versioned, recipient, asOf });
  const { content, asides, succeeded, unread } = made;
  const blameless = await setAsideUnlessAll(asides, succeeded, { by: 'send-mail', now: deps.time.now() }, deps);
  if (blameless.length > 0) throw new AggregateError(blameless, 'all failed');
  for (const error of unread) await logFailure(deps.log, 'ITEM_UNREADABLE', error, { mailId: job.mailId });
  if (content === null) return null;
  const isAway = receiver.id !== recipient.id;
  return deps.mails.freeze(job.mailId, isAway ? { ...content, receivedBy: toMailRecipient(receiver) } : content);
}

export function createHandler(deps: SendDeps) {
  return middy<SQSEvent>()
    .use(reportItemFailures(deps.log))
    .handler((event, context) => {
      const until = deps.time.now() + context.getRemainingTimeInMillis() - RESERVE_MS;
      return settleEach(event.Records, MAILS_AT_ONCE, (record) => {
        const where = { requestId: context.awsRequestId, messageId: record.messageId };
        return sendOne(record, until, { ...deps, log: failingIn(deps.log, where) });
      });
    });
}
