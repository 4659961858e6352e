import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { BINARY_PACKAGES } from '../../../local/bin/choose-node.mjs';

interface Locked {
  os?: string | string[];
  cpu?: string | string[];
  libc?: string | string[];
  optionalDependencies?: Record<string, string>;
}

const read = (name: string) => readFileSync(new URL(`../../../${name}`, import.meta.url), 'utf8');
const { packages } = JSON.parse(read('package-lock.json')) as { packages: Record<string, Locked> };
const PLATFORMS: Record<string, string> = { Linux: 'linux', macOS: 'darwin', Windows: 'win32' };
/** `| Linux x64 musl | none: ... |` */
const rows = [
  ...read('docs/platforms.md').matchAll(/^\| (Linux|macOS|Windows) (\w+)( musl)? \| (.*?) \| all \|/gm),
].map(([, system = '', arch = '', musl, node = '']) => ({
  machine: `${system} ${arch}${musl ?? ''}`,
  os: PLATFORMS[system] ?? '',
  cpu: arch,
  libc: musl ? 'musl' : 'glibc',
  node,
}));

/** Whether a list of a package, such as `["linux"]` or `["!win32"]`, takes a machine. */
const takes = (list: string | string[] | undefined, value: string): boolean => {
  const named = [list ?? []].flat();
  const wanted = named.filter((entry) => !entry.startsWith('!'));
  return !named.includes(`!${value}`) && (wanted.length === 0 || wanted.includes(value));
};
const runsOn = ({ os, cpu, libc }: Locked, machine: (typeof rows)[number]): boolean =>
  takes(os, machine.os) && takes(cpu, machine.cpu) && (machine.os !== 'linux' || takes(libc, machine.libc));

/** Packages that bring a binary for each machine as optional packages, with these. */
const native = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) => {
  const binaries = Object.keys(optionalDependencies)
    .map((name) => packages[`${path}/node_modules/${name}`] ?? packages[`node_modules/${name}`])
    .filter((locked) => locked?.cpu !== undefined) as Locked[];
  return path !== '' && binaries.length > 0 ? [{ path, binaries }] : [];
});

describe('docs/platforms.md', () => {
  it('names every machine that npm has a Node for, and no other package', () => {
    const named = rows.flatMap(({ os, cpu, node }) => (node.startsWith('none') ? [] : [[`${os}-${cpu}`, node]]));
    const packaged = Object.entries(BINARY_PACKAGES).map(([machine, name]) => [machine, `\`${name}\``]);
    expect(named.sort()).toEqual(packaged.sort());
  });

  it('knows of packages with binaries', () => {
    expect(native.map(({ path }) => path)).toContain('node_modules/esbuild');
    expect(rows).toHaveLength(8);
  });

  it.each(rows)('is right that each of them has one for $machine', (row) => {
    const without = native.filter(({ binaries }) => !binaries.some((binary) => runsOn(binary, row)));
    expect(without.map(({ path }) => path)).toEqual([]);
  });
});
