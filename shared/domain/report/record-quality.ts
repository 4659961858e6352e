import type { Directory, Practice } from '../../contracts/config.ts';
import type { ReportFigures } from '../../contracts/report.ts';
import { byCodePoint } from '../code-point.ts';
import type { CountedReferral } from './counted-referral.ts';
import { nearDuplicates, type PracticePair } from './near-duplicates.ts';
import { isNpi } from './npi.ts';

/** Of long ids these take up a third of the item that a report is stored in. */
const MOST_IDS = 5000;

/** Who sent a referral and which site it went to. Millions of referrals share a few thousand of these. */
interface Sender {
  practiceId: string | null;
  name: string | null;
  npi: string | null;
  site: string | null;
}

/**
 * The figure "audit" (docs/domain.md#figure-audit), except visits without outcome: names and NPIs that somebody should
 * correct, because figures by practice and site depend on them.
 */
export class RecordQuality {
  readonly #practices: ReadonlyMap<string, Practice>;
  readonly #sites: ReadonlySet<string>;
  readonly #senders: Sender[] = [];
  readonly #numbers = new Map<string, number>();
  /** By scope number: the senders of its referrals, and how many referrals have no provider. */
  readonly #sendersIn: Set<number>[] = [];
  readonly #withoutProvider: number[] = [];
  readonly #notesBeforeReferral: string[][] = [];

  constructor({ sites }: Directory, practices: ReadonlyMap<string, Practice>) {
    this.#practices = practices;
    this.#sites = new Set(sites.map(({ id }) => id));
  }

  /** @param referral not voided @param scopes numbers of the scopes that it belongs to */
  add(referral: CountedReferral, scopes: readonly number[]): void {
    const sender = this.#senderOf(referral);
    for (const scope of scopes) {
      this.#sendersIn[scope] ??= new Set();
      this.#sendersIn[scope].add(sender);
      if (!referral.hasProvider) this.#withoutProvider[scope] = (this.#withoutProvider[scope] ?? 0) + 1;
      if (referral.noteBeforeReferral) {
        this.#notesBeforeReferral[scope] ??= [];
        this.#notesBeforeReferral[scope].push(referral.referralId);
      }
    }
  }

  #senderOf({ practiceId, practiceName, providerNpi, site }: CountedReferral): number {
    const key = `${practiceId}\u0000${practiceName}\u0000${providerNpi}\u0000${site}`;
    let number = this.#numbers.get(key);
    if (number === undefined) {
      number = this.#senders.length;
      const name = practiceName ?? this.#practices.get(practiceId ?? '')?.name ?? null;
      this.#senders.push({ practiceId, name, npi: providerNpi, site });
      this.#numbers.set(key, number);
    }
    return number;
  }

  /** Practices with similar names in the organization. Finding them compares every two, so it is done once for all scopes. */
  similarPractices(): PracticePair[] {
    const names = valuesBy(this.#senders, 'practiceId', 'name');
    for (const { id, name } of this.#practices.values()) names.set(id, (names.get(id) ?? new Set()).add(name));
    return nearDuplicates(names, this.#practices);
  }

  /** @param similar what `similarPractices` returned */
  figures(scope: number, similar: readonly PracticePair[]): Omit<ReportFigures['audit'], 'visitsWithoutOutcome'> {
    const senders = [...(this.#sendersIn[scope] ?? [])].flatMap((number) => this.#senders[number] ?? []);
    const byNpi = valuesBy(senders, 'npi', 'practiceId');
    const early = (this.#notesBeforeReferral[scope] ?? []).toSorted(byCodePoint);
    const heard = new Set(senders.map(({ practiceId }) => practiceId));
    return {
      unknownPractices: distinct(senders.map(({ practiceId }) => practiceId)).filter((id) => !this.#practices.has(id)),
      unknownSites: distinct(senders.map(({ site }) => site)).filter((site) => !this.#sites.has(site)),
      npiInvalid: distinct([...byNpi.keys()]).filter((npi) => !isNpi(npi)),
      npiShared: distinct([...byNpi.keys()]).filter((npi) => (byNpi.get(npi)?.size ?? 0) > 1),
      nearDuplicates: similar.filter(([a, b]) => heard.has(a.id) || heard.has(b.id)),
      withoutProvider: this.#withoutProvider[scope] ?? 0,
      notesBeforeReferral: early.slice(0, MOST_IDS),
      moreNotesBeforeReferral: Math.max(0, early.length - MOST_IDS),
    };
  }
}

/** For each value of the field `by`, the values of the field `of` that occur with it. */
function valuesBy(senders: readonly Sender[], by: keyof Sender, of: keyof Sender): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const sender of senders) {
    const [key, value] = [sender[by], sender[of]];
    if (key === null || value === null) continue;
    const values = found.get(key) ?? new Set();
    found.set(key, values.add(value));
  }
  return found;
}

function distinct(values: readonly (string | null)[]): string[] {
  return [...new Set(values)].filter((value) => value !== null).sort(byCodePoint);
}
