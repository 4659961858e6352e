import { Body, Container, Head, Html, Preview } from '@react-email/components';
import type { ReactNode } from 'react';
import type { MailView } from '../view.ts';
import { CSS, FONT } from './style.ts';

/** Head, page and footer of every mail. Nothing in it is loaded from elsewhere. */
export function Layout({ view, children }: { view: MailView; children: ReactNode }) {
  return (
    <Html lang="en">
      <Head>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="supported-color-schemes" content="light dark" />
        <title>{view.subject}</title>
        <style>{CSS}</style>
      </Head>
      <Body>
        <Preview>{view.summary}</Preview>
        <main>
          <Container className="page" style={{ maxWidth: '640px', fontFamily: FONT }}>
            <h1>{view.title}</h1>
            <p>
              <b>{view.date}</b>
              <br />
              {view.byline}
            </p>
            <p>{view.summary}</p>
            {view.lead === null ? null : (
              <p className="do">
                <b>{view.lead}</b>
              </p>
            )}
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
        </main>
      </Body>
    </Html>
  );
}
