import { render } from '@react-email/render';
import type { Config } from '../contracts/config.ts';
import type { MailContent, ReportContent } from '../contracts/mail.ts';
import { digestView } from './digest/digest-view.ts';
import type { MailView } from './mail-view.ts';
import type { InlineImage } from './mime.ts';
import { operationsView } from './operations/operations-view.ts';
import { renderReportText } from './report/report-text.ts';
import { toReportView } from './report/report-view.ts';
import { Digest } from './templates/digest.tsx';
import { Report } from './templates/report.tsx';
import { renderText } from './text.ts';

/** Gmail cuts a mail off at 102 KB of HTML. */
const MOST_BYTES = 100_000;

export interface RenderedMail {
  subject: string;
  html: string;
  text: string;
  /** The pictures that the HTML shows. */
  images: InlineImage[];
}

/** Pictures as PNG, by name. */
export type Charts = Readonly<Record<string, Uint8Array>>;

/** Renders frozen content. The same content, configuration and charts always give the same mail. */
export async function renderMail(content: MailContent, config: Config, charts: Charts = {}): Promise<RenderedMail> {
  switch (content.kind) {
    case 'coordinator_digest':
    case 'liaison_digest':
    case 'urgent_alert':
      return renderDigest(digestView(content, config));
    case 'operations':
      return renderDigest(operationsView(content, config));
    case 'weekly_report':
      return renderReport(content, config, charts);
  }
}

async function renderDigest(view: MailView): Promise<RenderedMail> {
  const html = await render(<Digest view={view} />);
  const fits = Buffer.byteLength(html) <= MOST_BYTES;
  return {
    subject: view.subject,
    html: fits ? html : await render(<Digest view={withoutLinks(view)} />),
    text: renderText(view),
    images: [],
  };
}

/** A content id has the form of an address. */
const contentIdOf = (chart: string): string => `${chart}@loopwatch`;

async function renderReport(content: ReportContent, config: Config, charts: Charts): Promise<RenderedMail> {
  const view = toReportView(content, config, new Set(Object.keys(charts)));
  const html = await render(<Report view={view} addressOf={(chart) => `cid:${contentIdOf(chart)}`} />);
  const images = Object.entries(charts)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, png]) => ({ contentId: contentIdOf(name), fileName: `${name}.png`, png }))
    .filter(({ contentId }) => html.includes(`"cid:${contentId}"`));
  return { subject: view.subject, html, text: renderReportText(view), images };
}

/** Rows matter more than links: a mail that is cut off would lose rows. */
function withoutLinks(view: MailView): MailView {
  return {
    ...view,
    parts: view.parts.map((part) => ({
      ...part,
      sections: part.sections.map((section) => ({
        ...section,
        rows: section.rows.map((row) => ({ ...row, url: null })),
      })),
    })),
  };
}
