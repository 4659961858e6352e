import { SendRawEmailCommand } from '@aws-sdk/client-ses';
import { sqsDeadLetters } from '../../functions/send-mail/dead-letters.ts';
import { createHandler, type Mailer } from '../../functions/send-mail/handler.ts';
import { MINUTE_MS } from '../../shared/contracts/duration.ts';
import { receiverIn } from '../../shared/contracts/mail.ts';
import type { Runtime } from '../../shared/platform/runtime.ts';
import { dynamoStores } from '../../shared/store/dynamo-stores.ts';

/** The deployed sender, but that what it hands to SES says nothing. */
export function plainSender(runtime: Runtime, names: { referrals: string; operations: string }): unknown {
  const ses = runtime.ses();
  const mailer: Mailer = {
    make: async () => {},
    async send(content, { mailId }, config) {
      const { MessageId = '' } = await ses.send(
        new SendRawEmailCommand({
          Source: config.directory.organization.sender,
          Destinations: [receiverIn(content).email],
          RawMessage: { Data: new Uint8Array() },
          Tags: [
            { Name: 'mailId', Value: mailId },
            { Name: 'kind', Value: content.kind },
          ],
        }),
      );
      return MessageId;
    },
  };
  const deadLetters = sqsDeadLetters(runtime.sqs(), ['http://127.0.0.1/loopwatch-local-mail-jobs-dlq']);
  const leaseMs = 5 * MINUTE_MS;
  const stores = dynamoStores(runtime.dynamodb(), names);
  return createHandler({ ...runtime, ...stores, deadLetters, mailer, leaseMs, holds: false });
}
