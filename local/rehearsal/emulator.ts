import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Children } from './children.ts';
import type { Endpoint } from './endpoint.ts';
import { eventually } from './eventually.ts';
import type { Installed } from './install.ts';

const PROGRAM = fileURLToPath(new URL('./emulator.py', import.meta.url));
const START_SECONDS = 60;

/**
 * Starts the emulator on a free loopback port and waits until it listens. It enforces IAM: functions run under the
 * roles of the stacks, and a call that their policies don't allow is denied. It uses TLS, as the policies of buckets
 * and queues deny anything else.
 */
export async function startEmulator(
  children: Children,
  { python }: Installed,
  { folder, account, region, env }: { folder: string; account: string; region: string; env: NodeJS.ProcessEnv },
): Promise<Endpoint> {
  const port = await freePort();
  const certificate = join(folder, 'ministack-tls', 'server.crt');
  const settings = {
    AUTH: 'true',
    USE_SSL: '1',
    GATEWAY_PORT: String(port),
    BIND_HOST: '127.0.0.1',
    MINISTACK_ACCOUNT_ID: account,
    MINISTACK_REGION: region,
    // Its certificate, its process id and its copies of the functions go to the folder that is removed.
    TMPDIR: folder,
    // Functions inherit this environment. With another certificate they would not trust the emulator.
    NODE_EXTRA_CA_CERTS: certificate,
  };
  const child = children.start({
    name: 'emulator',
    command: python,
    args: [PROGRAM],
    env: { ...env, ...settings },
    cwd: folder,
  });
  const endpoint = {
    url: `https://127.0.0.1:${port}`,
    account,
    region,
    certificate,
  };
  await eventually('the emulator is up', START_SECONDS, async () => {
    if (child.exitCode !== null) throw new Error(`the emulator ended with ${child.exitCode}`);
    return (await listens(port)) ? null : 'nothing listens yet';
  });
  return endpoint;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (typeof address !== 'object' || address === null) throw new Error('no free port to be had');
  return address.port;
}

async function listens(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
