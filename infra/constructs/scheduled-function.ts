import { Duration, TimeZone } from 'aws-cdk-lib';
import { ContextAttribute, Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { physicalName } from '../settings.ts';
import { AppFunction, type AppFunctionProps } from './app-function.ts';

/** A function that EventBridge Scheduler calls with `{time}`, the scheduled time; undeliverable calls are kept. */
export class ScheduledFunction extends AppFunction {
  constructor(
    scope: Construct,
    id: string,
    props: AppFunctionProps & { cron: string; description: string; deadLetters: Queue },
  ) {
    super(scope, id, props);
    new Schedule(this, 'Schedule', {
      scheduleName: physicalName(props.stage, props.name),
      description: props.description,
      schedule: ScheduleExpression.expression(`cron(${props.cron})`, TimeZone.ETC_UTC),
      target: new LambdaInvoke(this.function, {
        // The scheduled time, not the time of the call: a retried or late run keeps its `now`.
        input: ScheduleTargetInput.fromObject({ time: ContextAttribute.scheduledTime }),
        deadLetterQueue: props.deadLetters,
        // The next run does the work of one that never came, so old calls are worth nothing.
        maxEventAge: Duration.minutes(15),
        retryAttempts: 3,
      }),
    });
  }
}
