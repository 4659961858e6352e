// The child process of ./index.ts: listens on free loopback ports, reports them over IPC and ends with its parent.

import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HOUR_MS } from '../../shared/contracts/duration.ts';
import type { StandIn } from './index.ts';

const HOST = '127.0.0.1';
// Longer than any pause between two requests. A connection that is closed while the SDK reuses it looks like a lost
// answer, after which a mail must not be sent again.
const KEEP_ALIVE_MILLISECONDS = HOUR_MS;

const starters: Record<StandIn, () => Promise<Server>> = {
  async dynamodb() {
    const { default: dynalite } = await import('dynalite');
    const server = dynalite({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, HOST, () => resolve(server));
    });
  },
  async sqs() {
    const { buildApp } = await import('fauxqs');
    // startFauxqs listens on every interface, whatever host it is given.
    const app = buildApp({ logger: false });
    await app.listen({ host: HOST, port: 0 });
    return app.server;
  },
  async ses() {
    // It is a CommonJS module: the default export is the module, and its `default` is the function.
    const { default: module } = await import('aws-ses-v2-local');
    return module.default({ host: HOST, port: 0 });
  },
};

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
