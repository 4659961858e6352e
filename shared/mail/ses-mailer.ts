import { type SESClient, SendRawEmailCommand, type SendRawEmailCommandOutput } from '@aws-sdk/client-ses';
import type { Config } from '../contracts/config.ts';
import type { Instant } from '../contracts/instant.ts';
import { type MailContent, receiverIn } from '../contracts/mail.ts';
import type { Log } from '../platform/logger.ts';
import { composeMime } from './mime.ts';
import { type Charts, renderMail } from './render-mail.tsx';
import type { SendPace } from './send-pace.ts';
import { type Refusal, refusalOf } from './ses-refusal.ts';

const MAX_ATTEMPTS = 5;
/** The pause after the first throttle; each further one is twice as long. */
const FIRST_PAUSE_MS = 1_000;

interface Options {
  configurationSet: string;
  pace: SendPace;
  log: Log;
}

/**
 * Sends frozen content as MIME through SES, tagged with the mail's id, at SES's pace. One attempt, except after a throttle
 * by the rate: then all mails of this instance pause. After the daily quota or a pause of sending the mail goes back.
 */
export function sesMailer(client: SESClient, options: Options) {
  return {
    /**
     * @param until no attempt begins after this
     * @returns SES's message id; throws if SES didn't take the mail, or if its answer was lost
     */
    async send(
      content: MailContent,
      { mailId }: { mailId: string },
      config: Config,
      { charts = {}, until }: { charts?: Charts; until: Instant },
    ): Promise<string> {
      const command = new SendRawEmailCommand({
        Source: config.directory.organization.sender,
        Destinations: [receiverIn(content).email],
        RawMessage: { Data: await mimeOf(content, mailId, config, charts) },
        ConfigurationSetName: options.configurationSet,
        Tags: [
          { Name: 'mailId', Value: mailId },
          { Name: 'kind', Value: content.kind },
        ],
      });
      return submit(() => client.send(command), { ...options, mailId, until });
    },
  };
}

async function mimeOf(content: MailContent, mailId: string, config: Config, charts: Charts): Promise<Uint8Array> {
  const { organization } = config.directory;
  const receiver = receiverIn(content);
  const { subject, html, text, images, files } = await renderMail(content, config, charts);
  return composeMime({
    from: { name: 'Loopwatch', address: organization.sender },
    to: { name: receiver.name, address: receiver.email },
    replyTo: organization.operationsMailbox,
    subject,
    html,
    text,
    images,
    files,
    mailId,
    listId: `${content.kind.replaceAll('_', '-')}.${organization.sender.slice(organization.sender.lastIndexOf('@') + 1)}`,
    date: content.asOf,
  });
}

async function submit(
  attempt: () => Promise<SendRawEmailCommandOutput>,
  { mailId, until, pace, log }: { mailId: string; until: Instant } & Pick<Options, 'pace' | 'log'>,
): Promise<string> {
  await pace.turn(until);
  for (let count = 1; ; count += 1) {
    try {
      const { MessageId } = await attempt();
      if (!MessageId) throw new Error('SES took a mail without naming it');
      return MessageId;
    } catch (error) {
      const refusal = refusalOf(error);
      logRefusal(refusal, mailId, log);
      if (refusal !== 'rate' || count === MAX_ATTEMPTS) throw error;
      await pace.turn(until, FIRST_PAUSE_MS * 2 ** (count - 1));
    }
  }
}

function logRefusal(refusal: Refusal, mailId: string, log: Log): void {
  switch (refusal) {
    case 'rate':
      log.warn('SES_THROTTLED', { mailId });
      break;
    case 'daily':
      log.warn('SES_QUOTA_SPENT', { mailId });
      break;
    case 'paused':
      log.warn('SES_PAUSED', { mailId });
      break;
    case null:
      break;
  }
}
