import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ChildError, Children } from './children.ts';
import { CannotInstallError } from './install.ts';
import { type Options, readOptions, USAGE, UsageError } from './options.ts';
import { rehearse } from './rehearse.ts';

const LOGS = fileURLToPath(new URL('../../.loopwatch/rehearsal', import.meta.url));
const FAILED = 1;
const CANNOT_INSTALL = 2;
const WRONG_USAGE = 2;

const print = (line: string): void => console.log(line);

/** Runs a rehearsal, ends everything that it started, and returns the exit code. */
async function main({ logs, ...options }: Options): Promise<number> {
  rmSync(logs, { recursive: true, force: true });
  mkdirSync(logs, { recursive: true });
  const folder = mkdtempSync(join(tmpdir(), 'loopwatch-rehearsal-'));
  const children = new Children(logs);
  const interrupted = new Promise<never>((_, reject) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => reject(new Error(`interrupted by ${signal}`)));
    }
  });
  try {
    const rehearsal = rehearse(children, { ...options, folder, env: process.env, print });
    // After an interrupt it fails because its processes have ended. That failure is not reported.
    rehearsal.catch(() => {});
    const problems = await Promise.race([rehearsal, interrupted]);
    if (problems.length === 0) {
      print('\nThe rehearsal went well.');
      return 0;
    }
    console.error(`\nThe rehearsal failed, logs are in ${logs}:\n${problems.join('\n')}`);
    return FAILED;
  } catch (error) {
    if (error instanceof CannotInstallError) {
      console.error(`\nNo rehearsal on this machine: ${error.message}`);
      return CANNOT_INSTALL;
    }
    console.error(`\nThe rehearsal failed, logs are in ${logs}: ${(error as Error).message}`);
    if (!(error instanceof ChildError)) console.error(logTail(children));
    return FAILED;
  } finally {
    await children.end();
    rmSync(folder, { recursive: true, force: true });
  }
}

function logTail(children: Children): string {
  try {
    return `The end of ${children.logOf('emulator')}:\n${children.tail('emulator')}`;
  } catch {
    return 'The emulator has not been started.';
  }
}

try {
  const options = readOptions(process.argv.slice(2), LOGS);
  if (options.help) print(USAGE);
  else process.exitCode = await main(options);
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(`${error.message}\n\n${USAGE}`);
  process.exitCode = WRONG_USAGE;
}
// An interrupted rehearsal may still be waiting for something.
process.exit();
