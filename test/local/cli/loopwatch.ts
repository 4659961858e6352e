import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type Outcome, outcomeOf } from '../outcome.ts';

const BIN = fileURLToPath(new URL('../../../local/bin/loopwatch.mjs', import.meta.url));

/** Starts the command with its output in pipes. It looks for a running instance in `home`. */
export function start(args: readonly string[], home: string, more: NodeJS.ProcessEnv = {}, cwd = '.'): ChildProcess {
  const { NODE_ENV: _, ...rest } = process.env;
  const env = { ...rest, LOOPWATCH_HOME: home, ...more };
  return spawn(process.execPath, [BIN, ...args], { env, cwd, stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Runs the command to its end. `env` is added to the environment of this process; undefined removes a variable. */
export function loopwatch(
  args: readonly string[],
  home = '/nowhere',
  env: NodeJS.ProcessEnv = {},
  cwd = '.',
): Promise<Outcome> {
  return outcomeOf(start(args, home, env, cwd));
}
