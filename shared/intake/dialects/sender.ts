import type { DialectSender, DialectSettings, Dialects } from '../../contracts/dialects.ts';

/** Whose body it is, with what its entry lacks taken from `defaults`. */
export interface Sender extends DialectSettings, Pick<DialectSender, 'csv'> {
  /** `source` of its events. */
  name: string;
}

/** The sender whose entry has a name. Null: there is no such entry. */
export function senderNamed({ defaults, senders }: Dialects, name: string): Sender | null {
  const entry = senders.find((each) => each.name === name);
  return entry ? withDefaults(entry, defaults) : null;
}

/**
 * The first sender whose `match` fits.
 * @param read what a body has at a path of `match`, such as `MSH-4.1`; null: nothing
 */
export function senderMatching({ defaults, senders }: Dialects, read: (path: string) => string | null): Sender | null {
  const fits = ({ match = {} }: DialectSender): boolean => {
    const paths = Object.entries(match);
    return paths.length > 0 && paths.every(([path, wanted]) => [wanted].flat().includes(read(path) ?? ''));
  };
  const entry = senders.find(fits);
  return entry ? withDefaults(entry, defaults) : null;
}

/** A sender without an entry. @param name `source` of its events, made of what its body says of it */
export const unknownSender = ({ defaults }: Dialects, name: string): Sender => ({ ...defaults, name });

function withDefaults({ match: _, ...entry }: DialectSender, defaults: DialectSettings): Sender {
  return {
    ...defaults,
    ...entry,
    fields: { ...defaults.fields, ...entry.fields },
    keys: { ...defaults.keys, ...entry.keys },
    crosswalks: { ...defaults.crosswalks, ...entry.crosswalks },
  };
}

/** How long what finds no referral is tried again, unless the entry says. */
export const UNMATCHED_DAYS = 90;
