import { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { type FunctionName, physicalName, SCHEDULES, type ScheduledName } from '../settings.ts';
import type { AppFunction } from './app-function.ts';
import type { DataTable } from './data-table.ts';

export const FIVE_MINUTES = Duration.minutes(5);
/** How often the scheduled functions run. */
export const BETWEEN_RUNS = Duration.minutes(15);
export const HOURLY = Duration.hours(1);
export const NIGHTLY = Duration.days(1);

/** Lines of Lambda itself about a call that was killed. */
const KILLED = ['Task timed out', 'Runtime exited'];
/** The log lines that are counted, in which functions, and as what. A test compares them with the catalogue of codes. */
export const COUNTED_LINES = {
  RunsFailed: {
    texts: ['RUN_FAILED', ...KILLED],
    of: Object.keys(SCHEDULES) as ScheduledName[],
  },
  RecordsFailed: { texts: ['RECORD_FAILED', ...KILLED], of: ['ingest-events', 'send-mail', 'record-delivery'] },
  SendingLimited: { texts: ['SES_PAUSED', 'SES_QUOTA_SPENT', 'SES_QUOTA_LOW'], of: ['send-mail'] },
} as const satisfies Record<string, { texts: readonly string[]; of: readonly FunctionName[] }>;

interface StageMetricsProps {
  stage: string;
  /** All of the stage. */
  functions: readonly AppFunction[];
  /** The table whose throttles are watched. */
  referrals: DataTable;
  configurationSetName: string;
}

/**
 * The metrics that alarms and the dashboard look at. Those of AWS cost nothing; those of our own cost for each hour in which
 * they have data, and but for the sweep's lag they have data only in trouble.
 */
export class StageMetrics {
  readonly #props: StageMetricsProps;

  /** Counts log lines from now on. */
  constructor(props: StageMetricsProps) {
    this.#props = props;
    const { functions, stage } = props;
    for (const [metricName, { texts, of }] of Object.entries(COUNTED_LINES)) {
      const counting = functions.filter(({ name }) => (of as readonly FunctionName[]).includes(name));
      for (const each of counting) each.countLines(texts, { metricNamespace: namespaceOf(stage), metricName });
    }
  }

  /** How many messages there are. */
  waiting(queue: IQueue): Metric {
    return queue.metricApproximateNumberOfMessagesVisible({ period: FIVE_MINUTES, statistic: 'Maximum' });
  }

  /** How old the oldest message is, in seconds. */
  age(queue: IQueue, period = FIVE_MINUTES): Metric {
    return queue.metricApproximateAgeOfOldestMessage({ period, statistic: 'Maximum' });
  }

  sent(queue: IQueue, period: Duration): Metric {
    return queue.metricNumberOfMessagesSent({ period, statistic: 'Sum' });
  }

  /** Messages that were taken in or refused, which is the end of them. */
  finished(queue: IQueue, period: Duration): Metric {
    return queue.metricNumberOfMessagesDeleted({ period, statistic: 'Sum' });
  }

  refused(period: Duration): Metric {
    return this.#own('ingest-events', 'InputRefused', { period, statistic: 'Sum' });
  }

  /** By how long the referral that waits longest is overdue, in milliseconds. Every run that has a configuration tells. */
  sweepLag(period: Duration): Metric {
    return this.#own('detect-breaches', 'SweepLagMilliseconds', { period });
  }

  get cutShort(): Metric {
    return this.#own('detect-breaches', 'RunsCutShort', { period: HOURLY, statistic: 'Sum' });
  }

  /** How long ago the configuration was pushed that isn't applied yet. */
  get unapplied(): Metric {
    return this.#own('detect-breaches', 'UnappliedConfigurationMilliseconds');
  }

  get setAside(): Metric {
    return this.#own('detect-breaches', 'ReferralsSetAside');
  }

  get reportRunsFailed(): Metric {
    return this.#own('write-reports', 'ReportRunsFailed');
  }

  get overdue(): Metric {
    return this.#own('plan-mail', 'MailsOverdue');
  }

  get notDelivered(): Metric {
    return this.#own('plan-mail', 'MailsNotDelivered');
  }

  get runsFailed(): Metric {
    return this.#lines('RunsFailed', BETWEEN_RUNS);
  }

  get recordsFailed(): Metric {
    return this.#lines('RecordsFailed', HOURLY);
  }

  get sendingLimited(): Metric {
    return this.#lines('SendingLimited', BETWEEN_RUNS);
  }

  /** Of all functions of the account: it has no dimension. */
  get functionThrottles(): Metric {
    return new Metric({ namespace: 'AWS/Lambda', metricName: 'Throttles', period: BETWEEN_RUNS, statistic: 'Sum' });
  }

  /** Reads and writes of referrals that were throttled. */
  get tableThrottles(): Metric[] {
    const { tableName: TableName } = this.#props.referrals;
    return ['ReadThrottleEvents', 'WriteThrottleEvents'].map(
      (metricName) =>
        new Metric({
          ...{ namespace: 'AWS/DynamoDB', metricName, dimensionsMap: { TableName } },
          ...{ period: BETWEEN_RUNS, statistic: 'Sum' },
        }),
    );
  }

  /** A share of the stage's mails, as SES counts it. */
  reputation(name: 'BounceRate' | 'ComplaintRate'): Metric {
    return new Metric({
      ...{ namespace: 'AWS/SES', metricName: `Reputation.${name}`, period: HOURLY, statistic: 'Maximum' },
      dimensionsMap: { 'ses:configuration-set': this.#props.configurationSetName },
    });
  }

  /** What a function counts itself, by default the largest value in a quarter hour. */
  #own(
    functionName: FunctionName,
    metricName: string,
    { period = BETWEEN_RUNS, statistic = 'Maximum' }: { period?: Duration; statistic?: string } = {},
  ): Metric {
    const dimensionsMap = { service: physicalName(this.#props.stage, functionName) };
    return new Metric({ namespace: 'Loopwatch', metricName, dimensionsMap, period, statistic });
  }

  #lines(metricName: keyof typeof COUNTED_LINES, period: Duration): Metric {
    return new Metric({ namespace: namespaceOf(this.#props.stage), metricName, period, statistic: 'Sum' });
  }
}

/** Log lines are counted without dimensions, so each stage has a namespace of its own. */
const namespaceOf = (stage: string): string => `Loopwatch/${stage}`;
