import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { COUNTED_LINES } from '../../infra/constructs/stage-metrics.ts';
import { RETRIED_FOR_HOURS } from '../../infra/settings.ts';
import { SAMPLE_SETTINGS, synthesizeTemplates } from '../../infra/templates.ts';
import { ALARMED, LOG_CODES } from '../../shared/platform/logger.ts';
import { functionMetrics } from '../../shared/platform/metrics.ts';
import { TemplateReader } from './template-reader.ts';

const templates = new TemplateReader();
const alarms = templates.ofType('AWS::CloudWatch::Alarm').map(({ properties }) => properties);
const nameOf = ({ AlarmName }: { AlarmName: string }) => AlarmName.replace('loopwatch-test-', '');
const alarm = (name: string) => alarms.find(({ AlarmName }) => AlarmName === `loopwatch-test-${name}`);

const runbooks = readFileSync(new URL('../../docs/runbooks.md', import.meta.url), 'utf8');
const ofAlarms = runbooks.split(/^# /m).find((part) => part.startsWith('Alarms\n')) ?? '';
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

  it('how long dead letters of events lie there, days before they are deleted', () => {
    const { expression, stats } = mathOf('dead-letters-expiring');
    const queues = ['referral-events-dlq', 'delivery-events-dlq'].map((name) => templates.queue(name));
    expect(stats.map(({ Metric }) => queueOf(Metric.Dimensions))).toEqual(queues.map(({ logicalId }) => logicalId));
    expect(new Set(stats.map(({ Metric, Stat }) => `${Stat} ${Metric.MetricName}`))).toEqual(
      new Set(['Maximum ApproximateAgeOfOldestMessage']),
    );
    expect(expression).toBe('MAX([FILL(m0,0),FILL(m1,0)])');
    const { Threshold, TreatMissingData } = alarm('dead-letters-expiring');
    expect(TreatMissingData).toBe('notBreaching');
    // The age counts from the move to the dead-letter queue, the retention from the sending: 30 hours before.
    for (const { properties } of queues) {
      const left = properties.MessageRetentionPeriod - RETRIED_FOR_HOURS * 3600 - Threshold;
      expect(left).toBeGreaterThan(5 * 86_400);
    }
  });

  it('failed records of every queue, so that one message that always fails shows in two hours', () => {
    const { Namespace, MetricName, Statistic, Period, Threshold, EvaluationPeriods } = alarm('messages-coming-back');
    expect([Namespace, MetricName, Statistic, Period]).toEqual(['Loopwatch/test', 'RecordsFailed', 'Sum', 3600]);
    expect(EvaluationPeriods).toBe(2);
    for (const name of ['referral-events', 'mail-jobs', 'delivery-events']) {
      expect(Threshold).toBeLessThan(3600 / templates.queue(name).properties.VisibilityTimeout);
    }
  });

  it('the share of the input that is refused, if it is more than a handful', () => {
    const { expression, stats } = mathOf('input-refused');
    expect(expression).toBe('IF(refused >= 10, 100 * refused / done, 0)');
    const named = stats.map(({ Metric, Stat, Period }) => `${Stat} ${Period} ${Metric.MetricName}`);
    expect(named.sort()).toEqual(['Sum 21600 InputRefused', 'Sum 21600 NumberOfMessagesDeleted']);
    const { Threshold, EvaluationPeriods, TreatMissingData } = alarm('input-refused');
    expect([Threshold, EvaluationPeriods, TreatMissingData]).toEqual([2, 1, 'notBreaching']);
  });

  it('that something arrives, from the first configuration on, for longer than a weekend', () => {
    const { expression, stats } = mathOf('no-input');
    // Runs without a configuration report no lag, so there is no value at all.
    expect(expression).toBe('sent + 0 * lag');
    const named = stats.map(({ Metric, Period }) => `${Period} ${Metric.MetricName}`);
    expect(named.sort()).toEqual(['3600 NumberOfMessagesSent', '3600 SweepLagMilliseconds']);
    const limits = { Threshold: 1, ComparisonOperator: 'LessThanThreshold', EvaluationPeriods: 72 };
    expect(alarm('no-input')).toMatchObject({ ...limits, TreatMissingData: 'notBreaching' });
  });

  it('that something arrives only if the stage wants it', () => {
    const silent = new TemplateReader(synthesizeTemplates('test', { ...SAMPLE_SETTINGS, noInputHours: 'off' }));
    const names = silent.ofType('AWS::CloudWatch::Alarm').map(({ properties }) => nameOf(properties));
    expect(alarms.map(nameOf).filter((name) => !names.includes(name))).toEqual(['no-input']);
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
        WarmUpConfiguration,
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
      // Not while it was deployed just now.
      expect(WarmUpConfiguration).toEqual({ WarmUpPeriodDurationInMinutes: 60 });
    },
  );

  it('that no run fails twice in a row', () => {
    const { Namespace, MetricName, Statistic, Threshold, Period, EvaluationPeriods } = alarm('runs-failing');
    expect([Namespace, MetricName, Statistic, Period]).toEqual(['Loopwatch/test', 'RunsFailed', 'Sum', 15 * 60]);
    expect([Threshold, EvaluationPeriods]).toEqual([0, 2]);
  });

  it('that retire-referrals runs every night: no call at all is noticed within two days', () => {
    expect(alarm('retire-referrals-not-running')).toMatchObject({
      ...{ Period: 24 * 60 * 60, Threshold: 1, MetricName: 'Invocations', EvaluationPeriods: 2 },
      ...{ ComparisonOperator: 'LessThanThreshold', TreatMissingData: 'breaching' },
      WarmUpConfiguration: { WarmUpPeriodDurationInMinutes: 2880 },
    });
  });

  it('that runs go on telling their lag: it ceases if the configuration is gone, and never was before the first push', () => {
    const { TreatMissingData, InsufficientDataActions, AlarmActions } = alarm('sweep-lag');
    expect(TreatMissingData).toBe('missing');
    expect(InsufficientDataActions).toEqual(AlarmActions);
  });

  it('what throttles, of the account and of the table of referrals', () => {
    expect(alarm('functions-throttled')).toMatchObject({
      Namespace: 'AWS/Lambda',
      MetricName: 'Throttles',
      Statistic: 'Sum',
    });
    expect(alarm('functions-throttled').Dimensions).toBeUndefined();
    const { expression, stats } = mathOf('tables-throttled');
    expect(expression).toBe('FILL(m0,0)+FILL(m1,0)');
    expect(stats.map(({ Metric }) => Metric.MetricName)).toEqual(['ReadThrottleEvents', 'WriteThrottleEvents']);
  });

  it('nothing for longer than CloudWatch looks back: a day, a week from periods of an hour on', () => {
    for (const { Period, Metrics = [], EvaluationPeriods } of alarms) {
      const period =
        Period ??
        Math.max(...Metrics.flatMap(({ MetricStat }: { MetricStat?: { Period: number } }) => MetricStat?.Period ?? []));
      expect(period * EvaluationPeriods).toBeLessThanOrEqual(period < 3600 ? 86_400 : 7 * 86_400);
    }
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
      ...{ ComparisonOperator: 'GreaterThanOrEqualToThreshold', Threshold: 2, TreatMissingData: 'notBreaching' },
    });
  });

  it.each([
    ['detect-breaches', 'gauge', 'SweepLagMilliseconds', 'sweep-lag'],
    ['detect-breaches', 'gauge', 'UnappliedConfigurationMilliseconds', 'configuration-not-applied'],
    ['detect-breaches', 'count', 'ReferralsSetAside', 'referrals-set-aside'],
    ['detect-breaches', 'count', 'RunsCutShort', 'runs-cut-short'],
    ['write-reports', 'count', 'ReportRunsFailed', 'reports-waiting'],
    ['plan-mail', 'count', 'MailsOverdue', 'mails-overdue'],
    ['plan-mail', 'count', 'MailsNotDelivered', 'mails-not-delivered'],
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

describe('log lines', () => {
  const filters = templates.ofType('AWS::Logs::MetricFilter').map(({ properties }) => properties);
  const groups = new Map(
    templates.ofType('AWS::Logs::LogGroup').map(({ logicalId, properties }) => [logicalId, properties.LogGroupName]),
  );

  it.each(Object.entries(COUNTED_LINES))(
    'are counted as %s by texts that are written, in each function',
    (name, { texts, of }) => {
      const own = filters.filter(({ MetricTransformations: [{ MetricName }] }) => MetricName === name);
      expect(own.map(({ LogGroupName: { Ref } }) => groups.get(Ref))).toEqual(
        of.map((each) => `/aws/lambda/loopwatch-test-${each}`),
      );
      for (const { FilterPattern, MetricTransformations } of own) {
        expect(FilterPattern).toBe(texts.map((text) => `?"${text}"`).join(' '));
        // Without a default value, so that it costs nothing as long as there is no such line.
        expect(MetricTransformations).toEqual([
          { MetricName: name, MetricNamespace: 'Loopwatch/test', MetricValue: '1' },
        ]);
      }
      for (const text of texts.filter((each) => /^[A-Z_]+$/.test(each))) expect(Object.keys(LOG_CODES)).toContain(text);
    },
  );

  it('are counted whatever level the stage logs: they are failures, or written at every level', () => {
    const codes = Object.values(COUNTED_LINES).flatMap(({ texts }): string[] => [...texts]);
    const warnings = codes.filter((text) => /^[A-Z_]+$/.test(text) && !text.endsWith('_FAILED'));
    expect(warnings.sort()).toEqual([...ALARMED].sort());
  });
});

function queueOf(dimensions: { Name: string; Value: { 'Fn::GetStackOutput': { OutputName: string } } }[]): string {
  const exported = dimensions.find(({ Name }) => Name === 'QueueName')?.Value['Fn::GetStackOutput'].OutputName ?? '';
  return /PublishOutputFnGetAtt(\w+?)QueueName/.exec(exported)?.[1] ?? exported;
}
