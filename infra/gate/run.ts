/**
 * `npm run gate` fails if the stacks would replace, remove or expose a stateful resource of the committed baseline and no
 * waiver in force allows it. `npm run gate -- --update` makes the current stacks the baseline, and refuses in the same
 * cases.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { synthesizeStacks } from '../templates.ts';
import { type Baseline, baselineOf, destructiveChanges } from './stateful.ts';
import { judge, parseWaivers } from './waivers.ts';

/** The stage of the baseline. Every stage has the same resources. */
const STAGE = 'gate';
const BASELINE = new URL('./baseline.json', import.meta.url);
const WAIVERS = new URL('./waivers.json', import.meta.url);

const { values } = parseArgs({ options: { update: { type: 'boolean', default: false } } });
const read = (file: URL): unknown => JSON.parse(readFileSync(file, 'utf8'));
const today = baselineOf(synthesizeStacks(STAGE));
const changes = destructiveChanges(read(BASELINE) as Baseline, today);
const { blocked, waived, expired, unused } = judge(changes, parseWaivers(read(WAIVERS)), Date.now());

for (const { stack, logicalId, type, change, detail } of blocked) {
  console.error(`blocked  ${change} of ${type} ${logicalId} in ${stack}: ${detail}`);
}
for (const { stack, logicalId, change, expires, reason } of expired) {
  console.error(`expired  waiver for ${change} of ${logicalId} in ${stack} ended on ${expires}: ${reason}`);
}
for (const { logicalId, change, detail } of waived) console.log(`waived   ${change} of ${logicalId}: ${detail}`);
for (const { logicalId, change } of unused) console.log(`unused   waiver for ${change} of ${logicalId}: remove it`);

if (blocked.length > 0 || expired.length > 0) {
  console.error(
    'The stacks would lose stored data. Undo the change, or, if nothing is lost, add a waiver with a last day to infra/gate/waivers.json.',
  );
  process.exitCode = 1;
} else {
  if (values.update) writeFileSync(BASELINE, `${JSON.stringify(today, null, 2)}\n`);
  const count = Object.values(today).reduce((sum, { Resources }) => sum + Object.keys(Resources).length, 0);
  console.log(`${count} stateful resources: ${values.update ? 'written to the baseline' : 'none lost'}`);
}
