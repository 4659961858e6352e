/**
 * What a cold start loads: the size of each deployed bundle, and how long its import takes as a ratio to that of a bundle
 * that holds a bare DynamoDB client, built with the same settings and imported in turn with it in the same run.
 *
 *     npm run bench -- imports [runs]
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { FUNCTIONS, type FunctionName } from '../infra/settings.ts';
import { loopwatch } from '../infra/stacks/loopwatch.ts';
import { offlineApp, SAMPLE_SETTINGS } from '../infra/templates.ts';
import { type Goal, goal, writeResults } from './results.ts';

const RUNS = Number(process.argv[2] ?? 15);
const MOST_INGEST = 1.45;
const BARE = "export { DynamoDBClient, GetItemCommand, PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';";
const IMPORT =
  'const from = performance.now(); await import(process.argv[1]); console.log(performance.now() - from); process.exit()';
const names = Object.keys(FUNCTIONS) as FunctionName[];

const outdir = mkdtempSync(join(tmpdir(), 'loopwatch-imports-'));
const app = offlineApp({
  outdir,
  context: { 'aws:cdk:bundling-stacks': ['**'], 'aws:cdk:enable-asset-metadata': true },
});
loopwatch(app, 'test', SAMPLE_SETTINGS);
const resources = app.synth().stacks.flatMap(({ template }) => Object.values<Resource>(template.Resources));

interface Resource {
  Type: string;
  Properties?: { FunctionName?: string; Environment?: { Variables: Record<string, unknown> } };
  Metadata?: Record<string, string>;
}

function deployed(name: FunctionName): Resource {
  const found = resources.find(
    ({ Type, Properties }) =>
      Type === 'AWS::Lambda::Function' && String(Properties?.FunctionName).endsWith(`-test-${name}`),
  );
  if (!found) throw new Error(`the templates have no function ${name}`);
  return found;
}

/** The variables of a function, with a text in place of every reference: importing reads them and calls nothing. */
function variables(name: FunctionName): Record<string, string> {
  const own = deployed(name).Properties?.Environment?.Variables ?? {};
  const texts = Object.entries(own).map(([key, value]) => [
    key,
    typeof value === 'string' ? value : 'https://example.org/x',
  ]);
  return { ...Object.fromEntries(texts), AWS_REGION: 'us-east-1', AWS_LAMBDA_FUNCTION_NAME: name };
}

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
const bundles = new Map<string, { file: string; env: Record<string, string> }>(
  names.map((name) => [
    name,
    {
      file: join(outdir, deployed(name).Metadata?.['aws:asset:path'] ?? '', 'index.mjs'),
      env: variables(name),
    },
  ]),
);
// The runtime options of the functions, so that only what is loaded differs.
bundles.set('bare', { file: bare, env: variables('ingest-events') });

const times = new Map<string, number[]>([...bundles.keys()].map((name) => [name, []]));
for (let run = 0; run < RUNS; run += 1) {
  for (const [name, { file, env }] of bundles) {
    const printed = execFileSync(process.execPath, ['--input-type=module', '--eval', IMPORT, file], {
      env,
      cwd: outdir,
    });
    times.get(name)?.push(Number(printed));
  }
}

const median = (name: string): number => {
  const sorted = (times.get(name) ?? []).toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
};
const kilobytes = (file: string): number => statSync(file).size / 1024;
const results: Goal[] = [];
for (const [name, { file }] of bundles) {
  const ratio = median(name) / median('bare');
  console.log(
    `${name.padEnd(20)}${kilobytes(file).toFixed(0).padStart(7)} KB${median(name).toFixed(0).padStart(6)} ms${ratio.toFixed(2).padStart(7)}`,
  );
  if (name === 'ingest-events') {
    results.push(goal('import of ingest-events', 'ratio', MOST_INGEST, ratio, 'a bare DynamoDB client, same settings'));
  }
}
writeResults(results);
rmSync(outdir, { recursive: true, force: true });
