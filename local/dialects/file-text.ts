import { basename } from 'node:path';
import { plural } from '../../shared/mail/format-time.ts';
import { bold, dim, field, padStart, thousands, WIDTH, wrap } from '../cli/columns.ts';
import { SiteTime } from '../explain/times.ts';
import { isMute } from './attention-text.ts';
import type { CsvGaps } from './csv-gaps.ts';
import { dataLines, rowText } from './member-text.ts';
import { isRow, placesText } from './places.ts';
import type { SaidEvent, Tried } from './try-messages.ts';

/** Files that are shown together: one, or all of a sender where there are many. */
export interface FileGroup {
  files: readonly string[];
  tried: readonly Tried[];
  gaps: readonly CsvGaps[];
  /** The time zone in which they are shown. */
  zone: string;
}

const FIGURE = 6;
const MARGIN = FIGURE + 2;
const MOST_SHOWN = 8;

/** The name of a file, whose it is, and in which zone its times are shown. */
export function headLines({ files, tried, zone }: FileGroup): string[] {
  const senders = [...new Set(tried.flatMap((each) => (each.sender === null ? [] : [senderText(each)])))];
  const whose = senders.length === 0 ? [] : [`sender ${senders.length > 2 ? senders.length : senders.join(' and ')}`];
  const [first = '', ...others] = files;
  const name =
    others.length === 0
      ? basename(first)
      : `${files.length} files, ${basename(first)} to ${basename(others.at(-1) ?? '')}`;
  return [
    ...wrap(name.split(' '), WIDTH).map(bold),
    ...field('', [...whose, `times in ${zone}`].join(', '), WIDTH, 2, 0).map(dim),
  ];
}

/** A sender, and how its entry was found; of rows that goes without saying. */
function senderText({ sender, found: { by }, kind, events }: Tried): string {
  if (isRow({ kind }) || events.some(({ row }) => row === null)) return sender ?? '';
  return `${sender} ${by === null ? '(without an entry)' : `(by ${by})`}`;
}

/** What the members of files become: which events by which row of the mapping, with an example of each, and what nothing. */
export function summaryLines(group: FileGroup): string[] {
  const { files, tried } = group;
  const isOneFile = files.length === 1;
  const made = tried.flatMap((member) => member.events.map((event) => ({ member, event })));
  const rows = Map.groupBy(made, ({ event: { type, row } }) => JSON.stringify([type, row]));
  const order = [...rows.values()].sort((a, b) => (rowNumber(a[0]?.event) ?? 0) - (rowNumber(b[0]?.event) ?? 0));
  const nothing = Map.groupBy(
    // A row that says nothing needs a look, and is named there.
    tried.filter((member) => member.outcome === 'passed over' && !isMute(member)),
    ({ kind, why }) => JSON.stringify([kind, why]),
  );
  return [
    ...order.flatMap((own) => madeLines(own as Made[], isOneFile, group.zone)),
    ...[...nothing.values()].sort((a, b) => b.length - a.length).flatMap((own) => nothingLines(own, isOneFile)),
  ];
}

interface Made {
  member: Tried;
  event: SaidEvent;
}

/** Emits are in the order of the mapping, other rows as they come. */
const rowNumber = (event: SaidEvent | undefined): number | undefined => {
  const [, number] = /^emit\[(\d+)\]/.exec(event?.row ?? '') ?? [];
  return number === undefined ? undefined : Number(number);
};

function madeLines(made: readonly Made[], isOneFile: boolean, zone: string): string[] {
  const [{ member, event }] = made as [Made];
  const time = new SiteTime(zone);
  const by = rowText(event);
  const about = member.referralId === null ? '' : `, referral ${member.referralId}`;
  const [head = '', ...rest] = field('', `${event.type}${by === '' ? '' : ` by ${by}`}`, WIDTH, MARGIN, 0);
  return [
    figure(made.length) + head.slice(MARGIN).replace(event.type, bold(event.type)),
    ...rest,
    ...field('', `${placesText([member], isOneFile)}: ${time.withOffset(event.time)}${about}`, WIDTH, MARGIN, 0),
    ...dataLines(event.data, time, MARGIN).map(dim),
  ];
}

const figure = (count: number): string => `${padStart(thousands(count), FIGURE)}  `;

function nothingLines(members: readonly Tried[], isOneFile: boolean): string[] {
  const [{ kind, why }] = members as [Tried];
  const what = isRow({ kind }) ? '' : `${kind}, `;
  const text = `nothing: ${what}${why ?? 'means nothing here'} (${placesText(members, isOneFile)})`;
  const [first = '', ...rest] = field('', text, WIDTH, MARGIN, 0);
  return [figure(members.length) + first.slice(MARGIN), ...rest].map(dim);
}

const DAY_ONLY = 'at midnight, as the name says a day and no time: before all of that day';

/** What the mappings of CSV files leave unsaid: emits that made nothing, columns that nothing reads, quiet statuses. */
export function gapLines({ gaps }: FileGroup): string[] {
  const add = (label: string, text: string): string[] => (text === '' ? [] : field(label, text, WIDTH, 2, 15));
  // Of several files only what is so in each.
  const inAll = (of: (one: CsvGaps) => readonly string[]): string[] => {
    const [first, ...others] = gaps.map(of);
    return (first ?? []).filter((each) => others.every((own) => own.includes(each)));
  };
  const silent = inAll((one) => one.silent);
  const quiet = Map.groupBy(
    gaps.flatMap(({ values }) => values.filter(({ entry }) => entry === null)),
    ({ column }) => column,
  );
  const quietText = [...quiet].map(([column, values]) => {
    const counts = new Map<string, number>();
    for (const { value, rows } of values) counts.set(value, (counts.get(value) ?? 0) + rows);
    const shown = [...counts].slice(0, MOST_SHOWN).map(([value, rows]) => `${value} (${rows})`);
    const more = counts.size > MOST_SHOWN ? `, and ${counts.size - MOST_SHOWN} more` : '';
    return `${column} ${shown.join(', ')}${more}`;
  });
  const more = silent.length > MOST_SHOWN ? `, and ${plural(silent.length - MOST_SHOWN, 'other')}` : '';
  return [
    ...add('made nothing', silent.slice(0, MOST_SHOWN).join(', ') + more),
    ...add('nothing reads', inAll((one) => one.columns).join(', ')),
    ...add('no emit needed', quietText.join('; ')),
    ...add('exported', gaps.some(({ isOfDayOnly }) => isOfDayOnly) ? DAY_ONLY : ''),
  ];
}
