import type { Cell, Remark, TableRow, TableView } from '../blocks.ts';
import { each } from './each.tsx';
import { CHART } from './style.ts';

/** Widths of the columns, the same on every screen, so that no name or figure can push another out. */
const WIDTHS: Record<number, string[]> = { 2: ['64%', '36%'], 3: ['46%', '27%', '27%'] };

interface Props {
  table: TableView;
  /** What a screen reader calls it. */
  name: string;
}

/** A table of figures: names stand at the left, figures at the right. */
export function DataTable({ table: { title, columns, rows }, name }: Props) {
  const widths = WIDTHS[columns.length] ?? [];
  return (
    <>
      {title === null ? null : <h3>{title}</h3>}
      <table className="card d" aria-label={name} width="100%" cellPadding="6" cellSpacing="0">
        <thead>
          <tr>
            {each(columns, (head, index) => (
              <th scope="col" className={index === 0 ? 'h' : undefined} style={{ width: widths[index] }}>
                {head}
              </th>
            ))}
          </tr>
        </thead>
        {each(rows, (row) => (
          <Row row={row} width={columns.length} />
        ))}
      </table>
    </>
  );
}

function Row({ row: { name, cells, bar, remarks }, width }: { row: TableRow; width: number }) {
  return (
    <tbody>
      <tr>
        <th scope="row" className="h">
          {name}
          {bar === null || bar <= 0 ? null : <Bar share={bar} />}
        </th>
        <Cells cells={cells} />
      </tr>
      <Remarks remarks={remarks} width={width} />
    </tbody>
  );
}

function Cells({ cells }: { cells: readonly Cell[] }) {
  return each(cells, ({ main, sub }) => (
    <td>
      <b>{main}</b>
      {sub === null ? null : (
        <>
          <br />
          <span className="m">{sub}</span>
        </>
      )}
    </td>
  ));
}

function Remarks({ remarks, width }: { remarks: readonly Remark[]; width: number }) {
  if (remarks.length === 0) return null;
  return (
    <tr>
      <td className="h w" colSpan={width}>
        {each(remarks, ({ text, tone }) => (
          <p className={tone === 'bad' ? 'm o' : 'm'}>{text}</p>
        ))}
      </td>
    </tr>
  );
}

/** A table of one cell: Outlook for Windows gives a width to tables only. It also shows with images off. */
function Bar({ share }: { share: number }) {
  return (
    <table
      role="presentation"
      className="bar"
      bgcolor={CHART.bar}
      width={`${Math.max(1, Math.round(share * 100))}%`}
      cellSpacing="0"
    >
      <tbody>
        <tr>
          <td>&nbsp;</td>
        </tr>
      </tbody>
    </table>
  );
}
