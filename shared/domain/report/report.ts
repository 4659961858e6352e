import type { Config, Directory } from '../../contracts/config.ts';
import { HOUR_MS } from '../../contracts/duration.ts';
import { formatInstant, formatOptionalInstant, type Instant } from '../../contracts/instant.ts';
import type { FeedHeard, PeriodName, PracticeActivityFigures, Report } from '../../contracts/report.ts';
import type { ReferralState } from '../../contracts/state.ts';
import type { RefusalReason } from '../../contracts/vocabulary.ts';
import { practiceActivity } from '../practice/activity.ts';
import { ownersOf } from '../referral/owners.ts';
import { Cms50 } from './cms50.ts';
import { countedReferral } from './counted-referral.ts';
import { type Group, Groups } from './groups.ts';
import { type ReportPeriod, spanOf } from './periods.ts';
import { RecordQuality } from './record-quality.ts';
import { ScopeFigures } from './scope-figures.ts';
import { ORGANIZATION } from './scopes.ts';
import { TimeToEvent } from './time-to-event.ts';
import { ValuesByGroup } from './values-by-group.ts';

/** What can't be laid at the door of any referral that was received. */
export interface OrganizationFacts {
  /** Input refused in the period. */
  refused: Partial<Record<RefusalReason, number>>;
  /** Referrals known by events only, for more than a day. */
  orphans: number;
  /** When each feed was last heard. */
  feedsHeard: ReadonlyMap<string, Instant>;
}

/**
 * Makes the reports of a period for every scope (domain contract, section 9) in one pass over all referrals, each given
 * once, in any order. It keeps counts, and under 200 bytes a referral of what can't be counted before all are there.
 */
export class ReportBuilder {
  readonly #period: ReportPeriod;
  readonly #directory: Directory;
  readonly #groups: Groups;
  readonly #timeToEvent: TimeToEvent;
  readonly #cms50: Cms50;
  readonly #recordQuality: RecordQuality;
  /** When each referral was received, by place. */
  readonly #received = new ValuesByGroup();
  readonly #scopes: ScopeFigures[] = [];
  readonly #isCoordinated = new Map<string, boolean>();

  constructor(period: ReportPeriod, { directory }: Pick<Config, 'directory'>) {
    const practices = new Map(directory.practices.map((practice) => [practice.id, practice]));
    this.#period = period;
    this.#directory = directory;
    this.#groups = new Groups(directory, practices);
    this.#timeToEvent = new TimeToEvent(period.asOf);
    this.#cms50 = new Cms50(period.asOf, directory.organization.timeZone);
    this.#recordQuality = new RecordQuality(directory, practices);
  }

  /** Takes a referral in; one that was never received counts nowhere. */
  add(state: ReferralState): void {
    const referral = countedReferral(state, this.#period, !this.#hasCoordinator(state));
    if (referral === null) return;
    const place = this.#groups.of(referral);
    for (const scope of place.scopes) this.#scope(scope).add(referral);
    if (referral.isVoided) return;
    this.#timeToEvent.add(referral, place.number);
    this.#cms50.add(referral, place.number);
    this.#recordQuality.add(referral, place.scopes);
    this.#received.add(referral.receivedAt, place.number);
  }

  /** The reports by the key of their scope. */
  finish(facts: OrganizationFacts): Map<string, Report> {
    const { from, to } = spanOf(this.#period);
    const asOf = formatInstant(this.#period.asOf);
    const head = { ...periodName(this.#period), from: formatInstant(from), to: formatInstant(to), asOf };
    const feeds = this.#feeds(facts.feedsHeard);
    const estimates = this.#cms50.figures(this.#groups.scopes.length, this.#groups.all);
    const similar = this.#recordQuality.similarNames();
    const reports = this.#groups.scopes.map((key, number): [string, Report] => {
      const scope = this.#scope(number);
      const members = this.#groups.membersOf(number);
      const places = this.#groups.all.filter((place) => members[place.number] === 1);
      const { policyVersions, received, clocks, backlog, ...counts } = scope.figures();
      return [
        key,
        {
          ...head,
          policyVersions,
          received,
          clocks,
          restated: {},
          backlog,
          ...this.#timeToEvent.figures(members),
          ...counts,
          cms50Estimate: estimates[number] ?? { n: 0, d: 0 },
          sources: this.#sources(members, places),
          dataQuality: {
            refused: facts.refused,
            // Nobody knows yet where they belong.
            orphans: key === ORGANIZATION ? facts.orphans : 0,
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

  /** What the practices do that refer to a scope. */
  #sources(members: Uint8Array, places: readonly Group[]): PracticeActivityFigures {
    const practices = new Map<string, Instant[]>();
    const byPlace: (Instant[] | undefined)[] = [];
    for (const { number, practiceId } of places) {
      if (practiceId === null) continue;
      const times = practices.get(practiceId) ?? [];
      practices.set(practiceId, times);
      byPlace[number] = times;
    }
    this.#received.forMembers(members, (receivedAt, place) => byPlace[place]?.push(receivedAt));
    return practiceActivity(practices, { asOf: this.#period.asOf, ...spanOf(this.#period) });
  }

  /** Whether anybody can be found who coordinates it: the answer is the same for all with the same names in it. */
  #hasCoordinator(state: ReferralState): boolean {
    const key = `${state.coordinatorId}\u0000${state.site}\u0000${state.specialty}`;
    let known = this.#isCoordinated.get(key);
    if (known === undefined) {
      known = ownersOf(state, this.#directory).coordinatorId !== null;
      this.#isCoordinated.set(key, known);
    }
    return known;
  }

  #feeds(heard: ReadonlyMap<string, Instant>): FeedHeard[] {
    return (this.#directory.feeds ?? []).map(({ name, expectedEveryHours }) => {
      const lastHeardAt = heard.get(name) ?? null;
      const quiet = lastHeardAt === null || this.#period.asOf - lastHeardAt > expectedEveryHours * HOUR_MS;
      return { name, lastHeardAt: formatOptionalInstant(lastHeardAt), quiet };
    });
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
