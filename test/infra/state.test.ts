import { describe, expect, it } from 'vitest';
import { SAMPLE_SETTINGS, synthesizeTemplates } from '../../infra/templates.ts';
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
    ['due', 'dueShard', 'wakeAt'],
    ['coordinator', 'coordinatorKey', 'pk'],
    ['liaison', 'liaisonKey', 'pk'],
    ['escalated', 'escalatedKey', 'pk'],
    ['urgent', 'urgentKey', 'pk'],
    ['practice', 'practiceKey', 'receivedAt'],
  ])('the index %s is keyed by %s and %s and holds nothing but keys', (IndexName, partition, sort) => {
    expect(templates.table('referrals').properties.GlobalSecondaryIndexes).toContainEqual({
      IndexName,
      KeySchema: keyed(partition, sort),
      Projection: { ProjectionType: 'KEYS_ONLY' },
    });
  });

  it('have six indexes on referrals and none on operations, because each costs with every write', () => {
    expect(templates.table('referrals').properties.GlobalSecondaryIndexes).toHaveLength(6);
    expect(templates.table('operations').properties.GlobalSecondaryIndexes).toBeUndefined();
  });

  it('sort by instants as numbers and by everything else as text', () => {
    const definitions: { AttributeName: string; AttributeType: string }[] =
      templates.table('referrals').properties.AttributeDefinitions;
    const numbers = definitions.filter(({ AttributeType }) => AttributeType === 'N');
    expect(numbers.map(({ AttributeName }) => AttributeName)).toEqual(['wakeAt', 'receivedAt']);
    expect(definitions.every(({ AttributeType }) => 'NS'.includes(AttributeType))).toBe(true);
  });

  it.each(['referrals', 'operations'])('%s survives a deleted stack, a wrong click and a wrong write', (name) => {
    const { properties, attributes } = templates.table(name);
    expect(attributes).toMatchObject({ DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' });
    expect(properties.Replicas).toEqual([
      expect.objectContaining({
        DeletionProtectionEnabled: true,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      }),
    ]);
  });

  it.each(['referrals', 'operations'])('%s is encrypted with our own key and paid by request', (name) => {
    const { SSESpecification, Replicas, BillingMode } = templates.table(name).properties;
    const key = { 'Fn::GetAtt': [templates.ofType('AWS::KMS::Key')[0]?.logicalId, 'Arn'] };
    expect(SSESpecification).toEqual({ SSEEnabled: true, SSEType: 'KMS' });
    expect(Replicas[0].SSESpecification).toEqual({ KMSMasterKeyId: key });
    expect(BillingMode).toBe('PAY_PER_REQUEST');
  });

  it.each([
    ['where the credentials lead', SAMPLE_SETTINGS, { Ref: 'AWS::Region' }],
    ['in the region of its file', { ...SAMPLE_SETTINGS, region: 'eu-central-1' }, 'eu-central-1'],
  ])('of a stage %s have one replica there, with our own key', (_, settings, region) => {
    const deployed = new TemplateReader(synthesizeTemplates('test', settings));
    const key = { 'Fn::GetAtt': [deployed.ofType('AWS::KMS::Key')[0]?.logicalId, 'Arn'] };
    const tables = ['referrals', 'operations'].map((name) => deployed.table(name).properties);
    for (const { Replicas, StreamSpecification } of tables) {
      expect(Replicas).toEqual([
        expect.objectContaining({ Region: region, SSESpecification: { KMSMasterKeyId: key } }),
      ]);
      expect(StreamSpecification).toBeUndefined();
    }
  });
});

