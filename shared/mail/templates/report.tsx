import type { Block, ChartView, Remark, ReportView, TableRow, TableView } from '../report/blocks.ts';
import type { Cell } from '../report/format-figure.ts';
import { CHART_HEIGHT, CHART_WIDTH } from '../report/trend.ts';
import { Layout } from './layout.tsx';
import { CHART } from './style.ts';

interface Props {
  view: ReportView;
  /** Address of a chart within the mail. */
  addressOf: (chart: string) => string;
}

/** Widths of the columns, the same on every screen, so that no name or figure can push another out. */
const WIDTHS: Record<number, string[]> = { 2: ['64%', '36%'], 3: ['46%', '27%', '27%'] };
const STACKED_WIDTHS = ['34%', '26%', '40%'];

/** A report: sentences on top, then sections of remarks and tables. */
export function Report({ view, addressOf }: Props) {
  const [lead, ...changes] = view.changes;
  return (
    <Layout
      view={{ ...view, lead: lead === undefined ? '' : `${lead.what} ${lead.text}`.trim(), counts: [], notes: [] }}
    >
      {changes.map(({ what, text, isBad }) => (
        <p className="ch" key={what}>
          <b className={isBad ? 'o' : undefined}>{what}</b> {text}
        </p>
      ))}
      {view.sections.map(({ title, blocks }) => (
        <div key={title}>
          <h2>{title}</h2>
          {blocks.map((block, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rendered once, never reordered
            <BlockPart block={block} title={title} addressOf={addressOf} key={index} />
          ))}
        </div>
      ))}
    </Layout>
  );
}

const toneClass = ({ tone }: Remark): string | undefined => ({ plain: undefined, muted: 'm', bad: 'o' })[tone];

function BlockPart({ block, title, addressOf }: { block: Block; title: string; addressOf: Props['addressOf'] }) {
  if (block.kind === 'table') return <DataTable table={block} name={block.title ?? title} addressOf={addressOf} />;
  if (block.kind === 'remark') return <p className={toneClass(block)}>{block.text}</p>;
  return (
    <p className={block.tone === 'muted' ? 'f' : 'ch'}>
      <b>{block.label}:</b> {block.text}
    </p>
  );
}

function DataTable({ table, name, addressOf }: { table: TableView; name: string; addressOf: Props['addressOf'] }) {
  const { title, columns, rows, legend } = table;
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
            {heads.map((head, index) => (
              <th scope="col" style={{ width: widths[index] }} key={head}>
                {head}
              </th>
            ))}
          </tr>
        </thead>
        {rows.map((row, index) =>
          hasCharts ? (
            // biome-ignore lint/suspicious/noArrayIndexKey: names may repeat, rows are never reordered
            <StackedRow row={row} width={heads.length} addressOf={addressOf} key={index} />
          ) : (
            // biome-ignore lint/suspicious/noArrayIndexKey: names may repeat, rows are never reordered
            <Row row={row} width={heads.length} key={index} />
          ),
        )}
      </table>
      {legend === null ? null : <p className="m lg">{legend}</p>}
    </>
  );
}

function Row({ row: { name, cells, bar, remarks }, width }: { row: TableRow; width: number }) {
  return (
    <tbody>
      <tr>
        <th scope="row">
          {name}
          {bar === null || bar <= 0 ? null : <Bar share={bar} />}
        </th>
        <Cells cells={cells} />
      </tr>
      <Remarks remarks={remarks} width={width} />
    </tbody>
  );
}

/** A row with its name above. */
function StackedRow({ row, width, addressOf }: { row: TableRow; width: number; addressOf: Props['addressOf'] }) {
  const { name, cells, chart, remarks } = row;
  return (
    <tbody>
      <tr>
        <th scope="rowgroup" colSpan={width}>
          {name}
        </th>
      </tr>
      <tr>
        <Cells cells={cells} />
        <td>{chart === null ? null : <Chart chart={chart} src={addressOf(chart.name)} />}</td>
      </tr>
      <Remarks remarks={remarks} width={width} />
    </tbody>
  );
}

function Cells({ cells }: { cells: readonly Cell[] }) {
  return cells.map(({ main, sub }, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: cells stand in the order of their columns
    <td key={index}>
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
      <td className="w" colSpan={width}>
        {remarks.map(({ text, tone }) => (
          <p className={tone === 'bad' ? 'm o' : 'm'} key={text}>
            {text}
          </p>
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

function Chart({ chart: { alt }, src }: { chart: ChartView; src: string }) {
  return <img src={src} alt={alt} width={CHART_WIDTH} height={CHART_HEIGHT} />;
}
