import { execFileSync, spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { itemSize } from '../local/cost/item-size.ts';
import { batchGetUnits, queryUnits } from '../local/cost/model.ts';
import { simulate } from '../local/simulate/simulate.ts';
import type { Config } from '../shared/contracts/config.ts';
import type { LoopEvent } from '../shared/contracts/event.ts';
import type { ReferralState } from '../shared/contracts/state.ts';
import { foldReferral } from '../shared/domain/fold.ts';
import { reportPeriods } from '../shared/domain/report/periods.ts';
import { ReportBuilder } from '../shared/domain/report/report.ts';
import { readCloudEvent } from '../shared/intake/cloudevents.ts';
import { toItem } from '../shared/store/dynamo.ts';
import { readState, stateItem } from '../shared/store/referral-items.ts';

/**
 * A weekly report over a year's million referrals, from projections as they are stored: how long it takes on one core,
 * and in how much memory. The history is written to a file first; what is measured is a process of its own that reads
 * it, unpacks each projection and makes the reports of every scope.
 */

const REFERRALS = Number(process.env.REFERRALS ?? 1_000_000);
const WEEKS = 52;
const PRACTICES = 2_000;
const SEED = 20;
const GOAL = { seconds: 60, megabytes: 512 };
/** So many are simulated; the others are these again, of other patients and practices. */
const SIMULATED = 10_000;
const SELF = fileURLToPath(import.meta.url);

function history(): { states: ReferralState[]; config: Config; until: number } {
  const { lines, policy, directory, until } = simulate({ referrals: SIMULATED, weeks: WEEKS, seed: SEED, thin: 1 });
  const config = manyPractices({ policy, directory });
  const logs = new Map<string, LoopEvent[]>();
  for (const line of lines) {
    const intake = readCloudEvent(line, null);
    if (!('event' in intake) || !/^(referral|contact|appointment|visit|note|referrer)\./.test(intake.event.type))
      continue;
    logs.set(intake.event.subject, [...(logs.get(intake.event.subject) ?? []), intake.event]);
  }
  const states = [...logs].map(([id, log]) => foldReferral(id, log, config)).filter(({ receivedAt }) => receivedAt);
  return { states, config, until };
}

function manyPractices(config: Config): Config {
  const practices = Array.from({ length: PRACTICES }, (_, index) => ({
    id: `practice-${index}`,
    name: `Practice of the ${ORDINALS[index % ORDINALS.length]} ${TREES[index % TREES.length]} ${index}`,
    segment: `segment-${index % 8}`,
    region: `region-${index % 5}`,
  }));
  return { ...config, directory: { ...config.directory, practices } };
}

const TREES = ['oak', 'pine', 'cedar', 'maple', 'birch', 'willow', 'alder', 'hazel', 'rowan', 'aspen', 'larch'];
const ORDINALS = ['tall', 'old', 'young', 'green', 'silver', 'golden', 'hidden', 'early', 'late', 'lone', 'quiet'];

/** Writes the items' packed projections, each after its length. */
function write(file: string): Config & { until: number } {
  const { states, config, until } = history();
  const out = openSync(file, 'w');
  let pieces: Uint8Array[] = [];
  for (let index = 0; index < REFERRALS; index += 1) {
    const base = states[index % states.length] as ReferralState;
    const practice = (index * 7919) % PRACTICES;
    const state: ReferralState = {
      ...base,
      referralId: `R-${index}`,
      patientId: `P-${Math.floor(index / 1.3)}`,
      practiceId: `practice-${practice}`,
      practiceName: config.directory.practices[practice]?.name ?? null,
      providerNpi: String(1_000_000_000 + ((practice * 5 + (index % 5)) % 900_000_000)),
    };
    const item = stateItem({ state, version: base.logged, arrivedAt: until, wakeAt: null }, 4);
    const packed = item.state as Uint8Array;
    const length = new Uint8Array(2);
    new DataView(length.buffer).setUint16(0, packed.length);
    pieces.push(length, packed);
    if (pieces.length > 20_000) {
      writeSync(out, Buffer.concat(pieces));
      pieces = [];
    }
  }
  writeSync(out, Buffer.concat(pieces));
  closeSync(out);
  return { ...config, until };
}

/** The stored items of a file, page by page, as the store gives them. */
function* pages(file: string): Generator<ReferralState[]> {
  const input = openSync(file, 'r');
  const buffer = Buffer.alloc(1 << 20);
  let kept = 0;
  for (;;) {
    const end = kept + readSync(input, buffer, kept, buffer.length - kept, null);
    if (end === 0) break;
    const states: ReferralState[] = [];
    let at = 0;
    while (at + 2 <= end) {
      const length = buffer.readUInt16BE(at);
      if (at + 2 + length > end) break;
      states.push(readState({ state: buffer.subarray(at + 2, at + 2 + length), version: 1, arrivedAt: 0 }).state);
      at += 2 + length;
    }
    buffer.copyWithin(0, at, end);
    kept = end - at;
    yield states;
  }
  closeSync(input);
}

function measure(file: string, config: Config & { until: number }): void {
  const started = performance.now();
  const period = reportPeriods(config.directory.organization.timeZone, config.until - 8 * 86_400_000, config.until)
    .filter(({ kind }) => kind === 'weekly')
    .at(-1);
  if (!period) throw new Error('no report is due');
  const builder = new ReportBuilder(period, config);
  for (const states of pages(file)) for (const state of states) builder.add(state);
  const aggregated = performance.now();
  const reports = builder.finish({ refused: {}, orphans: 0, feedsHeard: new Map() });
  console.log(
    JSON.stringify({
      seconds: (performance.now() - started) / 1000,
      cpuSeconds: process.cpuUsage().user / 1e6,
      finishing: (performance.now() - aggregated) / 1000,
      megabytes: process.resourceUsage().maxRSS / 1024,
      scopes: reports.size,
      received: reports.get('organization')?.funnel.received,
      open: reports.get('organization')?.backlog.open,
    }),
  );
}

/** Units of reading a history: the keys of the index, then each projection. */
function readUnits(file: string): number {
  let units = 0;
  let sample = 0;
  for (const states of pages(file)) {
    const items = states.slice(0, 100).map((state) => {
      const item = stateItem({ state, version: 10, arrivedAt: state.lastEventAt ?? 0, wakeAt: null }, 4);
      return toItem(item);
    });
    units += batchGetUnits(items, false);
    const entries = items.map(({ pk, sk, cohortKey, receivedAt }) => ({ pk, sk, cohortKey, receivedAt }) as never);
    units += queryUnits(entries, false);
    sample += items.length;
    if (sample >= 20_000) break;
  }
  return (units / sample) * REFERRALS;
}

const [, , role, file = '', configFile = ''] = process.argv;
if (role === 'measure') {
  const { readFileSync } = await import('node:fs');
  measure(file, JSON.parse(readFileSync(configFile, 'utf8')));
} else {
  const folder = process.env.KEEP ?? mkdtempSync(join(tmpdir(), 'loopwatch-bench-'));
  try {
    const packed = join(folder, 'states');
    const { writeFileSync } = await import('node:fs');
    writeFileSync(join(folder, 'config.json'), JSON.stringify(write(packed)));
    const own = [...process.execArgv, SELF, 'measure', packed, join(folder, 'config.json')];
    const oneCore = spawnSync('taskset', ['--version']).status === 0;
    const command = oneCore ? ['taskset', '-c', '0', process.execPath, ...own] : [process.execPath, ...own];
    const measured = JSON.parse(execFileSync(command[0] as string, command.slice(1), { encoding: 'utf8' }));
    console.log({ ...measured, readUnits: Math.round(readUnits(packed)), itemBytes: itemSize({}) });
    if (measured.seconds > GOAL.seconds || measured.megabytes > GOAL.megabytes) process.exitCode = 1;
  } finally {
    if (!process.env.KEEP) rmSync(folder, { recursive: true, force: true });
  }
}
