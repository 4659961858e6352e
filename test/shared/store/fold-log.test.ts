import { describe, expect, it } from 'vitest';
import { type Config, policySchema } from '../../../shared/contracts/config.ts';
import { foldLog, underConfig } from '../../../shared/store/fold-log.ts';
import type { StoredReferral } from '../../../shared/store/referral-store.ts';
import { sampleConfig } from '../../builders/config.ts';
import { receivedData, sent } from '../../builders/events.ts';
import { at } from '../../builders/instants.ts';
import { logged, STORED_CONFIG, storedAlert, storedReferral } from '../../builders/stored.ts';
import { MemoryReferralStore } from '../../doubles/memory-stores.ts';

const RECEIVED = logged(sent('referral.received', '03-02 14:00', receivedData(), { subject: 'R-1' }));
const CALLED = logged(
  sent('contact.attempted', '03-02 15:00', { channel: 'phone', outcome: 'voicemail' }, { subject: 'R-1' }),
);

/** A configuration that gives the first clocks more time. */
function slowConfig(): Config {
  const { policy, directory } = sampleConfig();
  const long = { target: { value: 365, unit: 'hours' } };
  const versions = policy.versions.map((version) => ({
    ...version,
    rules: [...version.rules, { match: {}, clocks: { acceptance: long, first_attempt: long } }],
  }));
  return { policy: policySchema.parse({ versions }), directory };
}

const SLOW = { config: slowConfig(), version: 'slow' };

/** A store with a referral of two events, which counts how often its log is read. */
async function storeWith(over: Partial<StoredReferral> = {}) {
  const referrals = new (class extends MemoryReferralStore {
    logsRead = 0;
    override async loadLog(referralId: string) {
      this.logsRead += 1;
      return super.loadLog(referralId);
    }
  })();
  for (const event of [RECEIVED, CALLED]) await referrals.append(event);
  const state = foldLog('R-1', [RECEIVED, CALLED], sampleConfig());
  const stored = { ...storedReferral('R-1', { state, alerts: [storedAlert('R-1')] }), ...over };
  await referrals.save({ ...stored, version: 1 }, null);
  return { referrals, stored };
}

describe('a referral under the configuration in force', () => {
  it('is what was stored, without a read of its log, if it was folded with that one', async () => {
    const { referrals, stored } = await storeWith({ config: 'slow' });
    expect(await underConfig(stored, SLOW, referrals)).toBe(stored);
    expect(referrals.logsRead).toBe(0);
  });

  it('is folded again from its log if it was folded with another; nothing else changes', async () => {
    const { referrals, stored } = await storeWith();
    const state = foldLog('R-1', [RECEIVED, CALLED], slowConfig());
    expect(state.clocks).not.toEqual(stored.state.clocks);
    expect(stored.config).toBe(STORED_CONFIG);
    expect(await underConfig(stored, SLOW, referrals)).toEqual({
      ...stored,
      ...{ state, config: 'slow' },
      // The log may be ahead of the item.
      arrivedAt: CALLED.arrivedAt,
    });
    expect(referrals.logsRead).toBe(1);
  });

  it('is not written by being folded again', async () => {
    const { referrals, stored } = await storeWith();
    await underConfig(stored, SLOW, referrals);
    expect(await referrals.load('R-1')).toEqual(stored);
  });

  it('is what its log says by now: what was written since it was read counts', async () => {
    const { referrals, stored } = await storeWith();
    const closed = logged(sent('referral.closed', '03-02 16:00', { reason: 'moved' }, { subject: 'R-1' }));
    await referrals.append(closed);
    await referrals.save({ ...stored, alerts: null, version: 2 }, 1);
    const found = await underConfig(stored, SLOW, referrals);
    expect(found).toMatchObject({ version: 2, alerts: null, config: 'slow', state: { stage: 'closed' } });
  });

  it('is what somebody has stored under that one since it was read', async () => {
    const { referrals, stored } = await storeWith();
    const latest = { ...stored, config: 'slow', version: 2 };
    await referrals.save(latest, 1);
    expect(await underConfig(stored, SLOW, referrals)).toEqual(latest);
  });

  it('is left as it was stored once it is retired: its events go one by one', async () => {
    const { referrals, stored } = await storeWith();
    const retired = { ...stored, retiredAt: at('03-02 17:00') };
    expect(await underConfig(retired, SLOW, referrals)).toBe(retired);
    expect(referrals.logsRead).toBe(0);
  });

  it('is left as it was stored, too, if it was retired since it was read', async () => {
    const { referrals, stored } = await storeWith();
    await referrals.retire(stored, at('03-02 17:00'));
    const found = await underConfig(stored, SLOW, referrals);
    expect(found).toEqual({ ...stored, retiredAt: at('03-02 17:00'), version: 2 });
  });

  it('is left as it was stored if detection no longer watches it: no sweep would ever spare the next reader its log', async () => {
    const { referrals, stored } = await storeWith({ wakeAt: null });
    expect(await underConfig(stored, SLOW, referrals)).toBe(stored);
    expect(referrals.logsRead).toBe(0);
  });

  it('is none if it has gone since it was read', async () => {
    const gone = storedReferral('R-gone');
    expect(await underConfig(gone, SLOW, new MemoryReferralStore())).toBeNull();
  });
});
