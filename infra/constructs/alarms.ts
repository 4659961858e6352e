import { Duration } from 'aws-cdk-lib';
import { ComparisonOperator, type IMetric, MathExpression, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { type FunctionName, physicalName } from '../settings.ts';
import { OperationalAlarm, type OperationalAlarmProps } from './operational-alarm.ts';
import type { ScheduledFunction } from './scheduled-function.ts';
import type { WorkQueue } from './work-queue.ts';

const { GREATER_THAN_THRESHOLD, GREATER_THAN_OR_EQUAL_TO_THRESHOLD, LESS_THAN_THRESHOLD } = ComparisonOperator;
const { BREACHING, IGNORE, NOT_BREACHING } = TreatMissingData;
const FIVE_MINUTES = Duration.minutes(5);
/** How often the scheduled functions run. */
const BETWEEN_RUNS = Duration.minutes(15);
const NIGHTLY = Duration.days(1);
/** SQS leaves messages out of a queue's age once they were received three times, so a failing one shows for 12 minutes. */
const WAITING_TOO_LONG = Duration.minutes(10);
/** A message that always fails is received ten times an hour. */
const COMING_BACK_AN_HOUR = 8;
/**
 * The age of a dead letter counts from its move, its 14 days from its sending: the 30 hours between leave more than five
 * days to act.
 */
const EXPIRING = Duration.days(7);
/** Three runs: everything due has had three chances to be looked at. */
const LAGGING = Duration.minutes(45);
/** One run may be unlucky. */
const TRIED_IN_VAIN = 2;
/** At 5 percent bounces and 0.1 percent complaints SES puts an account under review; half of that leaves time to act. */
const BOUNCE_RATE = 0.025;
const COMPLAINT_RATE = 0.0005;

export interface AlarmsProps {
  stage: string;
  topic: ITopic;
  referralEvents: WorkQueue;
  mailJobs: WorkQueue;
  deliveryEvents: WorkQueue;
  schedulerDeadLetters: IQueue;
  configurationSetName: string;
  detect: ScheduledFunction;
  report: ScheduledFunction;
  plan: ScheduledFunction;
  retire: ScheduledFunction;
}

/** Every alarm of a stage. Each has a section in docs/runbooks.md. */
export class Alarms extends Construct {
  readonly #stage: string;
  readonly #topic: ITopic;

  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    this.#stage = props.stage;
    this.#topic = props.topic;

    const { referralEvents, mailJobs, deliveryEvents, schedulerDeadLetters, detect, report, plan, retire } = props;
    this.#notEmpty('referral-events-dead-letters', referralEvents.deadLetters, LOSSES.events);
    this.#notEmpty('mail-jobs-dead-letters', mailJobs.deadLetters, LOSSES.mail);
    this.#notEmpty('delivery-events-dead-letters', deliveryEvents.deadLetters, LOSSES.deliveries);
    this.#notEmpty('scheduler-dead-letters', schedulerDeadLetters, LOSSES.run);
    const workQueues = [referralEvents, mailJobs, deliveryEvents];
    this.#expiring([...workQueues.map(({ deadLetters }) => deadLetters), schedulerDeadLetters]);
    this.#comingBack(workQueues.map(({ queue }) => queue));
    this.#waiting('referral-events-waiting', referralEvents.queue, LOSSES.eventsWaiting);
    this.#waiting('mail-jobs-waiting', mailJobs.queue, LOSSES.mailWaiting);
    // A failed run is tried again twice (not that of write-reports), and the next run does its work. Three missing runs are no accident.
    const everyQuarterHour = { every: BETWEEN_RUNS, failing: 2, absent: 3 };
    this.#runs('detect-breaches', detect, everyQuarterHour, LOSSES.detection);
    this.#runs('write-reports', report, everyQuarterHour, LOSSES.reports);
    this.#runs('plan-mail', plan, everyQuarterHour, LOSSES.planning);
    this.#runs('retire-referrals', retire, { every: NIGHTLY, failing: 1, absent: 2 }, LOSSES.retirement);
    this.#sweepLag();
    this.#setAside();
    this.#reportsWaiting();
    this.#reputation('bounces', 'Reputation.BounceRate', BOUNCE_RATE, props.configurationSetName, LOSSES.bounces);
    this.#reputation(
      'complaints',
      'Reputation.ComplaintRate',
      COMPLAINT_RATE,
      props.configurationSetName,
      LOSSES.complaints,
    );
  }

  #alarm(props: Omit<OperationalAlarmProps, 'stage' | 'topic'>): void {
    new OperationalAlarm(this, props.name, { ...props, stage: this.#stage, topic: this.#topic });
  }

  #notEmpty(name: string, queue: IQueue, loss: string): void {
    const metric = queue.metricApproximateNumberOfMessagesVisible({ period: FIVE_MINUTES, statistic: 'Maximum' });
    const limits = { threshold: 0, comparison: GREATER_THAN_THRESHOLD, periods: 1, missingData: NOT_BREACHING };
    this.#alarm({ name, loss, metric, ...limits });
  }

  #waiting(name: string, queue: IQueue, loss: string): void {
    const metric = queue.metricApproximateAgeOfOldestMessage({ period: FIVE_MINUTES, statistic: 'Maximum' });
    const threshold = WAITING_TOO_LONG.toSeconds();
    this.#alarm({
      name,
      loss,
      metric,
      threshold,
      comparison: GREATER_THAN_THRESHOLD,
      periods: 1,
      missingData: NOT_BREACHING,
    });
  }

  /** One alarm for all: CloudWatch charges for each metric that an alarm looks at, so four would cost the same. */
  #expiring(queues: readonly IQueue[]): void {
    const period = Duration.hours(1);
    const ages = queues.map((queue) => queue.metricApproximateAgeOfOldestMessage({ period, statistic: 'Maximum' }));
    this.#alarm({
      name: 'dead-letters-expiring',
      loss: LOSSES.expiring,
      metric: filled(ages, (parts) => `MAX([${parts.join(',')}])`, period),
      threshold: EXPIRING.toSeconds(),
      comparison: GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      periods: 1,
      missingData: NOT_BREACHING,
    });
  }

  /**
   * Messages that were received and not done, hour after hour. What is under way at the end of an hour counts in the next
   * one, so two in a row say that it is the same again and again.
   */
  #comingBack(queues: readonly IQueue[]): void {
    const period = Duration.hours(1);
    const received = queues.map((queue) => queue.metricNumberOfMessagesReceived({ period, statistic: 'Sum' }));
    const deleted = queues.map((queue) => queue.metricNumberOfMessagesDeleted({ period, statistic: 'Sum' }));
    const sum = (parts: readonly string[]): string =>
      `${parts.slice(0, queues.length).join('+')}-${parts.slice(queues.length).join('-')}`;
    this.#alarm({
      name: 'messages-coming-back',
      loss: LOSSES.comingBack,
      metric: filled([...received, ...deleted], sum, period),
      threshold: COMING_BACK_AN_HOUR,
      comparison: GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      periods: 2,
      missingData: NOT_BREACHING,
    });
  }

  /** Two alarms: `failing` periods in a row with an error, and `absent` periods in a row without a call. */
  #runs(
    name: string,
    { function: lambda }: ScheduledFunction,
    { every: period, failing, absent }: { every: Duration; failing: number; absent: number },
    loss: string,
  ): void {
    this.#alarm({
      name: `${name}-failing`,
      loss,
      metric: lambda.metricErrors({ period, statistic: 'Sum' }),
      threshold: 1,
      comparison: GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      periods: failing,
      missingData: NOT_BREACHING,
    });
    this.#alarm({
      name: `${name}-not-running`,
      loss,
      metric: lambda.metricInvocations({ period, statistic: 'Sum' }),
      threshold: 1,
      comparison: LESS_THAN_THRESHOLD,
      periods: absent,
      // A function that isn't called reports nothing at all.
      missingData: BREACHING,
    });
  }

  #sweepLag(): void {
    this.#alarm({
      name: 'sweep-lag',
      loss: LOSSES.lag,
      metric: this.#own('detect-breaches', 'SweepLagMilliseconds'),
      threshold: LAGGING.toMilliseconds(),
      comparison: GREATER_THAN_THRESHOLD,
      periods: 1,
      missingData: NOT_BREACHING,
    });
  }

  /** What nobody can compute on. The next run mends most of it. */
  #setAside(): void {
    this.#alarm({
      name: 'referrals-set-aside',
      loss: LOSSES.setAside,
      metric: this.#own('detect-breaches', 'ReferralsSetAside'),
      threshold: 0,
      comparison: GREATER_THAN_THRESHOLD,
      periods: 2,
      missingData: NOT_BREACHING,
    });
  }

  /** Reports that can't be finished are tried ever more seldom: the errors are hours apart, but each run counts them. */
  #reportsWaiting(): void {
    this.#alarm({
      name: 'reports-waiting',
      loss: LOSSES.reports,
      metric: this.#own('write-reports', 'ReportRunsFailed'),
      threshold: TRIED_IN_VAIN,
      comparison: GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      periods: 1,
      // A run that says nothing, for it failed before, has not written them either.
      missingData: IGNORE,
    });
  }

  /** The largest value that a function gave a metric of its own in a quarter hour. */
  #own(functionName: FunctionName, metricName: string): Metric {
    return new Metric({
      namespace: 'Loopwatch',
      metricName,
      dimensionsMap: { service: physicalName(this.#stage, functionName) },
      period: BETWEEN_RUNS,
      statistic: 'Maximum',
    });
  }

  #reputation(name: string, metricName: string, threshold: number, configurationSet: string, loss: string): void {
    const dimensionsMap = { 'ses:configuration-set': configurationSet };
    const period = Duration.hours(1);
    const metric = new Metric({ namespace: 'AWS/SES', metricName, dimensionsMap, period, statistic: 'Maximum' });
    const comparison = GREATER_THAN_OR_EQUAL_TO_THRESHOLD;
    this.#alarm({ name, loss, metric, threshold, comparison, periods: 1, missingData: NOT_BREACHING });
  }
}

