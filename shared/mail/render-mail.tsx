import { render } from '@react-email/render';
import type { Config } from '../contracts/config.ts';
import type { MailContent } from '../contracts/mail.ts';
import { digestView } from './digest-view.ts';
import { operationsView } from './operations-view.ts';
import { Digest } from './templates/digest.tsx';
import { renderText } from './text.ts';
import type { MailView } from './view.ts';

/** Gmail cuts a mail off at 102 KB of HTML. */
const MOST_BYTES = 100_000;

export interface RenderedMail {
  subject: string;
  html: string;
  text: string;
}

/** Frozen content as a mail. The same content and configuration always give the same mail. */
export async function renderMail(content: MailContent, config: Config): Promise<RenderedMail> {
  const view = viewOf(content, config);
  const html = await render(<Digest view={view} />);
  const fits = Buffer.byteLength(html) <= MOST_BYTES;
  return {
    subject: view.subject,
    html: fits ? html : await render(<Digest view={withoutLinks(view)} />),
    text: renderText(view),
  };
}

function viewOf(content: MailContent, config: Config): MailView {
  switch (content.kind) {
    case 'coordinator_digest':
    case 'liaison_digest':
    case 'urgent_alert':
      return digestView(content, config);
    case 'operations':
      return operationsView(content, config);
    case 'weekly_report':
      throw new Error('not made yet');
  }
}

/** Rows that are listed matter more than links: a mail that got cut off would lose rows. */
function withoutLinks(view: MailView): MailView {
  return {
    ...view,
    blocks: view.blocks.map((block) => ({
      ...block,
      sections: block.sections.map((section) => ({
        ...section,
        rows: section.rows.map((row) => ({ ...row, url: null })),
      })),
    })),
  };
}
