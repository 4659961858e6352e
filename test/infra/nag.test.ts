import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack, Validations } from 'aws-cdk-lib';
import { AttributeType, Table, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import type { IConstruct } from 'constructs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { rulePacks } from '../../infra/rule-packs.ts';
import { loopwatch } from '../../infra/stacks/loopwatch.ts';
import { offlineApp, SAMPLE_SETTINGS } from '../../infra/templates.ts';

/** How often each rule is acknowledged. A new acknowledgement needs a reason next to the construct. */
const ACKNOWLEDGED = {
  'AwsSolutions-IAM5[Resource::*]': 2,
  'AwsSolutions-SQS3': 1,
  'HIPAA.Security-IAMNoInlinePolicy': 12,
  'HIPAA.Security-LambdaConcurrency': 7,
  'HIPAA.Security-LambdaDLQ': 7,
  'HIPAA.Security-LambdaInsideVPC': 7,
  'Serverless-EventBusDLQ': 1,
  'Serverless-LambdaDLQ': 7,
  'Serverless-LambdaEventSourceMappingDestination': 3,
  'Serverless-LambdaTracing': 7,
  'Serverless-SNSRedrivePolicy': 1,
  'Serverless-SQSRedrivePolicy': 4,
};
const TOTAL = 59;

interface Acknowledgement {
  at: IConstruct;
  rule: string;
  reason: string;
}

function acknowledgements(app: App): Acknowledgement[] {
  return app.node.findAll().flatMap((at) =>
    at.node.metadata
      .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
      .flatMap(({ data }) => Object.entries(data as Record<string, string>))
      .map(([id, reason]) => ({ at, rule: id.replace(/^annotation::/i, ''), reason })),
  );
}

/** Acknowledgements that cover a whole stack or app, and so everything that is added there later. */
const sweeping = (app: App) => acknowledgements(app).filter(({ at }) => at instanceof App || at instanceof Stack);

/** What the rule packs find, as `rule at path`. */
function findings(app: App): string[] {
  const violations = rulePacks(app).flatMap((pack) => pack.validateScope(app).violations);
  return violations.flatMap(({ ruleName, violatingResources }) =>
    violatingResources.map(({ constructPath }) => `${ruleName} at ${constructPath}`),
  );
}

function stacks() {
  const app = offlineApp();
  return { app, ...loopwatch(app, 'test', SAMPLE_SETTINGS) };
}

afterEach(() => vi.restoreAllMocks());

describe('the AwsSolutions, Serverless and HIPAA rules', () => {
  it('find nothing that is not acknowledged', () => {
    expect(findings(stacks().app)).toEqual([]);
  });

  it('let a deployment without findings pass', () => {
    expect(() => deploy(() => {})).not.toThrow();
  });

  it('stop a deployment with a queue that accepts unencrypted connections', () => {
    const careless = (stack: Stack) => new Queue(stack, 'Careless');
    expect(() => deploy(careless)).toThrow('AwsSolutions-SQS4');
  });

  it('do not see global tables: state.test.ts holds what they would ask of ours', () => {
    const { app, state } = stacks();
    const partitionKey = { name: 'pk', type: AttributeType.STRING };
    new Table(state, 'CarelessTable', { partitionKey });
    new TableV2(state, 'CarelessGlobalTable', { partitionKey });
    const found = findings(app).filter((finding) => finding.includes('Careless'));
    expect(found.sort()).toEqual(
      [
        'AwsSolutions-DDB3',
        'HIPAA.Security-DynamoDBAutoScalingEnabled',
        'HIPAA.Security-DynamoDBInBackupPlan',
        'HIPAA.Security-DynamoDBPITREnabled',
      ].map((rule) => `${rule} at loopwatch-test-state/CarelessTable/Resource`),
    );
  });

  it('name the path of the construct', () => {
    const { app, state } = stacks();
    new Queue(state, 'Careless');
    expect(findings(app)).toContain('AwsSolutions-SQS4 at loopwatch-test-state/Careless/Resource');
  });
});

/** Synthesizes with the rules attached, as `cdk deploy` does. */
function deploy(change: (stack: Stack) => void): void {
  const outdir = mkdtempSync(join(tmpdir(), 'loopwatch-nag-'));
  try {
    const app = offlineApp({ outdir });
    change(loopwatch(app, 'test', SAMPLE_SETTINGS).state);
    Validations.of(app).addPlugins(...rulePacks(app));
    app.synth();
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

describe('acknowledgements', () => {
  it('are, for each rule, as many as the committed number', () => {
    const all = acknowledgements(stacks().app);
    const counts = Object.fromEntries(
      [...Map.groupBy(all, ({ rule }) => rule)].map(([rule, { length }]) => [rule, length]),
    );
    expect(counts).toEqual(ACKNOWLEDGED);
    expect(all).toHaveLength(TOTAL);
  });

  it('are all needed, and each stands at the construct whose finding it answers', () => {
    const given = acknowledgements(stacks().app).map(({ at, rule }) => `${rule} at ${at.node.path}`);
    vi.spyOn(Validations.prototype, 'acknowledge').mockImplementation(() => {});
    // The resource, or an inline policy, belongs to the acknowledged construct.
    const found = findings(stacks().app).map((finding) => finding.replace(/(\/DefaultPolicy)?\/Resource$/, ''));
    expect(given.sort()).toEqual(found.sort());
  });

  it('never cover a stack or the app', () => {
    expect(sweeping(stacks().app)).toEqual([]);
  });

  it.each(['app', 'state', 'service'] as const)('would be noticed at the %s', (level) => {
    const made = stacks();
    Validations.of(made[level]).acknowledge({ id: 'AwsSolutions-SQS4', reason: 'because' });
    expect(sweeping(made.app).map(({ at }) => at)).toEqual([made[level]]);
  });

  it('give a reason of at least a sentence', () => {
    for (const { rule, reason } of acknowledgements(stacks().app)) {
      expect(reason, rule).toMatch(/^.{80,}\.$/);
    }
  });
});
