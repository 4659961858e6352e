import type { Block, ChartView, CountView, EntryView, MailView, RowView, Section } from './blocks.ts';
import { tableLines } from './text-table.ts';
import { hanging, WIDTH, wrap } from './wrap.ts';

const RULE = '-'.repeat(WIDTH);
const PART_RULE = '='.repeat(WIDTH);
const INDENT = '  ';

/** The mail as plain text, laid out by hand: it has to read well where HTML is off. */
export function renderText(view: MailView): string {
  const lines = [
    view.title.toUpperCase(),
    ...wrap(view.date),
    ...wrap(view.byline),
    '',
    ...wrap(view.lead),
    ...view.top.flatMap(blockLines),
    ...view.sections.flatMap(sectionLines),
    '',
    RULE,
    ...view.footer.flatMap((line) => wrap(line)),
  ];
  // A list has an empty line around it. Two lists share one, and below a rule there is none.
  const once = lines.filter((line, index) => line !== '' || !['', RULE, PART_RULE].includes(lines[index - 1] ?? ''));
  return `${once.join('\n')}\n`;
}

function sectionLines({ title, level, count, aside, blocks }: Section): string[] {
  const counted = count === null ? title : `${title} (${count})`;
  const head =
    level === 'part'
      ? [...hanging(aside === null ? counted : `${counted} - ${aside}`), PART_RULE]
      : [...wrap(counted.toUpperCase()), RULE];
  return ['', ...head, ...blocks.flatMap(blockLines)];
}

function blockLines(block: Block): string[] {
  switch (block.kind) {
    case 'remark':
      return wrap(block.text);
    case 'fact':
      return hanging(`${block.label} ${block.text}`);
    case 'counts':
      return apart([countLines(block.counts)]);
    case 'rows':
      return apart(block.isBrief ? [block.rows.flatMap(briefRowLines)] : block.rows.map(rowLines));
    case 'entries':
      return apart(block.entries.map(entryLines));
    case 'table':
      return apart([tableLines(block)]);
    case 'chart':
      return apart([chartLines(block)]);
  }
}

/** Paragraphs with an empty line around each. */
const apart = (paragraphs: readonly string[][]): string[] => ['', ...paragraphs.flatMap((lines) => [...lines, ''])];

/** One count a line, numbers aligned, followed by how many can't wait. */
function countLines(counts: readonly CountView[]): string[] {
  const width = Math.max(...counts.map(({ count }) => String(count).length));
  return counts.map(({ count, label, priorities }) => {
    const hurried = priorities.map(({ text }) => text).join(', ');
    return `${INDENT}${String(count).padStart(width)}  ${label}${hurried === '' ? '' : `: ${hurried}`}`;
  });
}

function rowLines(row: RowView): string[] {
  const { url, action, details, remarks } = row;
  const indented = [action ?? '', details, remarks.map(({ text }) => text).join(' ')].filter((text) => text !== '');
  return [...wrap(headOf(row)), ...indented.flatMap((text) => wrap(text, INDENT)), ...linkLines(url)];
}

function briefRowLines(row: RowView): string[] {
  const { url, action, details, remarks } = row;
  const said = [action ?? '', details, ...remarks.map(({ text }) => text)].filter((text) => text !== '');
  return [...hanging(`${headOf(row)} - ${said.join(' · ')}`), ...linkLines(url)];
}

/** A wrapped address can't be clicked. */
const linkLines = (url: string | null): string[] => (url === null ? [] : [`${INDENT}${url}`]);

function headOf({ priority, tone, id, initials, state, standing }: RowView): string {
  return [
    priority === null || tone === 'routine' ? '' : `[${priority}]`,
    id,
    initials === null ? '' : `(${initials})`,
    state === '' ? '' : `- ${state}`,
    standing === null ? '' : `(${standing})`,
  ]
    .filter((text) => text !== '')
    .join(' ');
}

function entryLines({ name, state, details }: EntryView): string[] {
  return [...hanging(`${name} - ${state}`), ...(details === null ? [] : wrap(details, INDENT))];
}

/** All that a picture shows is in its caption. */
function chartLines({ title, caption }: ChartView): string[] {
  return [...wrap(title), ...wrap(caption, INDENT)];
}
