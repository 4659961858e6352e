import type { Config, Directory } from '../../contracts/config.ts';
import { formatInstant, formatOptionalInstant, type Instant } from '../../contracts/instant.ts';
import type { FeedHeard, PeriodName, Report, ReportFigures, Scope } from '../../contracts/report.ts';
import type { ReferralState } from '../../contracts/state.ts';
import type { RefusalReason } from '../../contracts/vocabulary.ts';
import { ownersOf } from '../directory.ts';
import { isOpen } from '../fold.ts';
import { byCodePoint } from '../order.ts';
import { Attainment } from './attainment.ts';
import { Audit, type KnownIds } from './audit.ts';
import { Backlog } from './backlog.ts';
import { Cms50 } from './cms50.ts';
import { type Counted, counted } from './counted.ts';
import { Intake } from './intake.ts';
import { Leakage } from './leakage.ts';
import { nearDuplicates, type PracticeNames } from './near-duplicates.ts';
import { Notes } from './notes.ts';
import { type ReportPeriod, spanOf } from './periods.ts';
import { directoryScopes, isIn, type Place, SCOPE_DIMENSIONS, scopeKey } from './scopes.ts';
import { sourceActivity } from './sources.ts';
import { Times } from './times.ts';
import { Visits } from './visits.ts';

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
 * once, in any order. What it keeps grows with counts and times, not with referrals' states.
 */
export class ReportBuilder {
  readonly #period: ReportPeriod;
  readonly #directory: Directory;
  readonly #known: KnownIds;
  readonly #cms50: Cms50;
  readonly #scopes = new Map<string, ScopeFigures>();
  /** Scopes of several fields, which a referral has to be matched with. */
  readonly #narrow: [Scope, ScopeFigures][] = [];
  readonly #coordinated = new Map<string, boolean>();

