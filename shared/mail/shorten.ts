import type { Priority } from '../contracts/vocabulary.ts';
import { type Block, fact, type MailView, muted, type RowView, section } from './blocks.ts';

/** The shorter form of a mail that is too long as HTML. Its plain text has everything. */

/** How many rows of referrals a mail has. */
export function rowsIn(view: MailView): number {
  return rowsOf(view).length;
}

const IN_ORDER = ['stat', 'asap', 'urgent', 'unknown', 'routine'] as const satisfies readonly (Priority | 'unknown')[];

/** The first `count` rows; of the others the ids by priority, in a section of their own at the end. */
export function withRows(view: MailView, count: number): MailView {
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
  const lists = IN_ORDER.flatMap((priority) => {
    const own = others.filter((row) => priorityOf(row) === priority);
    const name = own[0]?.priority ?? 'No priority known';
    return own.length === 0 ? [] : [fact(`${name} (${own.length})`, `${own.map(({ id }) => id).join(', ')}.`)];
  });
  const why = 'Mail programs cut off a longer mail. What to do about each of these is in its plain text.';
  return { ...view, sections: [...sections, section('In short', [muted(why), ...lists], others.length)] };
}

const priorityOf = ({ priority, tone }: RowView): (typeof IN_ORDER)[number] => (priority === null ? 'unknown' : tone);

const rowsOf = ({ sections }: MailView): RowView[] =>
  sections.flatMap(({ blocks }) => blocks.flatMap((block) => (block.kind === 'rows' ? block.rows : [])));
