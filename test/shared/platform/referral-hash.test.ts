import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { SimulatedTime } from '../../../local/pipeline/simulated-time.ts';
import { MINUTE_MS } from '../../../shared/contracts/duration.ts';
import { referralHashKey } from '../../../shared/platform/kms-referral-hash.ts';
import {
  hashOfReferral,
  localReferralHash,
  REFERRAL_HASH,
  referralHash,
} from '../../../shared/platform/referral-hash.ts';
import { at } from '../../builders/instants.ts';

const KEY = new Uint8Array(32).fill(7);
const NOW = at('03-02 14:00');

/** A key that is fetched from somewhere; the fetches in `failing`, counted from 1, fail. */
function counted(failing: number[] = []) {
  const time = new SimulatedTime(NOW);
  let fetches = 0;
  const hash = referralHash(async () => {
    fetches += 1;
    if (failing.includes(fetches)) throw new Error('KMS is down');
    return KEY;
  }, time);
  return { hash, time, fetches: () => fetches };
}

describe('the hash of a referral', () => {
  it('is HMAC-SHA256 of its id under the key, 128 bits as hex', () => {
    const expected = createHmac('sha256', KEY).update('R-1').digest('hex').slice(0, 32);
    expect(hashOfReferral(KEY, 'R-1')).toBe(expected);
    expect(expected).toMatch(REFERRAL_HASH);
    expect(hashOfReferral(new Uint8Array(32).fill(8), 'R-1')).not.toBe(expected);
  });

  it('costs no fetch until it is asked for, and one for all that come after', async () => {
    const { hash, fetches } = counted();
    expect(fetches()).toBe(0);
    const storm = await Promise.all(Array.from({ length: 1000 }, (_, number) => hash(`R-${number}`)));
    expect(new Set(storm).size).toBe(1000);
    expect(fetches()).toBe(1);
  });

  it('is missing if the key can’t be had, and the key isn’t asked for again within a minute', async () => {
    const { hash, time, fetches } = counted([1]);
    expect(await Promise.all([hash('R-1'), hash('R-2')])).toEqual([null, null]);
    time.moveTo(NOW + MINUTE_MS - 1);
    expect(await hash('R-1')).toBeNull();
    expect(fetches()).toBe(1);
    time.moveTo(NOW + MINUTE_MS);
    expect(await hash('R-1')).toBe(hashOfReferral(KEY, 'R-1'));
    expect(fetches()).toBe(2);
  });

  it('on one machine is always the same', async () => {
    expect(await localReferralHash('R-1')).toBe(await localReferralHash('R-1'));
    expect(await localReferralHash('R-1')).not.toBe(await localReferralHash('R-2'));
  });
});

describe('the key of the hashes', () => {
  it('is what KMS makes of a fixed message with an HMAC key', async () => {
    const asked: unknown[] = [];
    const send = async ({ input }: { input: unknown }) => {
      asked.push(input);
      return { Mac: KEY };
    };
    expect(await referralHashKey({ send } as never, 'alias/find')).toEqual(KEY);
    const Message = new TextEncoder().encode('referral-ids');
    expect(asked).toEqual([{ KeyId: 'alias/find', Message, MacAlgorithm: 'HMAC_SHA_256' }]);
  });

  it('is never an empty one', async () => {
    await expect(referralHashKey({ send: async () => ({}) } as never, 'alias/find')).rejects.toThrow('no MAC');
  });
});
