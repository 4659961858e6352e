import { DescribeContinuousBackupsCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DescribeKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { GetScheduleCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import {
  GetAccountCommand,
  GetConfigurationSetCommand,
  GetEmailIdentityCommand,
  SESv2Client,
} from '@aws-sdk/client-sesv2';
import { ListSubscriptionsByTopicCommand, SNSClient, type Subscription as SnsSubscription } from '@aws-sdk/client-sns';
import { physicalName } from '../../infra/settings.ts';
import type { DataKeyState, Subscription } from './account-checks.ts';
import type { SesAccount, SesIdentity } from './mail-checks.ts';
import { orNull } from './reading.ts';

/** What doctor asks of AWS beside tables and queues. Each throws what AWS answered; null: there is no such thing. */
export interface Services {
  account(): Promise<SesAccount>;
  identity(name: string): Promise<SesIdentity | null>;
  /** Whether the stage's configuration set sends. */
  setSends(): Promise<boolean | null>;
  /** A schedule's state. */
  schedule(name: string): Promise<string | null>;
  subscriptions(topicArn: string): Promise<Subscription[] | null>;
  dataKey(): Promise<DataKeyState | null>;
  /** Whether a table has point-in-time recovery. */
  backups(table: string): Promise<boolean | null>;
  close(): void;
}

const NOT_FOUND = ['NotFoundException', 'ResourceNotFoundException', 'NotFound', 'TableNotFoundException'];
const CONFIRMED = /^arn:/;

/** The services of AWS, in the region of a stage. An answer that lacks what was asked for is a failure. */
export function awsServices(stage: string, config: { region?: string }, dynamodb: DynamoDBClient): Services {
  const [ses, scheduler, sns, kms] = [
    new SESv2Client(config),
    new SchedulerClient(config),
    new SNSClient(config),
    new KMSClient(config),
  ];
  return {
    async account() {
      const { ProductionAccessEnabled, SendingEnabled, EnforcementStatus, SendQuota } = await ses.send(
        new GetAccountCommand({}),
      );
      return {
        production: said(ProductionAccessEnabled, 'whether the account is in the sandbox'),
        sending: said(SendingEnabled, 'whether it sends'),
        enforcement: EnforcementStatus ?? 'HEALTHY',
        most: said(SendQuota?.Max24HourSend, 'how much it sends'),
        sent: said(SendQuota?.SentLast24Hours, 'how much it has sent'),
      };
    },
    async identity(EmailIdentity) {
      const found = await orNull(ses.send(new GetEmailIdentityCommand({ EmailIdentity })), NOT_FOUND);
      if (found === null) return null;
      const { VerifiedForSendingStatus, DkimAttributes, MailFromAttributes } = found;
      const { MailFromDomain, MailFromDomainStatus } = MailFromAttributes ?? {};
      return {
        verified: said(VerifiedForSendingStatus, 'whether the identity is verified'),
        dkim: DkimAttributes?.Status ?? 'NOT_STARTED',
        signs: DkimAttributes?.SigningEnabled ?? false,
        mailFrom: MailFromDomain ? { domain: MailFromDomain, status: MailFromDomainStatus ?? 'PENDING' } : null,
      };
    },
    async setSends() {
      const ConfigurationSetName = physicalName(stage, 'mail');
      const found = await orNull(ses.send(new GetConfigurationSetCommand({ ConfigurationSetName })), NOT_FOUND);
      return found && (found.SendingOptions?.SendingEnabled ?? true);
    },
    async schedule(Name) {
      const found = await orNull(scheduler.send(new GetScheduleCommand({ Name })), NOT_FOUND);
      return found && said(found.State, 'whether a schedule is on');
    },
    subscriptions: (topicArn) => orNull(subscriptionsOf(sns, topicArn), NOT_FOUND),
    async dataKey() {
      const KeyId = `alias/${physicalName(stage, 'data')}`;
      const found = await orNull(kms.send(new DescribeKeyCommand({ KeyId })), NOT_FOUND);
      if (found === null) return null;
      const { KeyState, DeletionDate } = found.KeyMetadata ?? {};
      return { state: said(KeyState, 'how the key stands'), deletedAt: DeletionDate?.getTime() ?? null };
    },
    async backups(TableName) {
      const found = await orNull(dynamodb.send(new DescribeContinuousBackupsCommand({ TableName })), NOT_FOUND);
      if (found === null) return null;
      const { PointInTimeRecoveryDescription } = found.ContinuousBackupsDescription ?? {};
      return PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus === 'ENABLED';
    },
    close() {
      for (const client of [ses, scheduler, sns, kms]) client.destroy();
    },
  };
}

async function subscriptionsOf(sns: SNSClient, TopicArn: string): Promise<Subscription[]> {
  const all: SnsSubscription[] = [];
  let next: string | undefined;
  do {
    const command = new ListSubscriptionsByTopicCommand({ TopicArn, ...(next !== undefined && { NextToken: next }) });
    const { Subscriptions = [], NextToken } = await sns.send(command);
    all.push(...Subscriptions);
    next = NextToken;
  } while (next !== undefined);
  return all.map(({ Protocol = '', Endpoint = '', SubscriptionArn = '' }) => ({
    protocol: Protocol,
    endpoint: Endpoint,
    confirmed: CONFIRMED.test(SubscriptionArn),
  }));
}

function said<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`AWS didn't say ${what}`);
  return value;
}
