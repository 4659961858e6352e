import type { Priority } from '../contracts/vocabulary.ts';
import { type Block, fact, type MailView, muted, type RowView, section } from './blocks.ts';
import { plural } from './format-time.ts';

/** Shorter forms of a mail that is too long as HTML. Its plain text has everything. */

/** Rows matter more than links: a mail that is cut off would lose rows. */
export function withoutLinks(view: MailView): MailView {
  return mapRows(view, (rows) => rows.map((row) => ({ ...row, url: null })));
}

export function rowsIn(view: MailView): number {
  return rowsOf(view).length;
}

const IN_ORDER = ['stat', 'asap', 'urgent', 'unknown', 'routine'] as const satisfies readonly (Priority | 'unknown')[];

/** The first `count` rows; of the others the ids by priority, in a section of their own at the end. */
export function withRows(view: MailView, count: number): MailView {
  const others = rowsOf(view).slice(count);
  if (others.length === 0) return view;
  let left = count;
  const short = mapRows(view, (rows) => {
    const shown = rows.slice(0, left);
    left -= shown.length;
    return shown;
  });
  const lists = IN_ORDER.flatMap((priority) => {
    const own = others.filter((row) => priorityOf(row) === priority);
    const name = own[0]?.priority ?? 'No priority known';
    return own.length === 0 ? [] : [fact(`${name} (${own.length})`, `${own.map(({ id }) => id).join(', ')}.`)];
  });
  const why = `Mail programs cut off a longer mail. ${plural(others.length, 'more row')} of the sections above in short; its plain text has them in full.`;
  return { ...short, sections: [...short.sections, section('In short', [muted(why), ...lists], others.length)] };
}

const priorityOf = ({ priority, tone }: RowView): (typeof IN_ORDER)[number] => (priority === null ? 'unknown' : tone);

const rowsOf = ({ sections }: MailView): RowView[] =>
  sections.flatMap(({ blocks }) => blocks.flatMap((block) => (block.kind === 'rows' ? block.rows : [])));

function mapRows(view: MailView, map: (rows: RowView[]) => RowView[]): MailView {
  const shortened = (block: Block): Block => (block.kind === 'rows' ? { ...block, rows: map(block.rows) } : block);
  return {
    ...view,
    sections: view.sections.map((own) => ({ ...own, blocks: own.blocks.map(shortened) })),
  };
}
