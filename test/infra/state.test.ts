import { describe, expect, it } from 'vitest';
import { TemplateReader } from './template-reader.ts';

const templates = new TemplateReader();
const keyed = (partition: string, sort: string) => [
  { AttributeName: partition, KeyType: 'HASH' },
  { AttributeName: sort, KeyType: 'RANGE' },
];

describe('the tables', () => {
  it.each(['referrals', 'operations'])('%s has the keys pk and sk and expires items by expiresAt', (name) => {
    const { KeySchema, TimeToLiveSpecification } = templates.table(name).properties;
    expect(KeySchema).toEqual(keyed('pk', 'sk'));
    expect(TimeToLiveSpecification).toEqual({ AttributeName: 'expiresAt', Enabled: true });
  });

  it.each([
    ['due', 'dueShard', 'wakeAt', 'KEYS_ONLY'],
    ['coordinator', 'coordinatorKey', 'coordinatorSort', 'ALL'],
    ['liaison', 'liaisonKey', 'liaisonSort', 'ALL'],
    ['cohort', 'cohortKey', 'receivedAt', 'KEYS_ONLY'],
    ['practice', 'practiceKey', 'receivedAt', 'KEYS_ONLY'],
  ])('the index %s is keyed by %s and %s and projects %s', (IndexName, partition, sort, ProjectionType) => {
    expect(templates.table('referrals').properties.GlobalSecondaryIndexes).toContainEqual({
      IndexName,
      KeySchema: keyed(partition, sort),
      Projection: { ProjectionType },
    });
  });

  it('has five indexes on referrals and none on operations, as each more costs with every write', () => {
    expect(templates.table('referrals').properties.GlobalSecondaryIndexes).toHaveLength(5);
    expect(templates.table('operations').properties.GlobalSecondaryIndexes).toBeUndefined();
  });

  it('sorts by instants as numbers and by everything else as text', () => {
    const definitions: { AttributeName: string; AttributeType: string }[] =
      templates.table('referrals').properties.AttributeDefinitions;
    const numbers = definitions.filter(({ AttributeType }) => AttributeType === 'N');
    expect(numbers.map(({ AttributeName }) => AttributeName)).toEqual(['wakeAt', 'receivedAt']);
    expect(definitions.every(({ AttributeType }) => 'NS'.includes(AttributeType))).toBe(true);
  });

  it.each(['referrals', 'operations'])('%s survives a deleted stack, a wrong click and a wrong write', (name) => {
    const { properties, attributes } = templates.table(name);
    expect(attributes).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    expect(properties.DeletionProtectionEnabled).toBe(true);
    expect(properties.PointInTimeRecoverySpecification).toEqual({ PointInTimeRecoveryEnabled: true });
  });

  it.each(['referrals', 'operations'])('%s is encrypted with our own key and paid by request', (name) => {
    const { SSESpecification, BillingMode } = templates.table(name).properties;
    expect(SSESpecification).toMatchObject({ SSEEnabled: true, SSEType: 'KMS' });
    expect(SSESpecification.KMSMasterKeyId['Fn::GetAtt'][0]).toBe(templates.ofType('AWS::KMS::Key')[0]?.logicalId);
    expect(BillingMode).toBe('PAY_PER_REQUEST');
  });
});

describe('the queues', () => {
  it.each(['referral-events', 'mail-jobs', 'delivery-events'])('%s gives up after five receives', (name) => {
    expect(templates.queue(name).properties.RedrivePolicy).toEqual({
      deadLetterTargetArn: { 'Fn::GetAtt': [templates.queue(`${name}-dlq`).logicalId, 'Arn'] },
      maxReceiveCount: 5,
    });
  });

  it.each(['referral-events-dlq', 'mail-jobs-dlq', 'delivery-events-dlq', 'scheduler-dlq'])(
    '%s keeps messages for 14 days',
    (name) => {
      expect(templates.queue(name).properties.MessageRetentionPeriod).toBe(14 * 86_400);
    },
  );

  it('refuses what does not come over TLS, on every queue', () => {
    const denied = templates
      .ofType('AWS::SQS::QueuePolicy')
      .flatMap(({ properties }) =>
        properties.PolicyDocument.Statement.filter(
          ({ Effect, Action, Condition }: { Effect: string; Action: string; Condition?: { Bool?: object } }) =>
            Effect === 'Deny' &&
            Action === 'sqs:*' &&
            JSON.stringify(Condition).includes('"aws:SecureTransport":"false"'),
        ).map(() => properties.Queues[0].Ref),
      );
    const all = templates.ofType('AWS::SQS::Queue').map(({ logicalId }) => logicalId);
    expect(denied.sort()).toEqual(all.sort());
  });

  it('is encrypted with our own key, every one', () => {
    const queues = templates.ofType('AWS::SQS::Queue');
    const key = { 'Fn::GetAtt': [templates.ofType('AWS::KMS::Key')[0]?.logicalId, 'Arn'] };
    expect(queues.map(({ properties }) => properties.KmsMasterKeyId)).toEqual(queues.map(() => key));
  });
});

describe('what SES tells us', () => {
  it('publishes sends, deliveries, bounces, complaints and rejects of our configuration set', () => {
    const [destination] = templates.ofType('AWS::SES::ConfigurationSetEventDestination');
    const [configurationSet] = templates.ofType('AWS::SES::ConfigurationSet');
    expect(destination?.properties.ConfigurationSetName).toEqual({ Ref: configurationSet?.logicalId });
    expect(destination?.properties.EventDestination).toMatchObject({
      Enabled: true,
      MatchingEventTypes: ['send', 'delivery', 'bounce', 'complaint', 'reject'],
    });
  });

  it('goes through the topic to the delivery-events queue', () => {
    const [destination] = templates.ofType('AWS::SES::ConfigurationSetEventDestination');
    const [subscription] = templates.ofType('AWS::SNS::Subscription');
    expect(subscription?.properties).toMatchObject({
      Protocol: 'sqs',
      Endpoint: { 'Fn::GetAtt': [templates.queue('delivery-events').logicalId, 'Arn'] },
      TopicArn: destination?.properties.EventDestination.SnsDestination.TopicARN,
    });
  });

  it('gives SES and SNS the key of the topic and the queue that they write to', () => {
    const policy = templates.ofType('AWS::KMS::Key')[0]?.properties.KeyPolicy.Statement;
    const services = policy.map(({ Principal }: { Principal: { Service?: string } }) => Principal.Service);
    expect(services).toEqual(expect.arrayContaining(['ses.amazonaws.com', 'sns.amazonaws.com']));
  });
});
