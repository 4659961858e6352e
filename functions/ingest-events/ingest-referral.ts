import type { SQSRecord } from 'aws-lambda';
import type { Refusal } from '../../shared/contracts/refusal.ts';
import type { Unmapped } from '../../shared/intake/dialects/member.ts';
import type { Backoff } from '../../shared/platform/backoff.ts';
import { LastingError } from '../../shared/platform/lasting-error.ts';
import type { Log } from '../../shared/platform/logger.ts';
import type { TimeSource } from '../../shared/platform/time-source.ts';
import type { VersionedConfig } from '../../shared/store/fold-log.ts';
import { project } from '../../shared/store/projection.ts';
import type { QuarantineStore } from '../../shared/store/quarantine-store.ts';
import type { LoggedEvent, ReferralStore } from '../../shared/store/referral-store.ts';
import { type SetAsideStore, setAsideAll } from '../../shared/store/set-aside-store.ts';
import type { Refused } from '../../shared/store/sort-incoming.ts';
import type { UnmappedStore } from '../../shared/store/unmapped-store.ts';
import type { KeptEvent } from './note-feeds.ts';
import { quarantineItem } from './quarantine-item.ts';
import type { Part } from './read-record.ts';

/** An event of a referral, as it came. */
export interface ReceivedEvent extends Part {
  logged: LoggedEvent;
  /** Fields in which another word stands for its own, with that word where it is a code of a dialect. */
  unmapped: readonly { field: Unmapped['field']; value?: Unmapped['value'] }[];
}

export interface ReferralDeps {
  referrals: ReferralStore;
  quarantine: QuarantineStore;
  unmapped: UnmappedStore;
  setAsides: SetAsideStore;
  time: TimeSource;
  backoff: Backoff;
  log: Log;
}

/** What a batch has come to so far. */
export interface Progress {
  counts: { events: number; duplicates: number; refused: number; passedOver: number; held: number };
  kept: KeptEvent[];
}

const REFUSED: Record<Refused['reason'], string> = {
  id_reused: 'source and id were used before in this referral, with another type, time or data',
  limit: 'more than 2,000 events for one referral (2,100 for what ends, voids, reopens or retracts)',
  unmatched: 'the referral was closed longer ago than referrals are kept, and is being removed',
  too_large: 'one event of over 350 KB, as it is stored',
};
const UNFOLDABLE = 'with this event the referral can no longer be computed';
/** So often an event comes back with which its log can't be folded, for over an hour: a new release may be the reason. */
const MOST_RECEIVES = 12;

/** Takes events into the log of their referral. @returns which of its records failed by themselves, and why */
export async function ingestReferral(
  referralId: string,
  received: readonly ReceivedEvent[],
  versioned: VersionedConfig,
  deps: ReferralDeps,
  { counts, kept }: Progress,
): Promise<Map<SQSRecord, unknown>> {
  const { referrals, unmapped, quarantine, time, backoff } = deps;
  const { added, duplicates, refused, taken, failed, aside } = await project(
    referralId,
    received.map(({ logged }) => logged),
    { store: referrals, ...versioned, now: () => time.now(), backoff },
  );
  // After its events are in the log: detection, which may take it back at any time, then finds them there.
  if (aside !== null) await setAsideAll([[referralId, aside]], { by: 'ingest-events', now: time.now() }, deps);
  const partOf = new Map(received.map((each) => [each.logged, each]));
  const refuse = async (logged: LoggedEvent, refusal: Pick<Refusal, 'reason' | 'detail'>): Promise<void> => {
    const part = partOf.get(logged) as ReceivedEvent;
    await quarantine.add(quarantineItem(part, { ...refusal, dialect: part.dialect }, time.now()));
    counts.refused += 1;
  };
  for (const { incoming, kept: first } of taken) {
    const { record, unmapped: words } = partOf.get(incoming) as ReceivedEvent;
    // Of repeated events too: whoever took one in may have died before its words were noted.
    for (const word of words) await unmapped.add({ event: first.event, arrivedAt: first.arrivedAt, ...word });
    kept.push({ record, source: first.event.source, type: first.event.type, arrivedAt: first.arrivedAt });
  }
  for (const { logged, reason } of refused) await refuse(logged, { reason, detail: REFUSED[reason] });
  const back = new Map<SQSRecord, unknown>();
  for (const { logged, error } of failed) {
    const { record } = partOf.get(logged) as ReceivedEvent;
    const isGivenUp = error instanceof LastingError && receivesOf(record) >= MOST_RECEIVES;
    if (isGivenUp) await refuse(logged, { reason: 'invalid', detail: UNFOLDABLE });
    else back.set(record, error);
  }
  counts.events += added;
  counts.duplicates += duplicates;
  return back;
}

const receivesOf = ({ attributes }: SQSRecord): number => Number(attributes.ApproximateReceiveCount);
