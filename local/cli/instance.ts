import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { formatInstant, type Instant, instantText, parseInstant } from '../../shared/contracts/instant.ts';
import { systemTime } from '../../shared/platform/time-source.ts';

/** Where a running local instance can be found by commands in another terminal. */
const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const fileOf = (env: NodeJS.ProcessEnv): string => join(env.LOOPWATCH_HOME ?? join(ROOT, '.loopwatch'), 'local.json');

const schema = z.object({
  pid: z.int().positive(),
  endpoints: z.object({ dynamodb: z.url(), sqs: z.url(), ses: z.url() }),
  queueUrl: z.url(),
  tables: z.object({ referrals: z.string(), operations: z.string() }),
  inboxUrl: z.string().nullable(),
  /** Its simulated time, and when by the machine's clock that was. */
  clock: z.object({ simulated: instantText, machine: instantText }),
});
export type Instance = z.output<typeof schema>;

export function writeInstance(instance: Omit<Instance, 'pid' | 'clock'>, now: Instant): void {
  const clock = { simulated: formatInstant(now), machine: formatInstant(systemTime.now()) };
  const file = fileOf(process.env);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify({ pid: process.pid, ...instance, clock }, null, 2)}\n`);
}

/** Removes what this process has written; another instance's stays. */
export function removeInstance(): void {
  if (readInstance()?.pid === process.pid) rmSync(fileOf(process.env));
}

/** The instance that runs on this machine. Null: none does, or it ended without cleaning up. */
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

/** As `readInstance`; says what to do where none runs. */
export function runningInstance(otherwise: string): Instance {
  const instance = readInstance();
  if (instance) return instance;
  throw new Error(`no local instance is running: start one with \`loopwatch demo\` in another terminal, ${otherwise}`);
}

/** What time it is for an instance. */
export function instanceNow({ clock: { simulated, machine } }: Instance): Instant {
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
