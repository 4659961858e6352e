import type { Directory } from '../../contracts/config.ts';
import type { ReportFigures } from '../../contracts/report.ts';
import { byCodePoint } from '../order.ts';
import { type Counted, countUp } from './counted.ts';
import type { PracticeNames } from './near-duplicates.ts';

/** The directory's ids, looked up a million times. */
export interface KnownIds {
  practices: ReadonlyMap<string, Directory['practices'][number]>;
  sites: ReadonlySet<string>;
}

/** Names and NPIs that somebody should put right, since figures by practice and site are only as good as these. */
export class Audit {
  readonly #known: KnownIds;
  readonly #unknownPractices = new Set<string>();
  readonly #unknownSites = new Set<string>();
  /** By NPI the practices that it stands under. */
  readonly #npis = new Map<string, Set<string>>();
  readonly #names: PracticeNames = new Map();
  #withoutProvider = 0;

  constructor(known: KnownIds) {
    this.#known = known;
  }

  /** A referral that isn't voided. */
  add({ practiceId, practiceName, site, providerNpi, hasProvider }: Counted): void {
    if (practiceId !== null) {
      if (!this.#known.practices.has(practiceId)) this.#unknownPractices.add(practiceId);
      addTo(this.#names, practiceId, practiceName ?? this.#known.practices.get(practiceId)?.name ?? null);
      addTo(this.#npis, providerNpi, practiceId);
    }
    if (site !== null && !this.#known.sites.has(site)) this.#unknownSites.add(site);
    if (!hasProvider) this.#withoutProvider += 1;
  }

  /** The names that its practices go by. */
  get names(): PracticeNames {
    return this.#names;
  }

  /** @param similar pairs of names among all of the organization's: to find them takes a look at each pair */
  figures(similar: readonly [string, string][]): Omit<ReportFigures['audit'], 'visitsWithoutOutcome'> {
    const users = new Map<string, number>();
    for (const name of [...this.#names.values()].flatMap((own) => [...own])) countUp(users, name);
    const uses = (name: string): number => users.get(name) ?? 0;
    const npis = [...this.#npis.keys()];
    return {
      unknownPractices: [...this.#unknownPractices].sort(byCodePoint),
      unknownSites: [...this.#unknownSites].sort(byCodePoint),
      npiInvalid: npis.filter((npi) => !isNpi(npi)).sort(byCodePoint),
      npiShared: npis.filter((npi) => (this.#npis.get(npi)?.size ?? 0) > 1).sort(byCodePoint),
      nearDuplicates: similar.filter(([a, b]) => (a === b ? uses(a) > 1 : uses(a) > 0 && uses(b) > 0)),
      withoutProvider: this.#withoutProvider,
    };
  }
}

function addTo(sets: Map<string, Set<string>>, key: string | null, value: string | null): void {
  if (key === null || value === null) return;
  const found = sets.get(key);
  if (found) found.add(value);
  else sets.set(key, new Set([value]));
}

/** Issuer prefix that stands before an NPI when its check digit is computed (CMS, NPI check digit calculation). */
const ISSUER = '80840';

/** Whether ten digits end in the right check digit (Luhn's, ISO/IEC 7812). */
export function isNpi(text: string): boolean {
  if (!/^\d{10}$/.test(text)) return false;
  const digits = [...`${ISSUER}${text}`].reverse().map(Number);
  const sum = digits.reduce((total, digit, place) => {
    const weighted = place % 2 === 1 ? 2 * digit : digit;
    return total + (weighted > 9 ? weighted - 9 : weighted);
  }, 0);
  return sum % 10 === 0;
}
