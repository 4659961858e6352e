/**
 * Trigger: SQS mail-jobs; a message names a mail.
 * Reads: the mail, the configuration, and what its kind gathers (`kinds/`): the recipient's alerts with their referrals'
 * projections; for a liaison also practices, and once a week when their referrals were received; for a leader a report
 * and its charts; for operations how much was refused, feeds, the mails of the last days and the counts of the dead-letter
 * queues.
 * Writes: the mail's lease, its frozen content, which alerts an urgent mail has claimed, SES, and that the mail is done;
 * referrals that are set aside.
 * Idempotency: the mail is claimed with a lease longer than the function's timeout. Its content is frozen once, so a
 * retry says the same. SES has no idempotency token: one attempt. The Send event of a mail that SES took
 * (record-delivery) also ends the mail; a retry after the lease finds it ended.
 * Pace: mails wait for their turn, as SES takes so many in a second; what would have to wait longer than the function's
 * time allows goes back before SES gets it. So does what SES refuses by its daily quota, or because sending is paused.
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
import { setAsideAll } from '../../shared/store/set-aside-store.ts';
import { chartsOf, contentOf, KINDS } from './content.ts';
import { isNextDue } from './digest-sequence.ts';
import type { Charts, GatherDeps } from './kinds/kind.ts';

/** Renders a mail and hands it to SES. */
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
  const job = await mails.claim(mailId, now, now + deps.leaseMs);
  if (job === null) {
    const held = await mails.get(mailId);
    if (held?.status === 'claimed') throw new LeaseHeldError('the mail is leased');
    log.info('MAIL_SKIPPED', { mailId, why: held?.status ?? 'unknown' });
    return;
  }
  const { config, version } = await deps.configs.inForce();
  const recipient = recipientOf(job, config.directory);
  const frozen = await mails.frozen(mailId);
  // What is frozen goes where it was to go, so that a retry doesn't send it to somebody else too.
  const receiver = frozen ? receiverIn(frozen) : receiverOf(job, config.directory, job.dueAt);
  if (!recipient || !receiver || !isAllowed(receiver, config.directory)) {
    await KINDS[job.kind].giveBack?.(job, deps);
    await mails.finish(mailId, { status: 'undeliverable', sentAt: null, messageId: null });
    log.warn('MAIL_SKIPPED', { mailId, why: recipient ? 'domain not allowed' : 'recipient left' });
    return;
  }
  // Frozen or not: whoever comes after a day of trouble with SES needs today's digest, not yesterday's too.
  if (KINDS[job.kind].isSupersededByNext && isNextDue(job, recipient, now)) {
    await mails.finish(mailId, { status: 'superseded', sentAt: null, messageId: null });
    log.info('MAIL_SKIPPED', { mailId, why: 'the next digest has come' });
    return;
  }
  const content = frozen ?? (await makeContent(job, { recipient, receiver }, { config, version }, deps));
  if (content === null) {
    await KINDS[job.kind].giveBack?.(job, deps);
    await mails.finish(mailId, { status: 'empty', sentAt: null, messageId: null });
    log.info('MAIL_SKIPPED', { mailId, why: 'nothing to report' });
    return;
  }
  const charts = await chartsOf(content.kind, content, deps.reports);
  const messageId = await deps.mailer.send(content, job, config, { charts, until });
  await mails.finish(mailId, { status: 'sent', sentAt: time.now(), messageId });
  log.info('MAIL_SENT', { mailId, kind: job.kind, messageId });
}

/** Makes what the mail says and freezes it. Null: there is nothing to say. */
async function makeContent(
  job: MailJob,
  { recipient, receiver }: { recipient: Recipient; receiver: MailRecipient },
  versioned: VersionedConfig,
  deps: SendDeps,
): Promise<MailContent | null> {
  const asOf = job.asOf ?? job.dueAt;
  const { content, asides, unread } = await contentOf(job.kind, job, { ...deps, ...versioned, recipient, asOf });
  await setAsideAll(asides, { by: 'send-mail', now: deps.time.now() }, deps);
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
