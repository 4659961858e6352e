import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { Alarms } from '../constructs/alarms.ts';
import type { AppFunction, TableAction } from '../constructs/app-function.ts';
import { StageDashboard } from '../constructs/dashboard.ts';
import { OperatorRole } from '../constructs/operator-role.ts';
import { QueueConsumer } from '../constructs/queue-consumer.ts';
import { ScheduledFunction } from '../constructs/scheduled-function.ts';
import { StageMetrics } from '../constructs/stage-metrics.ts';
import { DUE_SHARDS, QUEUES } from '../settings.ts';
import type { StageProps, StageSettings } from '../stage.ts';
import type { StatefulStack } from './stateful.ts';

/** Everything that can be thrown away and deployed again: the functions, their triggers and rights, alarms and dashboard. */
export class StatelessStack extends Stack {
  constructor(scope: Construct, id: string, props: StageProps & { state: StatefulStack }) {
    super(scope, id, props);
    const { stage, state, settings } = props;
    const { referrals, operations } = state;
    const common = { stage, settings, key: state.key };
    const dueShards = String(DUE_SHARDS);

    const ingest = new QueueConsumer(this, 'IngestEvents', {
      name: 'ingest-events',
      ...common,
      from: state.referralEvents,
    });
    ingest.bindTable('REFERRAL_TABLE', referrals, ['Query', 'PutItem']);
    const ownActions: TableAction[] = ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem'];
    ingest.bindTable('OPERATIONS_TABLE', operations, ownActions, [], { putsSealed: true });
    // What waited for its referral is let go once it is in the referral's log.
    ingest.allowRemoving(operations, ['unmatched#*', 'unmatched-day#*', 'waiting#*']);
    ingest.set('DUE_SHARDS', dueShards);

    const detect = new ScheduledFunction(this, 'DetectBreaches', {
      name: 'detect-breaches',
      ...common,
      description: 'Opens, escalates and resolves alerts of everything that is due',
      deadLetters: state.schedulerDeadLetters,
    });
    detect.bindTable('REFERRAL_TABLE', referrals, ['Query', 'GetItem', 'PutItem'], ['due']);
    detect.bindTable('OPERATIONS_TABLE', operations, ['Query', 'GetItem', 'PutItem', 'UpdateItem']);
    detect.set('DUE_SHARDS', dueShards);

    const report = new ScheduledFunction(this, 'WriteReports', {
      name: 'write-reports',
      ...common,
      description: 'Writes the reports whose week, month or quarter has ended',
      // A run takes up to a quarter hour and reads every referral: a later one does the work of one that failed.
      retries: false,
      packageFiles: ['@resvg/resvg-wasm/index_bg.wasm'],
      deadLetters: state.schedulerDeadLetters,
    });
    report.bindTable('REFERRAL_TABLE', referrals, ['Query', 'BatchGetItem'], ['coordinator']);
    report.bindScan(referrals, 'practice');
    report.bindTable('OPERATIONS_TABLE', operations, ['Query', 'GetItem', 'PutItem', 'UpdateItem']);

    const plan = new ScheduledFunction(this, 'PlanMail', {
      name: 'plan-mail',
      ...common,
      description: 'Plans the digests whose period has come',
      deadLetters: state.schedulerDeadLetters,
    });
    plan.bindTable('REFERRAL_TABLE', referrals, ['GetItem'], ['urgent']);
    plan.bindTable('OPERATIONS_TABLE', operations, ['Query', 'GetItem', 'PutItem', 'UpdateItem']);
    plan.sendTo('MAIL_QUEUE_URL', state.mailJobs.queue);

    const send = new QueueConsumer(this, 'SendMail', { name: 'send-mail', ...common, from: state.mailJobs });
    send.bindTable(
      'REFERRAL_TABLE',
      referrals,
      ['Query', 'GetItem', 'BatchGetItem', 'UpdateItem'],
      ['coordinator', 'liaison', 'escalated', 'practice'],
    );
    send.bindTable('OPERATIONS_TABLE', operations, ['Query', 'GetItem', 'PutItem', 'UpdateItem']);
    const workQueues = [state.referralEvents, state.mailJobs, state.deliveryEvents];
    send.countIn('DEAD_LETTER_QUEUE_URLS', [
      ...workQueues.map(({ deadLetters }) => deadLetters),
      state.schedulerDeadLetters,
    ]);
    const configurationSet = state.configurationSet.configurationSetName;
    send.set('CONFIGURATION_SET', configurationSet);
    send.set('CONCURRENT_SENDERS', String(QUEUES['mail-jobs'].maxConcurrency));
    bindHold(send, settings.mail);
    bindHold(plan, settings.mail);
    // A stage that holds mail has no right to send any, whatever its code does.
    if (!settings.mail.hold) this.allowSending(send, settings.mail.identity, configurationSet);

    const retire = new ScheduledFunction(this, 'RetireReferrals', {
      name: 'retire-referrals',
      ...common,
      description: 'Removes what was closed longer ago than it has to be kept',
      deadLetters: state.schedulerDeadLetters,
    });
    retire.bindTable('REFERRAL_TABLE', referrals, ['Query', 'UpdateItem'], ['due']);
    retire.bindTable('OPERATIONS_TABLE', operations, ['Query', 'GetItem', 'UpdateItem']);
    retire.set('CLOSED_REFERRAL_MONTHS', String(settings.retention.closedReferralMonths));

    const record = new QueueConsumer(this, 'RecordDelivery', {
      name: 'record-delivery',
      ...common,
      from: state.deliveryEvents,
    });
    record.bindTable('OPERATIONS_TABLE', operations, ['UpdateItem']);

    // All that deal with referrals; record-delivery deals with mails.
    for (const named of [ingest, detect, report, plan, send, retire]) named.bindFindKey(stage, state.findKey);

    const functions = [ingest, detect, report, plan, send, retire, record];
    const metrics = new StageMetrics({ stage, functions, referrals, configurationSetName: configurationSet });
    const { referralEvents, mailJobs, deliveryEvents, schedulerDeadLetters } = state;
    const queues = { referralEvents, mailJobs, deliveryEvents, schedulerDeadLetters };
    new Alarms(this, 'Alarms', {
      ...{ stage, topic: state.alarms, metrics, noInputHours: settings.noInputHours },
      ...{ ...queues, detect, report, plan, retire },
    });
    new StageDashboard(this, 'Dashboard', { stage, metrics, functions, ...queues });

    if (settings.operators.length > 0) {
      new OperatorRole(this, 'Operator', {
        stage,
        operators: settings.operators,
        mailIdentity: settings.mail.identity,
        configurationSet,
        functions,
        state,
      });
    }
  }

  /** Lets a function send mail from the stage's identity, and ask how much SES lets it send. */
  private allowSending(send: AppFunction, identity: string, configurationSet: string): void {
    // Sending with a configuration set needs rights on identity and set; grantSendEmail omits the set.
    send.allow(
      ['ses:SendRawEmail'],
      [
        this.formatArn({ service: 'ses', resource: 'identity', resourceName: identity }),
        this.formatArn({ service: 'ses', resource: 'configuration-set', resourceName: configurationSet }),
      ],
      { StringLike: { 'ses:FromAddress': addressesOf(identity) } },
    );
    send.allowOnAccount(
      ['ses:GetSendQuota'],
      'SES knows no resource for this action: it tells how much the account has sent and may send, and nothing about a mail.',
    );
  }
}

/** Tells a function whether mail is held. */
function bindHold(to: AppFunction, { hold }: StageSettings['mail']): void {
  to.set('MAIL_HOLD', hold ? 'on' : 'off');
}

/** The addresses of an SES identity, as a pattern. IAM heeds the case of letters. */
function addressesOf(identity: string): string {
  return identity.includes('@') ? identity : `*@${identity}`;
}
