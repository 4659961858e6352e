import { inflateRawSync } from 'node:zlib';
import type { LoopEvent } from '../../shared/contracts/event.ts';
import { unpackAlerts } from '../../shared/store/alert-record.ts';
import { coordinatorKey, eventSort, liaisonKey, referralIdOf, referralKey } from '../../shared/store/keys.ts';
import { ALERTS_DICTIONARY, STATE_DICTIONARY } from '../../shared/store/packing-dictionaries.ts';
import { json, keyOf, type Reader, said } from './reader.ts';

const inflated = (packed: unknown, dictionary: Uint8Array): unknown =>
  json(inflateRawSync(packed as Uint8Array, { dictionary }));

const referral: Reader = async (item, { stores }) => {
  const stored = await stores.referrals.load(referralIdOf(String(item.pk)));
  const isDue = String(item.dueShard).startsWith('due#');
  return {
    read: stored && { ...stored, alerts: unpackAlerts(stored).map(({ alert, ...rest }) => ({ ...alert, ...rest })) },
    said: {
      ...said(item, ['version', 'config', 'arrivedAt', 'retiredAt', ...(isDue ? ['wakeAt'] : [])]),
      state: inflated(item.state, STATE_DICTIONARY),
      alerts: item.alerts === undefined ? [] : inflated(item.alerts, ALERTS_DICTIONARY),
    },
  };
};

/** An event that comes again must find itself: its key is made anew from what it says. */
const event: Reader = async (item, { stores }) => {
  const kept = JSON.parse(String(item.event)) as LoopEvent;
  const { log } = await stores.referrals.loadLog(kept.subject);
  const own = log.find((logged) => logged.event.source === kept.source && logged.event.id === kept.id);
  // DynamoDB removes it when it comes to it; until then nobody sees it.
  if (item.expiresAt !== undefined) return { read: own ?? null, said: null };
  return {
    read: own && { ...own, pk: referralKey(own.event.subject), sk: eventSort(own.event) },
    said: { ...said(item), event: kept, ...keyOf(item) },
  };
};

const coordinator: Reader = async (item, { stores }) => {
  const facts = (await stores.referrals.ownerKeys('coordinator')).find(({ key }) => key === item.sk)?.facts ?? null;
  // Where nothing is known, the key is one of four, by the referral.
  const isKnown = Object.values(said(item)).some((fact) => fact !== null);
  return {
    read: facts && { facts, key: isKnown ? coordinatorKey(facts, '') : item.sk },
    said: { facts: said(item), key: item.sk },
  };
};

const liaison: Reader = async (item, { stores }) => {
  const facts = (await stores.referrals.ownerKeys('liaison')).find(({ key }) => key === item.sk)?.facts ?? null;
  return { read: facts && { facts, key: liaisonKey(facts) }, said: { facts: said(item), key: item.sk } };
};

/** By kind, as docs/data-model.md names it. */
export const REFERRAL_READERS: Readonly<Record<string, Reader>> = {
  'referrals referral#<referral> 1#referral': referral,
  'referrals referral#<referral> 2#event#<hash of source and id>': event,
  'referrals owner-keys#coordinator <key>': coordinator,
  'referrals owner-keys#liaison <key>': liaison,
};
