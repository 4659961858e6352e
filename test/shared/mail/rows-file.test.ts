import { describe, expect, it } from 'vitest';
import type { LiaisonDigestContent } from '../../../shared/contracts/mail.ts';
import { rowsFile } from '../../../shared/mail/digest/rows-file.ts';
import { config, liaison } from './builders.ts';
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
    const [names = '', ...lines] = textOf(content).trimEnd().split('\r\n');
    const columns = names.split('","');
    for (const line of lines) {
      const cells = line.split('","');
      expect([cells[columns.indexOf('Due')], cells[columns.indexOf('Days over')]]).toEqual(['', '']);
    }
  });
});
