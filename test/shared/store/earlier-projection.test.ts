import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { STATE_DICTIONARY } from '../../../shared/store/packing-dictionaries.ts';
import { readReferral, referralItem } from '../../../shared/store/referral-items.ts';
import { storedReferral } from '../../builders/stored.ts';

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

describe('a projection that was written before some of its fields came', () => {
  it('is read as it was, with nothing in the fields that came later', () => {
    const stored = storedReferral('R-1');
    const item = referralItem(stored, 1);
    const written = JSON.parse(
      inflateRawSync(item.state as Uint8Array, { dictionary: STATE_DICTIONARY }).toString(),
    ) as Record<string, unknown>;
    const earlier = Object.fromEntries(Object.entries(written).filter(([name]) => !SINCE_REPORTS.includes(name)));
    expect(Object.keys(earlier)).toHaveLength(Object.keys(written).length - SINCE_REPORTS.length);
    const { state } = readReferral({ ...item, state: deflateRawSync(JSON.stringify(earlier)) });
    expect(state).toMatchObject(earlier);
    expect(state).toMatchObject({ noShows: [], completed: [], declines: [], practiceName: null });
    expect(Object.keys(state).sort()).toEqual(Object.keys(stored.state).sort());
  });
});
