#!/usr/bin/env node
// Runs an npm package's command, or a script, on the Node version that Lambda runs (nodejs24.x), whatever `node` is
// installed. The binary comes from npm as a locked optional dependency; ./choose-node.mjs says what else will do.
// `NAME=value` before the command sets a variable, which shells don't do alike.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { constants } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chooseNode } from './choose-node.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const require = createRequire(import.meta.url);

/** The path of the Node that runs Loopwatch. If there is none, says what to do and exits with 1. */
export function lambdaNode() {
  const { version, platform, arch } = process;
  const musl = platform === 'linux' && process.report.getReport().header.glibcVersionRuntime === undefined;
  const { binary, missing } = chooseNode({ version, platform, arch, musl }, binaryIn);
  if (missing !== undefined) {
    console.error(missing);
    process.exit(1);
  }
  return binary ?? process.execPath;
}

function binaryIn(name) {
  try {
    const folder = dirname(require.resolve(`${name}/package.json`));
    return [join(folder, 'bin', 'node'), join(folder, 'bin', 'node.exe')].find((path) => existsSync(path)) ?? null;
  } catch {
    return null;
  }
}

/** Runs `args` under Lambda's Node and exits with its status; signals are passed on. */
export function runUnderLambdaNode(args, options = {}) {
  const node = lambdaNode();
  const path = `${dirname(node)}${delimiter}${process.env.PATH ?? ''}`;
  const child = spawn(node, args, { stdio: 'inherit', env: { ...process.env, PATH: path }, ...options });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => process.exit(signal ? 128 + constants.signals[signal] : (code ?? 1)));
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

const assignment = (word = '') => /^(?<name>[A-Z_]+)=(?<value>.*)$/s.exec(word)?.groups;

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const words = process.argv.slice(2);
  for (let set = assignment(words[0]); set; set = assignment(words[0])) {
    process.env[set.name] = set.value;
    words.shift();
  }
  const [command, ...rest] = words;
  runUnderLambdaNode(command?.startsWith('-') ? [command, ...rest] : [commandScript(command), ...rest]);
}
