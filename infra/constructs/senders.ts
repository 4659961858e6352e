import { AccountPrincipal, ArnPrincipal, PolicyStatement, type PrincipalBase } from 'aws-cdk-lib/aws-iam';
import type { Queue } from 'aws-cdk-lib/aws-sqs';

/** The principals of a stage's `senders`: an account stands for whomever that account lets send. */
export function senderPrincipals(senders: readonly string[]): PrincipalBase[] {
  return senders.map((sender) => (sender.startsWith('arn:') ? new ArnPrincipal(sender) : new AccountPrincipal(sender)));
}

/** Lets principals of other accounts send to a queue and ask for its URL, and nothing else. */
export function allowSenders(queue: Queue, senders: readonly string[]): void {
  if (senders.length === 0) return;
  queue.addToResourcePolicy(
    new PolicyStatement({
      principals: senderPrincipals(senders),
      actions: ['sqs:SendMessage', 'sqs:GetQueueUrl'],
      resources: [queue.queueArn],
    }),
  );
}
