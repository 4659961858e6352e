import { render } from '@react-email/render';
import { describe, expect, test } from 'vitest';
import {
  type Block,
  cell,
  chart,
  counts,
  entries,
  fact,
  type MailView,
  muted,
  part,
  type RowView,
  remark,
  row,
  rows,
  section,
  table,
} from '../../../shared/mail/blocks.ts';
import { withRows } from '../../../shared/mail/shorten.ts';
import { Mail } from '../../../shared/mail/templates/mail.tsx';
import { renderText } from '../../../shared/mail/text.ts';

const view = (over: Partial<MailView> = {}): MailView => ({
  subject: 'Subject',
  title: 'Title',
  date: 'Mon 2 Mar 2026',
  byline: 'For Reader One',
  preview: 'Preview',
  lead: 'The first sentence.',
  top: [],
  sections: [],
  footer: ['Why.', 'As of.'],
  ...over,
});

const NO_CELLS: RowView['cells'] = {
  marks: null,
  due: null,
  daysOver: null,
  attempts: null,
  specialty: null,
  site: null,
  alsoOpen: null,
  owner: null,
};

const referral = (id: string, over: Partial<RowView> = {}): RowView => ({
  priority: 'Routine',
  tone: 'routine',
  id,
  url: null,
  initials: null,
  state: '2 days over',
  isOver: true,
  standing: null,
  action: 'Call the patient.',
  details: 'Cardiology',
  remarks: [],
  cells: NO_CELLS,
  ...over,
});

const textOf = (...blocks: Block[]): string => {
  const text = renderText(view({ top: blocks, footer: [] }));
  return text.slice(text.indexOf('sentence.\n') + 'sentence.\n'.length, text.indexOf('\n---')).replace(/\n+$/, '');
};
const htmlOf = (over: Partial<MailView>, picture: string | null = 'cid:picture'): Promise<string> =>
  render(<Mail view={view(over)} addressOf={() => picture} />);

const LONG = 'word '.repeat(20).trim();

describe('as plain text', () => {
  test('a remark is a paragraph, a fact one whose further lines are indented', () => {
    expect(textOf(remark(LONG)).split('\n')).toEqual([LONG.slice(0, 69), LONG.slice(70)]);
    expect(textOf(fact('About', LONG)).split('\n')).toEqual([`About: ${LONG.slice(0, 59)}`, `  ${LONG.slice(60)}`]);
  });

  test('counts are aligned, with how many of them cannot wait', () => {
    const listed = counts([
      { count: 13, label: 'to do today', priorities: [{ text: '2 STAT', tone: 'stat' }] },
      { count: 4, label: 'late', priorities: [] },
    ]);
    expect(textOf(...listed, muted('Next.'))).toBe('\n  13  to do today: 2 STAT\n   4  late\n\nNext.');
  });

  test('rows stand apart, and address and remarks have lines of their own', () => {
    const remarks = [
      { text: 'Missing: payer.', isOver: false },
      { text: 'Also: late.', isOver: true },
    ];
    const listed = rows([
      referral('R-1', { priority: 'STAT', tone: 'stat', url: 'https://example.org/R-1', remarks }),
      referral('R-2', { action: null, initials: 'AB', state: '' }),
    ]);
    expect(textOf(...listed)).toBe(
      '\n[STAT] R-1 - 2 days over\n  Call the patient.\n  Cardiology\n  Missing: payer. Also: late.\n  https://example.org/R-1\n' +
        '\nR-2 (AB)\n  Cardiology',
    );
  });

  test('two lists share the empty line between them', () => {
    const list = entries([{ name: 'feed', state: 'silent', isOver: true, details: 'Since Monday.' }]);
    const figures = table('Late', ['Site', 'Count'], [row('North', [cell('7', '70%')])]);
    expect(textOf(...list, ...figures)).toBe(
      '\nfeed - silent\n  Since Monday.\n\nLate\nSite                Count\nNorth             7 (70%)',
    );
  });

  test('a chart is its title and caption', () => {
    const drawn = chart({
      name: 'line-note',
      title: 'Consult note',
      alt: 'A line.',
      caption: 'Kept 7 of 9.',
      legend: null,
    });
    expect(textOf(drawn)).toBe('\nConsult note\n  Kept 7 of 9.');
  });

  test('a part is set apart more than a section', () => {
    const text = renderText(view({ sections: [part('Practice', [muted('Note.')]), section('Late', [], 3)] }));
    expect(text).toContain(`\n\nPractice\n${'='.repeat(72)}\nNote.\n\nLATE (3)\n${'-'.repeat(72)}\n`);
  });

  test('nothing is said by an empty list', () => {
    expect([...counts([]), ...rows([]), ...entries([]), ...table('Late', ['Site'], [])]).toEqual([]);
  });
});

describe('as HTML', () => {
  const drawn = chart({
    name: 'line-note',
    title: 'Consult note',
    alt: 'A line.',
    caption: 'Kept 7 of 9.',
    legend: null,
  });

  test('a chart is as wide as the page allows, with its caption below', async () => {
    const html = await htmlOf({ top: [drawn] });
    expect(html).toContain(
      '<h3>Consult note</h3><img src="cid:picture" alt="A line." width="480" style="height:auto;max-width:100%"/><p class="m">Kept 7 of 9.</p>',
    );
  });

  test('a chart that does not come with the mail leaves its caption', async () => {
    const html = await htmlOf({ top: [drawn] }, null);
    expect(html).not.toContain('<img');
    expect(html).toContain('Kept 7 of 9.');
  });

  test('sections of a part are a level below it, others are not', async () => {
    expect(await htmlOf({ sections: [section('Late', [], 3)] })).toContain('<h2>Late (3)</h2>');
    const html = await htmlOf({ sections: [part('Practice', []), section('Late', [], 3)] });
    expect(html).toContain('<h2 class="pr">Practice</h2><h3>Late (3)</h3>');
  });
});

describe('a mail with too many rows for HTML', () => {
  const many = view({
    sections: [
      section('One', rows([referral('R-1', { priority: 'URGENT', tone: 'urgent' }), referral('R-2')]), 2),
      section('Two', rows([referral('R-3'), referral('R-4', { priority: 'STAT', tone: 'stat' })]), 2),
      section('Three', rows([referral('R-5', { priority: null }), referral('R-6')]), 2),
    ],
  });
  const idsIn = ({ blocks }: { blocks: Block[] }): string[] =>
    blocks.flatMap((block) => (block.kind === 'rows' ? block.rows.map(({ id }) => id) : []));

  test('keeps the first rows and has the ids of the others by priority', () => {
    const { sections } = withRows(many, 3);
    expect(sections.map(idsIn)).toEqual([['R-1', 'R-2'], ['R-3'], [], []]);
    expect(sections.at(-1)).toMatchObject({ title: 'In short', count: 3 });
    expect(sections.at(-1)?.blocks.slice(1)).toEqual([
      fact('STAT (1)', 'R-4.'),
      fact('No priority known (1)', 'R-5.'),
      fact('Routine (1)', 'R-6.'),
    ]);
  });

  test('loses nothing if all have room', () => {
    expect(withRows(many, 6)).toBe(many);
  });
});
