import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { endpointOverrides, startStandIns } from '../../../local/stand-ins/index.ts';

const INDEX = fileURLToPath(new URL('../../../local/stand-ins/index.ts', import.meta.url));

function connects(endpoint: string, host?: string): Promise<boolean> {
  const { hostname, port } = new URL(endpoint);
  const socket = connect({ host: host ?? hostname, port: Number(port) });
  return new Promise((resolve) => {
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
  }).finally(() => socket.destroy()) as Promise<boolean>;
}

describe('the stand-ins', () => {
  it('answer on loopback only, and no longer once stopped', async () => {
    const { endpoints, stop } = await startStandIns();
    const addresses = Object.values(endpoints);
    expect(addresses).toHaveLength(3);
    expect(await Promise.all(addresses.map((endpoint) => connects(endpoint)))).toEqual([true, true, true]);
    const outside = Object.values(networkInterfaces())
      .flatMap((all) => all ?? [])
      .filter(({ internal, family }) => !internal && family === 'IPv4');
    for (const { address } of outside) {
      expect(await Promise.all(addresses.map((endpoint) => connects(endpoint, address)))).toEqual([
        false,
        false,
        false,
      ]);
    }
    await stop();
    await stop();
    expect(await Promise.all(addresses.map((endpoint) => connects(endpoint)))).toEqual([false, false, false]);
  });

  it('start only if asked for and without an endpoint given instead', async () => {
    const overrides = { dynamodb: 'http://127.0.0.1:8000', ses: 'http://127.0.0.1:8005' };
    const { endpoints, stop } = await startStandIns({ only: ['dynamodb', 'sqs'], overrides });
    expect(endpoints).toEqual({
      dynamodb: 'http://127.0.0.1:8000',
      sqs: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
    });
    await stop();
  });

  it('take endpoints from the environment', () => {
    const environment = { DYNAMODB_ENDPOINT: 'http://127.0.0.1:8000', SQS_ENDPOINT: '', HOME: '/' };
    expect(endpointOverrides(environment)).toEqual({ dynamodb: 'http://127.0.0.1:8000' });
  });

  it('end with the process that started them, however it ends', async () => {
    const script = `const { startStandIns } = await import(${JSON.stringify(INDEX)});
      console.log((await startStandIns({ only: ['sqs'] })).endpoints.sqs);`;
    const parent = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [output] = await once(parent.stdout, 'data');
    const endpoint = String(output).trim();
    expect(await connects(endpoint)).toBe(true);
    parent.kill('SIGKILL');
    await expect.poll(() => connects(endpoint), { timeout: 5000 }).toBe(false);
  });

  it('say why they do not start', async () => {
    const script = `const { startStandIns } = await import(${JSON.stringify(INDEX)});
      await startStandIns({ only: ['nonsense'] });`;
    const run = promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);
    await expect(run).rejects.toThrow('ended with status 1 before they were ready');
  });
});
