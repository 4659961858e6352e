import { type Block, fact, type MailView, muted, type RowView, type Section, section } from './blocks.ts';

/** What becomes of a mail that is longer than mail programs show. */

/** Rows of referrals in a mail. */
export const countRows = ({ sections }: MailView): number =>
  sections.reduce((sum, { blocks }) => sum + blocks.reduce((rows, block) => rows + rowsOf(block).length, 0), 0);

/**
 * A mail with its first rows only, and the ids of the others by priority, so that whatever the load nobody is left out. The
 * plain text has every row.
 */
export function withFirstRows(view: MailView, count: number): MailView {
  const left: RowView[] = [];
  let room = count;
  const shortened = (block: Block): Block[] => {
    if (block.kind !== 'rows') return [block];
    const kept = block.rows.slice(0, room);
    left.push(...block.rows.slice(room));
    room -= kept.length;
    return [
      ...(kept.length === 0 ? [] : [{ ...block, rows: kept }]),
      ...(kept.length < block.rows.length
        ? [muted(`${block.rows.length - kept.length} further down, by id only.`)]
        : []),
    ];
  };
  const sections = view.sections.map((each): Section => ({ ...each, blocks: each.blocks.flatMap(shortened) }));
  return left.length === 0 ? view : { ...view, sections: [...sections, byId(left)] };
}

const rowsOf = (block: Block): readonly RowView[] => (block.kind === 'rows' ? block.rows : []);

const ORDER = ['stat', 'asap', 'urgent', 'unknown', 'routine'] as const;

/** The ids of rows, most urgent first. */
function byId(rows: readonly RowView[]): Section {
  const groups = Map.groupBy(rows, ({ priority, tone }) => (priority === null ? 'unknown' : tone));
  const lists = ORDER.flatMap((key) => {
    const own = groups.get(key) ?? [];
    const [first] = own;
    if (first === undefined) return [];
    const name = first.priority ?? 'Priority unknown';
    return [fact(`${name} (${own.length})`, own.map(({ id }) => id).join(', '))];
  });
  const hint = 'There is no room for more rows here. The plain text of this mail has what to do about each.';
  return section('Further referrals', [muted(hint), ...lists], rows.length);
}
