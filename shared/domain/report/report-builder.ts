import type { Config, Directory } from '../../contracts/config.ts';
import { formatInstant, formatOptionalInstant, type Instant } from '../../contracts/instant.ts';
import type { ClockFigures, PeriodName, PracticeActivityFigures, Report } from '../../contracts/report.ts';
import type { ReferralState } from '../../contracts/state.ts';
import { CLOCK_KINDS, type ClockKind, type RefusalReason } from '../../contracts/vocabulary.ts';
import { type FeedTimes, feedStandings } from '../feeds.ts';
import { practiceActivity } from '../practice/activity.ts';
import { ownersOf } from '../referral/owners.ts';
import { Cms50 } from './cms50.ts';
import { countedReferral } from './counted-referral.ts';
import { Groups } from './groups.ts';
import { Misses } from './most-missed.ts';
import { type ReportPeriod, spanOf } from './periods.ts';
import { RecordQuality } from './record-quality.ts';
import { ScopeFigures } from './scope-figures.ts';
import { ORGANIZATION } from './scopes.ts';
import { TimeToEvent } from './time-to-event.ts';
import { ValuesByGroup } from './values-by-group.ts';

/** Facts about the organization that belong to no received referral. */
export interface OrganizationFacts {
  /** Input refused in the period, or unmatched since. */
  refused: Partial<Record<RefusalReason, number>>;
  /** Referrals that have been known for more than a day by events alone, without a receipt. */
  orphans: number;
  /** Referrals that are left out, because nobody can compute on them. */
  setAside?: number;
  /** Words of senders' own that were replaced in the period, by field. */
  unmapped: Record<string, number>;
  /** When each feed was heard. */
  feedsHeard: ReadonlyMap<string, FeedTimes>;
}

/**
 * Makes the reports of a period for every scope (docs/domain.md#9-1) in one pass over all referrals. Each is added
 * once, in any order. It keeps counts, and under 200 bytes a referral for figures that need all referrals to be known.
 */
export class ReportBuilder {
  readonly #period: ReportPeriod;
  readonly #directory: Directory;
  readonly #groups: Groups;
  readonly #timeToEvent: TimeToEvent;
  readonly #cms50: Cms50;
  readonly #recordQuality: RecordQuality;
  readonly #misses = new Misses();
  /** When each referral was received, by group. */
  readonly #received = new ValuesByGroup();
  readonly #scopes: ScopeFigures[] = [];
  readonly #isCoordinated = new Map<string, boolean>();

  constructor(period: ReportPeriod, { directory }: Pick<Config, 'directory'>) {
    const practices = new Map(directory.practices.map((practice) => [practice.id, practice]));
    this.#period = period;
    this.#directory = directory;
    this.#groups = new Groups(directory, practices);
    this.#timeToEvent = new TimeToEvent(period.asOf);
    this.#cms50 = new Cms50(period, directory.organization.timeZone);
    this.#recordQuality = new RecordQuality(directory, practices);
  }

