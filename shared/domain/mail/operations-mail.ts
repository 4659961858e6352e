import type { Directory } from '../../contracts/config.ts';
import type { Instant } from '../../contracts/instant.ts';
import {
  type DigestRow,
  OPERATIONS_SECTIONS,
  type OperationsContent,
  type OperationsRow,
  type OperationsSection,
  type OperationsSectionContent,
} from '../../contracts/mail.ts';
import type { ReferralState } from '../../contracts/state.ts';
import { REFUSAL_REASONS, type RefusalReason } from '../../contracts/vocabulary.ts';
import { byCodePoint } from '../code-point.ts';
import { type FeedTimes, feedStandings } from '../feeds.ts';
import { endingHolidays } from '../time/holidays.ts';
import { DEFAULT_CAP } from './caps.ts';
import type { DigestInput, ReferralAlert } from './digest-input.ts';
import { byPriority, draftRows, type RowContext, type RowDraft, toSection } from './digest-rows.ts';
import { unmappedOf, unmatchedOf } from './operations-input.ts';
import { deadLettersBefore, isNewAside, isNewDraft, isNewFeed, isNewSite } from './operations-news.ts';
import { policyVersions } from './policy-versions.ts';
import { toMailRecipient } from './recipients.ts';
import { shownAlerts } from './shown-alerts.ts';
import { type MailFate, undeliveredSince } from './undelivered.ts';

/** `alerts` are those of referrals that nobody is responsible for. */
export interface OperationsMailInput extends DigestInput {
  /** What the last mail said. Null: there was none, or it had nothing to say. */
  last: OperationsContent | null;
  /** Input that was refused since the previous mail, by reason. */
  refused: Partial<Record<RefusalReason, number>>;
  /** What came since then and still waits for its referral. */
  unmatched: readonly { sender: string; kind: string }[];
  /** Codes that came since then without an entry in `dialects.json`, the most frequent first. */
  unmapped: readonly { field: string; value: string; n: number }[];
  /** Counts of the dead-letter queues, by the purpose of the queue that the messages failed in. */
  deadLetters: readonly { queue: string; count: number }[];
  /** When each feed was heard. */
  feedsHeard: ReadonlyMap<string, FeedTimes>;
  /** When the first configuration was pushed: a feed that was never heard has been silent since then. */
  configuredSince: Instant;
  /** Referrals that are set aside. */
  setAside: readonly { referralId: string; since: Instant }[];
  /** The mails of the last days, with what became of them. */
  mails: readonly MailFate[];
}

/** What nobody else gets to see. Null: there is nothing to look at. */
export function operationsMail(input: OperationsMailInput): OperationsContent | null {
  const { recipient, period, asOf, since, last, alerts, config, mails, cap = DEFAULT_CAP } = input;
  const shown = shownAlerts(alerts, asOf);
  const drafts = draftOperationsRows(shown);
  const refused = REFUSAL_REASONS.flatMap((reason) => {
    const count = input.refused[reason] ?? 0;
    return count > 0 ? [{ reason, count }] : [];
  });
  const unmatched = unmatchedOf(input.unmatched, cap);
  const unmapped = unmappedOf(input.unmapped, config.directory, cap);
  const deadLetters = input.deadLetters
    .filter(({ count }) => count > 0)
    .map(({ queue, count }) => ({ queue, count, before: deadLettersBefore(last, queue) }));
  const setAside = toSetAside(input);
  const quietFeeds = toQuietFeeds(config.directory, input);
  const holidays = endingHolidays(config.directory, asOf).map((site) => ({
    ...site,
    isNew: isNewSite(last, site.siteId),
  }));
  const undelivered = undeliveredSince(mails, since, asOf);
  const troubles = [drafts, refused, deadLetters, setAside, quietFeeds, holidays, undelivered];
  if (troubles.every(({ length }) => length === 0) && unmatched === null && unmapped === null) return null;
  return {
    kind: 'operations',
    recipient: toMailRecipient(recipient),
    period,
    asOf,
    since,
    policyVersions: policyVersions(shown, config, asOf),
    referrals: drafts.length,
    refused,
    ...(unmatched !== null && { unmatched }),
    ...(unmapped !== null && { unmapped }),
    deadLetters,
    setAside,
    sections: toSections(drafts, last, cap, { config, asOf, since, showInitials: false }),
    quietFeeds,
    endingHolidays: holidays,
    undelivered: undelivered.slice(0, cap),
    moreUndelivered: Math.max(0, undelivered.length - cap),
  };
}

/** One row for each referral, led by its `unassigned` alert if it has one: the coordinator who is then named sees to the others. */
function draftOperationsRows(alerts: readonly ReferralAlert[]): RowDraft<OperationsSection>[] {
  const listed = alerts.map((shown) => ({
    ...shown,
    section: shown.alert.kind === 'orphan' ? ('orphans' as const) : ('unassigned' as const),
  }));
  return draftRows(listed, OPERATIONS_SECTIONS).map((draft) => {
    const own = [draft.lead, ...draft.others];
    const lead = own.find(({ alert }) => alert.kind === 'unassigned') ?? draft.lead;
    return { ...draft, lead, others: own.filter((other) => other !== lead) };
  });
}

/** What is new comes first, then stat before routine, then the oldest: a cap leaves out what was named before. */
function toSections(
  drafts: readonly RowDraft<OperationsSection>[],
  last: OperationsContent | null,
  cap: number,
  context: RowContext,
): OperationsSectionContent[] {
  return OPERATIONS_SECTIONS.flatMap((section) => {
    const own = drafts.filter((draft) => draft.section === section).sort((a, b) => byPriority(a.lead, b.lead));
    if (own.length === 0) return [];
    const { fresh = [], known = [] } = Object.groupBy(own, (draft) => (isNewDraft(last, draft) ? 'fresh' : 'known'));
    const ordered = [...fresh, ...known];
    const { rows, more } = toSection(section, ordered, cap, context);
    const newReferrals = fresh.length;
    return [
      { section, rows: rows.map((row, index) => toRow(row, index < newReferrals, ordered[index])), more, newReferrals },
    ];
  });
}

function toRow(row: DigestRow, isNew: boolean, draft: RowDraft<OperationsSection> | undefined): OperationsRow {
  return { ...row, isNew, lastEvent: draft?.section === 'orphans' ? lastEventOf(draft.lead.state) : null };
}

/** A projection that was written before it kept the last event only says when that was. */
function lastEventOf({ lastEvent, lastEventAt }: ReferralState): OperationsRow['lastEvent'] {
  if (lastEvent !== null || lastEventAt === null) return lastEvent;
  return { at: lastEventAt, source: null, type: null };
}

/** What is set aside, longest first; those that are there since the same instant by id. */
function toSetAside({ setAside, last }: OperationsMailInput): NonNullable<OperationsContent['setAside']> {
  return setAside
    .map(({ referralId, since }) => ({ referralId, since, isNew: isNewAside(last, referralId) }))
    .sort((a, b) => a.since - b.since || byCodePoint(a.referralId, b.referralId));
}

/** Feeds that have been quiet for longer than the directory expects, in the directory's order. */
function toQuietFeeds(
  directory: Directory,
  { feedsHeard, configuredSince, last, asOf }: OperationsMailInput,
): OperationsContent['quietFeeds'] {
  return feedStandings(directory, feedsHeard, asOf, configuredSince).flatMap(({ quiet, types: _, ...feed }) =>
    quiet === null ? [] : [{ ...feed, ...quiet, isNew: isNewFeed(last, feed.name) }],
  );
}
