/**
 * DynamoDB request units that the deployed functions consume, by function, kind of item and index: exact, by
 * `local/cost/model.ts`, over tables in memory.
 *
 *     npm run bench -- units
 */

import { goal, writeResults } from './results.ts';
import { backfill, idleDay, play } from './units/play.ts';
import { WrittenSizes, withGuids } from './units/sizes.ts';
import { recordedStream } from './units/stream.ts';
import { type Tally, total } from './units/tally.ts';

const BATCHES = [1, 10, 100];
const DEPLOYED_BATCH = 10;

const small = await recordedStream(1000);
const large = await recordedStream(4000);
const events = small.arrivals.length;

function table(heading: string, units: Tally['reads'], per: number): void {
  console.log(`\n${heading}: ${(total(units) / per).toFixed(2)} an event`);
  for (const [name, by] of [...units].toSorted(([a], [b]) => total(units, b) - total(units, a))) {
    console.log(`  ${name.padEnd(34)}${(total(units, name) / per).toFixed(3).padStart(8)}`);
    for (const [target, value] of [...by].toSorted(([, a], [, b]) => b - a)) {
      console.log(`    ${target.padEnd(32)}${(value / per).toFixed(3).padStart(8)}`);
    }
  }
}

const writes: number[] = [];
let smallReads = 0;
for (const batch of BATCHES) {
  const tally = await play(small, batch);
  console.log(`\n== ${events} messages, ingested ${batch} at a time: ${tally.requests} requests`);
  table('write units', tally.writes, events);
  table('read units', tally.reads, events);
  writes.push(total(tally.writes) / events);
  if (batch === DEPLOYED_BATCH) smallReads = total(tally.reads);
}

const much = await play(large, DEPLOYED_BATCH);
const slope = (total(much.reads) - smallReads) / (large.arrivals.length - events);
// What a digest or an operations mail of that day reads isn't the schedules'.
const idle = await idleDay(small);
table('\n== a day without anything: read units', idle.reads, 1);
const filled = await backfill(small, DEPLOYED_BATCH);
table('\n== backfill of whole histories, 10 at a time: write units', filled.writes, events);

const sizes = new WrittenSizes();
await play(withGuids(small), DEPLOYED_BATCH, (call) => sizes.add(call));
const percentiles = [0.5, 0.95, 0.99].map((share) => `${share * 100}%: ${sizes.quantile(share)}`);
console.log(`\n== bytes of a referral's item at a write, with GUIDs for ids: ${percentiles.join(', ')}`);

writeResults([
  ...BATCHES.map((batch, index) =>
    goal(`write units an event, batches of ${batch}`, 'write units', 7, writes[index] ?? Number.NaN),
  ),
  goal('read units an event, from 1,000 to 4,000 referrals', 'read units', 5, slope),
  goal('read units a day of idle schedules', 'read units', 600, total(idle.reads) - total(idle.reads, 'send-mail')),
  goal('write units an event of a backfill', 'write units', 2, total(filled.writes) / events),
  goal("writes of a referral's item over 1 KB, with GUIDs", 'percent', 5, 100 * sizes.overOneUnit()),
]);
