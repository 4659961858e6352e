import { MINUTE_MS } from '../../shared/contracts/duration.ts';
import type { ConfigInForce } from '../../shared/store/config-store.ts';
import { referralsAside } from '../../shared/store/set-aside-store.ts';
import { sampleConfig } from '../builders/config.ts';
import { type DataSent, receivedData, type SentEvent, sent } from '../builders/events.ts';
import { at } from '../builders/instants.ts';
import { alertsIn } from '../builders/stored.ts';
import {
  MemoryConfigStore,
  MemoryMailStore,
  MemoryQuarantineStore,
  MemoryReferralStore,
  MemorySetAsideStore,
} from '../doubles/memory-stores.ts';
import { MailWorld } from './send-mail/mail-world.ts';

/** A stage with referrals on which nothing can be computed, or that can't be read. */

export const TUESDAY = at('03-03 15:00');
/** What they are received with is breached: 07:00 in New York on Friday. */
export const FRIDAY = at('03-06 12:00');
export const GARBAGE = new Uint8Array([1, 2, 3]);

/** A configuration with a site whose opening hours can't be computed with, until that is mended. */
export class BreakableConfigStore extends MemoryConfigStore {
  isBroken = false;

  override async inForce(): Promise<ConfigInForce> {
    const inForce = await super.inForce();
    if (!this.isBroken) return inForce;
    const { config } = inForce;
    const sites = config.directory.sites.map((site) =>
      site.id === 'cape' ? Object.defineProperty({ ...site }, 'hours', { get: throwing, enumerable: true }) : site,
    );
    // Another version: nobody goes on with what was folded before.
    const directory = { ...config.directory, sites };
    return { ...inForce, version: `${inForce.version}-broken`, config: { ...config, directory } };
  }
}

const throwing = (): never => {
  throw new RangeError('no such day: patient-secret');
};

/** The real handlers over stores in memory, in which what is stored can be broken. */
export async function open(stores: { referrals?: MemoryReferralStore } = {}) {
  const given = {
    configs: new BreakableConfigStore(),
    referrals: stores.referrals ?? new MemoryReferralStore(),
    quarantine: new MemoryQuarantineStore(),
    mails: new MemoryMailStore(),
    setAsides: new MemorySetAsideStore(),
  };
  const run = await MailWorld.open(sampleConfig(), { since: at('03-02 12:00'), ...given });
  const { world } = run;
  return {
    ...given,
    run,
    world,
    /** The configuration is read once a minute. */
    deliver: (events: readonly SentEvent[], receives = 1) =>
      world.deliver({
        at: TUESDAY + receives * MINUTE_MS,
        messages: events.map((event) => ({ body: JSON.stringify(event), sentAt: TUESDAY, receives })),
      }),
    aside: async () =>
      referralsAside(await given.setAsides.all())
        .map(({ referralId }) => referralId)
        .sort(),
    stage: async (referralId: string) => (await given.referrals.load(referralId))?.state.stage,
    kinds: async (referralId: string) =>
      (await alertsIn(given.referrals, referralId)).map(({ alert }) => `${alert.kind} ${alert.level}`),
  };
}

export const received = (subject: string, over: Partial<DataSent<'referral.received'>> = {}): SentEvent =>
  sent('referral.received', TUESDAY, receivedData({ coordinatorId: 'c-1', priority: 'routine', ...over }), { subject });
export const atBroken = (subject: string): SentEvent => received(subject, { site: 'cape' });
export const called = (subject: string): SentEvent =>
  sent('contact.attempted', TUESDAY, { channel: 'phone', outcome: 'reached' }, { subject, id: 'called' });
export const moved = (subject: string): SentEvent =>
  sent('referral.updated', TUESDAY, { site: 'cape' }, { subject, id: 'moved' });
