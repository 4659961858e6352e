import { CfnOutput, Names, RemovalPolicy } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import {
  ConfigurationSet,
  ConfigurationSetTlsPolicy,
  EmailIdentity,
  EmailSendingEvent,
  EventDestination,
  Identity,
} from 'aws-cdk-lib/aws-ses';
import { type ITopicSubscription, Topic } from 'aws-cdk-lib/aws-sns';
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { physicalName } from '../settings.ts';
import type { StageSettings } from '../stage.ts';
import { ownArn } from './own-arn.ts';
import type { WorkQueue } from './work-queue.ts';

export interface MailSendingProps {
  stage: string;
  mail: StageSettings['mail'];
  key: IKey;
  /** The queue that gets SES's events about our mails, through a topic. */
  events: WorkQueue;
}

/** What mail is sent with: the identity, if this stage makes it, and the configuration set that reports each mail. */
export class MailSending extends Construct {
  readonly configurationSet: ConfigurationSet;

  constructor(scope: Construct, id: string, { stage, mail, key, events }: MailSendingProps) {
    super(scope, id);
    this.configurationSet = new ConfigurationSet(this, 'ConfigurationSet', {
      configurationSetName: physicalName(stage, 'mail'),
      // A digest that can't be sent encrypted bounces, and the operations mail reports it.
      tlsPolicy: ConfigurationSetTlsPolicy.REQUIRE,
      reputationMetrics: true,
    });
    const topic = new Topic(this, 'Events', {
      topicName: physicalName(stage, 'mail-events'),
      masterKey: key,
      enforceSSL: true,
    });
    const subscription = topic.addSubscription(this.toQueue(events, physicalName(stage, 'mail-events')));
    const destination = this.configurationSet.addEventDestination('Destination', {
      destination: EventDestination.snsTopic(topic),
      events: [
        EmailSendingEvent.SEND,
        EmailSendingEvent.DELIVERY,
        EmailSendingEvent.BOUNCE,
        EmailSendingEvent.COMPLAINT,
        EmailSendingEvent.REJECT,
      ],
    });
    // SES tries the topic at once: what it says before the queue listens, and may be written to, is lost or a dead letter.
    destination.node.addDependency(subscription, topic, events);
    if (mail.origin === 'new') this.identity(mail.identity);
  }

  /**
   * The subscription of a queue. It knows the topic by its name: queue and key then let just that topic in, without the
   * key naming a topic that it encrypts, a circle that CloudFormation refuses.
   */
  private toQueue({ queue, deadLetters }: WorkQueue, topicName: string): ITopicSubscription {
    const byName = Topic.fromTopicArn(this, 'EventsByName', ownArn('sns', topicName));
    const subscription = new SqsSubscription(queue, { deadLetterQueue: deadLetters });
    return {
      bind: (topic) => {
        // The region is the topic's own; named, it would be taken for that of a topic elsewhere.
        const { region: _, ...config } = subscription.bind(byName);
        return { ...config, subscriberId: Names.nodeUniqueId(topic.node) };
      },
    };
  }

  private identity(name: string): void {
    const isAddress = name.includes('@');
    const identity = new EmailIdentity(this, 'Identity', {
      identity: isAddress ? Identity.email(name) : Identity.domain(name),
    });
    // The verified domain outlives the stack.
    identity.applyRemovalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE);
    if (isAddress) return;
    for (const [index, record] of identity.dkimRecords.entries()) {
      new CfnOutput(this, `Dkim${index + 1}`, {
        description: `CNAME record ${index + 1} of 3 that verifies ${name}`,
        value: `${record.name} CNAME ${record.value}`,
      });
    }
  }
}
