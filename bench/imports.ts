/**
 * What a cold start loads: the size of each deployed bundle, and how long its import takes as a ratio to that of a bundle
 * that holds a bare DynamoDB client, built with the same settings and imported in turn with it in the same run.
 *
 *     npm run bench -- imports [runs]
 */
import { importedBundles, importRatio, median } from './imports/bundles.ts';
import { goal, writeResults } from './results.ts';

const RUNS = Number(process.argv[2] ?? 15);
const MOST_INGEST = 1.45;

const bundles = await importedBundles(RUNS);
for (const bundle of bundles) {
  const { name, kilobytes, importMs } = bundle;
  const figures = [
    kilobytes.toFixed(0).padStart(7),
    ' KB',
    median(importMs).toFixed(0).padStart(6),
    ' ms',
    importRatio(bundle, bundles).toFixed(2).padStart(7),
  ];
  console.log(name.padEnd(20) + figures.join(''));
}
const ingest = bundles.find(({ name }) => name === 'ingest-events');
if (!ingest) throw new Error('the templates have no function ingest-events');
const ratio = importRatio(ingest, bundles);
writeResults([goal('import of ingest-events', 'ratio', MOST_INGEST, ratio, 'a bare DynamoDB client, same settings')]);
