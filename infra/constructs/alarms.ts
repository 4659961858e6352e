import { Duration } from 'aws-cdk-lib';
import { ComparisonOperator, type IMetric, MathExpression, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { LOSSES } from './alarm-losses.ts';
import { OperationalAlarm, type OperationalAlarmProps } from './operational-alarm.ts';
import type { ScheduledFunction } from './scheduled-function.ts';
import { BETWEEN_RUNS, HOURLY, NIGHTLY, type StageMetrics } from './stage-metrics.ts';
import type { WorkQueue } from './work-queue.ts';

const { GREATER_THAN_THRESHOLD, GREATER_THAN_OR_EQUAL_TO_THRESHOLD, LESS_THAN_THRESHOLD } = ComparisonOperator;
const { BREACHING, MISSING, NOT_BREACHING } = TreatMissingData;
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
/** Some 24 runs; a sweep of a hundred thousand open referrals takes a few. */
const UNAPPLIED = Duration.hours(6);
/** One run may be unlucky. */
const TRIED_IN_VAIN = 2;
/** Of the four runs of an hour. */
const CUT_SHORT_AN_HOUR = 3;
/** Single refusals are in the operations mail. So many and such a share of the input means that a sender has changed. */
const REFUSED = { count: 10, percent: 2, within: Duration.hours(6) };
/** One or two addresses are wrong in every directory, and the operations mail names them. */
const NOT_DELIVERED = 3;
/** At 5 percent bounces and 0.1 percent complaints SES puts an account under review; half of that leaves time to act. */
const BOUNCE_RATE = 0.025;
const COMPLAINT_RATE = 0.0005;
/** Calls or requests in a quarter hour; some are tried again and do no harm. */
const THROTTLED = { calls: 10, requests: 100 };

export interface AlarmsProps {
  stage: string;
  topic: ITopic;
  metrics: StageMetrics;
  referralEvents: WorkQueue;
  mailJobs: WorkQueue;
  deliveryEvents: WorkQueue;
  schedulerDeadLetters: IQueue;
  /** After how many hours without input there is an alarm. */
  noInputHours: number | 'off';
  detect: ScheduledFunction;
  report: ScheduledFunction;
  plan: ScheduledFunction;
  retire: ScheduledFunction;
}

/**
 * Every alarm of a stage. Each has a section in docs/runbooks.md. CloudWatch bills each metric that an alarm looks at;
 * docs/cost.md says what they cost, and why some look at less than they could.
 */
export class Alarms extends Construct {
  readonly #stage: string;
  readonly #topic: ITopic;

  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    this.#stage = props.stage;
    this.#topic = props.topic;

    const { metrics, referralEvents, mailJobs, deliveryEvents, schedulerDeadLetters } = props;
    this.#above('referral-events-dead-letters', LOSSES.events, metrics.waiting(referralEvents.deadLetters));
    this.#above('mail-jobs-dead-letters', LOSSES.mail, metrics.waiting(mailJobs.deadLetters));
    this.#above('delivery-events-dead-letters', LOSSES.deliveries, metrics.waiting(deliveryEvents.deadLetters));
    this.#above('scheduler-dead-letters', LOSSES.run, metrics.waiting(schedulerDeadLetters));
    // Mails and runs of a week ago are worth nothing any more.
    this.#expiring([referralEvents, deliveryEvents].map(({ deadLetters }) => metrics.age(deadLetters, HOURLY)));
    // What is under way at the end of an hour counts in the next one, so two in a row say that it is the same again and again.
    this.#from(COMING_BACK_AN_HOUR, 'messages-coming-back', LOSSES.comingBack, metrics.recordsFailed, { periods: 2 });
    const tooLong = WAITING_TOO_LONG.toSeconds();
    this.#from(tooLong, 'referral-events-waiting', LOSSES.eventsWaiting, metrics.age(referralEvents.queue));
    this.#from(tooLong, 'mail-jobs-waiting', LOSSES.mailWaiting, metrics.age(mailJobs.queue));

    this.#refused(metrics, referralEvents.queue);
    if (props.noInputHours !== 'off') this.#noInput(metrics, referralEvents.queue, props.noInputHours);
    this.#runs(props);
    this.#mails(metrics);

    // The functions share what the account may run at once, with whatever else runs in it.
    const { functionThrottles, tableThrottles } = metrics;
    this.#from(THROTTLED.calls, 'functions-throttled', LOSSES.throttledFunctions, functionThrottles, { periods: 2 });
    const refusedRequests = filled(tableThrottles, (parts) => parts.join('+'), BETWEEN_RUNS);
    this.#from(THROTTLED.requests, 'tables-throttled', LOSSES.throttledTables, refusedRequests, { periods: 2 });
  }

  #alarm(props: Omit<OperationalAlarmProps, 'stage' | 'topic'>): void {
    new OperationalAlarm(this, props.name, { ...props, stage: this.#stage, topic: this.#topic });
  }

  /** An alarm on anything above 0. */
  #above(name: string, loss: string, metric: IMetric, periods = 1): void {
    const comparison = GREATER_THAN_THRESHOLD;
    this.#alarm({ name, loss, metric, threshold: 0, comparison, periods, missingData: NOT_BREACHING });
  }

  /** An alarm from a threshold on, which no data doesn't reach. */
  #from(threshold: number, name: string, loss: string, metric: IMetric, { periods = 1 } = {}): void {
    const comparison = GREATER_THAN_OR_EQUAL_TO_THRESHOLD;
    this.#alarm({ name, loss, metric, threshold, comparison, periods, missingData: NOT_BREACHING });
  }

  #expiring(ages: readonly IMetric[]): void {
    const oldest = filled(ages, (parts) => `MAX([${parts.join(',')}])`, HOURLY);
    this.#from(EXPIRING.toSeconds(), 'dead-letters-expiring', LOSSES.expiring, oldest);
  }

  /** The share of what was taken in, or refused, that was refused. */
  #refused(metrics: StageMetrics, queue: IQueue): void {
    const { count, percent, within: period } = REFUSED;
    const usingMetrics = { refused: metrics.refused(period), done: metrics.finished(queue, period) };
    const expression = `IF(refused >= ${count}, 100 * refused / done, 0)`;
    const share = new MathExpression({ expression, usingMetrics, period, label: 'Percent refused' });
    this.#from(percent, 'input-refused', LOSSES.refused, share);
  }

  /** Without a configuration there is no lag, hence no data: nobody expects input of a stage that is being set up. */
  #noInput(metrics: StageMetrics, queue: IQueue, hours: number): void {
    const usingMetrics = { sent: metrics.sent(queue, HOURLY), lag: metrics.sweepLag(HOURLY) };
    this.#alarm({
      name: 'no-input',
      loss: LOSSES.noInput,
      metric: new MathExpression({
        expression: 'sent + 0 * lag',
        usingMetrics,
        period: HOURLY,
        label: 'Messages sent',
      }),
      threshold: 1,
      comparison: LESS_THAN_THRESHOLD,
      periods: hours,
      missingData: NOT_BREACHING,
    });
  }

  #runs({ metrics, detect, report, plan, retire }: AlarmsProps): void {
    // A failed run is tried again twice (not that of write-reports), and the next run does its work.
    this.#above('runs-failing', LOSSES.failing, metrics.runsFailed, 2);
    // Three missing runs are no accident.
    const everyQuarterHour = { every: BETWEEN_RUNS, absent: 3 };
    this.#notRunning('detect-breaches', detect, everyQuarterHour, LOSSES.detection);
    this.#notRunning('write-reports', report, everyQuarterHour, LOSSES.reports);
    this.#notRunning('plan-mail', plan, everyQuarterHour, LOSSES.planning);
    this.#notRunning('retire-referrals', retire, { every: NIGHTLY, absent: 2 }, LOSSES.retirement);
    this.#alarm({
      name: 'sweep-lag',
      loss: LOSSES.lag,
      metric: metrics.sweepLag(BETWEEN_RUNS),
      threshold: LAGGING.toMilliseconds(),
      comparison: GREATER_THAN_THRESHOLD,
      periods: 1,
      // A stage without a configuration has none; one that had one and has none any more is in trouble.
      missingData: MISSING,
      tellsMissing: true,
    });
    this.#from(CUT_SHORT_AN_HOUR, 'runs-cut-short', LOSSES.cutShort, metrics.cutShort);
    this.#from(UNAPPLIED.toMilliseconds(), 'configuration-not-applied', LOSSES.unapplied, metrics.unapplied);
    // What nobody can compute on. The next run mends most of it.
    this.#above('referrals-set-aside', LOSSES.setAside, metrics.setAside, 2);
    // Reports that can't be finished are tried ever more seldom: the errors are hours apart, but each run counts them.
    this.#from(TRIED_IN_VAIN, 'reports-waiting', LOSSES.reports, metrics.reportRunsFailed);
  }

  /** `absent` periods in a row without a call. */
  #notRunning(
    name: string,
    { function: lambda }: ScheduledFunction,
    { every: period, absent: periods }: { every: Duration; absent: number },
    loss: string,
  ): void {
    this.#alarm({
      name: `${name}-not-running`,
      loss,
      metric: lambda.metricInvocations({ period, statistic: 'Sum' }),
      threshold: 1,
      comparison: LESS_THAN_THRESHOLD,
      periods,
      // A function that isn't called reports nothing at all. Nor does one that was deployed just now.
      missingData: BREACHING,
      warmUp: Duration.minutes(Math.min(period.toMinutes() * (periods + 1), LONGEST_WARM_UP.toMinutes())),
    });
  }

  #mails(metrics: StageMetrics): void {
    this.#above('mails-overdue', LOSSES.overdue, metrics.overdue);
    this.#from(NOT_DELIVERED, 'mails-not-delivered', LOSSES.notDelivered, metrics.notDelivered);
    this.#above('sending-limited', LOSSES.sending, metrics.sendingLimited);
    this.#from(BOUNCE_RATE, 'bounces', LOSSES.bounces, metrics.reputation('BounceRate'));
    this.#from(COMPLAINT_RATE, 'complaints', LOSSES.complaints, metrics.reputation('ComplaintRate'));
  }
}

/** CloudWatch lets an alarm wait for two days. */
const LONGEST_WARM_UP = Duration.days(2);

/** An expression over several metrics, of which an idle queue or table has none: those count as 0. */
function filled(
  metrics: readonly IMetric[],
  expression: (parts: readonly string[]) => string,
  period: Duration,
): MathExpression {
  const named = Object.fromEntries(metrics.map((metric, index) => [`m${index}`, metric]));
  const parts = Object.keys(named).map((name) => `FILL(${name},0)`);
  return new MathExpression({ expression: expression(parts), usingMetrics: named, period });
}
