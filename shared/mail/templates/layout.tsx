import { Body, Container, Head, Html, Preview } from '@react-email/components';
import type { ReactNode } from 'react';
import type { CountView, MailView } from '../mail-view.ts';
import { CSS, DARK_CSS, FONT } from './style.ts';
import { Table } from './table.tsx';

type HeadView = Omit<MailView, 'parts' | 'more'>;

/** Head, page and footer of every mail. Nothing in it is loaded from elsewhere. */
export function Layout({ view, children }: { view: HeadView; children: ReactNode }) {
  return (
    <Html lang="en">
      <Head>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="supported-color-schemes" content="light dark" />
        <meta name="format-detection" content="telephone=no, date=no, address=no" />
        <title>{view.subject}</title>
        <style>{CSS}</style>
        <style>{DARK_CSS}</style>
      </Head>
      <Body>
        <Preview>{view.preview}</Preview>
        <Container className="page" style={{ maxWidth: '640px', fontFamily: FONT, overflowWrap: 'anywhere' }}>
          <h1>{view.title}</h1>
          <p>
            <b>{view.date}</b>
            <br />
            {view.byline}
          </p>
          <p className="lead">{view.lead}</p>
          {view.counts.length === 0 ? null : <Counts counts={view.counts} />}
          {view.notes.map((note) => (
            <p className="m" key={note}>
              {note}
            </p>
          ))}
          {children}
          <div className="foot">
            {view.footer.map((line) => (
              <p className="f" key={line}>
                {line}
              </p>
            ))}
          </div>
        </Container>
      </Body>
    </Html>
  );
}

function Counts({ counts }: { counts: readonly CountView[] }) {
  return (
    <Table className="n">
      {counts.map(({ count, label, priorities }) => (
        <tr key={label}>
          <td className="c">
            <b>{count}</b>
          </td>
          <td>
            {label}
            {priorities.map(({ text, tone }) => [
              ' ',
              <span className={`b ${tone}`} key={tone}>
                {text}
              </span>,
            ])}
          </td>
        </tr>
      ))}
    </Table>
  );
}
