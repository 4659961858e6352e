import { Body } from '@react-email/body';
import { Container } from '@react-email/container';
import { Head } from '@react-email/head';
import { Html } from '@react-email/html';
import { Preview } from '@react-email/preview';
import type { ReactNode } from 'react';
import type { MailView } from '../blocks.ts';
import { CSS, DARK_CSS, FONT } from './style.ts';

/** Head, page and footer of every mail. Nothing in it is loaded from elsewhere. */
export function Layout({ view, children }: { view: MailView; children: ReactNode }) {
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
          <p className="m">
            <b>{view.date}</b>
            <br />
            {view.byline}
          </p>
          <p className="lead">{view.lead}</p>
          {children}
          <p className="m foot">{view.footer.join(' ')}</p>
        </Container>
      </Body>
    </Html>
  );
}
