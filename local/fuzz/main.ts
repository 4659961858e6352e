/**
 * Fuzzes the deployed functions, in memory:
 *
 *     npm run fuzz -- --messages 20000 --seed 7
 *
 * Prints the seed, what became of the messages and what was made of them; and what must not be, with the fewest messages
 * that were found to bring it out. Exits with 1 then.
 */
import { parseArgs } from 'node:util';
import { fuzz, smallest } from './fuzz.ts';
import { fuzzPlan } from './plan.ts';

const MOST_SHOWN = 20;
const MOST_CHARACTERS = 2_000;

const { values } = parseArgs({
  options: {
    messages: { type: 'string', default: '20000' },
    weeks: { type: 'string', default: '3' },
    seed: { type: 'string', default: String(process.pid) },
    shrink: { type: 'boolean', default: false },
  },
});
const [messages, weeks, seed] = [values.messages, values.weeks, values.seed].map(Number) as [number, number, number];
console.log(`seed ${seed}: ${messages} messages over ${weeks} weeks`);
const plan = fuzzPlan({ messages, weeks, seed });
const { findings, ...counts } = await fuzz(plan, (done) =>
  console.error(`${Math.round(performance.now() / 1000)} s: ${done}`),
);
console.log(JSON.stringify({ seed, ...counts, findings: findings.length }, null, 2));
for (const { kind, detail, body } of findings.slice(0, MOST_SHOWN)) {
  console.error(`${kind}: ${detail}`);
  if (body !== undefined) console.error(`  ${body.slice(0, MOST_CHARACTERS)}`);
}
const [first] = findings;
if (first !== undefined) {
  process.exitCode = 1;
  if (values.shrink) {
    const left = await smallest(plan, first.kind);
    console.error(`"${first.kind}" comes with ${left.length} fuzzed messages:`);
    for (const { body, attributes } of left.slice(0, MOST_SHOWN)) {
      console.error(JSON.stringify({ body: body.slice(0, MOST_CHARACTERS), attributes }));
    }
  } else console.error('With --shrink it looks for the fewest messages that bring the first of these out.');
}
