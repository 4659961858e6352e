import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FunctionName } from '../../infra/settings.ts';
import { loopwatch } from '../../infra/stacks/loopwatch.ts';
import { offlineApp, SAMPLE_SETTINGS, type Template } from '../../infra/templates.ts';
import { deployedEnvironment, deployedFunction, FUNCTION_NAMES } from './deployed-functions.ts';

/** Lambda unpacks and parses this at every cold start. */
const LARGEST_KILOBYTES = 2048;
const CALLER = `
  const started = performance.now();
  const { handler } = await import(process.argv[1]);
  const importMs = Math.round(performance.now() - started);
  const context = { getRemainingTimeInMillis: () => 30_000 };
  const answer = await handler(JSON.parse(process.argv[2]), context).then(
    (answer) => ({ answer }),
    ({ name, message, stack }) => ({ refusal: name + ': ' + message, stack }),
  );
  console.log(JSON.stringify({ version: process.version, importMs, ...answer }));
`;

let outdir: string;
let templates: Template[];
beforeAll(() => {
  outdir = mkdtempSync(join(tmpdir(), 'loopwatch-bundles-'));
  const context = { 'aws:cdk:bundling-stacks': ['**'], 'aws:cdk:enable-asset-metadata': true };
  const app = offlineApp({ outdir, context });
  loopwatch(app, 'test', SAMPLE_SETTINGS);
  templates = app.synth().stacks.map((stack) => stack.template);
}, 120_000);
afterAll(() => rmSync(outdir, { recursive: true, force: true }));

/** The file that Lambda would load. It lies outside this checkout, so only what is in the bundle can be found. */
function bundle(name: FunctionName): string {
  const { Metadata } = deployedFunction(templates, name) as { Metadata?: Record<string, string> };
  return join(outdir, Metadata?.['aws:asset:path'] ?? 'no bundle', 'index.mjs');
}

/** Imports a bundle in its own process, as Lambda would, and passes it one event. */
async function call(name: FunctionName, event: unknown) {
  const env = {
    ...deployedEnvironment(templates, name),
    AWS_LAMBDA_FUNCTION_NAME: `loopwatch-test-${name}`,
    AWS_REGION: 'us-east-1',
    // Any request would fail here.
    AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
    AWS_ACCESS_KEY_ID: 'none',
    AWS_SECRET_ACCESS_KEY: 'none',
  };
  const args = ['--input-type=module', '--eval', CALLER, bundle(name), JSON.stringify(event)];
  const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { env, cwd: outdir });
  const lines = stdout.trim().split('\n');
  return { ...JSON.parse(lines.at(-1) ?? ''), log: lines.slice(0, -1).join('\n') + stderr };
}

describe('the deployed bundle', () => {
  const measured: Record<string, { kilobytes: number; importMs: number }> = {};
  afterAll(() => console.table(measured));

  it.each([
    ['ingest-events', { Records: [] }, { answer: { batchItemFailures: [] } }],
    ['send-mail', { Records: [] }, { answer: { batchItemFailures: [] } }],
    ['record-delivery', { Records: [] }, { answer: { batchItemFailures: [] } }],
    ['detect-breaches', {}, { refusal: 'RunFailedError: ZodError' }],
    ['write-reports', {}, { refusal: 'RunFailedError: ZodError' }],
    ['plan-mail', {}, { refusal: 'RunFailedError: ZodError' }],
    ['retire-referrals', {}, { refusal: 'RunFailedError: ZodError' }],
  ] as const)('of %s is imported on Node 24 and answers %j', async (name, event, expected) => {
    const { version, importMs, log, stack, ...answered } = await call(name, event);
    expect(version).toMatch(/^v24\./);
    expect(answered).toEqual(expected);
    measured[name] = { kilobytes: Math.round(statSync(bundle(name)).size / 1024), importMs };
  });

  it.each(['detect-breaches', 'write-reports', 'plan-mail', 'retire-referrals'] as const)(
    'of %s repeats nothing of an event that it refuses',
    async (name) => {
      const { refusal, stack, log } = await call(name, { time: 'Sample Patient' });
      expect(refusal).toBe('RunFailedError: ZodError');
      expect(`${stack}${log}`).not.toContain('Sample Patient');
      expect(log).toContain('RUN_FAILED');
    },
  );

  it.each(FUNCTION_NAMES)('of %s stays small', (name) => {
    expect(statSync(bundle(name)).size / 1024).toBeLessThan(LARGEST_KILOBYTES);
  });
});
