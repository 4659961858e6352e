import type { Instant } from '../../shared/contracts/instant.ts';
import type { ReferralState } from '../../shared/contracts/state.ts';
import { isOrphan } from '../../shared/domain/alert/watches.ts';
import type { ReportPeriod } from '../../shared/domain/report/periods.ts';
import { ReportBuilder } from '../../shared/domain/report/report-builder.ts';
import { computing, LastingError } from '../../shared/platform/lasting-error.ts';
import { type Log, ReferralError } from '../../shared/platform/logger.ts';
import type { VersionedConfig } from '../../shared/store/fold-log.ts';
import type { ReferralStore } from '../../shared/store/referral-store.ts';
import { isNotTheReferrals, type SetAsideStore, setAsideUnlessAll } from '../../shared/store/set-aside-store.ts';
import { knownStates } from './known-states.ts';

/** A period for which every referral was counted. */
export interface CountedPeriod {
  period: ReportPeriod;
  builder: ReportBuilder;
  /** Referrals that were orphans when the report was due. */
  orphans: number;
  /** Referrals that are left out. */
  setAside: number;
}

interface Deps {
  referrals: ReferralStore;
  setAsides: SetAsideStore;
  log: Log;
}

/**
 * Counts every referral for each of the periods, in one pass over all referrals. One that can't be read, folded or counted
 * is left out and set aside. Counting that failed on some has left parts of them in the figures, so a second pass counts
 * without them.
 * @throws ReferralError if counting fails on one more in the second pass: a later run leaves that out from the start
 */
export async function countReferrals(
  periods: readonly ReportPeriod[],
  versioned: VersionedConfig,
  run: Instant,
  { referrals, ...deps }: Deps,
): Promise<CountedPeriod[]> {
  if (periods.length === 0) return [];
  const first = await countOnce(periods, versioned, new Set(), referrals);
  const { uncountable } = first;
  const last =
    uncountable.size === 0 ? first : await countOnce(periods, versioned, new Set(uncountable.keys()), referrals);
  const [another] = last === first ? [] : last.uncountable;
  if (another !== undefined) throw new ReferralError(...another);
  const left = new Map([...uncountable, ...last.unreadable]);
  const blameless = await setAsideUnlessAll(left, last.found, { by: 'write-reports', now: run }, deps);
  if (blameless.length > 0) throw new AggregateError(blameless, 'all failed');
  return last.counted.map((each) => ({ ...each, setAside: left.size }));
}

interface Pass {
  counted: Omit<CountedPeriod, 'setAside'>[];
  unreadable: Map<string, LastingError>;
  /** With which counting failed. Unless there are none, the figures are of no use. */
  uncountable: Map<string, LastingError>;
  /** How many referrals there are. */
  found: number;
}

/** @throws AggregateError if counting fails on all, so that it isn't the referrals */
async function countOnce(
  periods: readonly ReportPeriod[],
  versioned: VersionedConfig,
  without: ReadonlySet<string>,
  referrals: ReferralStore,
): Promise<Pass> {
  const counted = periods.map((period) => ({
    period,
    builder: new ReportBuilder(period, versioned.config),
    orphans: 0,
  }));
  const [unreadable, uncountable] = [new Map<string, LastingError>(), new Map<string, LastingError>()];
  const instants = [...new Set(periods.map(({ asOf }) => asOf))];
  let found = 0;
  const known = knownStates(referrals, instants, versioned, (referralId, error) => unreadable.set(referralId, error));
  for await (const { asOf, states: all } of known) {
    const states = all.filter(({ referralId }) => !without.has(referralId));
    found += states.length;
    const orphans = states.filter((state) => isOrphan(state, asOf)).length;
    for (const each of counted.filter(({ period }) => period.asOf === asOf)) {
      for (const state of states) count(state, each.builder, uncountable);
      each.orphans += orphans;
    }
  }
  if (isNotTheReferrals(uncountable.size, found - uncountable.size))
    throw new AggregateError([...uncountable.values()], 'all failed');
  return { counted, unreadable, uncountable, found };
}

function count(state: ReferralState, builder: ReportBuilder, uncountable: Map<string, LastingError>): void {
  try {
    computing(() => builder.add(state));
  } catch (error) {
    if (!(error instanceof LastingError)) throw error;
    uncountable.set(state.referralId, error);
  }
}
