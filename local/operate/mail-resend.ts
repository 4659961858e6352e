import { SendMessageCommand } from '@aws-sdk/client-sqs';
import type { Directory } from '../../shared/contracts/config.ts';
import { HOUR_MS } from '../../shared/contracts/duration.ts';
import { type MailContent, type MailRecipient, receiverIn } from '../../shared/contracts/mail.ts';
import { originalOf, resendIdOf } from '../../shared/domain/mail/mail-id.ts';
import { isAllowed, operationsRecipient, receiverOf } from '../../shared/domain/mail/recipients.ts';
import { dynamoStores } from '../../shared/store/dynamo-stores.ts';
import type { MailJob, MailStore } from '../../shared/store/mail-store.ts';
import { wrap } from '../cli/columns.ts';
import type { Print } from '../cli/print.ts';
import { confirmed } from './confirm.ts';
import { utcMinute } from './lines.ts';
import { mailNamed, mailsOf } from './mail-list.ts';
import { onTarget, type Target } from './target.ts';

/**
 * `loopwatch mail resend ID`: sends a mail again.
 *
 * What was sent stays sent: the next digest goes by it, and SES's notices of it stay. The copy is a mail of its own, with
 * an id made from the first one's, so that lease, one attempt and SES's notices hold for it as for any other. First what
 * it says is kept, then the mail, then it is announced: whatever this ends after, the same command goes on from there.
 */
export interface ResendOptions {
  stage?: string;
  dryRun?: boolean;
  yes?: boolean;
  json?: boolean;
}

/** What there is to be done for a mail to go out (again). */
type Step =
  /** It was never finished: whoever gets its message goes on with it. */
  | { is: 'announce'; mailId: string; was: MailJob['status'] }
  /** It couldn't be delivered and was never made. */
  | { is: 'reopen'; mailId: string }
  | { is: 'copy'; mailId: string; content: MailContent; of: MailJob };

/** Says what will happen, asks, and does it. Throws if the mail can't be sent again, and why. */
export async function resendMail(id: string, options: ResendOptions, print: Print): Promise<void> {
  const { stage, dryRun = false, yes = false, json = false } = options;
  await onTarget(stage, async (target) => {
    const mails = mailsOf(target);
    const step = await stepFor(await mailNamed(mails, id), target);
    const isDone = !dryRun && (await confirmed(`${whatText(step)} Send it`, yes));
    if (isDone) await doStep(step, target);
    if (json) print(JSON.stringify({ dryRun, mailId: step.mailId, how: step.is, done: isDone }));
    else print(wrap(`${whatText(step)} ${doneText(isDone, dryRun)}`.split(' '), 80).join('\n'));
  });
}

function whatText(step: Step): string {
  switch (step.is) {
    case 'announce':
      return `The mail is ${step.was} and was never finished: it is announced again.`;
    case 'reopen':
      return 'The mail was never made, as nobody could receive it: it is made now, as of now.';
    case 'copy':
      return `The mail goes out again to ${receiverIn(step.content).id}, saying the same, as ${step.mailId}.`;
  }
}

function doneText(isDone: boolean, dryRun: boolean): string {
  if (isDone) return 'It is on the queue; in a few minutes `npx loopwatch mail list` shows what became of it.';
  return dryRun ? 'Nothing was changed.' : 'Not sent.';
}

const HELD =
  'no held mail is sent by hand. Once mail is sent again, a report and open urgent alerts of the last day go out by themselves, and the next digest says the rest';

