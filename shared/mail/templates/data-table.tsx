import type { Cell, PictureView, Remark, TableRow, TableView } from '../blocks.ts';
import { CHART_HEIGHT, CHART_WIDTH } from '../report/trend.ts';
import type { AddressOf } from './blocks.tsx';
import { each } from './each.tsx';
import { CHART } from './style.ts';

/** Widths of the columns, the same on every screen, so that no name or figure can push another out. */
const WIDTHS: Record<number, string[]> = { 2: ['64%', '36%'], 3: ['46%', '27%', '27%'] };
const STACKED_WIDTHS = ['34%', '26%', '40%'];

interface Props {
  table: TableView;
  /** What a screen reader calls it. */
  name: string;
  addressOf: AddressOf;
}

/** A table of figures. */
export function DataTable({ table: { title, columns, rows, legend }, name, addressOf }: Props) {
  const hasCharts = rows.some(({ chart }) => chart !== null);
  // Beside a chart there is no room for the name, which then stands above the row.
  const heads = hasCharts ? [...columns.slice(1), 'Trend'] : columns;
  const widths = hasCharts ? STACKED_WIDTHS : (WIDTHS[heads.length] ?? []);
  return (
    <>
      {title === null ? null : <h3>{title}</h3>}
      <table
        className={hasCharts ? 'card d k' : 'card d'}
        aria-label={name}
        width="100%"
        cellPadding="6"
        cellSpacing="0"
      >
        <thead>
          <tr>
            {each(heads, (head, index) => (
              <th scope="col" className={columnClass(index, heads.length, hasCharts)} style={{ width: widths[index] }}>
                {head}
              </th>
            ))}
          </tr>
        </thead>
        {each(rows, (row) =>
          hasCharts ? (
            <StackedRow row={row} width={heads.length} addressOf={addressOf} />
          ) : (
            <Row row={row} width={heads.length} />
          ),
        )}
      </table>
      {legend === null ? null : <p className="m lg">{legend}</p>}
    </>
  );
}

/** Names stand at the left, figures at the right. Under a name figures begin at the left, and a chart ends at the right. */
function columnClass(index: number, count: number, hasCharts: boolean): string | undefined {
  if (hasCharts) return index === count - 1 ? undefined : 'h';
  return index === 0 ? 'h' : undefined;
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

interface StackedProps {
  row: TableRow;
  width: number;
  addressOf: AddressOf;
}

/** A row with its name above. */
function StackedRow({ row: { name, cells, chart, remarks }, width, addressOf }: StackedProps) {
  return (
    <tbody>
      <tr>
        <th scope="rowgroup" className="h" colSpan={width}>
          {name}
        </th>
      </tr>
      <tr>
        <Cells cells={cells} className="h w" />
        <td className="w">{chart === null ? null : <Chart chart={chart} src={addressOf(chart.name)} />}</td>
      </tr>
      <Remarks remarks={remarks} width={width} />
    </tbody>
  );
}

function Cells({ cells, className }: { cells: readonly Cell[]; className?: string }) {
  return each(cells, ({ main, sub }) => (
    <td className={className}>
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
      bgcolor={CHART.line}
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

function Chart({ chart: { alt }, src }: { chart: PictureView; src: string | null }) {
  return src === null ? alt : <img src={src} alt={alt} width={CHART_WIDTH} height={CHART_HEIGHT} />;
}
