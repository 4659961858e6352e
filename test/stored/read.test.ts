import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { makeStored } from '../../local/stored/make-stored.ts';
import { openStored } from '../../local/stored/stored-file.ts';
import { silentLog } from '../../shared/platform/logger.ts';
import { itemKinds } from '../local/docs/data-model-page.ts';
import { OPERATIONS_READERS } from './operations-readers.ts';
import type { Reader } from './reader.ts';
import { REFERRAL_READERS } from './referral-readers.ts';
import { kinded, releases, storedBy } from './stores.ts';

/** What earlier releases stored is read by this one: every item, and all that it says. */

const READERS: Readonly<Record<string, Reader>> = { ...REFERRAL_READERS, ...OPERATIONS_READERS };
const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

describe.each(releases())('what %s stored', (release) => {
  const stored = storedBy(release);
  const byKind = Map.groupBy(kinded(stored), ({ kind }) => kind);

  it('is what its name says', () => {
    expect(stored.release).toBe(release);
  });

  it.each([...byKind.keys()].sort())('is read whole: %s', async (kind) => {
    const stage = await openStored(stored, silentLog);
    const others = await stage.items(kind.startsWith('referrals ') ? 'referrals' : 'operations');
    const reader = READERS[kind];
    if (!reader) throw new Error(`nothing here reads ${kind}`);
    for (const { item } of byKind.get(kind) ?? []) {
      const { read, said } = await reader(item, stage, others);
      if (typeof said === 'object' && said !== null) expect(read).toMatchObject(said);
      else expect(read).toEqual(said);
    }
  });
});

describe('what is kept of releases', () => {
  it('is there of this one: `npm run stored` keeps it', () => {
    // A release that only mends stores nothing new.
    expect(releases()).toContain(version.replace(/\d+$/, '0'));
  });

  it('will hold every kind of item, when it is next made', async () => {
    const kinds = new Set(kinded(await makeStored(version)).map(({ kind }) => kind));
    expect(itemKinds().filter((kind) => !kinds.has(kind))).toEqual([]);
    expect(Object.keys(READERS).sort()).toEqual(itemKinds().sort());
  });
});