/** @throws if there is nothing to send, it is being sent, or nobody may receive it */
export async function stepFor(named: MailJob, target: Target): Promise<Step> {
  const { client, names } = target.tables;
  const { mails, configs } = dynamoStores(client, names);
  const mailId = originalOf(named.mailId);
  const job = mailId === named.mailId ? named : await mails.get(mailId);
  if (job === null) throw new Error(`${mailId}: the mail that this one repeated is no longer kept`);
  switch (job.status) {
    case 'planned':
    case 'queued':
    case 'claimed':
      return announcing(job, target);
    case 'empty':
      throw new Error(`${mailId} had nothing to say, so there is nothing to send`);
    case 'superseded':
      throw new Error(`${mailId} was not sent: a later mail says all that is still so`);
    case 'held':
      throw new Error(`${mailId} was held: ${HELD}`);
    case 'sent':
    case 'undeliverable': {
      const { directory } = (await configs.inForce()).config;
      const content = await mails.frozen(mailId);
      if (content !== null) return copying(job, withAddress(content, directory), { mails, target });
      if (job.status === 'sent') throw new Error(`${mailId}: what it said is no longer kept`);
      const receiver = receiverOf(job, directory, target.now);
      assertAllowed(receiver, job.personId, directory);
      return { is: 'reopen', mailId };
    }
  }
}

/** So long a mail may well be under way: its message comes back by itself. */
const UNDER_WAY_MS = HOUR_MS;

/** Announcing it again is harmless, as whoever sends it claims it first. It would only be of no use. */
function announcing({ mailId, status, dueAt, leaseUntil }: MailJob, { now }: Target): Step {
  const until = Math.max(dueAt + UNDER_WAY_MS, leaseUntil ?? 0);
  // What is only planned was never announced: whoever planned it died.
  if (status !== 'planned' && until > now) {
    throw new Error(`${mailId} is under way (${status}): if it isn't sent by ${utcMinute(until)} UTC, try again then`);
  }
  return { is: 'announce', mailId, was: status };
}

/** The next copy; one that was begun and isn't finished is gone on with. */
async function copying(
  of: MailJob,
  content: MailContent,
  { mails, target }: { mails: MailStore; target: Target },
): Promise<Step> {
  for (let n = 1; ; n += 1) {
    const copy = await mails.get(resendIdOf(of.mailId, n));
    if (copy === null) return { is: 'copy', mailId: resendIdOf(of.mailId, n), content, of };
    if (['planned', 'queued', 'claimed'].includes(copy.status)) return announcing(copy, target);
  }
}

/** What was frozen, to the address that its receiver has now: theirs may have been wrong. */
function withAddress(content: MailContent, directory: Directory): MailContent {
  const frozen = receiverIn(content);
  const people: MailRecipient[] = [operationsRecipient(directory), ...directory.people];
  const person = people.find(({ id }) => id === frozen.id) ?? null;
  assertAllowed(person, frozen.id, directory);
  const receiver = { ...frozen, email: person.email };
  return content.receivedBy === undefined ? { ...content, recipient: receiver } : { ...content, receivedBy: receiver };
}

function assertAllowed(
  receiver: MailRecipient | null,
  personId: string,
  directory: Directory,
): asserts receiver is MailRecipient {
  if (receiver === null) throw new Error(`${personId} is no longer in the directory, so nobody would receive it`);
  if (!isAllowed(receiver, directory)) {
    throw new Error(`the address of ${receiver.id} is in none of the directory's allowedDomains: correct it and push`);
  }
}

/** Does it. Safe to be done again, wherever it ended. */
export async function doStep(step: Step, target: Target): Promise<void> {
  const mails = mailsOf(target);
  switch (step.is) {
    case 'announce':
      break;
    case 'reopen':
      await mails.reopen(step.mailId);
      break;
    case 'copy': {
      const { mailId, content, of } = step;
      await mails.freeze(mailId, content);
      await mails.plan({
        mailId,
        kind: of.kind,
        personId: of.personId,
        period: of.period,
        // When it was asked for: as a mail of its own it is due now.
        dueAt: target.now,
        status: 'planned',
        leaseUntil: null,
        sentAt: null,
        messageId: null,
        urgent: [],
      });
    }
  }
  const MessageBody = JSON.stringify({ mailId: step.mailId });
  await target.sqs.send(new SendMessageCommand({ QueueUrl: await target.queueUrl('mail-jobs'), MessageBody }));
  await mails.markQueued(step.mailId);
}
