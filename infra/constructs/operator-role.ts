import { Aws, CfnOutput, Validations } from 'aws-cdk-lib';
import {
  ArnPrincipal,
  CompositePrincipal,
  type Conditions,
  PolicyStatement,
  type PrincipalBase,
  Role,
} from 'aws-cdk-lib/aws-iam';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { physicalName } from '../settings.ts';
import type { StatefulStack } from '../stacks/stateful.ts';
import { type AppFunction, TABLE_KEY_ACTIONS } from './app-function.ts';
import { ownArn, viaService } from './own-arn.ts';
import { ScheduledFunction } from './scheduled-function.ts';

export interface OperatorRoleProps {
  stage: string;
  /** ARNs of the roles and users that may assume it; at least one. */
  operators: readonly string[];
  mailIdentity: string;
  configurationSet: string;
  functions: readonly AppFunction[];
  state: StatefulStack;
}

/**
 * The role under which people run `loopwatch ... --stage` and the commands of docs/runbooks.md. It can read and repair
 * what is stored, redrive and discard messages, and run what the schedules run. It can't change a resource, a right or a
 * key, and deletes no item but those in quarantine. Each group of grants below names what it is for: add to it, or add one.
 */
export class OperatorRole extends Construct {
  readonly role: Role;

  constructor(scope: Construct, id: string, props: OperatorRoleProps) {
    super(scope, id);
    const { stage, operators, state } = props;
    this.role = new Role(this, 'Role', {
      // Roles are the account's, not the region's: a stage of the same name elsewhere has one of its own.
      roleName: `${physicalName(stage, 'operator')}-${Aws.REGION}`,
      description: `Operates Loopwatch's stage ${stage}: reads and repairs what is stored, redrives messages`,
      assumedBy: new CompositePrincipal(...operators.map(assumer)),
    });
    this.#tables(state);
    this.#queues(state);
    this.#key(state);
    this.#functions(props.functions);
    this.#mail(props);
    this.#alarms(state);
    this.#account();
    new CfnOutput(this, 'Arn', { description: 'The role of operators', value: this.role.roleArn });
    Validations.of(this.role).acknowledge({
      id: 'HIPAA.Security-IAMNoInlinePolicy',
      reason:
        'One role, one policy: inline, the policy can be attached to nothing else and is deleted with its role. Everything that it allows is named in one file.',
    });
  }

