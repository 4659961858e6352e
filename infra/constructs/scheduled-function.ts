import { Aws, Duration, TimeZone, Validations } from 'aws-cdk-lib';
import { type IRole, PolicyStatement, type PolicyStatementProps, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { ContextAttribute, Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { physicalName, SCHEDULES, type ScheduledName } from '../settings.ts';
import { AppFunction, type AppFunctionProps } from './app-function.ts';
import { ownArn, viaService } from './own-arn.ts';

// The next run does the work of a missed one, so old calls are worthless.
const WORTH_CALLING = Duration.minutes(15);

/**
 * A function that EventBridge Scheduler calls with `{time}`, the scheduled time. A call that Scheduler can't make and a
 * run that fails for good both end in the dead-letter queue. The run has its own failure destination, because Scheduler
 * only sees that Lambda took the call.
 */
export class ScheduledFunction extends AppFunction {
  readonly scheduleName: string;

  constructor(
    scope: Construct,
    id: string,
    props: AppFunctionProps & {
      name: ScheduledName;
      description: string;
      deadLetters: Queue;
      /** Whether a call or run that failed is tried again before the next one. By default it is. */
      retries?: boolean;
    },
  ) {
    super(scope, id, props);
    const { deadLetters, retries = true } = props;
    this.allowSending(deadLetters);
    this.function.configureAsyncInvoke({
      maxEventAge: WORTH_CALLING,
      retryAttempts: retries ? 2 : 0,
      // Not SqsDestination: it also grants what only a reader of the queue needs.
      onFailure: { bind: () => ({ destination: deadLetters.queueArn }) },
    });
    this.scheduleName = physicalName(props.stage, props.name);
    new Schedule(this, 'Schedule', {
      scheduleName: this.scheduleName,
      description: props.description,
      schedule: ScheduleExpression.expression(`cron(${SCHEDULES[props.name]})`, TimeZone.ETC_UTC),
      target: new LambdaInvoke(this.function, {
        role: this.schedulerRole(deadLetters),
        // The scheduled time, not the time of the call, so that a retried or late run keeps its `now`.
        input: ScheduleTargetInput.fromObject({ time: ContextAttribute.scheduledTime }),
        deadLetterQueue: deadLetters,
        maxEventAge: WORTH_CALLING,
        retryAttempts: retries ? 3 : 0,
      }),
    });
    Validations.of(this.function).acknowledge(
      ...['HIPAA.Security-LambdaDLQ', 'Serverless-LambdaDLQ'].map((id) => ({
        id,
        reason:
          "A run that fails for good goes to the dead-letter queue by its failure destination, the successor of Lambda's dead-letter setting, which also says why it failed.",
      })),
    );
  }

  /** The role under which Scheduler calls the function. */
  private schedulerRole({ queueArn, encryptionMasterKey }: Queue): IRole {
    // Scheduler's documentation: the source is the schedule's group. A role that names the schedule is refused.
    const conditions = {
      StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID },
      ArnEquals: { 'aws:SourceArn': ownArn('scheduler', 'schedule-group/default') },
    };
    const assumedBy = new ServicePrincipal('scheduler.amazonaws.com', { conditions });
    const role = new Role(this, 'SchedulerRole', { assumedBy });
    const allow = (actions: string[], resource: string, conditions?: PolicyStatementProps['conditions']) =>
      role.addToPolicy(new PolicyStatement({ actions, resources: [resource], ...(conditions && { conditions }) }));
    allow(['lambda:InvokeFunction'], this.function.functionArn);
    allow(['sqs:SendMessage'], queueArn);
    if (encryptionMasterKey) {
      allow(['kms:Decrypt', 'kms:GenerateDataKey'], encryptionMasterKey.keyArn, viaService('sqs'));
    }
    Validations.of(role).acknowledge({
      id: 'HIPAA.Security-IAMNoInlinePolicy',
      reason:
        'The role calls one function and nothing else uses it; inline, its policy can be attached to nothing else and is deleted with it.',
    });
    // CDK's target would also allow every version of the function.
    return role.withoutPolicyUpdates();
  }
}
