import type { Template } from '../../infra/templates.ts';
import { code, table } from './markdown.ts';

interface Statistic {
  Metric: { Namespace: string; MetricName: string };
  Stat: string;
  Period: number;
}

/** The parts of an alarm in a template that are told here. */
interface AlarmProperties {
  AlarmName: string;
  AlarmDescription: string;
  ComparisonOperator: string;
  Threshold: number;
  EvaluationPeriods: number;
  Namespace?: string;
  MetricName?: string;
  Statistic?: string;
  Period?: number;
  Metrics?: { Id: string; Expression?: string; Label?: string; MetricStat?: Statistic }[];
}

const COMPARISONS: Record<string, string> = {
  GreaterThanThreshold: 'above',
  GreaterThanOrEqualToThreshold: 'from',
  LessThanThreshold: 'below',
};
const RUNBOOK = ' What to do: docs/runbooks.md#';

/** Every alarm of a stage: what it looks at, when it goes off, what is lost until somebody acts, and its runbook. */
export function alarmTable(templates: readonly Template[], stage: string): string {
  const alarms = templates
    .flatMap(({ Resources }) => Object.values(Resources))
    .filter(({ Type }) => Type === 'AWS::CloudWatch::Alarm')
    .map(({ Properties }) => Properties as unknown as AlarmProperties);
  const rows = alarms.map((alarm) => {
    const name = alarm.AlarmName.slice(`loopwatch-${stage}-`.length);
    const [loss = '', anchor = ''] = alarm.AlarmDescription.split(RUNBOOK);
    return [`[${name}](runbooks.md#${anchor})`, metricText(alarm, stage), thresholdText(alarm), loss];
  });
  return table(['alarm', 'metric', 'goes off', 'what is lost'], rows);
}

function metricText(
  { Namespace = '', MetricName = '', Statistic: stat = '', Metrics = [] }: AlarmProperties,
  stage: string,
): string {
  if (Metrics.length === 0) return `${metricName(Namespace, MetricName, stage)}, ${stat.toLowerCase()}`;
  const named = Metrics.flatMap(({ Id, MetricStat }) =>
    MetricStat ? [`${code(Id)} ${metricName(MetricStat.Metric.Namespace, MetricStat.Metric.MetricName, stage)}`] : [],
  );
  const { Expression = '' } = Metrics.find((metric) => metric.Expression !== undefined) ?? {};
  return `${code(Expression)} of ${named.join(', ')}`;
}

const metricName = (namespace: string, name: string, stage: string): string =>
  code(`${namespace.replace(`Loopwatch/${stage}`, 'Loopwatch/<stage>')} ${name}`);

function thresholdText(alarm: AlarmProperties): string {
  const { ComparisonOperator: operator, Threshold: threshold, EvaluationPeriods: count, Metrics = [] } = alarm;
  const comparison = COMPARISONS[operator];
  if (comparison === undefined) throw new Error(`the documents know no words for ${operator}`);
  const period = alarm.Period ?? Metrics.find(({ MetricStat }) => MetricStat)?.MetricStat?.Period ?? 0;
  const within = count === 1 ? `within ${duration(period)}` : `in ${count} × ${duration(period)} on end`;
  return `${comparison} ${valueText(alarm, threshold)} ${within}`;
}

/** A threshold in the unit of its metric. */
function valueText({ MetricName, Metrics = [] }: AlarmProperties, value: number): string {
  const shown = Metrics.find(({ Expression }) => Expression !== undefined)?.Label;
  const name = MetricName ?? shown ?? Metrics.find(({ MetricStat }) => MetricStat)?.MetricStat?.Metric.MetricName ?? '';
  if (name.endsWith('Milliseconds')) return duration(value / 1000);
  if (name.includes('AgeOfOldest')) return duration(value);
  if (name.startsWith('Percent')) return `${value} %`;
  if (name.endsWith('Rate')) return `${Number((value * 100).toPrecision(3))} %`;
  return String(value);
}

function duration(seconds: number): string {
  for (const [unit, length] of [
    ['day', 86_400],
    ['hour', 3600],
    ['minute', 60],
  ] as const) {
    const count = seconds / length;
    if (Number.isInteger(count) && count > 0) return `${count} ${unit}${count === 1 ? '' : 's'}`;
  }
  return `${seconds} seconds`;
}
