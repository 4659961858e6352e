// The child process of ./index.ts: listens on free loopback ports, reports them over IPC and ends with its parent.

import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HOUR_MS } from '../../shared/contracts/duration.ts';
import type { StandIn } from './index.ts';
import { createLocalSes } from './local-ses.ts';

const HOST = '127.0.0.1';
// Longer than any pause between two requests. A connection that is closed while the SDK reuses it looks like a lost
// answer, after which a mail must not be sent again.
const KEEP_ALIVE_MILLISECONDS = HOUR_MS;

const starters: Record<StandIn, () => Promise<Server>> = {
  async dynamodb() {
    const { default: dynalite } = await import('dynalite');
    return listening(dynalite({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 }));
  },
  async sqs() {
    const { buildApp } = await import('fauxqs');
    // startFauxqs listens on every interface, whatever host it is given.
    const app = buildApp({ logger: false });
    await app.listen({ host: HOST, port: 0 });
    return app.server;
  },
  ses: () => listening(createLocalSes()),
};

async function listening(server: Server): Promise<Server> {
  server.listen(0, HOST);
  await once(server, 'listening');
  return server;
}

async function start(wanted: StandIn[]): Promise<void> {
  const started = wanted.map(async (name) => {
    const server = await starters[name]();
    server.keepAliveTimeout = KEEP_ALIVE_MILLISECONDS;
    return [name, `http://${HOST}:${(server.address() as AddressInfo).port}`];
  });
  // If the parent has already ended, 'disconnect' ends this process.
  process.send?.({ endpoints: Object.fromEntries(await Promise.all(started)) }, () => {});
}

process.on('disconnect', () => process.exit(0));
// A terminal sends these signals to the whole group, but the parent decides when this process ends.
process.on('SIGINT', () => {});
await start(process.argv.slice(2) as StandIn[]);