  /** Counts a referral; one that was never received counts nowhere. */
  add(state: ReferralState): void {
    const referral = countedReferral(state, this.#period, !this.#hasCoordinator(state));
    if (referral === null) return;
    const group = this.#groups.of(referral);
    for (const scope of group.scopes) this.#scope(scope).add(referral);
    if (referral.isVoided) return;
    this.#timeToEvent.add(referral, group.number);
    this.#cms50.add(referral, group.number);
    this.#misses.add(referral, group.number);
    this.#recordQuality.add(referral, group.scopes);
    this.#received.add(referral.receivedAt, group.number);
  }

  /** The reports, by scope key. */
  finish(facts: OrganizationFacts): Map<string, Report> {
    const { from, to } = spanOf(this.#period);
    const asOf = formatInstant(this.#period.asOf);
    const head = { ...periodName(this.#period), from: formatInstant(from), to: formatInstant(to), asOf };
    const feeds = feedStandings(this.#directory, facts.feedsHeard, this.#period.asOf).map(
      ({ name, lastHeardAt, lastEventAt, quiet, types }) => ({
        name,
        lastHeardAt: formatOptionalInstant(lastHeardAt),
        lastEventAt: formatOptionalInstant(lastEventAt),
        quiet: quiet !== null,
        lacks: quiet?.lacks ?? null,
        types,
      }),
    );
    const estimates = this.#cms50.figures(this.#groups.scopes.length, this.#groups.all);
    const similar = this.#recordQuality.similarPractices();
    const reports = this.#groups.scopes.map((key, number): [string, Report] => {
      const scope = this.#scope(number);
      const members = this.#groups.membersOf(number);
      const { policyVersions, received, clocks, backlog, ...counts } = scope.figures();
      const { tooRecent = 0, ...cms50Estimate } = estimates[number] ?? { n: 0, d: 0 };
      return [
        key,
        {
          ...head,
          policyVersions,
          received,
          clocks: this.#located(clocks, members),
          restated: {},
          backlog,
          ...this.#timeToEvent.figures(members),
          ...counts,
          cms50Estimate,
          cms50TooRecent: tooRecent,
          sources: this.#practiceActivity(members),
          dataQuality: {
            refused: facts.refused,
            unmapped: facts.unmapped,
            // Nobody knows yet which other scopes they belong to.
            orphans: key === ORGANIZATION ? facts.orphans : 0,
            ...(facts.setAside !== undefined && facts.setAside > 0 && { setAside: facts.setAside }),
            unassigned: scope.unassigned,
            feeds,
          },
          audit: {
            ...this.#recordQuality.figures(number, similar),
            visitsWithoutOutcome: scope.visitsWithoutOutcome,
          },
        },
      ];
    });
    return new Map(reports);
  }

  #scope(number: number): ScopeFigures {
    let scope = this.#scopes[number];
    if (!scope) {
      scope = new ScopeFigures(this.#period);
      this.#scopes[number] = scope;
    }
    return scope;
  }

  /** A scope's clocks, each with where it was missed most. */
  #located(clocks: ReturnType<ScopeFigures['figures']>['clocks'], members: Uint8Array): Report['clocks'] {
    const groups = this.#groups.all.filter(({ number }) => members[number] === 1);
    const located = CLOCK_KINDS.map((kind): [ClockKind, ClockFigures] => {
      const { history, ...figures } = clocks[kind];
      return [kind, { ...figures, where: this.#misses.most(kind, figures, groups), history }];
    });
    return Object.fromEntries(located) as Report['clocks'];
  }

  /** The figure "sources": the activity of the practices that refer to a scope. */
  #practiceActivity(members: Uint8Array): PracticeActivityFigures {
    const practices = new Map<string, Instant[]>();
    const byGroup: (Instant[] | undefined)[] = [];
    for (const { number, practiceId } of this.#groups.all) {
      if (practiceId === null || members[number] !== 1) continue;
      const received = practices.get(practiceId) ?? [];
      practices.set(practiceId, received);
      byGroup[number] = received;
    }
    this.#received.forMembers(members, (receivedAt, group) => byGroup[group]?.push(receivedAt));
    return practiceActivity(practices, { asOf: this.#period.asOf, ...spanOf(this.#period) });
  }

  /** Whether a coordinator can be found for it. The answer depends only on the fields in the key, so it is remembered. */
  #hasCoordinator(state: ReferralState): boolean {
    const key = `${state.coordinatorId}\u0000${state.site}\u0000${state.specialty}`;
    let known = this.#isCoordinated.get(key);
    if (known === undefined) {
      known = ownersOf(state, this.#directory).coordinatorId !== null;
      this.#isCoordinated.set(key, known);
    }
    return known;
  }
}

function periodName({ kind, name }: ReportPeriod): PeriodName {
  switch (kind) {
    case 'weekly':
      return { week: name };
    case 'monthly':
      return { week: name, month: name };
    case 'quarterly':
      return { week: name, quarter: name };
  }
}
