import type { Directory } from '../../shared/contracts/config.ts';
import type { ReferralRow } from '../../shared/contracts/output.ts';

/** A value and how many referrals have it. */
export interface Counted {
  value: string;
  n: number;
}

/** Referrals that the directory leaves to nobody, each with the values that they have, the most frequent first. */
export interface Nobodys {
  /** Their site isn't in the directory, whoever is responsible for them. */
  unknownSites: Counted[];
  /** No route and no site gives them a coordinator: by site. */
  withoutCoordinator: Counted[];
  /** Their practice isn't in the directory. */
  unknownPractices: Counted[];
  /** Their practice is in the directory and has no liaison. */
  withoutLiaison: Counted[];
}

/** Which of the referrals that were received, and not voided, are nobody's by a directory. */
export function nobodysOf(referrals: readonly ReferralRow[], directory: Directory): Nobodys {
  const real = referrals.filter(({ stage, receivedAt }) => receivedAt !== null && stage !== 'voided');
  const [sites, practices] = [directory.sites, directory.practices].map((list) => new Set(list.map(({ id }) => id)));
  const isUnknown = (known: Set<string> | undefined, id: string | null): boolean => id === null || !known?.has(id);
  const withoutLiaison = real.filter(({ liaisonId }) => liaisonId === null);
  return {
    unknownSites: counted(real.filter(({ site }) => isUnknown(sites, site)).map(({ site }) => site)),
    withoutCoordinator: counted(real.filter(({ coordinatorId }) => coordinatorId === null).map(({ site }) => site)),
    unknownPractices: counted(
      withoutLiaison.filter(({ practiceId }) => isUnknown(practices, practiceId)).map(({ practiceId }) => practiceId),
    ),
    withoutLiaison: counted(
      withoutLiaison.filter(({ practiceId }) => !isUnknown(practices, practiceId)).map(({ practiceId }) => practiceId),
    ),
  };
}

export const total = (counts: readonly Pick<Counted, 'n'>[]): number => counts.reduce((sum, { n }) => sum + n, 0);

function counted(values: readonly (string | null)[]): Counted[] {
  const same = Map.groupBy(values, (value) => value ?? '');
  return [...same].map(([value, each]) => ({ value, n: each.length })).sort((a, b) => b.n - a.n);
}