  /** `explain`, `find`, `config`, `quarantine`, `mail`, `rebuild`. Writes are conditional in the commands, which IAM can't ask for. */
  #tables({ referrals, operations }: StatefulStack): void {
    const tables = [referrals.tableArn, operations.tableArn];
    this.#allow(['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem'].map(inDynamo), tables);
    const indexes = referrals.indexes.map((name) => `${referrals.tableArn}/index/${name}`);
    this.#allow(['dynamodb:Query'], indexes);
    // `find` and `rebuild` look for referrals that may stand in no index any more.
    const scanned = ['due', 'practice'].map((name) => `${referrals.tableArn}/index/${name}`);
    this.#allow(['dynamodb:Scan'], [referrals.tableArn, ...scanned]);
    this.#allow(['dynamodb:DescribeTable'], [referrals.tableArn]);
    // `doctor`: whether there are backups.
    this.#allow(['dynamodb:DescribeContinuousBackups'], tables);
    this.#allow(['dynamodb:DeleteItem'], [operations.tableArn], {
      'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['quarantine#*', 'quarantine-body#*'] },
    });
  }

  /** `dlq`, sending what was replayed, and the queue commands of the runbooks. */
  #queues({ referralEvents, mailJobs, deliveryEvents, schedulerDeadLetters }: StatefulStack): void {
    const work = [referralEvents, mailJobs, deliveryEvents];
    const deadLetters = [...work.map((each) => each.deadLetters), schedulerDeadLetters];
    const arns = (queues: Queue[]) => queues.map(({ queueArn }) => queueArn);
    this.#allow(
      ['GetQueueUrl', 'GetQueueAttributes', 'SendMessage'].map(inSqs),
      arns([...work.map(({ queue }) => queue), ...deadLetters]),
    );
    this.#allow(['ReceiveMessage', 'ChangeMessageVisibility', 'DeleteMessage'].map(inSqs), arns(deadLetters));
    this.#allow(
      ['StartMessageMoveTask', 'ListMessageMoveTasks', 'CancelMessageMoveTask'].map(inSqs),
      arns(deadLetters),
    );
    // Its messages say which run failed; the next run does that run's work.
    this.#allow(['sqs:PurgeQueue'], [schedulerDeadLetters.queueArn]);
  }

  /** The data key through tables and queues only, and how it stands; the key of the hashes in logs. */
  #key({ key, findKey }: StatefulStack): void {
    this.#allow(TABLE_KEY_ACTIONS, [key.keyArn], viaService('dynamodb'));
    this.#allow(['kms:Decrypt', 'kms:GenerateDataKey'], [key.keyArn], viaService('sqs'));
    this.#allow(['kms:DescribeKey', 'kms:GetKeyPolicy'], [key.keyArn]);
    this.#allow(['kms:GenerateMac'], [findKey.keyArn], { StringEquals: { 'kms:MacAlgorithm': 'HMAC_SHA_256' } });
  }

  /** Running what the schedules run, looking at schedules, and reading logs. */
  #functions(functions: readonly AppFunction[]): void {
    const scheduled = functions.filter((each) => each instanceof ScheduledFunction);
    this.#allow(
      ['lambda:InvokeFunction'],
      scheduled.map((each) => each.function.functionArn),
    );
    this.#allow(
      ['scheduler:GetSchedule'],
      scheduled.map(({ scheduleName }) => ownArn('scheduler', `schedule/default/${scheduleName}`)),
    );
    this.#allow(
      ['logs:DescribeLogStreams', 'logs:FilterLogEvents', 'logs:GetLogEvents'],
      functions.map(({ logGroupArn }) => logGroupArn),
    );
  }

  /** Whether SES lets us send, as whom, and to whom it won't. */
  #mail({ mailIdentity, configurationSet }: OperatorRoleProps): void {
    this.#allow(['ses:GetEmailIdentity'], [ownArn('ses', `identity/${mailIdentity}`)]);
    this.#allow(
      ['ses:GetConfigurationSet', 'ses:GetConfigurationSetEventDestinations'],
      [ownArn('ses', `configuration-set/${configurationSet}`)],
    );
  }

  /** Who gets the alarms. */
  #alarms({ alarms }: StatefulStack): void {
    this.#allow(['sns:ListSubscriptionsByTopic'], [alarms.topicArn]);
  }

  /** Calls that IAM can't limit to a resource. All but one only look, and none of them sees referral data. */
  #account(): void {
    this.#allow(
      [
        'cloudwatch:DescribeAlarms',
        'cloudwatch:GetMetricStatistics',
        'lambda:GetAccountSettings',
        'lambda:ListEventSourceMappings',
        'ses:DeleteSuppressedDestination',
        'ses:GetAccount',
        'ses:GetSendQuota',
        'ses:ListSuppressedDestinations',
      ],
      ['*'],
    );
    Validations.of(this.role).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason:
        'IAM has no resource for these calls, or asks for all of them: account quotas, the suppression list, metrics, alarms and event source mappings. They show no referral data.',
    });
  }

  #allow(actions: string[], resources: string[], conditions?: Conditions): void {
    this.role.addToPolicy(new PolicyStatement({ actions, resources, ...(conditions && { conditions }) }));
  }
}

/**
 * Somebody who may assume the role. A user needs a second factor, given within the hour. A role has none to show, not even
 * one that its session began with: whoever lets people into that role asks for it.
 */
function assumer(arn: string): PrincipalBase {
  const principal = new ArnPrincipal(arn);
  if (!arn.includes(':user/')) return principal;
  return principal.withConditions({
    Bool: { 'aws:MultiFactorAuthPresent': 'true' },
    NumericLessThan: { 'aws:MultiFactorAuthAge': '3600' },
  });
}

const inDynamo = (action: string): string => `dynamodb:${action}`;
const inSqs = (action: string): string => `sqs:${action}`;
