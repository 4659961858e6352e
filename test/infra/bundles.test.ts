import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { App } from 'aws-cdk-lib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FUNCTIONS } from '../../infra/settings.ts';
import { loopwatch } from '../../infra/stacks/loopwatch.ts';
import { SAMPLE_SETTINGS } from '../../infra/templates.ts';
import { TemplateReader } from './template-reader.ts';

/** What would be uploaded: bundled as a deployment bundles it, and started as Lambda starts it. */

const NAMES = Object.keys(FUNCTIONS);
const CONSUMERS = ['ingest-events', 'send-mail', 'record-delivery'];
const SCHEDULED = NAMES.filter((name) => !CONSUMERS.includes(name));
const MOST_BYTES = 2.5 * 1024 * 1024;

let folder: string;
let templates: TemplateReader;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'loopwatch-bundles-'));
  const { context } = JSON.parse(readFileSync(new URL('../../cdk.json', import.meta.url), 'utf8'));
  const app = new App({ outdir: folder, context, analyticsReporting: false, builtinCloudFormationValidation: false });
  loopwatch(app, 'test', SAMPLE_SETTINGS);
  templates = new TemplateReader(app.synth().stacks.map((stack) => stack.template));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A function's variables in the template; what only a deployment knows stands as some address. */
function variablesOf(name: string): Record<string, string> {
  const { Variables } = templates.lambda(name).properties.Environment;
  const values = Object.entries(Variables).map(([key, value]) => [
    key,
    typeof value === 'string' ? value : 'https://known-when-deployed',
  ]);
  return Object.fromEntries(values);
}

function bundleOf(name: string): string {
  const { S3Key } = templates.lambda(name).properties.Code;
  const asset = join(folder, `asset.${String(S3Key).replace(/\.zip$/, '')}`);
  const [file, ...others] = readdirSync(asset).filter((each) => /\.m?js$/.test(each));
  if (!file || others.length > 0) throw new Error(`${name}: expected one script in ${readdirSync(asset)}`);
  return join(asset, file);
}

/** Imports a bundle in a process of its own, which knows nothing but the function's variables, and calls it. */
async function call(name: string, event: unknown) {
  const script = `
    const began = performance.now();
    const { handler } = await import(${JSON.stringify(pathToFileURL(bundleOf(name)).href)});
    const importMs = Math.round(performance.now() - began);
    const context = { functionName: ${JSON.stringify(name)}, awsRequestId: '1', getRemainingTimeInMillis: () => 60000 };
    const outcome = await handler(${JSON.stringify(event)}, context).then(
      (answer) => ({ answer }),
      ({ name, message }) => ({ error: { name, message } }),
    );
    process.stdout.write('\\n' + JSON.stringify({ node: process.versions.node, importMs, ...outcome }));
    process.exit(0);`;
  const env = { ...variablesOf(name), AWS_REGION: 'us-east-1' };
  const args = ['--input-type=module', '--eval', script];
  const { stdout } = await promisify(execFile)(process.execPath, args, { env, timeout: 30_000 });
  return JSON.parse(stdout.slice(stdout.lastIndexOf('\n')));
}

describe('the bundle that would be uploaded', () => {
  it.each(NAMES)("gets variables that %s's own schema takes", async (name) => {
    const { environment } = await import(`../../functions/${name}/compose.ts`);
    expect(environment.safeParse(variablesOf(name)).error).toBeUndefined();
  });

  it.each(CONSUMERS)('of %s is imported on Node 24 and answers a batch of nothing: no record failed', async (name) => {
    const { node, answer } = await call(name, { Records: [] });
    expect(node).toMatch(/^24\./);
    expect(answer).toEqual({ batchItemFailures: [] });
  });

  it.each(SCHEDULED)('of %s is imported on Node 24 and refuses a call without a time, saying no more', async (name) => {
    const { node, error } = await call(name, {});
    expect(node).toMatch(/^24\./);
    expect(error).toEqual({ name: 'RunFailedError', message: 'ZodError' });
  });

  it.each(NAMES)('of %s is small enough to start fast', (name) => {
    expect(statSync(bundleOf(name)).size).toBeLessThan(MOST_BYTES);
  });
});
