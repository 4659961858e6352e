import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const TAIL_LINES = 25;
const PATIENCE_MS = 5_000;

/** A command of the rehearsal that failed; the message has the end of its log. */
export class ChildError extends Error {
  override readonly name = 'ChildError';
}

export interface Command {
  /** Names the log: `<name>.log`. */
  name: string;
  command: string;
  args: readonly string[];
  env: NodeJS.ProcessEnv;
  cwd: string;
}

/** Every process that a rehearsal starts: each in a group of its own, logging to a file, all ended by `end`. */
export class Children {
  readonly #running = new Set<ChildProcess>();
  readonly #logs: string;
  #ended = false;

  /** @param logs the folder for the logs; it exists */
  constructor(logs: string) {
    this.#logs = logs;
  }

  logOf(name: string): string {
    return join(this.#logs, `${name}.log`);
  }

  /** Starts a process; what it prints goes to its log, or where `piped` to its streams. */
  start({ name, command, args, env, cwd }: Command, piped = false): ChildProcess {
    if (this.#ended) throw new ChildError(`${name}: not started, the rehearsal is ending`);
    const log = openSync(this.logOf(name), 'a');
    try {
      const stdio = piped ? (['pipe', 'pipe', log] as const) : (['ignore', log, log] as const);
      const child = spawn(command, args, { env, cwd, detached: true, stdio: [...stdio] });
      this.#running.add(child);
      child.once('close', () => this.#running.delete(child));
      return child;
    } finally {
      closeSync(log);
    }
  }

  /** Runs a command to its end. Throws ChildError where it can't be started or doesn't end with 0. */
  run(command: Command): Promise<void> {
    const child = this.start(command);
    return new Promise((resolve, reject) => {
      child.once('error', (error) => reject(new ChildError(`${command.name}: ${error.message}`)));
      child.once('close', (code, signal) => {
        if (code === 0) resolve();
        else reject(new ChildError(`${command.name} ended with ${signal ?? code}:\n${this.tail(command.name)}`));
      });
    });
  }

  /** The last lines of a log. */
  tail(name: string): string {
    return readFileSync(this.logOf(name), 'utf8').trimEnd().split('\n').slice(-TAIL_LINES).join('\n');
  }

  /** Ends every process that is still running, with all that it started; nothing is started afterwards. */
  async end(): Promise<void> {
    this.#ended = true;
    await Promise.all([...this.#running].map(endGroup));
  }
}

async function endGroup(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const closed = new Promise((resolve) => child.once('close', resolve));
  signalGroup(child.pid, 'SIGTERM');
  const patience = setTimeout(signalGroup, PATIENCE_MS, child.pid, 'SIGKILL');
  await closed;
  clearTimeout(patience);
  // What the leader of the group had started and left behind.
  signalGroup(child.pid, 'SIGKILL');
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
