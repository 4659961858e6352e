import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { cruise, type ICruiseResult, type IForbiddenRuleType } from 'dependency-cruiser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const { forbidden } = createRequire(import.meta.url)('../.dependency-cruiser.cjs') as {
  forbidden: IForbiddenRuleType[];
};

/** Which rooms each room may import, written down a second time, apart from the rules. */
const MAY_IMPORT: Record<string, string[]> = {
  'shared/contracts': [],
  'shared/domain/statistics': ['shared/contracts'],
  'shared/domain/time': ['shared/contracts'],
  'shared/domain/referral': ['shared/contracts', 'shared/domain/time'],
  'shared/domain/alert': ['shared/contracts', 'shared/domain/time', 'shared/domain/referral'],
  'shared/domain/practice': [
    'shared/contracts',
    'shared/domain/time',
    'shared/domain/referral',
    'shared/domain/statistics',
  ],
  'shared/domain/mail': [
    'shared/contracts',
    'shared/domain/time',
    'shared/domain/referral',
    'shared/domain/alert',
    'shared/domain/practice',
  ],
  'shared/domain/report': [
    'shared/contracts',
    'shared/domain/time',
    'shared/domain/referral',
    'shared/domain/practice',
    'shared/domain/statistics',
  ],
  'shared/platform': ['shared/contracts'],
  'shared/intake': ['shared/contracts', 'shared/domain/*'],
  'shared/store': ['shared/contracts', 'shared/domain/*', 'shared/platform'],
  'shared/mail': ['shared/contracts', 'shared/domain/*', 'shared/platform'],
  'functions/one': ['shared/*'],
  'functions/other': ['shared/*'],
  infra: [],
  local: ['shared/*', 'functions/*', 'infra'],
  bench: ['shared/*', 'functions/*', 'infra', 'local'],
};
const ROOMS = Object.keys(MAY_IMPORT);
const isAllowed = (from: string, to: string): boolean =>
  (MAY_IMPORT[from] ?? []).some((room) => (room.endsWith('*') ? to.startsWith(room.slice(0, -1)) : to === room));
const planted = (room: string): string => `${room}/planted.ts`;
const arrow = (from: string, to: string): string => `${from} -> ${to}`;

describe('an import between two rooms that is planted', () => {
  const folder = mkdtempSync(join(tmpdir(), 'planted-'));
  let refused: Set<string>;

  const plant = (path: string, content: string): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  };

  /** One file for each arrow, so that no two of them make a circle. */
  beforeAll(async () => {
    for (const room of ROOMS) plant(planted(room), 'export const planted = 1;\n');
    for (const [number, from] of ROOMS.entries()) {
      for (const to of ROOMS) {
        const up = '../'.repeat(from.split('/').length);
        plant(`${from}/to-${ROOMS.indexOf(to)}-of-${number}.ts`, `export * from '${up}${planted(to)}';\n`);
      }
    }
    const { output } = await cruise(['.'], {
      baseDir: folder,
      validate: true,
      ruleSet: { forbidden },
      tsPreCompilationDeps: true,
      enhancedResolveOptions: { extensions: ['.ts'] },
    });
    const { summary } = output as ICruiseResult;
    refused = new Set(summary.violations.map(({ from, to }) => arrow(dirname(from), dirname(to))));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each(ROOMS)('from %s passes only where it points down', (from) => {
    const others = ROOMS.filter((to) => to !== from);
    const expected = others.filter((to) => !isAllowed(from, to));
    expect(others.filter((to) => refused.has(arrow(from, to)))).toEqual(expected);
    expect(refused.has(arrow(from, from))).toBe(false);
  });
});
