import type { Duration } from 'aws-cdk-lib';
import {
  Alarm,
  type CfnAlarm,
  type ComparisonOperator,
  type IMetric,
  type TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { physicalName } from '../settings.ts';

export interface OperationalAlarmProps {
  stage: string;
  /** Name of the alarm, `loopwatch-<stage>-<name>`, and of its section in docs/runbooks.md. */
  name: string;
  /** What people lose until somebody acts, as a sentence. */
  loss: string;
  topic: ITopic;
  metric: IMetric;
  threshold: number;
  comparison: ComparisonOperator;
  /** How many of the metric's periods in a row raise the alarm. */
  periods: number;
  missingData: TreatMissingData;
  /** How long after it was made it waits for its first data, if there is none before. */
  warmUp?: Duration;
  /** It also notifies when its data ceases. */
  tellsMissing?: boolean;
}

/** An alarm that says what is lost and names its runbook. It notifies its topic when it begins and when it ends. */
export class OperationalAlarm extends Construct {
  constructor(scope: Construct, id: string, props: OperationalAlarmProps) {
    super(scope, id);
    const alarm = new Alarm(this, 'Alarm', {
      alarmName: physicalName(props.stage, props.name),
      alarmDescription: `${props.loss} What to do: docs/runbooks.md#${props.name}`,
      metric: props.metric,
      threshold: props.threshold,
      comparisonOperator: props.comparison,
      evaluationPeriods: props.periods,
      treatMissingData: props.missingData,
    });
    const action = new SnsAction(props.topic);
    alarm.addAlarmAction(action);
    alarm.addOkAction(action);
    if (props.tellsMissing) alarm.addInsufficientDataAction(action);
    if (props.warmUp) {
      // Alarm doesn't know it yet.
      const { defaultChild } = alarm.node;
      (defaultChild as CfnAlarm).warmUpConfiguration = { warmUpPeriodDurationInMinutes: props.warmUp.toMinutes() };
    }
  }
}
