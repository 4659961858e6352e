/**
 * Plays weeks of simulated organizations with faults in every client of AWS, in memory, and compares what they leave with
 * the same weeks without:
 *
 *     npm run soak -- --seeds 200 --referrals 100 --weeks 8 --from 1
 *
 *     npm run soak -- --stand-ins --seeds 3 --referrals 1000
 *     npm run soak -- --history 20000
 *
 * The second has the faults on the stand-ins of DynamoDB, SQS and SES, over HTTP, and takes minutes a seed. The third
 * takes in two years of so many referrals before an organization goes live, and says what was told of them.
 *
 * Prints a line for each seed, so that a run that was stopped goes on from the next one (`--from`); then the faults by
 * kind, and what was lost and doubled. Exits with 1 if anything isn't as it must be (`compare.ts`).
 */
import { parseArgs } from 'node:util';
import { goLive } from './go-live.ts';
import { soak } from './soak.ts';
import type { OpenStage } from './soak-stage.ts';
import { StandInStage } from './stand-in-stage.ts';

const MOST_SHOWN = 10;

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '200' },
    referrals: { type: 'string', default: '100' },
    weeks: { type: 'string', default: '8' },
    from: { type: 'string', default: '1' },
    history: { type: 'string' },
    'stand-ins': { type: 'boolean', default: false },
  },
});
const [seeds, referrals, weeks, from] = [values.seeds, values.referrals, values.weeks, values.from].map(Number) as [
  number,
  number,
  number,
  number,
];
if (values.history !== undefined) {
  const live = await goLive({ referrals: Number(values.history), weeks: 104, seed: from });
  console.log(JSON.stringify(live, null, 2));
  process.exit(live.mailedBefore + live.alertsOfHistory + live.rowsOfHistory > 0 ? 1 : 0);
}
const open: OpenStage | undefined = values['stand-ins'] ? StandInStage.open : undefined;
const faults: Record<string, number> = {};
const totals = {
  seeds: 0,
  faults: 0,
  mails: 0,
  lost: 0,
  doubled: 0,
  differences: 0,
  foundOtherwise: 0,
  reportsOtherwise: 0,
};
for (let seed = from; seed < from + seeds; seed += 1) {
  const { differences, happened, mails, ...soaked } = await soak({ referrals, weeks, seed }, open);
  const count = Object.values(soaked.faults).reduce((sum, each) => sum + each, 0);
  for (const [name, each] of Object.entries(soaked.faults)) faults[name] = (faults[name] ?? 0) + each;
  const line = {
    seeds: 1,
    faults: count,
    mails,
    lost: happened.lost.length,
    doubled: soaked.doubled,
    differences: differences.length,
    foundOtherwise: soaked.foundOtherwise,
    reportsOtherwise: soaked.reportsOtherwise,
  };
  for (const name of Object.keys(totals) as (keyof typeof totals)[]) totals[name] += line[name];
  console.log(
    JSON.stringify({
      seed,
      ...line,
      failedRuns: happened.failedRuns,
      deliveries: happened.deliveries,
      byKind: soaked.faults,
    }),
  );
  for (const { what, detail } of differences.slice(0, MOST_SHOWN)) console.error(`  seed ${seed}, ${what}: ${detail}`);
}
console.log(JSON.stringify({ ...totals, byKind: faults }, null, 2));
if (totals.differences > 0) process.exitCode = 1;
