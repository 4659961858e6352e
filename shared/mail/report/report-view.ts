import type { Config } from '../../contracts/config.ts';
import { parseInstant } from '../../contracts/instant.ts';
import type { ReportContent } from '../../contracts/mail.ts';
import { CLOCK_KINDS } from '../../contracts/vocabulary.ts';
import { type MailView, news } from '../blocks.ts';
import { bylineOf, insteadOf } from '../byline.ts';
import { formatDate, formatMoment } from '../format-time.ts';
import { counted } from '../lists.ts';
import { oneLine } from '../names.ts';
import { attainmentSection, chartsSection } from './attainment-view.ts';
import { backlogSection } from './backlog-view.ts';
import { changesOf, keptText } from './changes-view.ts';
import { definitionsSection, estimateSection } from './definitions.ts';
import { funnelSection } from './funnel-view.ts';
import { leakageSection } from './leakage-view.ts';
import { notesSection } from './notes-view.ts';
import { practicesSection } from './practices-view.ts';
import { receiptsSection } from './receipts-view.ts';
import { recordQualitySection } from './record-quality-view.ts';
import { capitalized, PERIOD } from './report-wording.ts';
import { isWholeOrganization, scopeTitle } from './scope.ts';

/** Inboxes cut off what is longer, in the middle of a word. */
const LONGEST_PREVIEW = 150;

/** What a report's mail says: the answer in the first sentences, then each figure. */
export function toReportView(content: ReportContent, config: Config): MailView {
  const { report, reportKind, scope } = content;
  const { title } = PERIOD[reportKind];
  const lead = keptText(content);
  const changes = changesOf(content, config);
  const changed = CLOCK_KINDS.filter((kind) => report.clocks[kind].signal !== null).length;
  const what = scopeTitle(scope, config);
  return {
    subject: changed === 0 ? title : `${title}: ${counted(changed, 'promise')} changed`,
    title,
    date: `${capitalized(what)}, ${spanOf(content, config)}`,
    byline: bylineOf(content),
    preview: previewOf([lead, ...changes.map(({ what: begin }) => begin.replace(/:$/, '.'))]),
    lead,
    top: changes.map(({ what: begin, text, isBad }) => news(begin, text, isBad ? 'bad' : 'plain')),
    sections: [
      ...attainmentSection(content, config),
      ...chartsSection(content, config),
      ...funnelSection(content),
      ...leakageSection(content),
      ...backlogSection(content),
      ...notesSection(content, config),
      ...practicesSection(content, config),
      ...receiptsSection(content, config),
      ...recordQualitySection(content),
      ...estimateSection(content, config),
      definitionsSection(content),
    ],
    footer: footerOf(content, config, what),
  };
}

/** The first sentence and what changed, as much as an inbox shows in full: a figure that is cut off would read as another. */
function previewOf(sentences: readonly string[]): string {
  let preview = '';
  for (const sentence of sentences) {
    const longer = `${preview} ${sentence}`.trim();
    if (longer.length > LONGEST_PREVIEW) return preview;
    preview = longer;
  }
  return preview;
}

/** The first and the last day of the period, in the organization's time zone. */
function spanOf({ report }: ReportContent, { directory }: Config): string {
  const { timeZone } = directory.organization;
  const from = parseInstant(report.from) ?? 0;
  const to = parseInstant(report.to) ?? 0;
  return `${formatDate(from, timeZone)} to ${formatDate(to - 1, timeZone)}`;
}

function footerOf(content: ReportContent, config: Config, what: string): string[] {
  const { recipient, asOf, policyVersions, reportKind, period, scope } = content;
  const { name, operationsMailbox } = config.directory.organization;
  const about = isWholeOrganization(scope) ? oneLine(name) : `${oneLine(name)} for ${what}`;
  const { title, rhythm } = PERIOD[reportKind];
  const policy = policyVersions.length === 0 ? '' : ` Policy ${policyVersions.map(oneLine).join(', ')}.`;
  return [
    ...insteadOf(content),
    `This is the ${title.replace(/^./, (first) => first.toLowerCase())} of ${about}. You get it because the directory names you as a leader of it. ${rhythm}`,
    `${period}, as of ${formatMoment(asOf, recipient.timeZone)}: what had arrived by then; times are in ${recipient.timeZone}.${policy}`,
    `Questions about this mail, or something wrong in it? Answer it, or write to ${operationsMailbox}.`,
    'Figures only: no patient and no referral is named here.',
  ];
}
