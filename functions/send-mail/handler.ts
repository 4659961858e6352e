/**
 * Trigger: SQS mail-jobs: a message names a mail.
 * Reads: the mail, configuration, the recipient's alerts and their referrals' projections, practices and, once a week,
 * when their referrals were received; a leader's report and its charts; for the operations mail quarantine, feeds, the
 * mails of the last days and the counts of the dead-letter queues.
 * Writes: the mail's lease, its frozen content, the claim of an urgent mail on its alerts, SES, and that it is done.
 * Idempotency: the mail is claimed with a lease longer than the function's timeout; content is frozen once, a retry
 * says the same. SES has no idempotency token: one attempt. SES reports what it sent by its Send event
 * (record-delivery), which ends the mail too; a retry after the lease finds that.
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
import type { ConfigStore } from '../../shared/store/config-store.ts';
import type { FeedStore } from '../../shared/store/feed-store.ts';
import type { MailJob, MailStore } from '../../shared/store/mail-store.ts';
import type { PracticeStore } from '../../shared/store/practice-store.ts';
import type { QuarantineStore } from '../../shared/store/quarantine-store.ts';
import type { ReferralStore } from '../../shared/store/referral-store.ts';
import type { ReportStore, StoredReport } from '../../shared/store/report-store.ts';
import { chartsOf, contentOf, isSuperseded } from './content.ts';
import type { DeadLetters } from './dead-letters.ts';

/** Renders a mail from its content and hands it to SES. */
export interface Mailer {
  /** @returns the message id from SES; throws if SES didn't take the mail, or if that isn't known */
  send(content: MailContent, job: MailJob, config: Config, charts: StoredReport['charts']): Promise<string>;
}

export interface SendDeps {
  referrals: ReferralStore;
  configs: ConfigStore;
  quarantine: QuarantineStore;
  feeds: FeedStore;
  practices: PracticeStore;
  mails: MailStore;
  reports: ReportStore;
  deadLetters: DeadLetters;
  mailer: Mailer;
  clock: TimeSource;
  /** Longer than the function's timeout, and than SES takes to report a mail. */
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
  const { mails, clock, log } = deps;
  const now = clock.now();
  const job = await mails.claim(mailId, now, now + deps.leaseMs);
  if (job === null) {
    const held = await mails.get(mailId);
    if (held?.status === 'claimed') throw new LeaseHeldError('the mail is leased');
    log.info('MAIL_SKIPPED', { mailId, why: held?.status ?? 'unknown' });
    return;
  }
  const { config } = await deps.configs.inForce();
  const recipient = recipientOf(job, config.directory);
  if (!recipient || !isAllowed(recipient, config)) {
    await mails.finish(mailId, { status: 'undeliverable', sentAt: null, messageId: null });
    log.warn('MAIL_SKIPPED', { mailId, why: recipient ? 'domain not allowed' : 'recipient left' });
    return;
  }
  const frozen = await mails.frozen(mailId);
  if (frozen === null && isSuperseded(job, recipient, now)) {
    await mails.finish(mailId, { status: 'superseded', sentAt: null, messageId: null });
    log.info('MAIL_SKIPPED', { mailId, why: 'the next digest has come' });
    return;
  }
  const content = frozen ?? (await freeze(await contentOf(job, recipient, config, deps), job, deps));
  if (content === null) {
    await mails.finish(mailId, { status: 'empty', sentAt: null, messageId: null });
    log.info('MAIL_SKIPPED', { mailId, why: 'nothing to report' });
    return;
  }
  const messageId = await deps.mailer.send(content, job, config, await chartsOf(content, deps.reports));
  await mails.finish(mailId, { status: 'sent', sentAt: clock.now(), messageId });
  log.info('MAIL_SENT', { mailId, kind: job.kind, messageId });
}

async function freeze(
  content: MailContent | null,
  { mailId }: MailJob,
  { mails }: SendDeps,
): Promise<MailContent | null> {
  return content === null ? null : mails.freeze(mailId, content);
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
