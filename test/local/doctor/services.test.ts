import { DescribeContinuousBackupsCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DescribeKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { GetScheduleCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import {
  GetAccountCommand,
  GetConfigurationSetCommand,
  GetEmailIdentityCommand,
  SESv2Client,
} from '@aws-sdk/client-sesv2';
import { ListSubscriptionsByTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { dmarcRecords, dnsNames } from '../../../local/doctor/names.ts';
import { reading } from '../../../local/doctor/reading.ts';
import { awsServices } from '../../../local/doctor/services.ts';

/** What AWS and DNS answer, as the checks get it. */

const ses = mockClient(SESv2Client);
const scheduler = mockClient(SchedulerClient);
const sns = mockClient(SNSClient);
const kms = mockClient(KMSClient);
const dynamodb = mockClient(DynamoDBClient);
const mocks = [ses, scheduler, sns, kms, dynamodb];
beforeEach(() => {
  for (const mock of mocks) mock.reset();
});
afterAll(() => {
  for (const mock of mocks) mock.restore();
});

const region = 'us-east-1';
const services = awsServices('dev', { region }, new DynamoDBClient({ region }));
const failure = (name: string, message = '') => Object.assign(new Error(message), { name });

describe('what AWS answers', () => {
  it('about the account and its identity', async () => {
    ses.on(GetAccountCommand).resolves({
      ...{ ProductionAccessEnabled: false, SendingEnabled: true, EnforcementStatus: 'HEALTHY' },
      SendQuota: { Max24HourSend: 200, SentLast24Hours: 3, MaxSendRate: 1 },
    });
    expect(await services.account()).toEqual({
      ...{ production: false, sending: true, enforcement: 'HEALTHY', most: 200, sent: 3 },
    });
    ses.on(GetEmailIdentityCommand, { EmailIdentity: 'example.org' }).resolves({
      VerifiedForSendingStatus: true,
      DkimAttributes: { Status: 'SUCCESS', SigningEnabled: true },
      MailFromAttributes: {
        MailFromDomain: 'b.example.org',
        MailFromDomainStatus: 'PENDING',
        BehaviorOnMxFailure: undefined,
      },
    });
    expect(await services.identity('example.org')).toEqual({
      ...{ verified: true, dkim: 'SUCCESS', signs: true, mailFrom: { domain: 'b.example.org', status: 'PENDING' } },
    });
    ses.on(GetConfigurationSetCommand, { ConfigurationSetName: 'loopwatch-dev-mail' }).resolves({
      SendingOptions: { SendingEnabled: false },
    });
    expect(await services.setSends()).toBe(false);
  });

  it('about schedules, subscriptions in pages, the key and backups', async () => {
    scheduler.on(GetScheduleCommand, { Name: 'loopwatch-dev-plan-mail' }).resolves({ State: 'DISABLED' });
    expect(await services.schedule('loopwatch-dev-plan-mail')).toBe('DISABLED');
    const email = { Protocol: 'email', Endpoint: 'a@example.org' };
    sns
      .on(ListSubscriptionsByTopicCommand)
      .resolvesOnce({ Subscriptions: [{ ...email, SubscriptionArn: 'PendingConfirmation' }], NextToken: 'more' })
      .resolves({ Subscriptions: [{ ...email, SubscriptionArn: 'arn:aws:sns:us-east-1:000000000000:t:1' }] });
    expect((await services.subscriptions('topic'))?.map(({ confirmed }) => confirmed)).toEqual([false, true]);
    kms.on(DescribeKeyCommand, { KeyId: 'alias/loopwatch-dev-data' }).resolves({
      KeyMetadata: { KeyId: 'k', KeyState: 'PendingDeletion', DeletionDate: new Date(5) },
    });
    expect(await services.dataKey()).toEqual({ state: 'PendingDeletion', deletedAt: 5 });
    dynamodb.on(DescribeContinuousBackupsCommand, { TableName: 't' }).resolves({
      ContinuousBackupsDescription: {
        ContinuousBackupsStatus: 'ENABLED',
        PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: 'ENABLED' },
      },
    });
    expect(await services.backups('t')).toBe(true);
  });

  it('of what there is not is null', async () => {
    ses.on(GetEmailIdentityCommand).rejects(failure('NotFoundException'));
    ses.on(GetConfigurationSetCommand).rejects(failure('NotFoundException'));
    scheduler.on(GetScheduleCommand).rejects(failure('ResourceNotFoundException'));
    sns.on(ListSubscriptionsByTopicCommand).rejects(failure('NotFoundException'));
    kms.on(DescribeKeyCommand).rejects(failure('NotFoundException'));
    dynamodb.on(DescribeContinuousBackupsCommand).rejects(failure('TableNotFoundException'));
    expect(
      await Promise.all([
        ...[services.identity('x'), services.setSends(), services.schedule('x')],
        ...[services.subscriptions('x'), services.dataKey(), services.backups('x')],
      ]),
    ).toEqual([null, null, null, null, null, null]);
  });

  it('is not taken for an answer if it lacks what was asked for', async () => {
    ses.on(GetAccountCommand).resolves({ SendingEnabled: true });
    expect(await reading(() => services.account())).toEqual({ is: 'unread', why: 'could not look up (Error)' });
  });

  it('is named if there is no right to ask, and ends the command if the credentials are of no use', async () => {
    const message = 'User: arn:aws:sts::1:x is not authorized to perform: ses:GetAccount on resource: *';
    ses.on(GetAccountCommand).rejects(failure('AccessDeniedException', message));
    expect(await reading(() => services.account())).toEqual({ is: 'unread', why: 'no right to ask (ses:GetAccount)' });
    ses.on(GetAccountCommand).rejects(failure('ExpiredTokenException'));
    await expect(reading(() => services.account())).rejects.toThrow();
  });
});

describe('DNS', () => {
  it('is asked for DMARC from the domain upwards', async () => {
    const asked: string[] = [];
    const names = {
      texts: async (name: string) => {
        asked.push(name);
        return name === '_dmarc.example.org' ? ['v=DMARC1; p=none'] : [];
      },
    };
    expect(await dmarcRecords('mail.clinic.example.org', names)).toEqual(['v=DMARC1; p=none']);
    expect(asked).toEqual(['_dmarc.mail.clinic.example.org', '_dmarc.clinic.example.org', '_dmarc.example.org']);
    expect(await dmarcRecords('example.com', { texts: async () => [] })).toEqual([]);
  });

  it('that does not answer is no domain without records', async () => {
    // Nobody listens there.
    const names = dnsNames(['127.0.0.1:9']);
    expect(await reading(() => names.texts('_dmarc.example.org'))).toEqual({
      is: 'unread',
      why: expect.stringMatching(/^could not look up \(E\w+\)$/),
    });
  });
});
