import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { buildSync } from 'esbuild';
import { DUE_SHARDS, FUNCTIONS } from '../infra/settings.ts';
import { simulate } from '../local/simulate/simulate.ts';
import { clientConfig } from '../local/stand-ins/client-config.ts';
import { startStandIns } from '../local/stand-ins/index.ts';
import { provision } from '../local/stand-ins/provision.ts';
import { localTemplates } from '../local/stand-ins/templates.ts';
import { systemTime } from '../shared/platform/time-source.ts';
import { dynamoStores } from '../shared/store/dynamo-stores.ts';

/**
 * Measures how much memory ingest-events needs for the largest body that it takes: the bundled function in a process of
 * its own, with the database of the stand-ins, against the memory that it is deployed with.
 *
 *     npm run bench -- ingest-memory [members]
 *
 * Last measured for 5,000 members with two new names each: 180 MB of 512. Most of it is the code and its start, 140 MB.
 */

const MEMBERS = process.argv[2] ?? '5000';
/** Of the memory of the function. */
const MOST_PERCENT = 70;
const { memoryMegabytes } = FUNCTIONS['ingest-events'];
/** Half of the memory. Without a limit, Node fills all the heap that it may use before it collects garbage. */
const HEAP = [`--max-old-space-size=${memoryMegabytes / 2}`, '--max-semi-space-size=8'];

const folder = mkdtempSync(join(tmpdir(), 'loopwatch-bench-'));
const standIns = await startStandIns({ only: ['dynamodb', 'sqs'] });
try {
  const { dynamodb } = standIns.endpoints;
  const { tables } = await provision(await localTemplates(), standIns.endpoints);
  const { referrals = '', operations = '' } = tables;
  const client = new DynamoDBClient(clientConfig(dynamodb));
  const { policy, directory } = simulate({ referrals: 1, weeks: 1, seed: 1, thin: 1 });
  const { configs } = dynamoStores(client, { referrals, operations, shards: DUE_SHARDS });
  await configs.push({ policy, directory }, systemTime.now());
  client.destroy();
  const bundle = join(folder, 'run.mjs');
  buildSync({
    entryPoints: [fileURLToPath(new URL('ingest-memory-run.ts', import.meta.url))],
    ...{ bundle: true, platform: 'node', format: 'esm', minify: true, keepNames: true, outfile: bundle },
    banner: { js: "import { createRequire } from 'node:module';const require = createRequire(import.meta.url);" },
  });
  const env = {
    ...{ AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' },
    ...{ AWS_ENDPOINT_URL_DYNAMODB: dynamodb, REFERRAL_TABLE: referrals, OPERATIONS_TABLE: operations },
    ...{ DUE_SHARDS: String(DUE_SHARDS), REFERRAL_HASH_KEY: 'none' },
  };
  const run = [...HEAP, bundle, MEMBERS, String(systemTime.now())];
  const child = spawn(process.execPath, run, { env, stdio: ['ignore', 'ignore', 'pipe'] });
  const [said] = await Promise.all([text(child.stderr), once(child, 'exit')]);
  const measured = JSON.parse(said.split('\n').at(-1) ?? '');
  const percent = (100 * measured.megabytes) / memoryMegabytes;
  console.table({ members: Number(MEMBERS), ...measured, memoryMegabytes, percent });
  if (percent > MOST_PERCENT || measured.back > 0) {
    console.error(`goal: at most ${MOST_PERCENT}% of the memory, and nothing comes back`);
    process.exitCode = 1;
  }
} finally {
  await standIns.stop();
  rmSync(folder, { recursive: true, force: true });
}
