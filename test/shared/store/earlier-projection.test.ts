import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readState, stateItem } from '../../../shared/store/referral-items.ts';
import { STATE_DICTIONARY } from '../../../shared/store/state-dictionary.ts';
import { storedState } from '../../builders/stored.ts';

/** What projections have held only since there are reports. */
const SINCE_REPORTS = [
  'practiceName',
  'providerNpi',
  'hasProvider',
  'hasEvidence',
  'noShows',
  'completed',
  'declines',
  'incompleteAtReceipt',
];

describe('a projection that was written before there were reports', () => {
  const { arrivedAt: _, ...item } = stateItem(storedState('R-1'), 1);
  const written = JSON.parse(
    inflateRawSync(item.state as Uint8Array, { dictionary: STATE_DICTIONARY }).toString(),
  ) as Record<string, unknown>;
  const earlier = Object.fromEntries(Object.entries(written).filter(([name]) => !SINCE_REPORTS.includes(name)));
  const read = readState({ ...item, state: deflateRawSync(JSON.stringify(earlier)) });

  it('is read as it was, with nothing in the fields that came later', () => {
    expect(Object.keys(earlier)).toHaveLength(Object.keys(written).length - SINCE_REPORTS.length);
    expect(read.state).toMatchObject(earlier);
    expect(read.state).toMatchObject({ noShows: [], completed: [], declines: [], practiceName: null });
    expect(Object.keys(read.state).sort()).toEqual(Object.keys(written).sort());
  });

  it('does not say when its last event arrived', () => {
    expect(read.arrivedAt).toBeNull();
  });

  it('is written again without an instant that nobody knows', () => {
    expect(stateItem(read, 1).arrivedAt).toBeUndefined();
  });
});
