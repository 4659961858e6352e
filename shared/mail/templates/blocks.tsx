import type { ReactNode } from 'react';
import type { Block, ChartView, CountView, EntryView, Fact, Remark, RowView } from '../blocks.ts';
import { DataTable } from './data-table.tsx';
import { each } from './each.tsx';
import { CHART_WIDTH } from './style.ts';
import { Table } from './table.tsx';

/** Address of a picture within the mail; null: it doesn't come with it. */
export type AddressOf = (picture: string) => string | null;

interface Props {
  blocks: readonly Block[];
  /** Of the section; it names a table that has no title of its own. */
  title: string;
  addressOf: AddressOf;
}

export function Blocks({ blocks, title, addressOf }: Props) {
  return each(blocks, (block) => {
    switch (block.kind) {
      case 'remark':
        return <RemarkLine remark={block} />;
      case 'fact':
        return <FactLine fact={block} />;
      case 'counts':
        return <Counts counts={block.counts} />;
      case 'rows':
        return block.isBrief ? (
          <Card items={block.rows} render={(row) => <BriefRow row={row} />} dense />
        ) : (
          <Card items={block.rows} render={(row) => <Row row={row} />} />
        );
      case 'entries':
        return <Card items={block.entries} render={(entry) => <Entry entry={entry} />} />;
      case 'table':
        return <DataTable table={block} name={block.title ?? title} />;
      case 'chart':
        return <Chart chart={block} src={addressOf(block.name)} />;
    }
  });
}

const TONE_CLASS = { plain: undefined, muted: 'm', bad: 'o' } as const;

function RemarkLine({ remark: { text, tone } }: { remark: Remark }) {
  return <p className={TONE_CLASS[tone]}>{text}</p>;
}

function FactLine({ fact: { label, text, tone } }: { fact: Fact }) {
  return (
    <p className={tone === 'muted' ? 'm' : undefined}>
      <b className={tone === 'bad' ? 'o' : undefined}>{label}</b> {text}
    </p>
  );
}

/** On as few lines as they need: the rows matter more. */
function Counts({ counts }: { counts: readonly CountView[] }) {
  return (
    <p>
      {each(counts, ({ count, label, priorities }, index) => (
        <>
          {index === 0 ? null : ' · '}
          <b>{count}</b> {label}
          {priorities.length === 0 ? null : (
            <>
              {' ('}
              {each(priorities, ({ text, tone }, position) => (
                <>
                  {position === 0 ? null : ', '}
                  <b className={tone}>{text}</b>
                </>
              ))}
              )
            </>
          )}
        </>
      ))}
    </p>
  );
}

function Card<T>({
  items,
  render,
  dense = false,
}: {
  items: readonly T[];
  render: (item: T) => ReactNode;
  dense?: boolean;
}) {
  const cell = dense ? 'r q' : 'r';
  return (
    <Table className="card">
      {each(items, (item, index) => (
        <tr>
          <td className={index === 0 ? cell : `${cell} l`}>{render(item)}</td>
        </tr>
      ))}
    </Table>
  );
}

/** Which referral, how late, and how it stands to the last mail. */
function RowHead({ row: { priority, tone, id, url, initials, state, isOver, standing } }: { row: RowView }) {
  return (
    <>
      {priority === null || tone === 'routine' ? null : (
        <>
          <span className={`b ${tone}`}>{priority}</span>{' '}
        </>
      )}
      {url === null ? <b>{id}</b> : <Link url={url} text={id} />}
      {initials === null ? null : ` ${initials}`} <span className={isOver ? 'o' : 's'}>{state}</span>
      {standing === null ? null : <span className="m"> · {standing}</span>}
    </>
  );
}

/** Which referral and how late, what to do and everything else in one paragraph. */
function BriefRow({ row }: { row: RowView }) {
  const { action, details, remarks } = row;
  return (
    <>
      <RowHead row={row} />
      {action === null ? null : (
        <>
          {' · '}
          <b>{action}</b>
        </>
      )}
      <span className="m">{[details, ...remarks.map(({ text }) => text)].map((text) => ` · ${text}`).join('')}</span>
    </>
  );
}

/** Which referral and how late; what to do; everything else. */
function Row({ row }: { row: RowView }) {
  const { action, details, remarks } = row;
  return (
    <>
      <RowHead row={row} />
      {action === null ? null : (
        <p>
          <b>{action}</b>
        </p>
      )}
      <p className="m">
        {details}
        {each(remarks, (remark, index) => (
          <>
            {index === 0 ? ' · ' : ' '}
            {remark.isOver ? <span className="o">{remark.text}</span> : remark.text}
          </>
        ))}
      </p>
    </>
  );
}

/** With room for a thumb around it, however short the text. */
function Link({ url, text }: { url: string; text: string }) {
  return (
    <a href={url}>
      <span className="i">{text}</span>
    </a>
  );
}

function Entry({ entry: { name, state, isOver, details } }: { entry: EntryView }) {
  return (
    <>
      <b>{name}</b> - <span className={isOver ? 'o' : 's'}>{state}</span>
      {details === null ? null : <p className="m">{details}</p>}
    </>
  );
}

/** Outlook for Windows reads the width from the attribute; where the style sheet is dropped, it fits a phone too. */
function Chart({ chart: { title, alt, caption, legend }, src }: { chart: ChartView; src: string | null }) {
  return (
    <>
      {src === null || legend === null ? null : <p className="m lg">{legend}</p>}
      <h3>{title}</h3>
      {src === null ? null : (
        <img src={src} alt={alt} width={CHART_WIDTH} style={{ height: 'auto', maxWidth: '100%' }} />
      )}
      <p className="m">{caption}</p>
    </>
  );
}
