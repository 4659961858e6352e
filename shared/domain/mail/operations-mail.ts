import type { Directory } from '../../contracts/config.ts';
import type { Instant } from '../../contracts/instant.ts';
import {
  OPERATIONS_SECTIONS,
  type OperationsContent,
  type OperationsSection,
  type SectionContent,
} from '../../contracts/mail.ts';
import { REFUSAL_REASONS, type RefusalReason } from '../../contracts/vocabulary.ts';
import { type FeedTimes, feedStandings } from '../feeds.ts';
import { endingHolidays } from '../time/holidays.ts';
import { DEFAULT_CAP } from './caps.ts';
import type { DigestInput, ReferralAlert } from './digest-input.ts';
import { byDue, byPriority, draftRows, type RowContext, type RowDraft, toSection } from './digest-rows.ts';
import { policyVersions } from './policy-versions.ts';
import { toMailRecipient } from './recipients.ts';
import { shownAlerts } from './shown-alerts.ts';
import { type MailFate, undeliveredSince } from './undelivered.ts';

/** `alerts` are those of referrals that nobody is responsible for. */
export interface OperationsMailInput extends DigestInput {
  /** Input that was refused since the previous mail, by reason. */
  refused: Partial<Record<RefusalReason, number>>;
  /** Counts of the dead-letter queues, by the purpose of the queue that the messages failed in. */
  deadLetters: readonly { queue: string; count: number }[];
  /** When each feed was heard. */
  feedsHeard: ReadonlyMap<string, FeedTimes>;
  /** When the first configuration was pushed: a feed that was never heard has been silent since then. */
  configuredSince: Instant;
  /** The mails of the last days, with what became of them. */
  mails: readonly MailFate[];
}

/** What nobody else gets to see. Null: there is nothing to look at. */
export function operationsMail(input: OperationsMailInput): OperationsContent | null {
  const { recipient, period, asOf, since, alerts, config, mails, cap = DEFAULT_CAP } = input;
  const shown = shownAlerts(alerts, asOf);
  const drafts = draftOperationsRows(shown);
  const refused = REFUSAL_REASONS.flatMap((reason) => {
    const count = input.refused[reason] ?? 0;
    return count > 0 ? [{ reason, count }] : [];
  });
  const deadLetters = input.deadLetters.filter(({ count }) => count > 0);
  const quietFeeds = toQuietFeeds(config.directory, input);
  const holidays = endingHolidays(config.directory, asOf);
  const undelivered = undeliveredSince(mails, since, asOf);
  const troubles = [drafts, refused, deadLetters, quietFeeds, holidays, undelivered];
  if (troubles.every(({ length }) => length === 0)) return null;
  return {
    kind: 'operations',
    recipient: toMailRecipient(recipient),
    period,
    asOf,
    since,
    policyVersions: policyVersions(shown, config, asOf),
    referrals: drafts.length,
    refused,
    deadLetters,
    sections: toSections(drafts, cap, { config, asOf, showInitials: false }),
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

function toSections(
  drafts: readonly RowDraft<OperationsSection>[],
  cap: number,
  context: RowContext,
): SectionContent<OperationsSection>[] {
  return OPERATIONS_SECTIONS.flatMap((section) => {
    const order = section === 'orphans' ? byDue : byPriority;
    const own = drafts.filter((draft) => draft.section === section).sort((a, b) => order(a.lead, b.lead));
    return own.length === 0 ? [] : [toSection(section, own, cap, cap, context)];
  });
}

/** Feeds that have been quiet for longer than the directory expects, in the directory's order. */
function toQuietFeeds(
  directory: Directory,
  { feedsHeard, configuredSince, asOf }: OperationsMailInput,
): OperationsContent['quietFeeds'] {
  return feedStandings(directory, feedsHeard, asOf, configuredSince).flatMap(({ quiet, types: _, ...feed }) =>
    quiet === null ? [] : [{ ...feed, ...quiet }],
  );
}
