import { simpleParser } from 'mailparser';
import { describe, expect, test } from 'vitest';
import { composeMime, type MimeInput } from '../../../shared/mail/mime.ts';
import { renderMail } from '../../../shared/mail/render-mail.tsx';
import { drawCharts } from '../../../shared/mail/report/charts/draw-charts.tsx';
import { config, MONDAY } from './builders.ts';
import { digestsOf } from './mails.ts';
import { badWeek, reportContent } from './report-samples.ts';
import { busyMorning } from './samples.ts';

const input = (over: Partial<MimeInput> = {}): MimeInput => ({
  from: { name: 'Loopwatch', address: 'loopwatch@example.org' },
  to: { name: 'Coordinator One', address: 'coordinator.one@example.org' },
  replyTo: 'operations@example.org',
  subject: 'Your referrals today: 3 to act on',
  html: '<p>Ä ≤ 3</p>',
  text: 'Ä ≤ 3\n',
  mailId: 'aB3_-x',
  listId: 'coordinator-digest.example.org',
  date: MONDAY,
  ...over,
});

interface Part {
  headers: Map<string, string>;
  body: string;
}

/** Just enough of RFC 5322, 2045 and 2046 to read a mail back without the library that wrote it. */
function parsePart(raw: string): Part {
  const split = raw.indexOf('\r\n\r\n');
  const unfolded = raw.slice(0, split).replace(/\r\n[ \t]+/g, ' ');
  const headers = new Map(
    unfolded.split('\r\n').map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
  return { headers, body: raw.slice(split + 4) };
}

function decodeQuotedPrintable(body: string): string {
  const bytes = body
    .replace(/=\r\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8').replaceAll('\r\n', '\n');
}

function decodeWords(header: string): string {
  return header.replace(/=\?UTF-8\?([QB])\?([^?]*)\?=(?:\s+(?==\?))?/gi, (_, encoding: string, word: string) =>
    encoding.toUpperCase() === 'B'
      ? Buffer.from(word, 'base64').toString('utf8')
      : decodeQuotedPrintable(word.replaceAll('_', ' ')),
  );
}

async function readBack(over: Partial<MimeInput> = {}) {
  const raw = Buffer.from(await composeMime(input(over))).toString('latin1');
  const { headers, body } = parsePart(raw);
  const boundary = /boundary="([^"]+)"/.exec(headers.get('content-type') ?? '')?.[1];
  const parts = body
    .split(`--${boundary}`)
    .slice(1, -1)
    .map((part) => parsePart(part.replace(/^\r\n/, '')));
  return { raw, headers, parts };
}

describe('a mail as MIME', () => {
  test('reads back as plain text first, then HTML', async () => {
    const { headers, parts } = await readBack();
    expect(headers.get('content-type')).toMatch(/^multipart\/alternative/);
    expect(parts.map((part) => part.headers.get('content-type'))).toEqual([
      'text/plain; charset=utf-8',
      'text/html; charset=utf-8',
    ]);
    expect(parts.map((part) => decodeQuotedPrintable(part.body).trimEnd())).toEqual(['Ä ≤ 3', '<p>Ä ≤ 3</p>']);
  });

  test('a real digest survives encoding and decoding', async () => {
    for (const content of digestsOf(busyMorning(5000, { site: 'Außenstelle Ærø' }))) {
      const { html, text, subject } = await renderMail(content, config());
      const { parts, raw } = await readBack({ html, text, subject });
      expect(decodeQuotedPrintable(parts[0]?.body ?? '').trimEnd()).toBe(text.trimEnd());
      expect(decodeQuotedPrintable(parts[1]?.body ?? '').trimEnd()).toBe(html.trimEnd());
      expect(Math.max(...raw.split('\r\n').map((line) => line.length))).toBeLessThanOrEqual(998);
    }
  });

  test('carries the pictures of its HTML inline, and no attachment', async () => {
    const content = reportContent(badWeek());
    const charts = await drawCharts(content.report);
    const { html, text, images } = await renderMail(content, config(), charts);
    const raw = await composeMime(input({ html, text, images }));
    const mail = await simpleParser(Buffer.from(raw), { skipImageLinks: true });
    const pictures = new Map(mail.attachments.map((attachment) => [attachment.cid, attachment]));
    expect(mail.html).toBe(html);
    expect(mail.text?.trimEnd()).toBe(text.trimEnd());
    expect(mail.attachments).toHaveLength(8);
    for (const [, address = ''] of html.matchAll(/src="cid:([^"]+)"/g)) {
      const picture = pictures.get(address);
      expect(picture).toMatchObject({ contentType: 'image/png', contentDisposition: 'inline', related: true });
      expect(new Uint8Array(picture?.content ?? [])).toEqual(charts[address.replace('@loopwatch', '')]);
    }
  });

  test('has two alternatives: text first, then the HTML with its pictures', async () => {
    const images = [{ contentId: 'chart-note@loopwatch', fileName: 'chart-note.png', png: new Uint8Array([1, 2, 3]) }];
    const html = '<img src="cid:chart-note@loopwatch" alt="">';
    const { headers, parts, raw } = await readBack({ html, images });
    expect(headers.get('content-type')).toMatch(/^multipart\/alternative/);
    expect(parts.map((part) => part.headers.get('content-type')?.split(';')[0])).toEqual([
      'text/plain',
      'multipart/related',
    ]);
    expect(raw).toContain('Content-ID: <chart-note@loopwatch>');
    expect(raw).toContain('Content-Disposition: inline; filename=chart-note.png');
  });

  test('says that a machine wrote it, which list it is for, and which mail it is', async () => {
    const { headers } = await readBack();
    expect(headers.get('auto-submitted')).toBe('auto-generated');
    expect(headers.get('list-id')).toBe('<coordinator-digest.example.org>');
    expect(headers.get('message-id')).toBe('<aB3_-x@example.org>');
    expect(headers.get('date')).toBe('Mon, 02 Mar 2026 12:00:00 +0000');
  });

  test('is a conversation of its own, and its answers go to the operations mailbox', async () => {
    const { headers } = await readBack();
    const next = await readBack({ mailId: 'another' });
    expect(headers.get('x-entity-ref-id')).toBe('aB3_-x');
    expect(next.headers.get('x-entity-ref-id')).toBe('another');
    for (const name of ['references', 'in-reply-to']) expect(headers.has(name)).toBe(false);
    expect(headers.get('reply-to')).toBe('operations@example.org');
  });

  test('carries names in any script', async () => {
    const { headers } = await readBack({ to: { name: 'Koordinatörin Ægir Eins', address: 'one@example.org' } });
    expect(decodeWords(headers.get('to') ?? '')).toBe('Koordinatörin Ægir Eins <one@example.org>');
  });

  test('a name can add no header', async () => {
    const { headers } = await readBack({ to: { name: 'One\r\nBcc: two@example.org', address: 'one@example.org' } });
    expect(headers.has('bcc')).toBe(false);
  });

  test('has the same bytes for the same input', async () => {
    expect(await composeMime(input())).toEqual(await composeMime(input()));
    const images = [{ contentId: 'a@loopwatch', fileName: 'a.png', png: new Uint8Array([1, 2, 3]) }];
    expect(await composeMime(input({ images }))).toEqual(await composeMime(input({ images })));
  });
});
