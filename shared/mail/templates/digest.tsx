import type { RowView } from '../digest/row-view.ts';
import type { EntryView, MailView, PartView, SectionView } from '../mail-view.ts';
import { Layout } from './layout.tsx';
import { Table } from './table.tsx';

/** A digest: sections of rows and entries, in a liaison's mail under a heading for each practice. */
export function Digest({ view }: { view: MailView }) {
  return (
    <Layout view={view}>
      {view.parts.map((part, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rendered once, never reordered
        <Part part={part} key={index} />
      ))}
      {view.more === null ? null : <p>{view.more}</p>}
    </Layout>
  );
}

function Part({ part: { heading, notes, sections } }: { part: PartView }) {
  return (
    <>
      {heading === null ? null : <h2 className="pr">{heading}</h2>}
      {notes.map((note) => (
        <p className="m" key={note}>
          {note}
        </p>
      ))}
      {sections.map((section) => (
        <Section section={section} nested={heading !== null} key={section.title} />
      ))}
    </>
  );
}

function Section({ section, nested }: { section: SectionView; nested: boolean }) {
  const { title, count, hint, rows, entries, more } = section;
  const Heading = nested ? 'h3' : 'h2';
  return (
    <>
      <Heading>{`${title} (${count})`}</Heading>
      {hint === null ? null : <p className="m">{hint}</p>}
      <Table className="card">
        {rows.map((row) => (
          <tr key={row.id}>
            <td className="r">
              <Row row={row} />
            </td>
          </tr>
        ))}
        {entries.map((entry, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: rendered once, never reordered
          <tr key={index}>
            <td className="r">
              <Entry entry={entry} />
            </td>
          </tr>
        ))}
        {more === null ? null : (
          <tr>
            <td className="r m">{more}</td>
          </tr>
        )}
      </Table>
    </>
  );
}

function Entry({ entry: { name, state, isOver, details } }: { entry: EntryView }) {
  return (
    <>
      <b className="id">{name}</b> <span className={isOver ? 'o' : 's'}>{state}</span>
      {details === null ? null : <p className="m">{details}</p>}
    </>
  );
}

function Row({ row }: { row: RowView }) {
  return (
    <>
      {row.priority === null ? null : (
        <>
          <span className={`b ${row.tone}`}>{row.priority}</span>{' '}
        </>
      )}
      {row.url === null ? <b className="id">{row.id}</b> : <a href={row.url}>{row.id}</a>}
      {row.initials === null ? null : ` ${row.initials}`} <span className={row.isOver ? 'o' : 's'}>{row.state}</span>
      {row.action === null ? null : (
        <p className="do">
          <b>{row.action}</b>
        </p>
      )}
      <p className="m">{row.details}</p>
      {row.remarks.length === 0 ? null : (
        <p className="m">
          {row.remarks.map(({ text, isOver }, index) => [
            index === 0 ? '' : ' ',
            isOver ? (
              <span className="o" key={text}>
                {text}
              </span>
            ) : (
              text
            ),
          ])}
        </p>
      )}
    </>
  );
}
