/**
 * Trigger: SQS mail-jobs: a message names a mail.
 * Reads: the mail, configuration, the recipient's alerts and their referrals' projections, practices
 * and once a week when their referrals were received; a leader's report and its charts; for operations
 * quarantine, feeds, the mails of the last days and how much lies in the dead-letter queues.
 * Writes: the mail's lease, its frozen content, of an urgent one which alerts it tells of, SES, and that it is done.
 * Idempotency: the mail is claimed with a lease longer than the function's timeout; content is frozen once, a retry
 * says the same. SES has no idempotency token: one attempt. What SES sent is told by its Send event (record-delivery),
 * which ends the mail too; a retry after the lease finds that.
 * On failure: the message goes back to the queue, after maxReceiveCount to the dead-letter queue.
 */
import middy from '@middy/core';
import type { SQSEvent, SQSRecord } from 'aws-lambda';
import { z } from 'zod';
import type { Config } from '../../shared/contracts/config.ts';
import type { MailContent } from '../../shared/contracts/mail.ts';
import { type Recipient, recipientOf } from '../../shared/domain/mail/schedule.ts';
import { settleEach } from '../../shared/platform/concurrency.ts';
import type { Log } from '../../shared/platform/logger.ts';
import { reportItemFailures } from '../../shared/platform/middleware.ts';
import type { TimeSource } from '../../shared/platform/time-source.ts';
import type { MailJob, OperationsStore, StoredReport } from '../../shared/store/operations-store.ts';
import type { ReferralStore } from '../../shared/store/referral-store.ts';
import { chartsOf, contentOf, isSuperseded } from './content.ts';
import type { DeadLetters } from './dead-letters.ts';

/** Makes a mail of its content and hands it to SES. */
export interface Mailer {
  /** @returns the message id that SES gave it; throws where SES didn't take it, or may have */
  send(content: MailContent, job: MailJob, config: Config, charts: StoredReport['charts']): Promise<string>;
}

export interface SendDeps {
  referrals: ReferralStore;
  operations: OperationsStore;
  deadLetters: DeadLetters;
  mailer: Mailer;
  clock: TimeSource;
  /** Longer than the function's timeout, and than SES takes to tell of a mail. */
  leaseMs: number;
  log: Log;
}

const mailJobMessage = z.object({ mailId: z.string().min(1) });
const MAILS_AT_ONCE = 4;

/** Somebody else is sending this mail, or died doing so: the message comes back, the lease runs out. */
export class LeaseHeldError extends Error {
  override readonly name = 'LeaseHeldError';
}

async function sendOne(record: SQSRecord, deps: SendDeps): Promise<void> {
  const { mailId } = mailJobMessage.parse(JSON.parse(record.body));
  const { operations, clock, log } = deps;
  const now = clock.now();
  const job = await operations.claimMail(mailId, now, now + deps.leaseMs);
  if (job === null) {
    const held = await operations.mail(mailId);
    if (held?.status === 'claimed') throw new LeaseHeldError('the mail is leased');
    log.info('MAIL_SKIPPED', { mailId, why: held?.status ?? 'unknown' });
    return;
  }
  const { config } = await operations.config();
  const recipient = recipientOf(job, config.directory);
  if (!recipient || !isAllowed(recipient, config)) {
    await operations.finishMail(mailId, { status: 'undeliverable', sentAt: null, messageId: null });
    log.warn('MAIL_SKIPPED', { mailId, why: recipient ? 'domain not allowed' : 'recipient left' });
    return;
  }
  const frozen = await operations.frozenMail(mailId);
  if (frozen === null && isSuperseded(job, recipient, now)) {
    await operations.finishMail(mailId, { status: 'superseded', sentAt: null, messageId: null });
    log.info('MAIL_SKIPPED', { mailId, why: 'the next digest has come' });
    return;
  }
  const content = frozen ?? (await freeze(await contentOf(job, recipient, config, deps), job, deps));
  if (content === null) {
    await operations.finishMail(mailId, { status: 'empty', sentAt: null, messageId: null });
    log.info('MAIL_SKIPPED', { mailId, why: 'nothing to report' });
    return;
  }
  const messageId = await deps.mailer.send(content, job, config, await chartsOf(content, operations));
  await operations.finishMail(mailId, { status: 'sent', sentAt: clock.now(), messageId });
  log.info('MAIL_SENT', { mailId, kind: job.kind, messageId });
}

async function freeze(
  content: MailContent | null,
  { mailId }: MailJob,
  { operations }: SendDeps,
): Promise<MailContent | null> {
  return content === null ? null : operations.freezeMail(mailId, content);
}

/** Recipients only in allowed domains; an empty list allows none. */
function isAllowed({ email }: Recipient, { directory }: Config): boolean {
  const domain = email.slice(email.lastIndexOf('@') + 1).toLowerCase();
  return directory.organization.allowedDomains.some((allowed) => allowed.toLowerCase() === domain);
}

export function createHandler(deps: SendDeps) {
  return middy<SQSEvent>()
    .use(reportItemFailures(deps.log))
    .handler((event) => settleEach(event.Records, MAILS_AT_ONCE, (record) => sendOne(record, deps)));
}
