import { Resolver } from 'node:dns/promises';

/** Looks names up. Throws if the answer didn't come; a name without such a record has none. */
export interface Names {
  /** The TXT records of a name, each in one piece. */
  texts(name: string): Promise<string[]>;
}

const TIMEOUT_MS = 3_000;
const TRIES = 2;
/** There is no such name, or it has no such record. */
const NONE = ['ENOTFOUND', 'ENODATA'];

/**
 * The names of the Internet.
 * @param servers who is asked; by default this machine's resolvers
 */
export function dnsNames(servers?: readonly string[]): Names {
  const resolver = new Resolver({ timeout: TIMEOUT_MS, tries: TRIES });
  if (servers !== undefined) resolver.setServers(servers);
  return {
    async texts(name) {
      try {
        return (await resolver.resolveTxt(name)).map((pieces) => pieces.join(''));
      } catch (error) {
        const { code = 'unknown' } = error as NodeJS.ErrnoException;
        if (NONE.includes(code)) return [];
        throw Object.assign(new Error(`DNS gave no answer about ${name}`), { name: code });
      }
    },
  };
}

/** The TXT records at `_dmarc` of a domain, or of the nearest domain above it that has any: receivers look there, too. */
export async function dmarcRecords(domain: string, names: Names): Promise<string[]> {
  const labels = domain.split('.');
  for (let from = 0; from <= labels.length - 2; from += 1) {
    const records = await names.texts(`_dmarc.${labels.slice(from).join('.')}`);
    if (records.length > 0) return records;
  }
  return [];
}
