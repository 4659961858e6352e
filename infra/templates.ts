import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, type AppProps } from 'aws-cdk-lib';
import { loopwatch } from './stacks/loopwatch.ts';
import type { StageSettings } from './stage.ts';

/** The parts of a CloudFormation template that are read here. */
export interface Template {
  Resources: Record<string, { Type: string; Properties?: Record<string, unknown>; [attribute: string]: unknown }>;
  Outputs?: Record<string, { Value: unknown }>;
}

/** Settings of a sample stage, with everything that a stage can have. */
export const SAMPLE_SETTINGS: StageSettings = {
  mail: { identity: 'example.org', origin: 'new', hold: false },
  logLevel: 'INFO',
  logRetentionDays: 90,
  retention: { closedReferralMonths: 25 },
  alarmEmail: 'operations@example.org',
  noInputHours: 72,
  senders: ['111122223333', 'arn:aws:iam::444455556666:role/feed'],
  operators: ['arn:aws:iam::111122223333:role/on-call', 'arn:aws:iam::111122223333:user/operator'],
};

/** An app as `cdk synth` makes it, except in this process, offline and without bundling code. */
export function offlineApp({ context = {}, ...props }: AppProps = {}): App {
  const { context: committed } = JSON.parse(readFileSync(new URL('../cdk.json', import.meta.url), 'utf8'));
  return new App({
    analyticsReporting: false,
    treeMetadata: false,
    // The check against CloudFormation's schemas takes longer than everything else; `cdk synth` does it.
    builtinCloudFormationValidation: false,
    ...props,
    context: { ...committed, 'aws:cdk:bundling-stacks': [], ...context },
  });
}

/** The stacks of a stage as `cdk synth` writes them, see `offlineApp`. */
export function synthesizeStacks(stage: string, settings = SAMPLE_SETTINGS): { name: string; template: Template }[] {
  const outdir = mkdtempSync(join(tmpdir(), 'loopwatch-synth-'));
  try {
    const app = offlineApp({ outdir });
    loopwatch(app, stage, settings);
    return app.synth().stacks.map(({ stackName, template }) => ({ name: stackName, template }));
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

/** The templates of these stacks. */
export function synthesizeTemplates(stage: string, settings = SAMPLE_SETTINGS): Template[] {
  return synthesizeStacks(stage, settings).map(({ template }) => template);
}
