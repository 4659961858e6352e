import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { RETRIED_FOR_HOURS } from '../../infra/settings.ts';
import { functionMetrics } from '../../shared/platform/metrics.ts';
import { TemplateReader } from './template-reader.ts';

const templates = new TemplateReader();
const alarms = templates.ofType('AWS::CloudWatch::Alarm').map(({ properties }) => properties);
const nameOf = ({ AlarmName }: { AlarmName: string }) => AlarmName.replace('loopwatch-test-', '');
const alarm = (name: string) => alarms.find(({ AlarmName }) => AlarmName === `loopwatch-test-${name}`);

const runbooks = readFileSync(new URL('../../docs/runbooks.md', import.meta.url), 'utf8');
const [ofAlarms = ''] = runbooks.split(/^# What the operations mail reports$/m);
const sections = new Map(
  ofAlarms
    .split(/^## /m)
    .slice(1)
    .map((section): [string, string] => [section.slice(0, section.indexOf('\n')), section]),
);

describe('an alarm', () => {
  it.each(alarms.map((properties) => [nameOf(properties), properties]))(
    '%s says what people lose and where to read what to do',
    (name, { AlarmDescription, AlarmActions, OKActions }) => {
      expect(AlarmDescription).toMatch(new RegExp(`^[A-Z].{30,}\\. What to do: docs/runbooks\\.md#${name}$`));
      const topic = {
        'Fn::GetStackOutput': expect.objectContaining({
          OutputName: expect.stringContaining('PublishOutputRefAlarms'),
        }),
      };
      expect(AlarmActions).toEqual([topic]);
      expect(OKActions).toEqual([topic]);
    },
  );

  it('or rule has a section in the runbooks, and every section has an alarm or a rule', () => {
    const rules = templates.ofType('AWS::Events::Rule').map(({ properties }) => properties.Name);
    const names = [...alarms.map(nameOf), ...rules.map((name) => name.replace('loopwatch-test-', ''))];
    expect([...sections.keys()].sort()).toEqual(names.sort());
  });
});

describe('a runbook', () => {
  it.each([...sections])(
    'of %s says what it means, what is lost, where to look, what to do and when it is over',
    (_, section) => {
      const parts = [...section.matchAll(/^\*\*(.+?)\.?\*\*/gm)].map(([, title]) => title);
      expect(parts).toEqual(['What it means', 'What is lost', 'Look first', 'What to do', 'It is over when']);
      expect(section).toMatch(/^ {4}(aws|npx) /m);
    },
  );

  it('names only resources that a stage has', () => {
    const deployed = JSON.stringify(templates.templates);
    // biome-ignore lint/suspicious/noTemplateCurlyInString: shell syntax
    const named = runbooks.replaceAll('${STAGE}', '$STAGE').matchAll(/loopwatch-\$STAGE-([a-z-]*[a-z])/g);
    const names = [...new Set([...named].map(([, name]) => `loopwatch-test-${name}`))];
    expect(names.length).toBeGreaterThan(10);
    expect(names.filter((name) => !new RegExp(`${name}(?![a-z-])`).test(deployed))).toEqual([]);
  });
});

describe('the alarms watch', () => {
  it('every dead-letter queue, from the first message on', () => {
    const watched = alarms.filter(({ MetricName }) => MetricName === 'ApproximateNumberOfMessagesVisible');
    const queues = templates
      .ofType('AWS::SQS::Queue')
      .filter(({ properties }) => properties.QueueName.endsWith('-dlq'));
    expect(watched.map(({ Dimensions }) => queueOf(Dimensions)).sort()).toEqual(
      queues.map(({ logicalId }) => logicalId).sort(),
    );
    for (const { Threshold, ComparisonOperator, EvaluationPeriods } of watched) {
      expect([Threshold, ComparisonOperator, EvaluationPeriods]).toEqual([0, 'GreaterThanThreshold', 1]);
    }
  });

  it.each(['referral-events', 'mail-jobs'])('how long the oldest message of %s waits', (queue) => {
    const { MetricName, Dimensions, Threshold } = alarm(`${queue}-waiting`);
    expect([MetricName, queueOf(Dimensions)]).toEqual([
      'ApproximateAgeOfOldestMessage',
      templates.queue(queue).logicalId,
    ]);
    // A message that fails once and comes back shouldn't alarm anybody.
    const { VisibilityTimeout } = templates.queue(queue).properties;
    expect(Threshold).toBeGreaterThan(VisibilityTimeout + 60);
    // SQS leaves out of a queue's age what was received three times: at the third receive it must have shown.
    expect(Threshold).toBeLessThan(2 * VisibilityTimeout);
  });

  /** The metrics of an alarm with an expression, and the expression. */
  const mathOf = (name: string) => {
    const { Metrics } = alarm(name);
    const parts: {
      MetricStat?: { Metric: { MetricName: string; Dimensions: never }; Stat: string; Period: number };
    }[] = Metrics;
    return {
      expression: Metrics.find(({ Expression }: { Expression?: string }) => Expression).Expression as string,
      stats: parts.flatMap(({ MetricStat }) => MetricStat ?? []),
    };
  };

  it('how long the oldest dead letter of any queue lies there, days before it is deleted', () => {
    const { expression, stats } = mathOf('dead-letters-expiring');
    const queues = templates
      .ofType('AWS::SQS::Queue')
      .filter(({ properties }) => properties.QueueName.endsWith('-dlq'));
    expect(stats.map(({ Metric }) => queueOf(Metric.Dimensions)).sort()).toEqual(
      queues.map(({ logicalId }) => logicalId).sort(),
    );
    expect(new Set(stats.map(({ Metric, Stat }) => `${Stat} ${Metric.MetricName}`))).toEqual(
      new Set(['Maximum ApproximateAgeOfOldestMessage']),
    );
    expect(expression).toBe('MAX([FILL(m0,0),FILL(m1,0),FILL(m2,0),FILL(m3,0)])');
    const { Threshold, TreatMissingData } = alarm('dead-letters-expiring');
    expect(TreatMissingData).toBe('notBreaching');
    // The age counts from the move to the dead-letter queue, the retention from the sending: 30 hours before.
    for (const { properties } of queues) {
      const left = properties.MessageRetentionPeriod - RETRIED_FOR_HOURS * 3600 - Threshold;
      expect(left).toBeGreaterThan(5 * 86_400);
    }
  });

  it('what every queue hands over and nobody finishes, so that one message that always fails shows in two hours', () => {
    const { expression, stats } = mathOf('messages-coming-back');
    const named = stats.map(({ Metric, Stat, Period }) => `${Stat} ${Period} ${Metric.MetricName}`);
    expect(named).toEqual([
      ...Array.from({ length: 3 }, () => 'Sum 3600 NumberOfMessagesReceived'),
      ...Array.from({ length: 3 }, () => 'Sum 3600 NumberOfMessagesDeleted'),
    ]);
    const watched = ['referral-events', 'mail-jobs', 'delivery-events'].map((name) => templates.queue(name).logicalId);
    expect(stats.map(({ Metric }) => queueOf(Metric.Dimensions))).toEqual([...watched, ...watched]);
    expect(expression).toBe('FILL(m0,0)+FILL(m1,0)+FILL(m2,0)-FILL(m3,0)-FILL(m4,0)-FILL(m5,0)');
    const { Threshold, EvaluationPeriods } = alarm('messages-coming-back');
    expect(EvaluationPeriods).toBe(2);
    for (const name of ['referral-events', 'mail-jobs', 'delivery-events']) {
      expect(Threshold).toBeLessThan(3600 / templates.queue(name).properties.VisibilityTimeout);
    }
  });

  it.each(['detect-breaches', 'write-reports', 'plan-mail'])(
    'that %s is called, so that no call at all is noticed within 45 minutes',
    (name) => {
      const {
        MetricName,
        Statistic,
        Threshold,
        ComparisonOperator,
        TreatMissingData,
        Period,
        EvaluationPeriods,
        Dimensions,
      } = alarm(`${name}-not-running`);
      expect([MetricName, Statistic, ComparisonOperator, Threshold]).toEqual([
        'Invocations',
        'Sum',
        'LessThanThreshold',
        1,
      ]);
      expect(TreatMissingData).toBe('breaching');
      expect(Period * EvaluationPeriods).toBe(45 * 60);
      expect(Dimensions).toEqual([{ Name: 'FunctionName', Value: { Ref: templates.lambda(name).logicalId } }]);
    },
  );

  it.each(['detect-breaches', 'write-reports', 'plan-mail'])('that %s does not fail twice in a row', (name) => {
    const { MetricName, Statistic, Threshold, Period, EvaluationPeriods, DatapointsToAlarm } = alarm(`${name}-failing`);
    expect([MetricName, Statistic, Threshold, Period]).toEqual(['Errors', 'Sum', 1, 15 * 60]);
    expect(DatapointsToAlarm ?? EvaluationPeriods).toBe(2);
  });

  it('that retire-referrals runs every night: a failure at once, no call at all within two days', () => {
    const daily = { Period: 24 * 60 * 60, Threshold: 1 };
    expect(alarm('retire-referrals-failing')).toMatchObject({ ...daily, MetricName: 'Errors', EvaluationPeriods: 1 });
    expect(alarm('retire-referrals-not-running')).toMatchObject({
      ...daily,
      MetricName: 'Invocations',
      ComparisonOperator: 'LessThanThreshold',
      TreatMissingData: 'breaching',
      EvaluationPeriods: 2,
    });
  });

  it.each([
    ['bounces', 'Reputation.BounceRate'],
    ['complaints', 'Reputation.ComplaintRate'],
  ])("the share of %s among this stage's mails", (name, metric) => {
    const { Namespace, MetricName, Dimensions } = alarm(name);
    expect([Namespace, MetricName]).toEqual(['AWS/SES', metric]);
    expect(Dimensions).toEqual([
      {
        Name: 'ses:configuration-set',
        Value: {
          'Fn::GetStackOutput': expect.objectContaining({ OutputName: expect.stringContaining('ConfigurationSet') }),
        },
      },
    ]);
  });

  afterEach(() => vi.restoreAllMocks());

  it('that no report waits while run after run fails, ever further apart', () => {
    expect(alarm('reports-waiting')).toMatchObject({
      ...{ Statistic: 'Maximum', Period: 15 * 60, EvaluationPeriods: 1 },
      ...{ ComparisonOperator: 'GreaterThanOrEqualToThreshold', Threshold: 2, TreatMissingData: 'ignore' },
    });
  });

  it.each([
    ['detect-breaches', 'gauge', 'SweepLagMilliseconds', 'sweep-lag'],
    ['write-reports', 'count', 'ReportRunsFailed', 'reports-waiting'],
  ] as const)("%s's %s %s under the name and dimensions that it writes", (name, how, metricName, watching) => {
    const stdout = vi.spyOn(process.stdout, 'write').mockImplementation(() => true);
    const metrics = functionMetrics(`loopwatch-test-${name}`);
    metrics[how](metricName, 1);
    metrics.publish();
    const written = JSON.parse(String(stdout.mock.calls[0]?.[0]));
    const [{ Namespace, Dimensions, Metrics }] = written._aws.CloudWatchMetrics;
    const { Dimensions: watched, ...metric } = alarm(watching);
    expect({ Namespace, name: Metrics[0].Name }).toEqual({ Namespace: metric.Namespace, name: metric.MetricName });
    const dimensions = Dimensions[0].map((dimension: string) => ({ Name: dimension, Value: written[dimension] }));
    expect(dimensions).toEqual(watched);
  });
});

function queueOf(dimensions: { Name: string; Value: { 'Fn::GetStackOutput': { OutputName: string } } }[]): string {
  const exported = dimensions.find(({ Name }) => Name === 'QueueName')?.Value['Fn::GetStackOutput'].OutputName ?? '';
  return /PublishOutputFnGetAtt(\w+?)QueueName/.exec(exported)?.[1] ?? exported;
}
