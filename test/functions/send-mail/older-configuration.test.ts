import { describe, expect, it } from 'vitest';
import { currentReferrals } from '../../../functions/send-mail/referral-alerts.ts';
import type { Config } from '../../../shared/contracts/config.ts';
import { DAY_MS, HOUR_MS } from '../../../shared/contracts/duration.ts';
import type { CoordinatorDigestContent } from '../../../shared/contracts/mail.ts';
import { foldReferral } from '../../../shared/domain/referral/fold.ts';
import type { Log } from '../../../shared/platform/logger.ts';
import type { StoredReferral } from '../../../shared/store/referral-store.ts';
import { sampleConfig } from '../../builders/config.ts';
import { receivedData, type SentEvent, sent } from '../../builders/events.ts';
import { at } from '../../builders/instants.ts';
import { logged, STORED_CONFIG, storedAlert, storedReferral } from '../../builders/stored.ts';
import { MemoryReferralStore } from '../../doubles/memory-stores.ts';
import { MailWorld } from './mail-world.ts';

/** A mail before the sweep under a new configuration has reached the referrals that it is about. */

/** 07:00 in New York. */
const MONDAY = at('03-02 12:00');
const FRIDAY = MONDAY - 3 * DAY_MS;

/** North is closed on Tuesday, which moves every due that counts its working days across it. */
function withHoliday(): Config {
  const { policy, directory } = sampleConfig();
  const sites = directory.sites.map((site) => ({ ...site, holidays: [...(site.holidays ?? []), '2026-03-03'] }));
  return { policy, directory: { ...directory, sites } };
}

const received = (referralId: string): SentEvent =>
  sent('referral.received', MONDAY, receivedData(), { subject: referralId });

/** Can't read the logs of some referrals. */
class FailingStore extends MemoryReferralStore {
  readonly unreadable = new Set<string>();
  readonly logsRead: string[] = [];

  override async loadLog(referralId: string) {
    this.logsRead.push(referralId);
    if (this.unreadable.has(referralId)) throw new SyntaxError('not the JSON of a patient');
    return super.loadLog(referralId);
  }
}

/** Referrals with one event each, folded with the sample's configuration under the version `STORED_CONFIG`. */
async function storeWith(...stored: [referralId: string, over?: Partial<Omit<StoredReferral, 'alerts'>>][]) {
  const referrals = new FailingStore();
  for (const [referralId, over] of stored) {
    const event = logged(received(referralId));
    await referrals.append(event);
    const state = foldReferral(referralId, [event.event], sampleConfig());
    await referrals.save(storedReferral(referralId, { state, alerts: [storedAlert(referralId)], ...over }), null);
  }
  return referrals;
}

/** The referrals as a mail under another configuration reads them, and what is logged meanwhile. */
async function read(referrals: FailingStore, ids: string[], version = 'newer') {
  const said: unknown[] = [];
  const note: Log['error'] = (code, figures) => void said.push([code, figures]);
  const log = { info: note, warn: note, error: note };
  const found = await currentReferrals(ids, { referrals, config: withHoliday(), version, log, aside: () => {} });
  return { found: found.toSorted((a, b) => (a.state.referralId < b.state.referralId ? -1 : 1)), said };
}

describe('a referral that was folded with an older configuration', () => {
  it('is folded again with the one in force, and not written', async () => {
    const referrals = await storeWith(['R-1']);
    const before = await referrals.load('R-1');
    const { found } = await read(referrals, ['R-1']);
    const state = foldReferral('R-1', [logged(received('R-1')).event], withHoliday());
    expect(state).not.toEqual(before?.state);
    const { arrivedAt } = logged(received('R-1'));
    expect(found).toEqual([{ ...before, state, config: 'newer', arrivedAt }]);
    expect(await referrals.load('R-1')).toEqual(before);
  });

  it('is shown as it is stored, without its log, if that is the one in force', async () => {
    const referrals = await storeWith(['R-1']);
    const { found } = await read(referrals, ['R-1'], STORED_CONFIG);
    expect(found).toEqual([await referrals.load('R-1')]);
    expect(referrals.logsRead).toEqual([]);
  });

  it('is shown as it is stored, without its log, once detection no longer watches it', async () => {
    const referrals = await storeWith(['R-1', { wakeAt: null }]);
    const { found } = await read(referrals, ['R-1']);
    expect(found).toEqual([await referrals.load('R-1')]);
    expect(referrals.logsRead).toEqual([]);
  });

  it('is shown as it is stored if it can not be folded; that is logged without its id, and the others are folded', async () => {
    const referrals = await storeWith(['R-1'], ['R-2'], ['R-3']);
    referrals.unreadable.add('R-2');
    const { found, said } = await read(referrals, ['R-1', 'R-2', 'R-3']);
    expect(found.map(({ state, config }) => [state.referralId, config])).toEqual([
      ['R-1', 'newer'],
      ['R-2', STORED_CONFIG],
      ['R-3', 'newer'],
    ]);
    expect(found[1]).toEqual(await referrals.load('R-2'));
    expect(said).toEqual([['REFERRAL_FAILED', expect.objectContaining({ error: 'SyntaxError' })]]);
  });

  it('is left out if it has gone meanwhile', async () => {
    const referrals = await storeWith(['R-1'], ['R-2']);
    const { loadLog } = referrals;
    referrals.loadLog = async (id) => (id === 'R-1' ? { stored: null, log: [] } : loadLog.call(referrals, id));
    const { found, said } = await read(referrals, ['R-1', 'R-2']);
    expect(found.map(({ state }) => state.referralId)).toEqual(['R-2']);
    expect(said).toEqual([]);
  });
});

describe('a digest just after a new configuration', () => {
  /** Two stat referrals of `c-1`, both past their first deadlines; one can't be folded again. */
  async function world(): Promise<MailWorld> {
    const referrals = new FailingStore();
    const run = await MailWorld.open(sampleConfig(), { referrals });
    const messages = ['R-1', 'R-2'].map((subject) => ({
      body: JSON.stringify(sent('referral.received', FRIDAY, receivedData({ priority: 'stat' }), { subject })),
      sentAt: FRIDAY,
    }));
    await run.world.deliver({ at: FRIDAY, messages });
    await run.world.detect(MONDAY - HOUR_MS);
    await run.world.stores.configs.push(withHoliday(), MONDAY - HOUR_MS / 2);
    referrals.unreadable.add('R-2');
    return run;
  }

  it('lists every referral that is owed something, also one that can not be folded again', async () => {
    const { mailed, failed } = await (await world()).mail(MONDAY);
    expect(failed).toBe(0);
    const digest = mailed.find(({ to }) => to === 'c-1@example.org')?.content as CoordinatorDigestContent | undefined;
    const ids = digest?.sections.flatMap(({ rows }) => rows.map(({ referralId }) => referralId));
    expect(new Set(ids)).toEqual(new Set(['R-1', 'R-2']));
  });
});
