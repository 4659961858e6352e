import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { TemplateReader } from './template-reader.ts';

/** What watching a stage costs, counted from the templates and the code, and compared with docs/cost.md. */

const ROOT = join(import.meta.dirname, '..', '..');
const PER_ALARM_METRIC = 0.1;
const PER_METRIC = 0.3;
/** Of our own metrics the only one that has data while all is well. */
const ALWAYS = ['SweepLagMilliseconds'];

const templates = new TemplateReader();
const alarms = templates.ofType('AWS::CloudWatch::Alarm').map(({ properties }) => properties);
type Stat = { MetricStat?: { Metric: { Namespace: string; MetricName: string } } };
const metricsOf = ({
  Metrics,
  Namespace,
  MetricName,
}: (typeof alarms)[number]): { Namespace: string; MetricName: string }[] =>
  Metrics === undefined
    ? [{ Namespace, MetricName }]
    : (Metrics as Stat[]).flatMap(({ MetricStat }) => MetricStat?.Metric ?? []);
const watched = alarms.flatMap(metricsOf);

const cost = readFileSync(join(ROOT, 'docs/cost.md'), 'utf8');
/** The first three figures of a row of the table: for 1,000, 10,000 and 100,000 referrals a month. */
const row = (name: string): number[] => {
  const line = cost.split('\n').find((each) => each.startsWith(`| ${name} |`)) ?? '';
  return line
    .split('|')
    .slice(2, 5)
    .map((text) => Number(text.replaceAll('*', '')));
};

/** The calls in the functions that count something, by metric, and whether each is made only under a condition. */
const counted = new Map<string, boolean>();
for (const file of readdirSync(join(ROOT, 'functions'), { recursive: true, encoding: 'utf8' })) {
  if (!file.endsWith('.ts')) continue;
  for (const line of readFileSync(join(ROOT, 'functions', file), 'utf8').split('\n')) {
    const [, name] = /metrics\.(?:count|gauge)\('(\w+)'/.exec(line) ?? [];
    if (name !== undefined) counted.set(name, /^\s*if \(/.test(line));
  }
}

describe('what watching a stage costs', () => {
  const alarmsCost = watched.length * PER_ALARM_METRIC;
  const metricsCost = ALWAYS.length * PER_METRIC;

  it('is what docs/cost.md states', () => {
    const stated = alarmsCost + metricsCost;
    expect(row('Alarms, and the metric that is always there')).toEqual(
      [stated, stated, stated].map((each) => Number(each.toFixed(2))),
    );
    expect(cost).toContain(`${alarms.length} alarms look at ${watched.length} metrics`);
  });

  it('is no more than all else at a small stage, and the sums are right', () => {
    const without = row('all but alarms');
    expect(Number((alarmsCost + metricsCost).toFixed(2))).toBeLessThanOrEqual(without[0] ?? 0);
    const rows = cost
      .split('\n')
      .filter((line) =>
        /^\| (?:DynamoDB (?:requests|storage)|Lambda|SQS|SES and|KMS|CloudWatch logs|EventBridge S)[^|]* \|(?: *[\d.]+ \|){3}$/.test(
          line,
        ),
      );
    expect(rows).toHaveLength(8);
    for (const [column, sum] of without.entries()) {
      const added = rows.reduce((total, line) => total + Number(line.split('|')[column + 2]), 0);
      expect(added).toBeCloseTo(sum, 2);
      expect(row('**US dollars a month**')[column]).toBeCloseTo(sum + alarmsCost + metricsCost, 2);
    }
  });

  it('counts nothing that no alarm looks at, and every alarm has its metric', () => {
    const own = watched.filter(({ Namespace }) => Namespace === 'Loopwatch').map(({ MetricName }) => MetricName);
    expect([...counted.keys()].sort()).toEqual([...new Set(own)].sort());
    const lines = templates
      .ofType('AWS::Logs::MetricFilter')
      .map(({ properties }) => properties.MetricTransformations[0].MetricName);
    const ofLines = watched
      .filter(({ Namespace }) => Namespace === 'Loopwatch/test')
      .map(({ MetricName }) => MetricName);
    expect([...new Set(lines)].sort()).toEqual([...new Set(ofLines)].sort());
  });

  it('has metrics of our own only in trouble, but for one', () => {
    const always = [...counted].filter(([, isConditional]) => !isConditional).map(([name]) => name);
    expect(always).toEqual(ALWAYS);
  });

  it('has one dashboard, of which an account has three for nothing', () => {
    expect(templates.ofType('AWS::CloudWatch::Dashboard')).toHaveLength(1);
    expect(cost).toContain('three dashboards');
  });
});
