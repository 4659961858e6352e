import type { OperationsContent, OperationsSection } from '../../contracts/mail.ts';
import type { RowDraft } from './digest-rows.ts';

/**
 * What is new in an operations mail: what the last one didn't name. If that had nothing to say, everything is. What is
 * told once, refused input and undelivered mail, is always new.
 */
type Last = OperationsContent | null;

/** How many dead letters of a queue the last mail counted. If there are more now, some are new. */
export function deadLettersBefore(last: Last, queue: string): number {
  return last?.deadLetters.find((before) => before.queue === queue)?.count ?? 0;
}

export function isNewFeed(last: Last, name: string): boolean {
  return !last?.quietFeeds.some((feed) => feed.name === name);
}

export function isNewAside(last: Last, referralId: string): boolean {
  return !last?.setAside?.some((before) => before.referralId === referralId);
}

export function isNewSite(last: Last, siteId: string): boolean {
  return !last?.endingHolidays.some((site) => site.siteId === siteId);
}

/**
 * Whether a referral is new in its section. One that the last mail had no room to name was counted in it, so then the
 * start of its alert decides.
 */
export function isNewDraft(last: Last, { section, lead: { alert } }: RowDraft<OperationsSection>): boolean {
  const before = last?.sections.find((each) => each.section === section);
  if (last === null || before === undefined) return true;
  if (before.rows.some(({ referralId }) => referralId === alert.referralId)) return false;
  return before.more === 0 || alert.since > last.asOf;
}