  constructor(period: ReportPeriod, { directory }: Pick<Config, 'directory'>) {
    this.#period = period;
    this.#directory = directory;
    this.#known = {
      practices: new Map(directory.practices.map((practice) => [practice.id, practice])),
      sites: new Set(directory.sites.map(({ id }) => id)),
    };
    this.#cms50 = new Cms50(period.asOf, directory.organization.timeZone);
    for (const scope of directoryScopes(directory)) {
      const fields = Object.values(scope).filter((value) => value !== undefined).length;
      const isNew = !this.#scopes.has(scopeKey(scope));
      const figures = this.#scope(scope);
      if (fields > 1 && isNew) this.#narrow.push([scope, figures]);
    }
  }

  /** Takes a referral in; one that was never received counts nowhere. */
  add(state: ReferralState): void {
    const referral = counted(state, this.#period, isOpen(state) && !this.#isCoordinated(state));
    if (referral === null) return;
    const scopes = this.#scopesOf(referral);
    for (const scope of scopes) scope.add(referral);
    if (referral.isVoided) return;
    this.#cms50.add(
      referral,
      scopes.map(({ number }) => number),
    );
  }

  /** The reports by the key of their scope. */
  finish(facts: OrganizationFacts): Map<string, Report> {
    const { from, to } = spanOf(this.#period);
    const head = {
      ...periodName(this.#period),
      from: formatInstant(from),
      to: formatInstant(to),
      asOf: formatInstant(this.#period.asOf),
    };
    const feeds = this.#feeds(facts.feedsHeard);
    const similar = nearDuplicates(this.#scope({}).practiceNames, this.#known.practices);
    const estimates = this.#cms50.figures(this.#scopes.size);
    const reports = new Map<string, Report>();
    for (const [key, scope] of this.#scopes) {
      reports.set(key, {
        ...head,
        ...scope.figures(similar),
        cms50Estimate: estimates[scope.number] ?? { n: 0, d: 0 },
        dataQuality: { refused: facts.refused, orphans: facts.orphans, unassigned: scope.unassigned, feeds },
      });
    }
    return reports;
  }

  #scope(scope: Scope): ScopeFigures {
    const key = scopeKey(scope);
    let found = this.#scopes.get(key);
    if (!found) {
      found = new ScopeFigures(this.#scopes.size, this.#period, this.#known);
      this.#scopes.set(key, found);
    }
    return found;
  }

  #scopesOf({ site, specialty, practiceId }: Counted): ScopeFigures[] {
    const practice = practiceId === null ? undefined : this.#known.practices.get(practiceId);
    const place: Place = { site, specialty, segment: practice?.segment ?? null, region: practice?.region ?? null };
    const found = [this.#scope({})];
    for (const dimension of SCOPE_DIMENSIONS) {
      const value = place[dimension];
      if (value !== null) found.push(this.#scope({ [dimension]: value }));
    }
    for (const [scope, figures] of this.#narrow) if (isIn(scope, place)) found.push(figures);
    return found;
  }

  /** Whether somebody coordinates it: the answer is the same for all with the same names in it. */
  #isCoordinated(state: ReferralState): boolean {
    const key = JSON.stringify([state.coordinatorId, state.site, state.specialty]);
    let known = this.#coordinated.get(key);
    if (known === undefined) {
      known = ownersOf(state, this.#directory).coordinatorId !== null;
      this.#coordinated.set(key, known);
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

const HOUR_MS = 3_600_000;

function periodName({ kind, name }: ReportPeriod): PeriodName {
  switch (kind) {
    case 'weekly':
      return { week: name };
    case 'monthly':
      return { month: name };
    case 'quarterly':
      return { quarter: name };
  }
}

/** The figures of one scope. */
class ScopeFigures {
  readonly number: number;
  readonly #period: ReportPeriod;
  readonly #versions = new Set<string>();
  readonly #attainment = new Attainment();
  readonly #backlog: Backlog;
  readonly #times: Times;
  readonly #leakage: Leakage;
  readonly #visits: Visits;
  readonly #intake: Intake;
  readonly #notes = new Notes();
  readonly #audit: Audit;
  /** When each practice's referrals were received. */
  readonly #sources = new Map<string, Instant[]>();

  constructor(number: number, period: ReportPeriod, known: KnownIds) {
    this.number = number;
    this.#period = period;
    this.#backlog = new Backlog(period.asOf);
    this.#times = new Times(period.asOf);
    this.#leakage = new Leakage(period.asOf);
    this.#visits = new Visits(period);
    this.#intake = new Intake(period);
    this.#audit = new Audit(known);
  }

  add(referral: Counted): void {
    // Voided referrals are in no figure, except that their clocks count as excluded.
    this.#attainment.add(referral);
    if (referral.isVoided) return;
    this.#backlog.add(referral);
    this.#times.add(referral);
    this.#leakage.add(referral);
    this.#visits.add(referral);
    this.#intake.add(referral);
    this.#notes.add(referral);
    this.#audit.add(referral);
    if (referral.policyVersion !== null) this.#versions.add(referral.policyVersion);
    if (referral.practiceId === null) return;
    const times = this.#sources.get(referral.practiceId);
    if (times) times.push(referral.receivedAt);
    else this.#sources.set(referral.practiceId, [referral.receivedAt]);
  }

  get unassigned(): number {
    return this.#backlog.unassigned;
  }

  get practiceNames(): PracticeNames {
    return this.#audit.names;
  }

  figures(
    similar: readonly [string, string][],
  ): Omit<ReportFigures, 'from' | 'to' | 'asOf' | 'cms50Estimate' | 'dataQuality'> {
    const { asOf } = this.#period;
    const { received, ...intake } = this.#intake.figures();
    return {
      policyVersions: [...this.#versions].sort(byCodePoint),
      received,
      clocks: this.#attainment.figures(),
      backlog: this.#backlog.figures(),
      ...this.#times.figures(),
      ...this.#leakage.figures(),
      ...this.#visits.figures(),
      ...intake,
      sources: sourceActivity(this.#sources, { asOf, ...spanOf(this.#period) }),
      audit: { ...this.#audit.figures(similar), visitsWithoutOutcome: this.#visits.withoutOutcome },
      notes: this.#notes.figures(),
    };
  }
}
