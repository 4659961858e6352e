/**
 * Runs one bench by its name: `npm run bench -- units`. What each measures stands at the head of its file.
 */
const BENCHES: Record<string, () => Promise<unknown>> = {
  units: () => import('./units.ts'),
  imports: () => import('./imports.ts'),
  guard: () => import('./guard.ts'),
  'report-scale': () => import('./report-scale.ts'),
  'ingest-memory': () => import('./ingest-memory.ts'),
  'signal-rate': () => import('./signal-rate.ts'),
  'declining-rate': () => import('./declining-rate.ts'),
};

const [name = ''] = process.argv.splice(2, 1);
const bench = BENCHES[name];
if (bench) {
  await bench();
} else {
  console.error(`npm run bench -- NAME, where NAME is one of ${Object.keys(BENCHES).join(', ')}`);
  process.exitCode = 2;
}
