import type { Directory } from '../../contracts/config.ts';
import { HOUR_MS } from '../../contracts/duration.ts';
import type { Instant } from '../../contracts/instant.ts';
import {
  OPERATIONS_SECTIONS,
  type OperationsContent,
  type OperationsSection,
  type SectionContent,
} from '../../contracts/mail.ts';
import { REFUSAL_REASONS, type RefusalReason } from '../../contracts/vocabulary.ts';
import {
  byDue,
  byPriority,
  DEFAULT_CAP,
  type DigestInput,
  draftRows,
  policyVersions,
  type ReferralAlert,
  type RowDraft,
  shownAlerts,
  toRecipient,
  toSection,
} from './digest-rows.ts';
import { type MailFate, undeliveredSince } from './undelivered.ts';

/** `items` are the alerts of referrals that nobody is responsible for. */
export interface OperationsMailInput extends DigestInput {
  /** Input that was refused since the previous mail, by reason. */
  refused: Partial<Record<RefusalReason, number>>;
  /** What dead-letter queues hold, by the purpose of the queue that it failed in. */
  deadLetters: readonly { queue: string; count: number }[];
  /** When each feed was last heard. */
  feedsHeard: ReadonlyMap<string, Instant>;
  /** Since when there is a configuration: a feed that was never heard is silent since then. */
  configuredSince: Instant;
  /** Mails of the last days. */
  mails: readonly MailFate[];
}

/** What nobody else gets to see. Null: there is nothing to look at. */
export function operationsMail(input: OperationsMailInput): OperationsContent | null {
  const { recipient, period, asOf, since, alerts: items, config, mails, cap = DEFAULT_CAP } = input;
  const shown = shownAlerts(items, asOf);
  const groups = toGroups(shown);
  const refused = REFUSAL_REASONS.flatMap((reason) => {
    const count = input.refused[reason] ?? 0;
    return count > 0 ? [{ reason, count }] : [];
  });
  const deadLetters = input.deadLetters.filter(({ count }) => count > 0);
  const quietFeeds = toQuietFeeds(config.directory, input);
  const undelivered = undeliveredSince(mails, since, asOf);
  const troubles = [groups, refused, deadLetters, quietFeeds, undelivered];
  if (troubles.every(({ length }) => length === 0)) return null;
  return {
    kind: 'operations',
    recipient: toRecipient(recipient),
    period,
    asOf,
    since,
    policyVersions: policyVersions(shown, config, asOf),
    referrals: groups.length,
    refused,
    deadLetters,
    sections: toSections(groups, cap, { config, asOf, showInitials: false }),
    quietFeeds,
    undelivered: undelivered.slice(0, cap),
    moreUndelivered: Math.max(0, undelivered.length - cap),
  };
}

/** One row for each referral; where nobody could be found for it, that leads: whoever is named sees to the rest. */
function toGroups(items: readonly ReferralAlert[]): RowDraft<OperationsSection>[] {
  const placed = items.map((item) => ({
    item,
    section: item.alert.kind === 'orphan' ? ('orphans' as const) : ('unassigned' as const),
  }));
  return draftRows(placed, OPERATIONS_SECTIONS).map((group) => {
    const all = [group.lead, ...group.others];
    const lead = all.find(({ alert }) => alert.kind === 'unassigned') ?? group.lead;
    return { ...group, lead, others: all.filter((item) => item !== lead) };
  });
}

function toSections(
  groups: readonly RowDraft<OperationsSection>[],
  cap: number,
  context: Parameters<typeof toSection>[4],
): SectionContent<OperationsSection>[] {
  return OPERATIONS_SECTIONS.flatMap((section) => {
    const order = section === 'orphans' ? byDue : byPriority;
    const own = groups.filter((group) => group.section === section).sort((a, b) => order(a.lead, b.lead));
    return own.length === 0 ? [] : [toSection(section, own, cap, cap, context)];
  });
}

/** Feeds that are silent for longer than the directory expects, in its order. */
function toQuietFeeds(
  { feeds = [] }: Directory,
  { feedsHeard, configuredSince, asOf }: OperationsMailInput,
): OperationsContent['quietFeeds'] {
  return feeds.flatMap(({ name, expectedEveryHours }) => {
    const lastHeardAt = feedsHeard.get(name) ?? null;
    const silentSince = lastHeardAt ?? configuredSince;
    return asOf - silentSince > expectedEveryHours * HOUR_MS ? [{ name, lastHeardAt, expectedEveryHours }] : [];
  });
}
