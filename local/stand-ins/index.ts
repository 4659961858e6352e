import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { serveOwnTables } from './own-tables.ts';

const SERVER = fileURLToPath(new URL('./server.ts', import.meta.url));

export const STAND_INS = ['dynamodb', 'sqs', 'ses'] as const;
/** The services that have a stand-in: fauxqs for SQS and SNS, `./local-ses.ts` for SES, a `Database` for DynamoDB. */
export type StandIn = (typeof STAND_INS)[number];

/**
 * What stands in for DynamoDB: tables in memory, which clients of this process ask without a network (`newDynamoClient`), or
 * dynalite, which was made by others from what AWS answers. Both give the same answers (ADR 0005).
 */
export type Database = 'memory' | 'dynalite';

export interface StandIns<Name extends StandIn = StandIn> {
  endpoints: Record<Name, string>;
  /** Ends the stand-ins and what they hold. Repeated calls do nothing. */
  stop(): Promise<void>;
}

export interface StandInOptions<Name extends StandIn> {
  /** Which stand-ins to start; all by default. */
  only?: readonly Name[];
  /** Endpoints to use instead of a stand-in, see `endpointOverrides`. */
  overrides?: Partial<Record<StandIn, string>>;
  /** `memory` by default. */
  database?: Database;
}

/** The endpoints that an environment names in DYNAMODB_ENDPOINT, SQS_ENDPOINT and SES_ENDPOINT. */
export function endpointOverrides(environment: Record<string, string | undefined>): Partial<Record<StandIn, string>> {
  const named = STAND_INS.map((name) => [name, environment[`${name.toUpperCase()}_ENDPOINT`]] as const);
  return Object.fromEntries(named.filter(([, endpoint]) => endpoint));
}

/**
 * Starts the stand-ins on free loopback ports: tables in memory in this process, the others in one child process, so that
 * they and the handlers share two cores. The child ends with this process. They keep this process alive, so they have to
 * be stopped.
 */
export async function startStandIns<Name extends StandIn = StandIn>(
  options: StandInOptions<Name> = {},
): Promise<StandIns<Name>> {
  const { only = STAND_INS, overrides = {}, database = 'memory' } = options;
  const given = Object.fromEntries(only.filter((name) => overrides[name]).map((name) => [name, overrides[name]]));
  const missing = only.filter((name) => !overrides[name]);
  const inMemory = database === 'memory' && missing.some((name) => name === 'dynamodb');
  const [tables, others] = await Promise.all([
    inMemory ? serveOwnTables() : null,
    startOthers(missing.filter((name) => !inMemory || name !== 'dynamodb')),
  ]);
  const endpoints = { ...given, ...others.endpoints, ...(tables && { dynamodb: tables.endpoint }) };
  return {
    endpoints: endpoints as Record<Name, string>,
    stop: async () => {
      await Promise.all([tables?.close(), others.stop()]);
    },
  };
}

interface Others {
  endpoints: Partial<Record<StandIn, string>>;
  stop(): Promise<void>;
}

async function startOthers(names: readonly StandIn[]): Promise<Others> {
  if (names.length === 0) return { endpoints: {}, stop: async () => {} };
  // An empty environment: no AWS_* that would change names. No loader: Node
  // strips the child's types, which Node 22 and the first of 24 call an experiment, as they do SQLite.
  const execArgv = ['--disable-warning=ExperimentalWarning'];
  const child = fork(SERVER, names, { env: {}, execArgv, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  return { endpoints: await reported(child), stop: () => stopped(child) };
}

async function reported(child: ChildProcess): Promise<Partial<Record<StandIn, string>>> {
  const failed = once(child, 'exit').then(([code]) => {
    throw new Error(`the local stand-ins ended with status ${code} before they were ready`);
  });
  const [message] = await Promise.race([once(child, 'message'), failed]);
  // From here on an exit comes from `stop` or from the end of this process.
  failed.catch(() => {});
  return (message as { endpoints: Partial<Record<StandIn, string>> }).endpoints;
}

async function stopped(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  if (child.connected) child.disconnect();
  await exit;
}
