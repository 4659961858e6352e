import { render } from '@react-email/render';
import type { Config } from '../contracts/config.ts';
import type { MailContent } from '../contracts/mail.ts';
import type { MailView } from './blocks.ts';
import { digestView } from './digest/digest-view.ts';
import { rowsFile } from './digest/rows-file.ts';
import type { AttachedFile, InlineImage } from './mime.ts';
import { operationsView } from './operations/operations-view.ts';
import { toReportView } from './report/report-view.ts';
import { idBytes, rowsIn, withRows } from './shorten.ts';
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
  /** What comes with it as files. */
  files: AttachedFile[];
}

/** Pictures as PNG, by name. */
export type Charts = Readonly<Record<string, Uint8Array>>;

/** Renders frozen content. The same content, configuration and charts always give the same mail. */
export async function renderMail(content: MailContent, config: Config, charts: Charts = {}): Promise<RenderedMail> {
  const view = viewOf(content, config);
  const html = await renderHtml(view, (chart) => (chart in charts ? `cid:${contentIdOf(chart)}` : null));
  const images = Object.entries(charts)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, png]) => ({ contentId: contentIdOf(name), fileName: `${name}.png`, png }))
    .filter(({ contentId }) => html.includes(`"cid:${contentId}"`));
  return { subject: view.subject, html, text: renderText(view), images, files: rowsFile(content, config) };
}

/** What a mail says, in words. Pure; throws if something of the content can't be said. */
export function viewOf(content: MailContent, config: Config): MailView {
  switch (content.kind) {
    case 'coordinator_digest':
    case 'liaison_digest':
    case 'urgent_alert':
      return digestView(content, config);
    case 'operations':
      return operationsView(content, config);
    case 'weekly_report':
      return toReportView(content, config);
  }
}

/** A content id has the form of an address. */
const contentIdOf = (chart: string): string => `${chart}@loopwatch`;

/** Rows that a mail shows in full whatever else it has no room for. */
const FEWEST_ROWS = 50;
/** For what is said of the ids that are left out. */
const ID_MARGIN = 500;

/** Gmail would cut off a longer mail: then the last rows lose all but their ids. */
async function renderHtml(view: MailView, addressOf: AddressOf): Promise<string> {
  let html = await render(<Mail view={view} addressOf={addressOf} />);
  // Each round takes away the share that was too much, so a few are enough.
  const excess = (): number => Buffer.byteLength(html) - MOST_BYTES;
  for (let shown = rowsIn(view); excess() > 0 && shown > FEWEST_ROWS; ) {
    const fitting = Math.floor(Math.min(shown - 1, (shown * MOST_BYTES * 0.97) / Buffer.byteLength(html)));
    shown = Math.max(FEWEST_ROWS, fitting);
    html = await render(<Mail view={withRows(view, shown)} addressOf={addressOf} />);
  }
  // There are more ids than fit: the first rows say what to do, the text has all.
  for (let room = idBytes(view, FEWEST_ROWS); excess() > 0 && room > 0; ) {
    room -= excess() + ID_MARGIN;
    html = await render(<Mail view={withRows(view, FEWEST_ROWS, room)} addressOf={addressOf} />);
  }
  return html;
}
