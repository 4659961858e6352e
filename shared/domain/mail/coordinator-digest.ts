import {
  COORDINATOR_SECTIONS,
  type CoordinatorDigestContent,
  type CoordinatorSection,
  type Cut,
  type DigestRow,
  type SectionContent,
} from '../../contracts/mail.ts';
import type { ReferralState } from '../../contracts/state.ts';
import { PRIORITIES } from '../../contracts/vocabulary.ts';
import { byCodePoint } from '../code-point.ts';
import { ownersOf } from '../referral/owners.ts';
import { DEFAULT_CAP } from './caps.ts';
import {
  byUrgency,
  elsewhereListing,
  type Listing,
  type ListingContext,
  listingOf,
  mayBeCut,
  referralsWithAlerts,
  standingOf,
} from './coordinator-rows.ts';
import type { DigestInput, ReferralAlert } from './digest-input.ts';
import { toRow } from './digest-rows.ts';
import { policyVersions } from './policy-versions.ts';
import { toMailRecipient } from './recipients.ts';
import { nextDigestAt } from './schedule.ts';
import { countSnoozed, openAlerts, resolvedSince } from './shown-alerts.ts';
import { type Memory, remember, rowState } from './stood.ts';
import { unshownIn } from './unshown.ts';
import { beginsWeek } from './working-days.ts';

export interface CoordinatorDigestInput extends DigestInput {
  /** The reader has had a digest in the last weeks. */
  hasLast: boolean;
  /** What it remembers. */
  memory: Memory;
  /** The reader's referrals whose visit fell through and that have none booked, with or without an alert. */
  toRebook?: readonly ReferralState[];
  /** Open alerts of referrals with an escalated one, at sites whose `escalateTo` is the recipient. */
  escalated?: readonly ReferralAlert[];
  /** Keep the rows that are cut, for a file of all rows. */
  keepsCutRows?: boolean;
}

/** A coordinator's working day, most urgent first. Null: there is nothing to say today. */
export function coordinatorDigest(input: CoordinatorDigestInput): CoordinatorDigestContent | null {
  const { recipient, period, asOf, since, alerts, config, hasLast, memory, toRebook = [], escalated = [] } = input;
  const showInitials = config.directory.organization.identifiers === 'initials';
  const nextAt = nextDigestAt(recipient, asOf) ?? Number.POSITIVE_INFINITY;
  const context: ListingContext = { config, asOf, since, showInitials, nextAt, memory };
  const isOthers = ({ state }: ReferralAlert) => ownersOf(state, config.directory).coordinatorId !== recipient.id;
  const listings = [
    ...referralsWithAlerts(openAlerts(alerts), toRebook, asOf).map((own) => listingOf(own, context)),
    ...referralsWithAlerts(openAlerts(escalated.filter(isOthers)), [], asOf).map((own) =>
      elsewhereListing(own, context),
    ),
  ].filter((listing) => listing !== null);
  const allClear = listings.length === 0 && (input.unshown ?? []).length === 0;
  if (allClear && !beginsWeek(recipient, hasLast ? since : null, period)) return null;
  const resolved = resolvedSince(alerts, since, asOf);
  const { sections, cut } = toSections(listings, input, context);
  return {
    kind: 'coordinator_digest',
    recipient: toMailRecipient(recipient),
    period,
    asOf,
    since,
    hasLast,
    policyVersions: policyVersions(listings, config, asOf),
    referrals: listings.length,
    ...unshownIn(input),
    sections,
    cut,
    resolvedSince: resolved.length,
    resolvedReferrals: [...new Set(resolved.map(({ state }) => state.referralId))].sort(byCodePoint),
    snoozed: countSnoozed(alerts, asOf),
    stood: remember(listings.map(standingOf), memory, asOf),
    allClear,
  };
}

/**
 * The sections, each with its rows up to the cap and, beyond it, those that are never cut.
 * @returns also how many rows were cut, by section and priority
 */
function toSections(
  listings: readonly Listing[],
  { cap = DEFAULT_CAP, keepsCutRows = false }: CoordinatorDigestInput,
  context: ListingContext,
): { sections: SectionContent<CoordinatorSection>[]; cut: Cut[] } {
  const cut: Cut[] = [];
  const sections = COORDINATOR_SECTIONS.flatMap((section) => {
    const all = listings
      .filter((listing) => listing.section === section)
      .map((listing) => rowOf(listing, context))
      .sort(byUrgency(section));
    if (all.length === 0) return [];
    const isCut = (row: DigestRow, place: number): boolean => place >= cap && mayBeCut(row);
    const rows = all.filter((row, place) => !isCut(row, place));
    const cutRows = all.filter(isCut);
    for (const priority of PRIORITIES) {
      const n = cutRows.filter((row) => row.priority === priority).length;
      if (n > 0) cut.push({ section, priority, n });
    }
    return [{ section, rows, more: cutRows.length, ...(keepsCutRows && cutRows.length > 0 && { cutRows }) }];
  });
  return { sections, cut };
}

function rowOf(listing: Listing, context: ListingContext): DigestRow {
  const { section, state, lead, shown } = listing;
  return toRow(state, lead, shown, context, {
    state: rowState(standingOf(listing), context.memory, context.asOf),
    coordinatorId: section === 'escalated_elsewhere' ? ownersOf(state, context.config.directory).coordinatorId : null,
  });
}
