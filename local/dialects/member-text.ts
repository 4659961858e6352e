import { bold, dim, field, green, padEnd, red, WIDTH, wrap, yellow } from '../cli/columns.ts';
import { SiteTime } from '../explain/times.ts';
import { isRow, placeText } from './places.ts';
import { dataWords } from './shown-zone.ts';
import type { Outcome, SaidEvent, Tried } from './try-messages.ts';

export const COLORS: Record<Outcome, (text: string) => string> = {
  translated: green,
  'passed over': dim,
  refused: red,
  unmatched: yellow,
  crashed: red,
};

/** All of a member, in the time zone of its sender. */
export function memberLines(tried: Tried, zone: string): string[] {
  const { kind, outcome, events, unmapped, missing, why } = tried;
  const time = new SiteTime(zone);
  const what = isRow(tried) ? '' : ` ${kind}`;
  const { guessed = [], noEntry = [] } = Object.groupBy(unmapped, ({ field }) =>
    ['timeZone', 'role'].includes(field) ? 'guessed' : 'noEntry',
  );
  const lacking = missing.length === 0 ? '' : `${missing.join(', ')}: a default stands for it`;
  return [
    `  ${bold(placeText(tried))}${what}  ${COLORS[outcome](outcome)}`,
    ...labelled('because', why ?? ''),
    ...events.flatMap((event) => eventLines(event, time)),
    ...tiedLines(tried),
    ...labelled('lacks', lacking),
    ...labelled('guessed', textOf(guessed)),
    ...labelled('no entry', textOf(noEntry)),
  ];
}

const textOf = (unmapped: Tried['unmapped']): string =>
  unmapped.map(({ field, value }) => (field === 'role' ? field : `${field} "${value}"`)).join(', ');

const labelled = (label: string, text: string): string[] => (text === '' ? [] : field(label, text, WIDTH, 4, 10));

function tiedLines({ referralId, tiedBy, keys }: Tried): string[] {
  if (referralId === null) return labelled('waits for', keys.join(', '));
  return labelled('referral', `${referralId}, by ${tiedText(tiedBy)}`);
}

function tiedText(tiedBy: string | null): string {
  if (tiedBy === null) return 'another message';
  return tiedBy === 'subject' ? 'its subject' : tiedBy.replace(/^the referral's own id$/, 'its own id');
}

/** `emit[0]`; of the mapping's row that names the type too only what else it says. */
export const rowText = ({ row, type }: Pick<SaidEvent, 'row' | 'type'>): string =>
  row === null ? '' : row.replace(` ${type}`, '');

function eventLines({ type, time: at, row, data }: SaidEvent, time: SiteTime): string[] {
  const [first = '', ...rest] = wrap(
    [
      padEnd(type, 22),
      ...rowText({ row, type })
        .split(' ')
        .filter((word) => word !== ''),
    ],
    WIDTH - 35,
  );
  return [
    `    ${padEnd(time.withOffset(at), 31)}${first.replace(type, bold(type)).trimEnd()}`,
    ...rest.map((line) => ' '.repeat(35) + line),
    ...dataLines(data, time, 6),
  ];
}

/** The words of an event's `data`. */
export function dataLines(data: unknown, time: SiteTime, indent: number): string[] {
  return wrap(dataWords(data, time), WIDTH - indent)
    .flatMap((line) => (line.length > WIDTH - indent ? wrap(line.split(' '), WIDTH - indent) : [line]))
    .map((line) => ' '.repeat(indent) + line);
}
