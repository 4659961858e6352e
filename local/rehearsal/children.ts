import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const TAIL_LINES = 25;
const PATIENCE_MS = 5_000;

/** A command of the rehearsal failed. The message has the end of its log. */
export class ChildError extends Error {
  override readonly name = 'ChildError';
}

export interface Command {
  /** Its log is `<name>.log`. */
  name: string;
  command: string;
  args: readonly string[];
  env: NodeJS.ProcessEnv;
  cwd: string;
}

/** The processes of a rehearsal. Each has its own process group and logs to a file; `end` ends all of them. */
export class Children {
  readonly #running = new Set<ChildProcess>();
  readonly #logs: string;
  #ended = false;

  /** @param logs an existing folder for the logs */
  constructor(logs: string) {
    this.#logs = logs;
  }

  logOf(name: string): string {
    return join(this.#logs, `${name}.log`);
  }

  /** Starts a process. Its output goes to its log; if `piped`, its standard output and input are streams. */
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

  /** Runs a command to its end. Throws ChildError if it can't be started or doesn't end with 0. */
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

  /** Ends every process that is still running, and all that it started. Nothing can be started afterwards. */
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
  // The leader of the group may have left processes behind.
  signalGroup(child.pid, 'SIGKILL');
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
