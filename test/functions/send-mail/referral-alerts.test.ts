import { describe, expect, it } from 'vitest';
import { escalatedAlerts } from '../../../functions/send-mail/referral-alerts.ts';
import type { Config } from '../../../shared/contracts/config.ts';
import type { AlertLevel } from '../../../shared/contracts/vocabulary.ts';
import { sampleConfig } from '../../builders/config.ts';
import { storedAlert, storedState } from '../../builders/stored.ts';
import { MemoryReferralStore } from '../../doubles/memory-stores.ts';

/** The sample directory with `c-1` over north and `c-2` over west. */
function config(): Config {
  const { policy, directory } = sampleConfig();
  const escalateTo: Record<string, string> = { north: 'c-1', west: 'c-2' };
  const sites = directory.sites.map((site) => {
    const person = escalateTo[site.id];
    return person === undefined ? site : { ...site, escalateTo: person };
  });
  return { policy, directory: { ...directory, sites } };
}

async function storeWith(
  ...alerts: [referralId: string, site: string, level: AlertLevel, coordinatorId: string | null][]
): Promise<MemoryReferralStore> {
  const store = new MemoryReferralStore();
  for (const [referralId, site, level, coordinatorId] of alerts) {
    const stored = storedState(referralId);
    await store.saveState({ ...stored, state: { ...stored.state, site } }, null);
    await store.saveAlert(storedAlert(referralId, { level }, { coordinatorId }), null);
  }
  return store;
}

const idsFor = async (personId: string, store: MemoryReferralStore) =>
  (await escalatedAlerts(personId, config(), store)).map(({ alert }) => alert.referralId).sort();

describe('escalated alerts', () => {
  it("go to the person that their referral's site escalates to, whoever coordinates the referral", async () => {
    const store = await storeWith(
      ['R-north', 'north', 'escalated', 'c-2'],
      ['R-nobodys', 'north', 'escalated', null],
      ['R-west', 'west', 'escalated', 'c-1'],
    );
    expect(await idsFor('c-1', store)).toEqual(['R-nobodys', 'R-north']);
    expect(await idsFor('c-2', store)).toEqual(['R-west']);
  });

  it('go to nobody else, nor does anything that is only breached', async () => {
    const store = await storeWith(['R-north', 'north', 'escalated', 'c-2'], ['R-late', 'north', 'breached', 'c-2']);
    expect(await idsFor('c-1', store)).toEqual(['R-north']);
    expect(await idsFor('c-3', store)).toEqual([]);
  });
});
