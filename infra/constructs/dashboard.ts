import { Duration } from 'aws-cdk-lib';
import { Dashboard, GraphWidget, type IMetric, Metric, PeriodOverride, TextWidget } from 'aws-cdk-lib/aws-cloudwatch';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { physicalName } from '../settings.ts';
import type { AppFunction } from './app-function.ts';
import { BETWEEN_RUNS, HOURLY, type StageMetrics } from './stage-metrics.ts';
import type { WorkQueue } from './work-queue.ts';

export interface StageDashboardProps {
  stage: string;
  metrics: StageMetrics;
  functions: readonly AppFunction[];
  referralEvents: WorkQueue;
  mailJobs: WorkQueue;
  deliveryEvents: WorkQueue;
  schedulerDeadLetters: IQueue;
}

const HALF = 12;
const THIRD = 8;

/**
 * The one dashboard of a stage: what comes in, what waits, what is given up, whether detection keeps up, and what becomes of
 * mails. Figures only. Each graph names the sections of docs/runbooks.md that belong to it.
 */
export class StageDashboard extends Construct {
  constructor(scope: Construct, id: string, props: StageDashboardProps) {
    super(scope, id);
    const { stage, metrics, functions, referralEvents, mailJobs, deliveryEvents, schedulerDeadLetters } = props;
    const queues = [referralEvents, mailJobs, deliveryEvents];
    const dashboard = new Dashboard(this, 'Dashboard', {
      dashboardName: physicalName(stage, 'overview'),
      defaultInterval: Duration.days(3),
      periodOverride: PeriodOverride.INHERIT,
    });
    dashboard.addWidgets(
      new TextWidget({
        width: 24,
        height: 2,
        markdown: `# Loopwatch, stage ${stage}\nUnder each graph: the sections of docs/runbooks.md that say what to do.`,
      }),
    );
    dashboard.addWidgets(
      graph('Input', HALF, ['no-input', 'input-refused'], {
        left: [
          labelled(metrics.sent(referralEvents.queue, HOURLY), 'sent'),
          labelled(metrics.finished(referralEvents.queue, HOURLY), 'taken in or refused'),
          labelled(metrics.refused(HOURLY), 'refused'),
        ],
      }),
      graph('Age of the oldest message, seconds', HALF, ['referral-events-waiting', 'mail-jobs-waiting'], {
        left: queues.map(({ name, queue }) => labelled(metrics.age(queue), name)),
      }),
    );
    dashboard.addWidgets(
      graph('Dead letters', THIRD, ['referral-events-dead-letters', 'dead-letters-expiring'], {
        left: [
          ...queues.map(({ name, deadLetters }) => labelled(metrics.waiting(deadLetters), name)),
          labelled(metrics.waiting(schedulerDeadLetters), 'scheduler'),
        ],
      }),
      graph(
        'Detection is behind by, milliseconds',
        THIRD,
        ['sweep-lag', 'runs-cut-short', 'configuration-not-applied'],
        {
          left: [labelled(metrics.sweepLag(BETWEEN_RUNS), 'sweep lag')],
          right: [labelled(metrics.setAside, 'referrals set aside')],
        },
      ),
      graph('Failures', THIRD, ['runs-failing', 'messages-coming-back', 'referrals-set-aside'], {
        left: [labelled(metrics.runsFailed, 'runs failed'), labelled(metrics.recordsFailed, 'records failed')],
      }),
    );
    dashboard.addWidgets(
      graph('Mails of this account, by outcome', THIRD, ['mails-not-delivered', 'sending-limited'], {
        left: ['Send', 'Delivery', 'Bounce', 'Complaint', 'Reject'].map(ofSes),
      }),
      graph('Mails in trouble', THIRD, ['mails-overdue', 'mails-not-delivered'], {
        left: [labelled(metrics.overdue, 'overdue'), labelled(metrics.notDelivered, 'not delivered')],
      }),
      graph('Share that bounces or is reported as spam', THIRD, ['bounces', 'complaints'], {
        left: [metrics.reputation('BounceRate'), metrics.reputation('ComplaintRate')],
      }),
    );
    dashboard.addWidgets(
      graph('Runs', HALF, ['detect-breaches-not-running', 'plan-mail-not-running', 'write-reports-not-running'], {
        left: functions.map(({ name, function: lambda }) =>
          labelled(lambda.metricInvocations({ period: HOURLY, statistic: 'Sum' }), name),
        ),
      }),
      graph('Errors and throttles', HALF, ['runs-failing', 'functions-throttled', 'tables-throttled'], {
        left: functions.map(({ name, function: lambda }) =>
          labelled(lambda.metricErrors({ period: HOURLY, statistic: 'Sum' }), name),
        ),
        right: [labelled(metrics.functionThrottles, 'throttles of the account'), ...metrics.tableThrottles],
      }),
    );
  }
}

function graph(
  title: string,
  width: number,
  runbooks: readonly string[],
  { left, right = [] }: { left: IMetric[]; right?: IMetric[] },
): GraphWidget {
  return new GraphWidget({ title: `${title} (${runbooks.join(', ')})`, width, height: 6, left, right });
}

const labelled = (metric: Metric, label: string): Metric => metric.with({ label });

/** SES counts these for the account, not for each configuration set. */
const ofSes = (metricName: string): Metric =>
  new Metric({ namespace: 'AWS/SES', metricName, period: HOURLY, statistic: 'Sum', label: metricName });
