import type { Dialects } from '../../../contracts/dialects.ts';

const MOST_NAMES = 8;

/**
 * Why rows have no mapping, and what would give them one. It names only senders of the configuration.
 * @param sender whose rows they are, as was said or as the name of their file begins; null: neither says it
 */
export function whyNoMapping({ senders }: Dialects, sender: string | null): string {
  const withCsv = senders.filter(({ csv }) => csv !== undefined).map(({ name }) => name);
  if (withCsv.length === 0) return 'no sender of dialects.json has csv';
  if (senders.some(({ name }) => name === sender)) return `sender ${sender} of dialects.json has no csv`;
  const more = withCsv.length - MOST_NAMES;
  const names = `${withCsv.slice(0, MOST_NAMES).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
  if (sender !== null) return `dialects.json has no such sender; with csv it has ${names}`;
  const only = withCsv.length === 1 ? ` ${/^[\w.-]+$/.test(names) ? names : JSON.stringify(names)}` : '';
  return `the name of the file begins with no sender's; dialects.json has ${names}: rename the file, or say --sender${only} (in a message, the attribute sender)`;
}
