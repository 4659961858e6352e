import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, type AppProps } from 'aws-cdk-lib';
import { loopwatch } from './stacks/loopwatch.ts';
import type { StageSettings } from './stage.ts';

/** A CloudFormation template as far as its readers here know it. */
export interface Template {
  Resources: Record<string, { Type: string; Properties?: Record<string, unknown>; [attribute: string]: unknown }>;
  Outputs?: Record<string, { Value: unknown; Export?: { Name: unknown } }>;
}

/** For a stage that has no file: everything that a stage can have. */
export const SAMPLE_SETTINGS: StageSettings = {
  mail: { identity: 'example.org', origin: 'new' },
  logLevel: 'INFO',
  logRetentionDays: 90,
  retention: { closedReferralMonths: 25 },
  alarmEmail: 'operations@example.org',
};

/** An app as `cdk synth` makes it, but in this process, offline and without bundling any code. */
export function offlineApp({ context = {}, ...props }: AppProps = {}): App {
  const { context: committed } = JSON.parse(readFileSync(new URL('../cdk.json', import.meta.url), 'utf8'));
  return new App({
    analyticsReporting: false,
    treeMetadata: false,
    // `cdk synth` checks against CloudFormation's schemas; that takes longer than all the rest.
    builtinCloudFormationValidation: false,
    ...props,
    context: { ...committed, 'aws:cdk:bundling-stacks': [], ...context },
  });
}

/** The templates of a stage as `cdk synth` writes them, see `offlineApp`. */
export function synthesizeTemplates(stage: string, settings = SAMPLE_SETTINGS): Template[] {
  const outdir = mkdtempSync(join(tmpdir(), 'loopwatch-synth-'));
  try {
    const app = offlineApp({ outdir });
    loopwatch(app, stage, settings);
    return app.synth().stacks.map((stack) => stack.template);
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}
