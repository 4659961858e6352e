import { render } from '@react-email/render';
import type { Config } from '../contracts/config.ts';
import type { MailContent } from '../contracts/mail.ts';
import type { MailView } from './blocks.ts';
import { digestView } from './digest/digest-view.ts';
import { countRows, withFirstRows } from './fit.ts';
import type { InlineImage } from './mime.ts';
import { operationsView } from './operations/operations-view.ts';
import { toReportView } from './report/report-view.ts';
import type { AddressOf } from './templates/blocks.tsx';
import { Mail } from './templates/mail.tsx';
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
  const view = viewOf(content, config, new Set(Object.keys(charts)));
  const html = await renderHtml(view, (chart) => (chart in charts ? `cid:${contentIdOf(chart)}` : null));
  const images = Object.entries(charts)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, png]) => ({ contentId: contentIdOf(name), fileName: `${name}.png`, png }))
    .filter(({ contentId }) => html.includes(`"cid:${contentId}"`));
  return { subject: view.subject, html, text: renderText(view), images };
}

function viewOf(content: MailContent, config: Config, charts: ReadonlySet<string>): MailView {
  switch (content.kind) {
    case 'coordinator_digest':
    case 'liaison_digest':
    case 'urgent_alert':
      return digestView(content, config);
    case 'operations':
      return operationsView(content, config);
    case 'weekly_report':
      return toReportView(content, config, charts);
  }
}

/** A content id has the form of an address. */
const contentIdOf = (chart: string): string => `${chart}@loopwatch`;

/** As many rows in full as fit, the first ones first: what a mail program cuts off is lost without a word. */
async function renderHtml(view: MailView, addressOf: AddressOf): Promise<string> {
  const total = countRows(view);
  let shown = total;
  for (;;) {
    const html = await render(<Mail view={withFirstRows(view, shown)} addressOf={addressOf} />);
    const excess = Buffer.byteLength(html) - MOST_BYTES;
    if (excess <= 0 || shown === 0) return html;
    // A row has at least this many bytes, so that no more are given up than need be by much.
    const perRow = Math.max(FEWEST_ROW_BYTES, Buffer.byteLength(html) / Math.max(shown, total / 4));
    shown = Math.max(0, shown - Math.ceil(excess / perRow));
  }
}

const FEWEST_ROW_BYTES = 200;
