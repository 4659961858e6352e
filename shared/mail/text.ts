import type { RowView } from './digest/row-view.ts';
import type { CountView, EntryView, MailView, SectionView } from './mail-view.ts';

export const WIDTH = 72;
export const RULE = '-'.repeat(WIDTH);

/** The mail as plain text, laid out by hand: it has to read well where HTML is off. */
export function renderText(view: MailView): string {
  const head = [
    view.title.toUpperCase(),
    view.date,
    view.byline,
    '',
    ...wrap(view.lead),
    ...countLines(view.counts),
    ...view.notes.flatMap((n) => wrap(n)),
  ];
  const parts = view.parts.flatMap(({ heading, notes, sections }) => [
    ...(heading === null ? [] : ['', '', ...wrap(heading), '='.repeat(WIDTH), ...notes.flatMap((note) => wrap(note))]),
    ...sections.flatMap(sectionLines),
  ]);
  const more = view.more === null ? [] : ['', ...wrap(view.more)];
  const footer = ['', RULE, ...view.footer.flatMap((line) => wrap(line))];
  return `${[...head, ...parts, ...more, ...footer].join('\n')}\n`;
}

/** One count a line, numbers aligned, followed by how many can't wait. */
function countLines(counts: readonly CountView[]): string[] {
  if (counts.length === 0) return [];
  const width = Math.max(...counts.map(({ count }) => String(count).length));
  const lines = counts.map(({ count, label, priorities }) => {
    const hurried = priorities.map(({ text }) => text).join(', ');
    return `  ${String(count).padStart(width)}  ${label}${hurried === '' ? '' : `: ${hurried}`}`;
  });
  return ['', ...lines, ''];
}

function sectionLines({ title, count, hint, rows, entries, more }: SectionView): string[] {
  return [
    '',
    `${title.toUpperCase()} (${count})`,
    RULE,
    ...(hint === null ? [] : [...wrap(hint), '']),
    ...[...rows.map(rowLines), ...entries.map(entryLines)].flatMap((lines, index) =>
      index === 0 ? lines : ['', ...lines],
    ),
    ...(more === null ? [] : ['', ...wrap(more)]),
  ];
}

function rowLines({ priority, id, url, initials, state, action, details, remarks }: RowView): string[] {
  const head = [
    priority === null ? '' : `[${priority}]`,
    id,
    initials === null ? '' : `(${initials})`,
    state === '' ? '' : `- ${state}`,
  ];
  return [
    ...wrap(head.filter((part) => part !== '').join(' ')),
    ...(action === null ? [] : wrap(action, '  ')),
    ...wrap(details, '  '),
    ...remarks.flatMap(({ text }) => wrap(text, '  ')),
    // A wrapped address can't be clicked.
    ...(url === null ? [] : [`  ${url}`]),
  ];
}

function entryLines({ name, state, details }: EntryView): string[] {
  return [...wrap(`${name} - ${state}`), ...(details === null ? [] : wrap(details, '  '))];
}

/** Lines of at most 72 columns, except for longer words. */
export function wrap(text: string, indent = ''): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && indent.length + [...longer].length > WIDTH) {
      lines.push(indent + line);
      line = word;
    } else {
      line = longer;
    }
  }
  return [...lines, indent + line];
}
