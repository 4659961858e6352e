import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const BIN = fileURLToPath(new URL('../../../local/bin/loopwatch.mjs', import.meta.url));

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

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
): Promise<Ended> {
  const child = start(args, home, env, cwd);
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    stderr += chunk;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
}
