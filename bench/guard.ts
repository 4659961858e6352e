/**
 * Fails if what a cold start loads or what an event costs has grown by more than 5% over the committed figures.
 *
 *     npm run bench -- guard            compares
 *     npm run bench -- guard --update   accepts the figures of this checkout
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { type Figures, grownFigures } from './guard/figures.ts';
import { importedBundles, importRatio } from './imports/bundles.ts';
import { backfill, idleDay, play } from './units/play.ts';
import { recordedStream } from './units/stream.ts';
import { total } from './units/tally.ts';

const COMMITTED = new URL('./results/guard.json', import.meta.url);
const BATCH = 10;
const IMPORTS = 11;
/** Times are noisy: only what has grown in each of so many measurements has grown. */
const TRIES = 3;

const rounded = (value: number): number => Math.round(value * 1000) / 1000;

async function units(): Promise<Figures> {
  const stream = await recordedStream(1000);
  const events = stream.arrivals.length;
  const played = await play(stream, BATCH);
  const filled = await backfill(stream, BATCH);
  const idle = await idleDay(stream);
  return {
    'write units an event': rounded(total(played.writes) / events),
    'read units an event': rounded(total(played.reads) / events),
    'write units an event of a backfill': rounded(total(filled.writes) / events),
    'read units a day of idle schedules': rounded(total(idle.reads)),
  };
}

async function loads(): Promise<Figures> {
  const bundles = await importedBundles(IMPORTS);
  return Object.fromEntries(
    bundles
      .filter(({ name }) => name !== 'bare')
      .flatMap((bundle) => [
        [`${bundle.name}: kilobytes of the bundle`, rounded(bundle.kilobytes)],
        [`${bundle.name}: import, against a bare client`, rounded(importRatio(bundle, bundles, fastest))],
      ]),
  );
}

/** Whatever else the machine does only makes an import slower. */
const fastest = (times: readonly number[]): number => Math.min(...times);

/** The smaller of each figure. */
function lesser(a: Figures, b: Figures): Figures {
  return Object.fromEntries(Object.entries(a).map(([name, value]) => [name, Math.min(value, b[name] ?? value)]));
}

let measured: Figures = { ...(await units()), ...(await loads()) };
if (process.argv.includes('--update')) {
  writeFileSync(COMMITTED, `${JSON.stringify(measured, null, 2)}\n`);
  console.log(`${Object.keys(measured).length} figures written to bench/results/guard.json`);
} else {
  const committed = JSON.parse(readFileSync(COMMITTED, 'utf8')) as Figures;
  for (let tries = 1; tries < TRIES && grownFigures(committed, measured).length > 0; tries += 1) {
    measured = lesser(measured, { ...measured, ...(await loads()) });
  }
  const grown = grownFigures(committed, measured);
  for (const sentence of grown) console.error(sentence);
  if (grown.length > 0) {
    console.error('If that is meant, accept it with `npm run bench -- guard --update` and say why in the commit.');
    process.exitCode = 1;
  } else {
    console.log(`${Object.keys(measured).length} figures: none has grown by more than 5%`);
  }
}
