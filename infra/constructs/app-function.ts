import { fileURLToPath } from 'node:url';
import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { type Conditions, Effect, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Architecture, Runtime } from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';
import { FilterPattern, LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { FUNCTIONS, type FunctionName, findKeyAlias, physicalName } from '../settings.ts';
import type { StageSettings } from '../stage.ts';
import type { DataTable } from './data-table.ts';
import { viaService } from './own-arn.ts';
import { copyingPackageFiles } from './package-files.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
// The rights that DynamoDB's documentation requires to use a table under a customer-managed key.
export const TABLE_KEY_ACTIONS = [
  'kms:Decrypt',
  'kms:DescribeKey',
  'kms:Encrypt',
  'kms:GenerateDataKey',
  'kms:GenerateDataKeyWithoutPlaintext',
  'kms:ReEncryptFrom',
  'kms:ReEncryptTo',
];

export type TableAction = 'GetItem' | 'BatchGetItem' | 'Query' | 'PutItem' | 'UpdateItem';

export interface AppFunctionProps {
  name: FunctionName;
  stage: string;
  settings: StageSettings;
  /** Encrypts the function's logs. */
  key: IKey;
  /** Files of npm packages that the function reads at run time, such as `package/data.bin`. */
  packageFiles?: readonly string[];
}

/**
 * A Lambda function of this app, bundled from `functions/<name>/index.ts`, with its own log group and role. At first the
 * role may only write to that log group. Binding a resource adds the variable and the right together.
 */
export class AppFunction extends Construct {
  readonly name: FunctionName;
  readonly function: NodejsFunction;
  readonly role: Role;
  /** Of its log group, with its streams. */
  readonly logGroupArn: string;
  readonly #logGroup: LogGroup;

  constructor(scope: Construct, id: string, props: AppFunctionProps) {
    super(scope, id);
    const { name, stage, settings, key, packageFiles = [] } = props;
    const { memoryMegabytes, timeoutSeconds } = FUNCTIONS[name];
    const functionName = physicalName(stage, name);
    this.name = name;
    const logGroup = new LogGroup(this, 'Logs', {
      logGroupName: `/aws/lambda/${functionName}`,
      encryptionKey: key,
      retention: settings.logRetentionDays as RetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.#logGroup = logGroup;
    this.logGroupArn = logGroup.logGroupArn;
    this.role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    // Not grantWrite: that lets any principal of the account be added to the log group's policy.
    this.allow(['logs:CreateLogStream', 'logs:PutLogEvents'], [logGroup.logGroupArn]);
    this.function = new NodejsFunction(this, 'Function', {
      functionName,
      entry: `${ROOT}functions/${name}/index.ts`,
      projectRoot: ROOT,
      depsLockFilePath: `${ROOT}package-lock.json`,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: memoryMegabytes,
      timeout: Duration.seconds(timeoutSeconds),
      role: this.role,
      logGroup,
      environment: { LOG_LEVEL: settings.logLevel },
      bundling: {
        format: OutputFormat.ESM,
        mainFields: ['module', 'main'],
        target: 'node24',
        minify: true,
        keepNames: true,
        // React's development build is larger, slower and talks to a console.
        define: { 'process.env.NODE_ENV': '"production"' },
        // The SDK is bundled too, so the tested version runs and not the runtime's current one.
        externalModules: [],
        // CommonJS dependencies call require(), which an ES module doesn't have.
        banner: "import { createRequire } from 'node:module';const require = createRequire(import.meta.url);",
        commandHooks: copyingPackageFiles(packageFiles),
      },
    });
    this.acknowledgeRules();
  }

  /** Allows the named actions on the named resources, on conditions if there are any. */
  allow(actions: string[], resources: string[], conditions?: Conditions): void {
    this.role.addToPolicy(new PolicyStatement({ actions, resources, ...(conditions && { conditions }) }));
  }

  /**
   * Allows actions that AWS lets nobody narrow to a resource.
   * @param reason why that is so and what it opens, for whoever reviews the rights
   */
  allowOnAccount(actions: string[], reason: string): void {
    this.allow(actions, ['*']);
    Validations.of(this.role).acknowledge({ id: 'AwsSolutions-IAM5[Resource::*]', reason });
  }

  /**
   * Counts log lines that have one of some texts, as a metric of the stage. Lines of Lambda itself count too, so a run that
   * was killed can be seen. CloudWatch bills the metric for hours in which there is such a line.
   */
  countLines(
    texts: readonly string[],
    { metricNamespace, metricName }: { metricNamespace: string; metricName: string },
  ): void {
    this.#logGroup.addMetricFilter(metricName, {
      filterPattern: FilterPattern.anyTerm(...texts),
      metricNamespace,
      metricName,
      metricValue: '1',
    });
  }

  /** Allows reading an index from end to end. */
  bindScan(table: DataTable, index: string): void {
    this.allow(['dynamodb:Scan'], [`${table.tableArn}/index/${index}`]);
  }

  /**
   * Binds a table: its name as `variable`, the item actions on it, Query on the named indexes, and its key. What is sealed
   * in it is denied.
   * @param options `putsSealed`: whether the function puts what is sealed
   */
  bindTable(
    variable: string,
    table: DataTable,
    actions: TableAction[],
    indexes: string[] = [],
    { putsSealed = false } = {},
  ): void {
    this.function.addEnvironment(variable, table.tableName);
    this.allow(
      actions.map((action) => `dynamodb:${action}`),
      [table.tableArn],
    );
    if (indexes.length > 0) {
      this.allow(
        ['dynamodb:Query'],
        indexes.map((index) => `${table.tableArn}/index/${index}`),
      );
    }
    this.allow(TABLE_KEY_ACTIONS, [table.encryptionKey.keyArn], viaService('dynamodb'));
    if (table.sealed.length > 0) this.denySealed(table, putsSealed);
  }

  /**
   * Denies requests that name a sealed key, one among others too. An update or a put can ask for the item as it was, so
   * they are reads as well.
   */
  private denySealed(table: DataTable, puts: boolean): void {
    const reads: TableAction[] = ['BatchGetItem', 'GetItem', 'Query', 'UpdateItem'];
    const actions: TableAction[] = puts ? reads : [...reads, 'PutItem'];
    this.role.addToPolicy(
      new PolicyStatement({
        effect: Effect.DENY,
        actions: actions.map((action) => `dynamodb:${action}`),
        resources: [table.tableArn],
        conditions: { 'ForAnyValue:StringLike': { 'dynamodb:LeadingKeys': [...table.sealed] } },
      }),
    );
  }

  /** Allows removing items of a table whose partition keys begin in one of some ways, and no others. */
  allowRemoving(table: DataTable, keys: string[]): void {
    this.role.addToPolicy(
      new PolicyStatement({
        actions: ['dynamodb:DeleteItem'],
        resources: [table.tableArn],
        conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': keys } },
      }),
    );
  }

  /** Binds a queue to send to: its URL as `variable`, sending, and its key. */
  sendTo(variable: string, queue: Queue): void {
    this.function.addEnvironment(variable, queue.queueUrl);
    this.allowSending(queue);
  }

  /** Binds queues whose messages are counted: their URLs as `variable`, separated by spaces, and reading attributes. */
  countIn(variable: string, queues: Queue[]): void {
    this.function.addEnvironment(variable, queues.map(({ queueUrl }) => queueUrl).join(' '));
    this.allow(
      ['sqs:GetQueueAttributes'],
      queues.map(({ queueArn }) => queueArn),
    );
  }

  /** Allows sending to a queue, and its key. */
  protected allowSending(queue: Queue): void {
    this.allow(['sqs:SendMessage'], [queue.queueArn]);
    if (queue.encryptionMasterKey) {
      this.allow(['kms:Decrypt', 'kms:GenerateDataKey'], [queue.encryptionMasterKey.keyArn], viaService('sqs'));
    }
  }

  /** Binds the key that hashes referrals' ids in the log of a failure: its alias, and the one call. */
  bindFindKey(stage: string, key: IKey): void {
    this.function.addEnvironment('REFERRAL_HASH_KEY', findKeyAlias(stage));
    this.role.addToPolicy(
      new PolicyStatement({
        actions: ['kms:GenerateMac'],
        resources: [key.keyArn],
        conditions: { StringEquals: { 'kms:MacAlgorithm': 'HMAC_SHA_256' } },
      }),
    );
  }

  /** Binds a plain setting. */
  set(variable: string, value: string): void {
    this.function.addEnvironment(variable, value);
  }

  private acknowledgeRules(): void {
    Validations.of(this.role).acknowledge({
      id: 'HIPAA.Security-IAMNoInlinePolicy',
      reason:
        'One role per function, one policy per role: inline, the policy can be attached to nothing else and is deleted with its role. It names every action and resource.',
    });
    Validations.of(this.function).acknowledge(
      {
        id: 'HIPAA.Security-LambdaConcurrency',
        reason:
          'Queue consumers are limited at their event source, because reserved concurrency throttles its poller and sends good messages to the dead-letter queue; scheduled functions are called once in 15 minutes. A reservation would also take from what the account must leave unreserved.',
      },
      {
        id: 'HIPAA.Security-LambdaInsideVPC',
        reason:
          'The function calls DynamoDB, SQS, SES and KMS only, over TLS and authorized by IAM, has no inbound network path and reaches nothing in a VPC; a VPC would add network paths to control and protect no data that IAM and the key do not.',
      },
      {
        id: 'Serverless-LambdaTracing',
        reason:
          'Functions call each other through queues and tables only, and every run writes its figures as logs and metrics; tracing would need the one right of these roles that cannot name its resource, and another store to govern.',
      },
    );
  }
}
