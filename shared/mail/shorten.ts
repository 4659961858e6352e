import type { Priority } from '../contracts/vocabulary.ts';
import { type Block, fact, type MailView, muted, type RowView, section } from './blocks.ts';

/** The shorter form of a mail that is too long as HTML. Its plain text has everything. */

/** How many rows of referrals a mail has. */
export function rowsIn(view: MailView): number {
  return rowsOf(view).length;
}

const IN_ORDER = ['stat', 'asap', 'urgent', 'unknown', 'routine'] as const satisfies readonly (Priority | 'unknown')[];

/** How much room the ids of all rows but the first take, in bytes. */
export const idBytes = (view: MailView, count: number): number =>
  rowsOf(view)
    .slice(count)
    .reduce((total, row) => total + bytesOf(row), 0);

const bytesOf = ({ id }: RowView): number => Buffer.byteLength(`${id}, `);

/**
 * The first `count` rows; of the others the ids by priority, in a section of their own at the end.
 * @param room bytes for these ids: of those beyond it only how many they are, the least urgent first
 */
export function withRows(view: MailView, count: number, room = Number.POSITIVE_INFINITY): MailView {
  const others = rowsOf(view).slice(count);
  if (others.length === 0) return view;
  let left = count;
  const shortened = (block: Block): Block[] => {
    if (block.kind !== 'rows') return [block];
    const rows = block.rows.slice(0, left);
    left -= rows.length;
    const cut = block.rows.length - rows.length;
    return [
      ...(rows.length > 0 ? [{ ...block, rows }] : []),
      ...(cut > 0
        ? [muted(`${cut === block.rows.length ? 'All' : `${cut} more`} at the end of this mail, by id only.`)]
        : []),
    ];
  };
  const sections = view.sections.map((own) => ({ ...own, blocks: own.blocks.flatMap(shortened) }));
  let spent = 0;
  const lists = IN_ORDER.flatMap((priority) => {
    const own = others.filter((row) => priorityOf(row) === priority);
    const [first] = own;
    if (first === undefined) return [];
    const named = own.filter((row) => {
      spent += bytesOf(row);
      return spent <= room;
    });
    const more = own.length - named.length;
    const rest = more === 0 ? '' : `${named.length === 0 ? '' : ' and '}${more} more, in the plain text only`;
    const ids = named.map(({ id }) => id).join(', ');
    return [fact(`${first.priority ?? 'No priority known'} (${own.length})`, `${ids}${rest}.`)];
  });
  const why = 'Mail programs cut off a longer mail. What to do about each of these is in its plain text.';
  return { ...view, sections: [...sections, section('In short', [muted(why), ...lists], others.length)] };
}

const priorityOf = ({ priority, tone }: RowView): (typeof IN_ORDER)[number] => (priority === null ? 'unknown' : tone);

const rowsOf = ({ sections }: MailView): RowView[] =>
  sections.flatMap(({ blocks }) => blocks.flatMap((block) => (block.kind === 'rows' ? block.rows : [])));
