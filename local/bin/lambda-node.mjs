#!/usr/bin/env node
// Runs an npm package's command, or a script, on the Node version that Lambda runs (nodejs24.x), whatever `node` is
// installed. The binary comes from npm as a locked optional dependency. On a platform without one, the installed `node`
// is used if it is new enough.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const LAMBDA_MAJOR = 24;
const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const require = createRequire(import.meta.url);

/** The path of a Node binary of Lambda's major version. If there is none, says why and exits with 1. */
export function lambdaNode() {
  if (Number(process.versions.node.split('.')[0]) === LAMBDA_MAJOR) return process.execPath;
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  try {
    const folder = dirname(require.resolve(`node-${platform}-${process.arch}/package.json`));
    const binary = [join(folder, 'bin', 'node'), join(folder, 'bin', 'node.exe')].find((path) => existsSync(path));
    if (binary) return binary;
  } catch {
    // No binary package for this platform: fall through to the installed one.
  }
  if (Number(process.versions.node.split('.')[0]) > LAMBDA_MAJOR) return process.execPath;
  console.error(
    `Loopwatch runs on Node ${LAMBDA_MAJOR}; this is ${process.version} and no binary package is installed.`,
  );
  process.exit(1);
}

/** Runs `args` under Lambda's Node and exits with its status; signals are passed on. */
export function runUnderLambdaNode(args, options = {}) {
  const node = lambdaNode();
  const path = `${dirname(node)}${delimiter}${process.env.PATH ?? ''}`;
  const child = spawn(node, args, { stdio: 'inherit', env: { ...process.env, PATH: path }, ...options });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
}

function commandScript(command) {
  const candidates = [command, `@${command}/cli`, { depcruise: 'dependency-cruiser', cdk: 'aws-cdk' }[command]];
  for (const name of candidates.filter(Boolean)) {
    const manifest = join(root, 'node_modules', name, 'package.json');
    if (!existsSync(manifest)) continue;
    const { bin } = JSON.parse(readFileSync(manifest, 'utf8'));
    const script = typeof bin === 'string' ? bin : bin?.[command];
    if (script) return join(root, 'node_modules', name, script);
  }
  return command;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [command, ...rest] = process.argv.slice(2);
  runUnderLambdaNode(command?.startsWith('-') ? [command, ...rest] : [commandScript(command), ...rest]);
}
