import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { FUNCTIONS, type FunctionName } from '../../infra/settings.ts';
import { loopwatch } from '../../infra/stacks/loopwatch.ts';
import { offlineApp, SAMPLE_SETTINGS } from '../../infra/templates.ts';

/** The deployed bundles: their sizes, and how long their imports take. */

const BARE = "export { DynamoDBClient, GetItemCommand, PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';";
/** CPU time of the process: what else the machine does changes it least. */
const IMPORT = [
  'const from = process.cpuUsage();',
  'await import(process.argv[1]);',
  'const { user, system } = process.cpuUsage(from);',
  'console.log((user + system) / 1000);',
  'process.exit();',
].join('');

/** A bundle as Lambda would load it. */
export interface Bundle {
  name: FunctionName | 'bare';
  kilobytes: number;
  /** CPU time that each import took, in a process of its own. */
  importMs: number[];
}

interface Resource {
  Type: string;
  Properties?: { FunctionName?: string; Environment?: { Variables: Record<string, unknown> } };
  Metadata?: Record<string, string>;
}

/**
 * Builds every function's bundle, and one with nothing but a DynamoDB client and three commands by the same settings, and
 * imports them in turn.
 * @param runs how often each is imported
 */
export async function importedBundles(runs: number): Promise<Bundle[]> {
  const outdir = mkdtempSync(join(tmpdir(), 'loopwatch-imports-'));
  try {
    const bundles = await builtIn(outdir);
    const times = bundles.map((): number[] => []);
    for (let run = 0; run < runs; run += 1) {
      for (const [index, { file, env }] of bundles.entries()) times[index]?.push(importOnce(file, env, outdir));
    }
    return bundles.map(({ name, file }, index) => ({
      name,
      kilobytes: statSync(file).size / 1024,
      importMs: times[index] ?? [],
    }));
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

function importOnce(file: string, env: Record<string, string>, cwd: string): number {
  return Number(execFileSync(process.execPath, ['--input-type=module', '--eval', IMPORT, file], { env, cwd }));
}

async function builtIn(outdir: string): Promise<{ name: Bundle['name']; file: string; env: Record<string, string> }[]> {
  const app = offlineApp({
    outdir,
    context: { 'aws:cdk:bundling-stacks': ['**'], 'aws:cdk:enable-asset-metadata': true },
  });
  loopwatch(app, 'test', SAMPLE_SETTINGS);
  const resources = app.synth().stacks.flatMap(({ template }) => Object.values<Resource>(template.Resources));
  const names = Object.keys(FUNCTIONS) as FunctionName[];
  const bundles = names.map((name) => {
    const { Metadata, Properties } = deployed(name, resources);
    const file = join(outdir, Metadata?.['aws:asset:path'] ?? '', 'index.mjs');
    return { name, file, env: variables(name, Properties?.Environment?.Variables ?? {}) };
  });
  const bare = join(outdir, 'bare', 'index.mjs');
  await build({
    stdin: { contents: BARE, resolveDir: import.meta.dirname },
    outfile: bare,
    bundle: true,
    platform: 'node',
    format: 'esm',
    mainFields: ['module', 'main'],
    target: 'node24',
    minify: true,
    keepNames: true,
    banner: { js: "import { createRequire } from 'node:module';const require = createRequire(import.meta.url);" },
  });
  // The runtime options of the functions, so that only what is loaded differs.
  return [...bundles, { name: 'bare', file: bare, env: bundles[0]?.env ?? {} }];
}

function deployed(name: FunctionName, resources: readonly Resource[]): Resource {
  const found = resources.find(
    ({ Type, Properties }) =>
      Type === 'AWS::Lambda::Function' && String(Properties?.FunctionName).endsWith(`-test-${name}`),
  );
  if (!found) throw new Error(`the templates have no function ${name}`);
  return found;
}

/** The variables of a function, with a text in place of every reference: importing reads them and calls nothing. */
function variables(name: FunctionName, own: Record<string, unknown>): Record<string, string> {
  const texts = Object.entries(own).map(([key, value]) => [
    key,
    typeof value === 'string' ? value : 'https://example.org/x',
  ]);
  return { ...Object.fromEntries(texts), AWS_REGION: 'us-east-1', AWS_LAMBDA_FUNCTION_NAME: name };
}

/**
 * How long a bundle's import takes as a ratio to that of the bare client, both of the same run.
 * @param typical which of the times stands for all
 */
export function importRatio(
  { importMs }: Bundle,
  bundles: readonly Bundle[],
  typical: (times: readonly number[]) => number = median,
): number {
  const bare = bundles.find(({ name }) => name === 'bare');
  return typical(importMs) / typical(bare?.importMs ?? []);
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}
