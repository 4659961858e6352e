// Lets this process import the checkout's TypeScript.
import module, { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(import.meta.dirname, '..', '..');

/**
 * Node strips the types of .ts itself; esbuild compiles .tsx. What V8 compiled is kept for the next command, which then
 * starts in half the time. Where Node can't do that yet, tsx goes through every module, those of packages too.
 */
export async function runTypeScript() {
  if (process.features.typescript && loadsPackagesUnderHooks(process.version)) {
    module.enableCompileCache(join(root, '.loopwatch', 'cache', 'compiled'));
    module.registerHooks({ load: loadTsx });
  } else {
    // Otherwise it takes the tsconfig.json of the current folder and compiles JSX differently.
    process.env.TSX_TSCONFIG_PATH ??= join(root, 'tsconfig.json');
    await import('tsx');
  }
}

/** Older ones give CommonJS other exports once there is a hook, and warn of stripping types. */
function loadsPackagesUnderHooks(version) {
  const [major, minor] = version.slice(1).split('.').map(Number);
  return major > 25 || (major === 25 && minor >= 2) || (major === 24 && minor >= 12);
}

let compiled;
function loadTsx(url, context, next) {
  if (!url.endsWith('.tsx')) return next(url, context);
  compiled ??= compileTsx();
  return { format: 'module', source: compiled.get(fileURLToPath(url)), shortCircuit: true };
}

/** All at once: starting esbuild takes longer than what it does. The product's .tsx is all in `shared`. */
function compileTsx() {
  const { outputFiles } = createRequire(import.meta.url)('esbuild').buildSync({
    absWorkingDir: root,
    entryPoints: ['shared/**/*.tsx'],
    outExtension: { '.js': '.tsx' },
    outdir: 'shared',
    outbase: 'shared',
    allowOverwrite: true,
    write: false,
    format: 'esm',
    jsx: 'automatic',
  });
  return new Map(outputFiles.map(({ path, text }) => [path, text]));
}
