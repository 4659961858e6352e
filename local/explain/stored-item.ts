import { isDeepStrictEqual } from 'node:util';
import type { Config } from '../../shared/contracts/config.ts';
import { formatInstant, formatOptionalInstant, type Instant } from '../../shared/contracts/instant.ts';
import type { ReferralState } from '../../shared/contracts/state.ts';
import type { Stage } from '../../shared/contracts/vocabulary.ts';
import { ONLY_IF_CONFIG_CHANGES } from '../../shared/domain/alert/wake-up.ts';
import { ownersOf } from '../../shared/domain/referral/owners.ts';
import { unpackAlerts } from '../../shared/store/alert-record.ts';
import { foldLog } from '../../shared/store/fold-log.ts';
import type { StoredReferral } from '../../shared/store/referral-store.ts';
import type { History } from './history.ts';
import type { Kept } from './kept.ts';

/** The item of a referral as a person can read it: its state is packed, so nothing else shows it. */
export interface StoredItem {
  stage: Stage;
  /** Counts its writes. */
  version: number;
  bytes: number;
  /** Version of the configuration with which it was folded, and of the one in force. */
  foldedWith: string;
  inForce: string;
  /** When the last event that is folded in it arrived. */
  arrivedAt: string;
  nextLook: NextLook;
  lists: Lists;
  /** How many events its log holds, and how many of them are folded in it. */
  events: { logged: number; folded: number };
  differs: Differs;
  /** Since when it takes no more events, and from when on the table may remove it. */
  retiredAt: string | null;
  expiresAt: string | null;
}

/** When detection looks at it next. `new_configuration`: it is open, but nothing of it comes due by itself. */
export type NextLook = { is: 'ahead' | 'due'; at: string } | { is: 'new_configuration' | 'never' };

/** Who finds it in a list. */
interface Lists {
  /** Its owners by the directory in force, if they have it in their lists. */
  owners: { coordinatorId: string | null; liaisonId: string | null } | null;
  /** The site at which it is escalated, and the person to whom that site escalates. */
  escalated: { site: string | null; to: string | null } | null;
  /** The coordinators who are to get an urgent mail. */
  urgentMailTo: string[];
}

/**
 * The fields in which it differs from the fold of its log, under the configuration with which it was folded and under
 * the one in force. Null: that can't be said, for want of that configuration, or because its log is being removed.
 */
interface Differs {
  foldedWith: string[] | null;
  inForce: string[] | null;
}

/** Describes a referral's item. Null: it has none. Undefined: where the history comes from, there are no items. */
export function storedItem({ kept, log, config, now }: History): StoredItem | null | undefined {
  if (!kept) return kept;
  const { stored, bytes, expiresAt, inForce } = kept;
  return {
    stage: stored.state.stage,
    version: stored.version,
    bytes,
    foldedWith: stored.config,
    inForce,
    arrivedAt: formatInstant(stored.arrivedAt),
    nextLook: nextLookOf(stored, now),
    lists: listsOf(stored, config),
    events: { logged: log.length, folded: stored.state.logged },
    differs: differsOf(kept, log, config),
    retiredAt: formatOptionalInstant(stored.retiredAt ?? null),
    expiresAt: formatOptionalInstant(expiresAt),
  };
}

function nextLookOf({ wakeAt }: StoredReferral, now: Instant): NextLook {
  if (wakeAt === null) return { is: 'never' };
  if (wakeAt === ONLY_IF_CONFIG_CHANGES) return { is: 'new_configuration' };
  return { is: wakeAt <= now ? 'due' : 'ahead', at: formatInstant(wakeAt) };
}

function listsOf(stored: StoredReferral, { directory }: Config): Lists {
  const { state, listed } = stored;
  const pending = unpackAlerts(stored).flatMap(({ urgentMail }) => (urgentMail?.is === 'pending' ? urgentMail.to : []));
  const { escalateTo } = directory.sites.find(({ id }) => id === state.site) ?? {};
  return {
    owners: listed.owned ? ownersOf(state, directory) : null,
    escalated: listed.escalated ? { site: state.site, to: escalateTo ?? null } : null,
    urgentMailTo: listed.urgent ? [...new Set(pending)] : [],
  };
}

function differsOf({ stored, foldedWith, expiresAt }: Kept, log: History['log'], config: Config): Differs {
  // A retired referral's events go one by one.
  if (stored.retiredAt !== undefined || expiresAt !== null) return { foldedWith: null, inForce: null };
  const under = (one: Config): string[] => differences(stored.state, foldLog(stored.state.referralId, log, one));
  return { foldedWith: foldedWith && under(foldedWith), inForce: under(config) };
}

/** The names of the fields in which a stored state differs from a fold. */
function differences(stored: ReferralState, fold: ReferralState): string[] {
  // Through JSON, as the stored one went: it drops keys that are undefined.
  const folded = JSON.parse(JSON.stringify(fold)) as Record<string, unknown>;
  const names = [...new Set([...Object.keys(stored), ...Object.keys(folded)])];
  return names.filter((name) => !isDeepStrictEqual(stored[name as keyof ReferralState], folded[name]));
}
