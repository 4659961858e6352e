import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import { formatInstant, type Instant, instantText, parseInstant } from '../../shared/contracts/instant.ts';
import { systemTime } from '../../shared/platform/time-source.ts';

/** The file by which commands in another terminal find a running local instance. */
const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const fileOf = (env: NodeJS.ProcessEnv): string => join(env.LOOPWATCH_HOME ?? join(ROOT, '.loopwatch'), 'local.json');

const schema = z.object({
  pid: z.int().positive(),
  endpoints: z.object({ dynamodb: z.url(), sqs: z.url(), ses: z.url() }),
  queueUrl: z.url(),
  tables: z.object({ referrals: z.string(), operations: z.string() }),
  inboxUrl: z.string().nullable(),
  /** Its simulated time, and the machine's time at that moment. */
  time: z.object({ simulated: instantText, machine: instantText }),
});
export type Instance = z.output<typeof schema>;

export function writeInstance(instance: Omit<Instance, 'pid' | 'time'>, now: Instant): void {
  const time = { simulated: formatInstant(now), machine: formatInstant(systemTime.now()) };
  const file = fileOf(process.env);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify({ pid: process.pid, ...instance, time }, null, 2)}\n`);
}

/** Removes the file if this process wrote it; another instance's file stays. */
export function removeInstance(): void {
  if (readInstance()?.pid === process.pid) rmSync(fileOf(process.env));
}

/** The instance that runs on this machine. Null if there is none, or if it has ended without removing its file. */
export function readInstance(): Instance | null {
  let text: string;
  try {
    text = readFileSync(fileOf(process.env), 'utf8');
  } catch {
    return null;
  }
  const { data: instance } = schema.safeParse(parseJson(text));
  return instance && isAlive(instance.pid) ? instance : null;
}

/** As `readInstance`. Throws if none runs, with what to do, ending in `otherwise`. */
export function runningInstance(otherwise: string): Instance {
  const instance = readInstance();
  if (instance) return instance;
  throw new Error(
    `no local instance is running: start one with \`npx loopwatch demo\` in another terminal, ${otherwise}`,
  );
}

/** The current simulated time of an instance. */
export function instanceNow({ time: { simulated, machine } }: Instance): Instant {
  return (parseInstant(simulated) ?? 0) + systemTime.now() - (parseInstant(machine) ?? 0);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
