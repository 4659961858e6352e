import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

export interface Outcome {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Waits until a process with its output in pipes has ended. Throws if it could not be started. */
export async function outcomeOf(child: ChildProcess): Promise<Outcome> {
  if (!child.stdout || !child.stderr) throw new Error('its output is not in pipes');
  const [[code], stdout, stderr] = await Promise.all([once(child, 'close'), text(child.stdout), text(child.stderr)]);
  return { code, stdout, stderr };
}