describe('the queues', () => {
  it.each(['referral-events', 'mail-jobs', 'delivery-events'])(
    '%s tries a message for 30 hours before it is a dead letter, within what SQS allows',
    (name) => {
      const { RedrivePolicy, VisibilityTimeout, MessageRetentionPeriod } = templates.queue(name).properties;
      expect(RedrivePolicy.deadLetterTargetArn).toEqual({
        'Fn::GetAtt': [templates.queue(`${name}-dlq`).logicalId, 'Arn'],
      });
      const { maxReceiveCount } = RedrivePolicy;
      expect(maxReceiveCount).toBeLessThanOrEqual(1000);
      const triedHours = (maxReceiveCount * VisibilityTimeout) / 3600;
      expect(triedHours).toBeGreaterThanOrEqual(30);
      expect(triedHours).toBeLessThan(31);
      // What is given up is kept in its dead-letter queue for most of the retention, which counts from the sending.
      expect(MessageRetentionPeriod / 3600).toBeGreaterThan(10 * triedHours);
    },
  );

  it.each(['referral-events-dlq', 'mail-jobs-dlq', 'delivery-events-dlq', 'scheduler-dlq'])(
    '%s keeps messages for 14 days',
    (name) => {
      expect(templates.queue(name).properties.MessageRetentionPeriod).toBe(14 * 86_400);
    },
  );

  it('all refuse what does not come over TLS', () => {
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

  it('are all encrypted with our own key', () => {
    const queues = templates.ofType('AWS::SQS::Queue');
    const key = { 'Fn::GetAtt': [templates.ofType('AWS::KMS::Key')[0]?.logicalId, 'Arn'] };
    expect(queues.map(({ properties }) => properties.KmsMasterKeyId)).toEqual(queues.map(() => key));
  });
});

describe('what SES reports', () => {
  it('is the sends, deliveries, bounces, complaints and rejects of our configuration set', () => {
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

  it('is published only once the queue has subscribed to the topic and may be written to', () => {
    const [destination] = templates.ofType('AWS::SES::ConfigurationSetEventDestination');
    const subscriptions = templates.ofType('AWS::SNS::Subscription');
    const toQueue = subscriptions.find(({ properties }) => properties.Protocol === 'sqs');
    const queues = ['delivery-events', 'delivery-events-dlq'].map((name) => templates.queue(name).logicalId);
    const policies = templates
      .ofType('AWS::SQS::QueuePolicy')
      .filter(({ properties }) => queues.includes(properties.Queues[0].Ref));
    expect(policies).toHaveLength(2);
    const needed = [toQueue, ...policies].map((resource) => resource?.logicalId);
    expect(destination?.attributes.DependsOn).toEqual(expect.arrayContaining(needed));
  });

  it('is kept if SNS cannot hand it to the queue', () => {
    const subscriptions = templates.ofType('AWS::SNS::Subscription');
    const toQueue = subscriptions.find(({ properties }) => properties.Protocol === 'sqs');
    expect(toQueue?.properties.RedrivePolicy.deadLetterTargetArn['Fn::GetAtt'][0]).toBe(
      templates.queue('delivery-events-dlq').logicalId,
    );
  });
});

describe('mail', () => {
  const set = templates.ofType('AWS::SES::ConfigurationSet')[0]?.properties;

  it('goes out over TLS or not at all, and its reputation is measured', () => {
    expect(set.DeliveryOptions).toEqual({ TlsPolicy: 'REQUIRE' });
    expect(set.ReputationOptions).toEqual({ ReputationMetricsEnabled: true });
  });

  it('comes from an identity that outlives the stack, with its DNS records as outputs', () => {
    const [identity] = templates.ofType('AWS::SES::EmailIdentity');
    expect(identity?.properties.EmailIdentity).toBe('example.org');
    expect(identity?.attributes).toMatchObject({
      DeletionPolicy: 'RetainExceptOnCreate',
      UpdateReplacePolicy: 'Retain',
    });
    expect(dkimOutputs(templates)).toEqual([
      'CNAME record 1 of 3 that verifies example.org',
      'CNAME record 2 of 3 that verifies example.org',
      'CNAME record 3 of 3 that verifies example.org',
    ]);
  });

  it('comes from an address that is verified by a mail, if the identity is an address', () => {
    const mail = { identity: 'loopwatch@example.org', origin: 'new', hold: false } as const;
    const address = new TemplateReader(synthesizeTemplates('test', { ...SAMPLE_SETTINGS, mail }));
    expect(address.ofType('AWS::SES::EmailIdentity')[0]?.properties.EmailIdentity).toBe('loopwatch@example.org');
    expect(dkimOutputs(address)).toEqual([]);
  });

  it('comes from an identity that the account already has, if the stage says so', () => {
    const mail = { identity: 'example.org', origin: 'existing', hold: false } as const;
    const existing = new TemplateReader(synthesizeTemplates('test', { ...SAMPLE_SETTINGS, mail }));
    expect(existing.ofType('AWS::SES::EmailIdentity')).toEqual([]);
  });
});

describe('the key that hashes referrals in logs', () => {
  const find = templates.ofType('AWS::KMS::Key').find(({ properties }) => properties.KeySpec !== undefined);

  it('makes MACs, is found by its alias, and outlives the stack', () => {
    expect(find?.properties).toMatchObject({ KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' });
    expect(find?.attributes).toMatchObject({ DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' });
    const aliases = templates.ofType('AWS::KMS::Alias').map(({ properties }) => properties);
    expect(aliases).toContainEqual({
      AliasName: 'alias/loopwatch-test-find',
      TargetKeyId: { 'Fn::GetAtt': [find?.logicalId, 'Arn'] },
    });
  });

  it('leaves it to roles who may use it: no service may', () => {
    const principals = find?.properties.KeyPolicy.Statement.map(({ Principal }: { Principal: object }) => Principal);
    expect(principals).toHaveLength(1);
    expect(JSON.stringify(principals)).toContain(':root');
  });
});

/** Descriptions of the outputs that name DNS records. */
function dkimOutputs(reader: TemplateReader): unknown[] {
  const outputs = reader.templates.flatMap(({ Outputs = {} }) => Object.values(Outputs) as { Description?: string }[]);
  return outputs.map(({ Description }) => Description).filter((text) => text?.startsWith('CNAME'));
}
