import { Aws, Duration, TimeZone } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { ContextAttribute, Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { physicalName } from '../settings.ts';
import { AppFunction, type AppFunctionProps } from './app-function.ts';

// The next run does the work of one that never came, so old calls are worth nothing.
const WORTH_CALLING = Duration.minutes(15);

/**
 * A function that EventBridge Scheduler calls with `{time}`, the scheduled time. A call that Scheduler can't make and a
 * run that fails for good both end in the dead-letter queue: Scheduler only sees that Lambda took the call.
 */
export class ScheduledFunction extends AppFunction {
  constructor(
    scope: Construct,
    id: string,
    props: AppFunctionProps & { cron: string; description: string; deadLetters: Queue },
  ) {
    super(scope, id, props);
    this.allowQueue(['sqs:SendMessage'], props.deadLetters, ['kms:Decrypt', 'kms:GenerateDataKey']);
    this.function.configureAsyncInvoke({
      maxEventAge: WORTH_CALLING,
      retryAttempts: 2,
      onFailure: { bind: () => ({ destination: props.deadLetters.queueArn }) },
    });
    new Schedule(this, 'Schedule', {
      scheduleName: physicalName(props.stage, props.name),
      description: props.description,
      schedule: ScheduleExpression.expression(`cron(${props.cron})`, TimeZone.ETC_UTC),
      target: new LambdaInvoke(this.function, {
        role: this.schedulerRole(props.deadLetters),
        // The scheduled time, not the time of the call: a retried or late run keeps its `now`.
        input: ScheduleTargetInput.fromObject({ time: ContextAttribute.scheduledTime }),
        deadLetterQueue: props.deadLetters,
        maxEventAge: WORTH_CALLING,
        retryAttempts: 3,
      }),
    });
  }

  /** The role that Scheduler calls with. The target adds the call and the queue, but not the queue's key. */
  private schedulerRole(deadLetters: Queue): Role {
    const conditions = { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } };
    const assumedBy = new ServicePrincipal('scheduler.amazonaws.com', { conditions });
    const role = new Role(this, 'SchedulerRole', { assumedBy });
    if (deadLetters.encryptionMasterKey) {
      const resources = [deadLetters.encryptionMasterKey.keyArn];
      role.addToPolicy(new PolicyStatement({ actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources }));
    }
    return role;
  }
}