/** An expression over several metrics, of which an idle queue has none: those count as 0. */
function filled(
  metrics: readonly IMetric[],
  expression: (parts: readonly string[]) => string,
  period: Duration,
): MathExpression {
  const named = Object.fromEntries(metrics.map((metric, index) => [`m${index}`, metric]));
  const parts = Object.keys(named).map((name) => `FILL(${name},0)`);
  return new MathExpression({ expression: expression(parts), usingMetrics: named, period });
}

const LOSSES = {
  events:
    'Referral events were given up: what happened to these patients is unknown to Loopwatch, so somebody may be called again, or nobody called at all.',
  mail: 'Mails were given up: a coordinator or liaison does not know whom to call today.',
  deliveries: 'What became of mails is not recorded: a digest that never arrived looks delivered.',
  run: 'A detection, report or planning run was given up: breaches are told at the next run at the earliest.',
  expiring:
    'Messages that were given up are deleted within days: what is in them is then lost for good, and their own alarm turns green.',
  comingBack:
    'The same messages fail again and again: what is in them is not taken in, mailed or recorded, and within 30 hours they are given up.',
  eventsWaiting: 'Referral events wait: digests and alerts show a state that has passed, and people act on it.',
  mailWaiting: 'Mails wait: coordinators start their day without their list, and urgent breaches stay untold.',
  detection: 'Breaches are not detected: patients whom nobody called stay unnoticed.',
  reports: 'No report is written: leaders do not learn whether promises are kept, and nothing else tells them.',
  planning: 'No mail is planned: coordinators get no digest, and urgent breaches stay untold.',
  retirement: 'Referrals are kept longer than was promised: patient data that should be gone is still there.',
  lag: 'Referrals are looked at too late: breaches among them are not in the digests and mails that go out.',
  setAside: 'Single referrals can not be computed on: nobody is told when their patients wait too long.',
  bounces: 'Digests bounce: some people get none, and SES stops all our mail when more do.',
  complaints: 'Recipients report digests as spam: SES stops all our mail when more do.',
};
