import type { Instant } from '../../shared/contracts/instant.ts';
import type { ReferralState } from '../../shared/contracts/state.ts';
import { isOrphan } from '../../shared/domain/alert/watches.ts';
import type { ReportPeriod } from '../../shared/domain/report/periods.ts';
import { ReportBuilder } from '../../shared/domain/report/report-builder.ts';
import { computing, LastingError } from '../../shared/platform/lasting-error.ts';
import { type Log, ReferralError } from '../../shared/platform/logger.ts';
import type { VersionedConfig } from '../../shared/store/fold-log.ts';
import type { ReferralStore } from '../../shared/store/referral-store.ts';
import { type SetAsideStore, setAsideUnlessAll } from '../../shared/store/set-aside-store.ts';
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

/** So often all are counted again without one more: if counting fails on so many, it isn't the referrals. */
const MOST_UNCOUNTABLE = 10;

/**
 * Counts every referral for each of the periods, in one pass over all referrals. One that can't be read, folded or counted
 * is left out and set aside. If counting fails on one, the figures have it in part, so all are counted again without it.
 */
export async function countReferrals(
  periods: readonly ReportPeriod[],
  versioned: VersionedConfig,
  run: Instant,
  { referrals, ...deps }: Deps,
): Promise<CountedPeriod[]> {
  if (periods.length === 0) return [];
  const uncountable = new Map<string, unknown>();
  for (;;) {
    const unreadable = new Map<string, LastingError>();
    try {
      const { counted, found } = await countOnce(periods, versioned, { unreadable, uncountable }, referrals);
      const left = new Map([...uncountable, ...unreadable]);
      const blameless = await setAsideUnlessAll(left, found, { by: 'write-reports', now: run }, deps);
      if (blameless.length > 0) throw new AggregateError(blameless, 'all failed');
      return counted.map((each) => ({ ...each, setAside: left.size }));
    } catch (error) {
      if (!(error instanceof ReferralError) || uncountable.size >= MOST_UNCOUNTABLE) throw error;
      uncountable.set(ReferralError.referralIdOf(error), error.cause);
    }
  }
}

/** @returns what is counted, and how many referrals. @throws ReferralError of the first referral with which counting fails */
async function countOnce(
  periods: readonly ReportPeriod[],
  versioned: VersionedConfig,
  { unreadable, uncountable }: { unreadable: Map<string, LastingError>; uncountable: ReadonlyMap<string, unknown> },
  referrals: ReferralStore,
): Promise<{ counted: Omit<CountedPeriod, 'setAside'>[]; found: number }> {
  const { config } = versioned;
  const counted = periods.map((period) => ({ period, builder: new ReportBuilder(period, config), orphans: 0 }));
  const instants = [...new Set(periods.map(({ asOf }) => asOf))];
  let found = 0;
  const known = knownStates(referrals, instants, versioned, (referralId, error) => unreadable.set(referralId, error));
  for await (const { asOf, states: all } of known) {
    const states = all.filter(({ referralId }) => !uncountable.has(referralId));
    found += states.length;
    const orphans = states.filter((state) => isOrphan(state, asOf)).length;
    for (const each of counted.filter(({ period }) => period.asOf === asOf)) {
      for (const state of states) count(state, each.builder);
      each.orphans += orphans;
    }
  }
  return { counted, found };
}

function count(state: ReferralState, builder: ReportBuilder): void {
  try {
    computing(() => builder.add(state));
  } catch (error) {
    throw error instanceof LastingError ? new ReferralError(state.referralId, error) : error;
  }
}
