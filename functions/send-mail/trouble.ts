import { DAY_MS, MINUTE_MS } from '../../shared/contracts/duration.ts';
import type { Instant } from '../../shared/contracts/instant.ts';
import { utcDate } from '../../shared/domain/mail/mail-id.ts';
import type { OperationsMailInput } from '../../shared/domain/mail/operations-mail.ts';
import type { ConfigStore } from '../../shared/store/config-store.ts';
import type { FeedStore } from '../../shared/store/feed-store.ts';
import type { MailStore } from '../../shared/store/mail-store.ts';
import type { QuarantineStore } from '../../shared/store/quarantine-store.ts';
import type { DeadLetters } from './dead-letters.ts';

/** Longer than a function runs: whatever was refused so long ago is in the table. */
const SETTLED_MS = MINUTE_MS;
/** How far back the previous digest is looked for, and a mail whose fate is told of. */
export const PREVIOUS_DAYS = 8;

interface TroubleStores {
  configs: ConfigStore;
  quarantine: QuarantineStore;
  feeds: FeedStore;
  mails: MailStore;
  deadLetters: DeadLetters;
}

type Trouble = Pick<OperationsMailInput, 'refused' | 'deadLetters' | 'feedsHeard' | 'configuredSince' | 'mails'>;

/** What the operations mail tells of beside alerts. */
export async function troubleSince(
  since: Instant | null,
  { dueAt, asOf }: { dueAt: Instant; asOf: Instant },
  { configs, quarantine, feeds, mails, deadLetters }: TroubleStores,
): Promise<Trouble> {
  const dates = new Set(Array.from({ length: PREVIOUS_DAYS + 1 }, (_, days) => utcDate(asOf - days * DAY_MS)));
  const [{ since: configuredSince }, refused, counts, feedsHeard, recent] = await Promise.all([
    configs.inForce(),
    // What is refused while this mail is made is told of by the next one.
    quarantine.countBetween((since ?? dueAt - DAY_MS) - SETTLED_MS, asOf - SETTLED_MS, 'refusedAt'),
    deadLetters.counts(),
    feeds.lastHeard(),
    Promise.all([...dates].map((date) => mails.dueOn(date))),
  ]);
  return { configuredSince, refused, deadLetters: counts, feedsHeard, mails: recent.flat() };
}
