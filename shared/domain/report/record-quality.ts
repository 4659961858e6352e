import type { Directory } from '../../contracts/config.ts';
import type { ReportFigures } from '../../contracts/report.ts';
import { byCodePoint } from '../code-point.ts';
import type { CountedReferral } from './counted-referral.ts';
import { nearDuplicates } from './near-duplicates.ts';
import { isNpi } from './npi.ts';

type Practices = ReadonlyMap<string, Directory['practices'][number]>;

/** What a referral says of who sent it and where to. Millions of referrals share a few thousand. */
interface Sender {
  practiceId: string | null;
  name: string | null;
  npi: string | null;
  site: string | null;
}

/** Names and NPIs that somebody should put right, since figures by practice and site are only as good as these. */
export class RecordQuality {
  readonly #practices: Practices;
  readonly #sites: ReadonlySet<string>;
  readonly #senders: Sender[] = [];
  readonly #numbers = new Map<string, number>();
  /** By scope the senders that were heard of, and how many referrals have no provider. */
  readonly #heard: Set<number>[] = [];
  readonly #withoutProvider: number[] = [];

  constructor({ sites }: Directory, practices: Practices) {
    this.#practices = practices;
    this.#sites = new Set(sites.map(({ id }) => id));
  }

  /** A referral that isn't voided, in each of its scopes. */
  add(referral: CountedReferral, scopes: readonly number[]): void {
    const sender = this.#senderOf(referral);
    for (const scope of scopes) {
      this.#heard[scope] ??= new Set();
      this.#heard[scope].add(sender);
      if (!referral.hasProvider) this.#withoutProvider[scope] = (this.#withoutProvider[scope] ?? 0) + 1;
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

  /** Pairs of names among all of the organization's: to find them takes a look at each pair, so it is done once. */
  similarNames(): [string, string][] {
    const names = groupBy(this.#senders, 'practiceId', 'name');
    for (const { id, name } of this.#practices.values()) names.set(id, (names.get(id) ?? new Set()).add(name));
    return nearDuplicates(names, this.#practices);
  }

  /**
   * @param similar what `similarNames` found
   */
  figures(scope: number, similar: readonly [string, string][]): Omit<ReportFigures['audit'], 'visitsWithoutOutcome'> {
    const senders = [...(this.#heard[scope] ?? [])].flatMap((number) => this.#senders[number] ?? []);
    const byNpi = groupBy(senders, 'npi', 'practiceId');
    const byName = groupBy(senders, 'name', 'practiceId');
    const uses = (name: string): number => byName.get(name)?.size ?? 0;
    return {
      unknownPractices: distinct(senders.map(({ practiceId }) => practiceId)).filter((id) => !this.#practices.has(id)),
      unknownSites: distinct(senders.map(({ site }) => site)).filter((site) => !this.#sites.has(site)),
      npiInvalid: distinct([...byNpi.keys()]).filter((npi) => !isNpi(npi)),
      npiShared: distinct([...byNpi.keys()]).filter((npi) => (byNpi.get(npi)?.size ?? 0) > 1),
      nearDuplicates: similar.filter(([a, b]) => uses(a) > 0 || uses(b) > 0),
      withoutProvider: this.#withoutProvider[scope] ?? 0,
    };
  }
}

/** By each value of one field the values of another that it stands with. */
function groupBy(senders: readonly Sender[], by: keyof Sender, of: keyof Sender): Map<string, Set<string>> {
  const groups = new Map<string, Set<string>>();
  for (const sender of senders) {
    const [key, value] = [sender[by], sender[of]];
    if (key === null || value === null) continue;
    const group = groups.get(key) ?? new Set();
    groups.set(key, group.add(value));
  }
  return groups;
}

function distinct(values: readonly (string | null)[]): string[] {
  return [...new Set(values)].filter((value) => value !== null).sort(byCodePoint);
}
