import { type SESClient, SESServiceException, SendRawEmailCommand } from '@aws-sdk/client-ses';
import type { Config } from '../contracts/config.ts';
import { type MailContent, receiverIn } from '../contracts/mail.ts';
import type { Backoff } from '../platform/backoff.ts';
import { composeMime } from './mime.ts';
import { type Charts, renderMail } from './render-mail.tsx';

/** SES refuses these before it takes a mail, so trying again can't send it twice. */
const THROTTLES = ['Throttling', 'ThrottlingException', 'TooManyRequestsException'];
const MAX_ATTEMPTS = 5;

interface Options {
  configurationSet: string;
  backoff: Backoff;
}

/** Sends frozen content as MIME through SES, tagged with the mail's id. One attempt, except after a throttle. */
export function sesMailer(client: SESClient, { configurationSet, backoff }: Options) {
  return {
    /** @returns SES's message id; throws if SES didn't take the mail, or if its answer was lost */
    async send(
      content: MailContent,
      { mailId }: { mailId: string },
      config: Config,
      charts: Charts = {},
    ): Promise<string> {
      const { organization } = config.directory;
      const receiver = receiverIn(content);
      const { subject, html, text, images, files } = await renderMail(content, config, charts);
      const mime = await composeMime({
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
      const command = new SendRawEmailCommand({
        Source: organization.sender,
        Destinations: [receiver.email],
        RawMessage: { Data: mime },
        ConfigurationSetName: configurationSet,
        Tags: [
          { Name: 'mailId', Value: mailId },
          { Name: 'kind', Value: content.kind },
        ],
      });
      for (let attempt = 1; ; attempt += 1) {
        try {
          const { MessageId } = await client.send(command);
          if (!MessageId) throw new Error('SES took a mail without naming it');
          return MessageId;
        } catch (error) {
          const throttled = error instanceof SESServiceException && THROTTLES.includes(error.name);
          if (!throttled || attempt === MAX_ATTEMPTS) throw error;
          await backoff(attempt);
        }
      }
    },
  };
}
