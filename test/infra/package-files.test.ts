import { execFile, execSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { copyingPackageFiles } from '../../infra/constructs/package-files.ts';
import { drawCharts } from '../../shared/mail/report/charts/draw-charts.tsx';
import { badWeek } from '../shared/mail/report-samples.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const WASM = '@resvg/resvg-wasm/index_bg.wasm';
const CALLER = `
  import { readFileSync } from 'node:fs';
  const { drawCharts } = await import(process.argv[1]);
  const started = performance.now();
  const charts = await drawCharts(JSON.parse(readFileSync(process.argv[2], 'utf8')));
  const firstMs = performance.now() - started;
  const pictures = Object.entries(charts).map(([name, png]) => [name, Buffer.from(png).toString('base64')]);
  console.log(JSON.stringify({ firstMs: Math.round(firstMs), pictures }));
`;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'loopwatch-charts-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('a bundle with the file beside it draws the same charts, without any node_modules', async () => {
  const outfile = join(folder, 'index.mjs');
  await build({
    entryPoints: [join(ROOT, 'shared/mail/report/charts/draw-charts.tsx')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    mainFields: ['module', 'main'],
    minify: true,
    keepNames: true,
    jsx: 'automatic',
    define: { 'process.env.NODE_ENV': '"production"' },
    banner: {
      js: "import { createRequire } from 'node:module';const require = createRequire(import.meta.url);",
    },
  });
  const { afterBundling } = copyingPackageFiles([WASM]);
  for (const command of afterBundling(ROOT, folder)) execSync(command, { cwd: folder });
  const report = badWeek();
  const file = join(folder, 'report.json');
  writeFileSync(file, JSON.stringify(report));
  const args = ['--input-type=module', '--eval', CALLER, outfile, file];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: folder });
  const { firstMs, pictures } = JSON.parse(stdout);
  const here = Object.entries(await drawCharts(report));
  expect(pictures).toEqual(here.map(([name, png]) => [name, Buffer.from(png).toString('base64')]));
  const kilobytes = (path: string): number => Math.round(statSync(path).size / 1024);
  console.table({
    charts: { bundleKb: kilobytes(outfile), wasmKb: kilobytes(join(folder, 'node_modules', WASM)), firstMs },
  });
});

it('a function without package files runs no command', () => {
  expect(copyingPackageFiles([]).afterBundling('in', 'out')).toEqual([]);
});
