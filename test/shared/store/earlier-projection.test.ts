import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { STATE_DICTIONARY } from '../../../shared/store/packing-dictionaries.ts';
import { readReferral, referralItem } from '../../../shared/store/referral-items.ts';
import { storedReferral } from '../../builders/stored.ts';

/** What projections have held only since there are reports, and since version 2 of the contract. */
const CAME_LATER = [
  ...['practiceName', 'providerNpi', 'hasProvider', 'hasEvidence', 'noShows', 'completed', 'declines'],
  ...['incompleteAtReceipt', 'over', 'lastNumberWrong', 'callbackAt', 'laterNotes', 'noteBeforeReferral'],
  'newsAfterEnd',
  'lastEvent',
];

const packed = (state: object) => deflateRawSync(JSON.stringify(state), { dictionary: STATE_DICTIONARY });

describe('a projection that was written before some of its fields came', () => {
  const { state, ...stored } = storedReferral('R-1');
  const { referralId: _, ...whole } = state;
  const item = referralItem({ state, ...stored }, 1);

  it('is read as it was, with nothing in the fields that came later', () => {
    const { wrongNumbers: __, ...attempts } = whole.attempts;
    const kept = Object.entries(whole).filter(([name]) => !CAME_LATER.includes(name));
    expect(kept).toHaveLength(Object.keys(whole).length - CAME_LATER.length);
    const earlier = { ...Object.fromEntries(kept), attempts };
    const read = readReferral({ ...item, state: packed(earlier) });
    expect(read.state).toMatchObject(earlier);
    expect(read.state).toMatchObject({
      noShows: [],
      completed: [],
      declines: [],
      over: [],
      newsAfterEnd: null,
      lastEvent: null,
    });
    expect(Object.keys(read.state).sort()).toEqual(Object.keys(state).sort());
  });

  it('is what is written today where these fields say nothing: they are left out', () => {
    const written = inflateRawSync(item.state as Uint8Array, { dictionary: STATE_DICTIONARY }).toString();
    for (const name of ['over', 'laterNotes', 'newsAfterEnd', 'lastEvent"', 'wrongNumbers'])
      expect(written).not.toContain(name);
    expect(readReferral(item).state).toEqual(state);
  });
});
