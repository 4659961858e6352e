import { describe, expect, it } from 'vitest';
import type { LiaisonDigestContent } from '../../../shared/contracts/mail.ts';
import { rowsFile } from '../../../shared/mail/digest/rows-file.ts';
import { renderMail } from '../../../shared/mail/render-mail.tsx';
import { config, coordinator, liaison } from './builders.ts';
import { digestsOf } from './mails.ts';
import { busyMorning } from './samples.ts';

const liaisons = (): LiaisonDigestContent => {
  const content = digestsOf(busyMorning(40)).find(({ kind }) => kind === 'liaison_digest');
  if (content?.kind !== 'liaison_digest') throw new Error('a busy morning has something for a liaison');
  return content;
};

const asking = (attachRows?: boolean) => {
  const settings = config();
  settings.directory.people.push(liaison(attachRows === undefined ? {} : { attachRows }));
  return settings;
};

const textOf = (content: LiaisonDigestContent): string =>
  new TextDecoder().decode(rowsFile(content, asking(true))[0]?.content);

describe('the file of all rows', () => {
  it.each([undefined, false])('does not come to somebody whose attachRows is %s', (attachRows) => {
    expect(rowsFile(liaisons(), asking(attachRows))).toEqual([]);
  });

  it('does not come with an all-clear', () => {
    expect(rowsFile({ ...liaisons(), practices: [] }, asking(true))).toEqual([]);
  });

  it('has the rows that were cut behind those of their section', () => {
    const content = liaisons();
    const section = content.practices[0]?.sections[0];
    const row = section?.rows[0];
    if (!section || !row) throw new Error('expected a row');
    section.cutRows = [{ ...row, referralId: 'R-CUT' }];
    const lines = textOf(content).split('\r\n');
    expect(lines[section.rows.length + 1]).toContain('"R-CUT"');
  });

  it('names the practice of each row, and never initials', () => {
    const settings = config({ identifiers: 'initials' });
    settings.directory.people.push(liaison({ attachRows: true }));
    const content = liaisons();
    for (const { sections } of content.practices) {
      for (const row of sections.flatMap(({ rows }) => rows)) row.initials = 'Q. Z.';
    }
    const text = new TextDecoder().decode(rowsFile(content, settings)[0]?.content);
    expect(text).toContain('"First Family Practice"');
    expect(text).not.toMatch(/Q\. Z\.|Initials/);
  });

  it('gives no due and no days where the mail gives none', () => {
    const content = liaisons();
    for (const { sections } of content.practices) {
      for (const row of sections.flatMap(({ rows }) => rows)) row.coarse = true;
    }
    const [names = [], ...rows] = cellsOf(textOf(content));
    for (const cells of rows) {
      expect([cells[names.indexOf('Due')], cells[names.indexOf('Days over')]]).toEqual(['', '']);
      expect(cells[names.indexOf('How late')]).toMatch(/^(|due today|due this week|late|over .*)(, escalated)?$/);
    }
  });

  it('says nothing that the mail does not say', async () => {
    for (const content of digestsOf(busyMorning(40))) {
      const settings = config();
      settings.directory.people.push({ ...coordinator(), ...content.recipient, attachRows: true });
      const { text, files } = await renderMail(content, settings);
      const said = text.replaceAll(/\s+/g, ' ').toLowerCase();
      const [names = [], ...rows] = cellsOf(new TextDecoder().decode(files[0]?.content));
      // A liaison's mail says the same of a referral in fewer words.
      const isBrief = content.kind === 'liaison_digest';
      const otherWords = isBrief ? ['Section', 'What to do', 'Due', 'How late', 'Also open', 'Site'] : [];
      for (const cells of rows) {
        const told = cells
          .filter((_, index) => !['Days over', 'Priority', ...otherWords].includes(names[index] ?? ''))
          .flatMap((cell) => cell.split('; '));
        for (const cell of told) expect(said).toContain(cell.toLowerCase());
        const days = cells[names.indexOf('Days over')] ?? '';
        if (days !== '' && days !== '0')
          expect(cells[names.indexOf('How late')]).toMatch(new RegExp(`^${days} days? over`));
      }
    }
  });
});

/** Of a file whose cells hold no quotes. */
const cellsOf = (csv: string): string[][] =>
  csv
    .replace('\ufeff', '')
    .trimEnd()
    .split('\r\n')
    .map((line) => line.slice(1, -1).split('","'));
