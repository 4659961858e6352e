import { bold, dim, field, padStart, thousands, WIDTH } from '../cli/columns.ts';
import type { CsvGaps } from './csv-gaps.ts';
import { COLORS } from './member-text.ts';
import { placesText } from './places.ts';
import type { Tried } from './try-messages.ts';

const MOST_SHOWN = 10;

interface Trouble {
  color: (text: string) => string;
  word: string;
  why: string;
  member: Tried;
}

/** Members that need a person, those alike together: crashed, refused, unmatched, and those for which defaults stand. */
export function attentionLines(tried: readonly Tried[], gaps: readonly CsvGaps[]): string[] {
  const gapOf = new Map(gaps.map((gap) => [gap.file, gap]));
  const isOneFile = new Set(tried.map(({ file }) => file)).size === 1;
  const groups = Map.groupBy(
    tried.flatMap((member) => [
      ...troublesOf(member, gapOf.get(member.file)),
      ...rowTroubles(member, gapOf.get(member.file)),
    ]),
    ({ word, why }) => JSON.stringify([word, why]),
  );
  if (groups.size === 0) return [];
  const rank = ({ word }: Trouble): number => ORDER.indexOf(word);
  const ordered = [...groups.values()].sort(
    (a, b) => rank(a[0] as Trouble) - rank(b[0] as Trouble) || b.length - a.length,
  );
  const more = ordered.length - MOST_SHOWN;
  return [
    bold('Need a look'),
    ...ordered.slice(0, MOST_SHOWN).flatMap((own) => {
      const [{ color, word, why }] = own as [Trouble];
      const places = placesText(
        own.map(({ member }) => member),
        isOneFile,
      );
      const [first = '', ...rest] = field('', `${word}: ${why} (${places})`, WIDTH, 8, 0);
      return [`${padStart(thousands(own.length), 6)}  ${first.slice(8).replace(word, color(word))}`, ...rest];
    }),
    ...(more > 0 ? [dim(`        and ${more} more: --all shows them`)] : []),
  ];
}

const ORDER = ['crashed', 'refused', 'passed over', 'same key', 'encoding', 'unmatched', 'lacking'];

/** A row of states that says nothing, though it is there: nothing of it would ever be known. */
export const isMute = ({ outcome, kind, why }: Tried): boolean =>
  outcome === 'passed over' && kind === 'row' && why?.startsWith('no event') === true;

function rowTroubles(member: Tried, gap: CsvGaps | undefined): Trouble[] {
  const trouble = (word: string, why: string): Trouble => ({ color: (text) => text, word, why, member });
  return [
    ...(isMute(member) ? [trouble('passed over', member.why ?? '')] : []),
    ...(gap?.twice.includes(member.position)
      ? [trouble('same key', 'rows that differ have it, so they count as one; csv.key may need another column')]
      : []),
    ...(gap?.misread.includes(member.position)
      ? [trouble('encoding', 'looks like utf-8, and is read in the encoding of csv.encoding: names come out garbled')]
      : []),
  ];
}

function troublesOf(member: Tried, gap: CsvGaps | undefined): Trouble[] {
  const { outcome, why, kind, keys, missing } = member;
  const defaults = missing.map(
    (field): Trouble => ({
      color: (text) => text,
      word: 'lacking',
      why: `${field}, so a default stands for it${unreadFor(field, gap)}`,
      member,
    }),
  );
  const trouble = (reason: string): Trouble => ({ color: COLORS[outcome], word: outcome, why: reason, member });
  switch (outcome) {
    case 'crashed':
    case 'refused':
      return [trouble(why ?? ''), ...defaults];
    case 'unmatched':
      return [trouble(unmatchedText(kind, why, keys)), ...defaults];
    case 'translated':
    case 'passed over':
      return defaults;
  }
}

/** Where a field may stand that the mapping names no column for. */
function unreadFor(field: string, gap: CsvGaps | undefined): string {
  if (!gap?.unfilled.includes(field)) return '';
  return `. The mapping names no column for it${gap.columns.length === 0 ? '' : ': see what nothing reads'}`;
}

/** By what kinds of key, such as `appointment:`: the keys themselves differ from member to member. */
function unmatchedText(kind: string, why: string | null, keys: readonly string[]): string {
  if (why !== null) return `${kind}, ${why}`;
  const kinds = [...new Set(keys.map((key) => /^[^:/]+/.exec(key)?.[0] ?? key))];
  return `${kind}, nothing names its ${kinds.join(', ')}`;
}
