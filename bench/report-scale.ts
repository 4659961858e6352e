import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { batchGetUnits, entryOf, queryUnits, type TableSpec } from '../local/cost/model.ts';
import { simulate } from '../local/simulate/simulate.ts';
import { tableSpecs } from '../local/stand-ins/tables.ts';
import { localTemplates } from '../local/stand-ins/templates.ts';
import type { Config } from '../shared/contracts/config.ts';
import type { LoopEvent } from '../shared/contracts/event.ts';
import type { ReferralState } from '../shared/contracts/state.ts';
import { foldReferral } from '../shared/domain/referral/fold.ts';
import { readCloudEvent } from '../shared/intake/cloudevents.ts';
import { toItem } from '../shared/store/dynamo.ts';
import { referralItem } from '../shared/store/referral-items.ts';
import { storedAs, storedStates, writeStates } from './stored-states.ts';

/**
 * Measures the weekly reports of every scope over a year with a million referrals, from stored projections: time on one
 * core, memory, and the cost of reading by the model of AWS's rules. It writes the history to a file first, then measures
 * the bundled code in a separate process.
 *
 *     node local/bin/lambda-node.mjs --import tsx bench/report-scale.ts [referrals] [seed]
 *
 * Last measured for a million referrals and 25 scopes: some 55 seconds of one core, 300 MB and 509,000 read units.
 */

const REFERRALS = Number(process.argv[2] ?? 1_000_000);
const SEED = Number(process.argv[3] ?? 20);
const WEEKS = 52;
const PRACTICES = 2_000;
const GOAL = { seconds: 60, megabytes: 512 };
/** Without a limit, Node fills all the heap that it may use before it collects garbage. */
const HEAP = ['--max-old-space-size=256', '--max-semi-space-size=8'];
/** Referrals that are simulated. The others are copies with other patients and practices. */
const SIMULATED = 10_000;
/** Referrals from which the cost of an item is computed. */
const COSTED = 20_000;
const OF_A_REFERRAL = /^(referral|contact|appointment|visit|note|referrer)\./;

function simulated(config: Config, lines: readonly string[]): ReferralState[] {
  const events = lines.flatMap((line): LoopEvent[] => {
    const intake = readCloudEvent(line, null);
    return 'event' in intake && OF_A_REFERRAL.test(intake.event.type) ? [intake.event] : [];
  });
  return [...Map.groupBy(events, ({ subject }) => subject)]
    .map(([referralId, log]) => foldReferral(referralId, log, config))
    .filter(({ receivedAt }) => receivedAt !== null);
}

/** Copies of the simulated referrals, each with another patient, practice and provider. */
function* multiplied(states: readonly ReferralState[], { directory }: Config): Generator<ReferralState> {
  for (let index = 0; index < REFERRALS; index += 1) {
    const practice = directory.practices[(index * 7919) % PRACTICES];
    const provider = ((index * 7919) % PRACTICES) * 5 + (index % 5);
    yield {
      ...(states[index % states.length] as ReferralState),
      referralId: `R-${index}`,
      patientId: `P-${Math.floor(index / 1.3)}`,
      practiceId: practice?.id ?? null,
      practiceName: practice?.name ?? null,
      providerNpi: String(1_000_000_000 + provider),
    };
  }
}

const TREES = ['oak', 'pine', 'cedar', 'maple', 'birch', 'willow', 'alder', 'hazel', 'rowan', 'aspen', 'larch'];

function manyPractices(config: Config): Config {
  const practices = Array.from({ length: PRACTICES }, (_, index) => ({
    id: `practice-${index}`,
    name: `Practice by the ${TREES[index % TREES.length]} ${index}`,
    segment: `segment-${index % 8}`,
    region: `region-${index % 5}`,
  }));
  return { ...config, directory: { ...config.directory, practices } };
}

/** The read units for the entries of the index that reports scan, and for each projection. */
function readUnits(file: string, table: TableSpec): number {
  const index = table.indexes.find(({ name }) => name === 'practice');
  if (!index) throw new Error('the index of received referrals has another name');
  let units = 0;
  let costed = 0;
  for (const states of storedStates(file)) {
    const items = states.map((state) => toItem(referralItem(storedAs(state), 4)));
    const entries = items.map((item) => entryOf(table, index, item)).filter((entry) => entry !== undefined);
    units += batchGetUnits(items, false) + queryUnits(entries, false);
    costed += items.length;
    if (costed >= COSTED) break;
  }
  return Math.round((units / costed) * REFERRALS);
}

const folder = mkdtempSync(join(tmpdir(), 'loopwatch-bench-'));
try {
  const { lines, policy, directory, until } = simulate({ referrals: SIMULATED, weeks: WEEKS, seed: SEED, thin: 1 });
  const config = manyPractices({ policy, directory });
  const [file, configFile, bundle] = ['states', 'config.json', 'run.mjs'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  writeStates(file, multiplied(simulated(config, lines), config));
  writeFileSync(configFile, JSON.stringify({ ...config, until }));
  const entry = fileURLToPath(new URL('report-scale-run.ts', import.meta.url));
  buildSync({ entryPoints: [entry], bundle: true, platform: 'node', format: 'esm', minify: true, outfile: bundle });

  const run = [process.execPath, ...HEAP, bundle, file, configFile];
  const pinned = ['taskset', '-c', '0', ...run];
  const [command = '', ...args] = spawnSync('taskset', ['--version']).status === 0 ? pinned : run;
  const measured = JSON.parse(execFileSync(command, args, { encoding: 'utf8' }));
  console.log(`seed ${SEED}, ${REFERRALS} referrals in ${WEEKS} weeks, ${PRACTICES} practices`);
  const table = tableSpecs(await localTemplates()).find(({ name }) => name.endsWith('-referrals'));
  if (!table) throw new Error('the table of referrals has another name');
  console.table({ ...measured, readUnits: readUnits(file, table) });
  if (measured.cpuSeconds > GOAL.seconds || measured.megabytes > GOAL.megabytes) {
    console.error(`goal: at most ${GOAL.seconds} s on one core and ${GOAL.megabytes} MB`);
    process.exitCode = 1;
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
