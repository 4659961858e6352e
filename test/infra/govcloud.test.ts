import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { SAMPLE_SETTINGS, synthesizeTemplates } from '../../infra/templates.ts';
import { TemplateReader } from './template-reader.ts';

const inGovCloud = new TemplateReader(
  synthesizeTemplates('test', {
    ...SAMPLE_SETTINGS,
    account: '111122223333',
    region: 'us-gov-west-1',
    senders: ['444455556666', 'arn:aws-us-gov:iam::444455556666:role/feed'],
    operators: ['arn:aws-us-gov:iam::111122223333:role/on-call'],
  }),
);
const everywhere = new TemplateReader();
const resources = inGovCloud.templates.flatMap(({ Resources }) => Object.values(Resources));

/** The services that docs/deploy.md says are needed there. */
const SERVICES = ['CloudWatch', 'DynamoDB', 'Events', 'IAM', 'KMS', 'Lambda', 'Logs', 'SES', 'SNS', 'SQS', 'Scheduler'];

describe('a stage in GovCloud', () => {
  it('has no ARN of another partition', () => {
    const text = JSON.stringify(inGovCloud.templates);
    expect(text).not.toMatch(/arn:aws:/);
    expect(text).toMatch(/"arn:aws-us-gov:|"Ref":"AWS::Partition"/);
  });

  it('names services as they are called there, and no region but its own', () => {
    const text = JSON.stringify(inGovCloud.templates);
    const principals = new Set([...text.matchAll(/[a-z.-]+\.amazonaws\.com/g)].map(([name]) => name));
    expect([...principals].sort()).toEqual([
      'cloudwatch.amazonaws.com',
      'events.amazonaws.com',
      'kms.amazonaws.com',
      'lambda.amazonaws.com',
      'scheduler.amazonaws.com',
      'ses.amazonaws.com',
      'sns.amazonaws.com',
    ]);
    expect(text).not.toMatch(/\b(us|eu|ap)-(east|west|central)-\d/);
  });

  it('uses just the services that are listed in docs/deploy.md', () => {
    const used = new Set(resources.map(({ Type }) => Type.split('::')[1] ?? ''));
    expect([...used].sort()).toEqual(SERVICES);
    const section = readFileSync(new URL('../../docs/deploy.md', import.meta.url), 'utf8')
      .split(/^## GovCloud$/m)[1]
      ?.split(/^## /m)[0];
    for (const service of SERVICES) expect(section).toContain(service);
  });

  it('has no properties that it has nowhere else', () => {
    const properties = (reader: TemplateReader) =>
      reader.templates.flatMap(({ Resources }) =>
        Object.entries(Resources).map(([id, { Properties = {} }]) => `${id}: ${Object.keys(Properties).sort()}`),
      );
    expect(properties(inGovCloud)).toEqual(properties(everywhere));
  });
});

describe('tags', () => {
  /** Types that take no tags, or must not get any. */
  const UNTAGGED = [
    'AWS::IAM::Policy',
    'AWS::KMS::Alias',
    'AWS::Lambda::EventInvokeConfig',
    // GovCloud refuses a template in which one has tags.
    'AWS::Lambda::EventSourceMapping',
    'AWS::Logs::MetricFilter',
    'AWS::SES::ConfigurationSetEventDestination',
    'AWS::SNS::Subscription',
    'AWS::SNS::TopicPolicy',
    'AWS::SQS::QueuePolicy',
    'AWS::Scheduler::Schedule',
  ];
  const tag = { Key: 'loopwatch:stage', Value: 'test' };
  // biome-ignore lint/suspicious/noExplicitAny: a table's tags are those of its replica
  const tagsOf = ({ Tags, Replicas }: any = {}): unknown => Tags ?? Replicas?.[0].Tags;

  it('name the stage on every resource that takes them', () => {
    const untagged = resources.filter(({ Properties }) => tagsOf(Properties) === undefined);
    expect([...new Set(untagged.map(({ Type }) => Type))].sort()).toEqual(UNTAGGED);
    for (const { Type, Properties } of resources) {
      if (!UNTAGGED.includes(Type)) expect(tagsOf(Properties), Type).toEqual([tag]);
    }
  });
});
