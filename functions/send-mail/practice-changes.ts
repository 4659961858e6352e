import type { Config } from '../../shared/contracts/config.ts';
import type { Instant } from '../../shared/contracts/instant.ts';
import type { LiaisonDigestContent } from '../../shared/contracts/mail.ts';
import { beginsWeek } from '../../shared/domain/mail/digest-rows.ts';
import type { Recipient } from '../../shared/domain/mail/schedule.ts';
import { changedPractices, MOST_CHANGES, withCauses } from '../../shared/domain/practice/changes.ts';
import { forEach } from '../../shared/platform/concurrency.ts';
import type { ReferralStore } from '../../shared/store/referral-store.ts';

const PRACTICES_AT_ONCE = 8;

/** Once a week, which of a liaison's practices have changed, and what on our side may be why. */
export async function practiceChangesOf(
  recipient: Recipient,
  { since, asOf }: { since: Instant | null; asOf: Instant },
  { directory }: Config,
  { referrals }: { referrals: ReferralStore },
): Promise<Pick<LiaisonDigestContent, 'practiceChanges' | 'morePracticeChanges'>> {
  if (!beginsWeek(recipient, since, asOf)) return { practiceChanges: [], morePracticeChanges: 0 };
  const own = directory.practices.filter(({ liaisonId }) => liaisonId === recipient.id);
  const received = new Map(
    await forEach(own, PRACTICES_AT_ONCE, async ({ id }) => [id, await referrals.receivedFrom(id)] as const),
  );
  const changed = changedPractices({ asOf, timeZone: directory.organization.timeZone, received });
  const shown = changed.slice(0, MOST_CHANGES);
  const states = await referrals.states(shown.flatMap(({ lookInto }) => lookInto));
  return {
    practiceChanges: shown.map((source) => withCauses(source, states, asOf)),
    morePracticeChanges: changed.length - shown.length,
  };
}
