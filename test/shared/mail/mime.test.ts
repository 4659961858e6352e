import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { composeMime, type MimeInput } from '../../../shared/mail/mime.ts';
import { MONDAY } from './builders.ts';
import { crlf, headerText, leavesOf, type Part, readStrictly, treeOf } from './strict-mail.ts';

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

const readBack = async (over: Partial<MimeInput> = {}): Promise<Part> => readStrictly(await composeMime(input(over)));

const images = [{ contentId: 'line-note@loopwatch', fileName: 'line-note.png', png: new Uint8Array([1, 2, 3]) }];

describe('a mail as MIME', () => {
  test('reads back as plain text first, then HTML', async () => {
    const mail = await readBack();
    expect(treeOf(mail)).toBe('alternative(text/plain, text/html)');
    expect(leavesOf(mail).map(({ body }) => body.toString())).toEqual(['Ä ≤ 3\r\n', '<p>Ä ≤ 3</p>']);
  });

  test('carries pictures inline beside the HTML that shows them', async () => {
    const mail = await readBack({ html: '<img src="cid:line-note@loopwatch" alt="">', images });
    expect(treeOf(mail)).toBe('alternative(text/plain, related(text/html, image/png))');
    const picture = leavesOf(mail)[2];
    expect(picture?.headers.get('content-id')).toBe('<line-note@loopwatch>');
    expect(picture?.headers.get('content-disposition')).toBe('inline; filename=line-note.png');
  });

  test('asks for no automatic answer', async () => {
    const { headers } = await readBack();
    expect(headers.get('auto-submitted')).toBe('auto-generated');
    expect(headers.get('x-auto-response-suppress')).toBe('OOF, AutoReply, DR, RN, NRN');
  });

  test('is one of its list, a conversation of its own, and its answers go to the operations mailbox', async () => {
    const { headers } = await readBack();
    const next = await readBack({ mailId: 'another' });
    expect(headers.get('list-id')).toBe('<coordinator-digest.example.org>');
    expect(headers.get('x-entity-ref-id')).toBe('aB3_-x');
    expect(next.headers.get('x-entity-ref-id')).toBe('another');
    for (const name of ['references', 'in-reply-to']) expect(headers.has(name)).toBe(false);
    expect(headers.get('reply-to')).toBe('operations@example.org');
  });

  test('carries names in any script', async () => {
    const { headers } = await readBack({ to: { name: 'Koordinatörin Ægir Eins', address: 'one@example.org' } });
    expect(headerText(headers.get('to') ?? '')).toBe('Koordinatörin Ægir Eins <one@example.org>');
  });

  test('a name can add no header', async () => {
    const { headers } = await readBack({ to: { name: 'One\r\nBcc: two@example.org', address: 'one@example.org' } });
    expect(headers.has('bcc')).toBe(false);
  });
});

describe('a mail of anything', () => {
  const words = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.string({ unit: 'grapheme', maxLength: 120 }),
    fc.string({
      unit: fc.constantFrom('a', ' ', '\t', '"', '\\', ',', '<', '=?', '?=', 'é', '\r', '\n', '.'),
      maxLength: 400,
    }),
    fc.constantFrom('x'.repeat(900), `${'y'.repeat(75)} z`, ' '.repeat(300)),
  );
  // What renders text leaves no lone CR: names.ts takes control characters out of all that comes from elsewhere.
  const lines = words.map((text) => text.replaceAll('\r', ''));
  // A subject and a list's id are the product's own words: they don't begin or end with white space, nor hold runs of it.
  const phrase = words.map((text) => text.replaceAll(/\s+/g, ' ').trim() || 'none');
  const anything = fc.record({
    from: fc.constant({ name: 'Loopwatch', address: 'loopwatch@example.org' }),
    to: fc.record({
      name: fc.oneof(words, fc.constantFrom('x'.repeat(2000), '=?utf-8?Q?no?=')),
      address: fc.emailAddress(),
    }),
    replyTo: fc.emailAddress(),
    subject: phrase,
    html: lines.map((text) => `<p>${text}</p>`),
    text: lines.map((text) => `${text}.`),
    images: fc.constantFrom([], images),
    mailId: fc.stringMatching(/^[0-9a-zA-Z_-]{1,40}$/),
    listId: phrase,
    date: fc.constant(MONDAY),
  });

  test('is read back strictly as what it was', async () => {
    await fc.assert(
      fc.asyncProperty(anything, async (made) => {
        const mail = await readBack(made);
        expect(headerText(mail.headers.get('subject') ?? '')).toBe(made.subject);
        const [text, html] = leavesOf(mail).map(({ body }) => body.toString());
        expect([text, html]).toEqual([crlf(made.text), crlf(made.html)]);
      }),
      { numRuns: 300 },
    );
  });

  test('has the same bytes for the same input', async () => {
    await fc.assert(
      fc.asyncProperty(anything, async (made) => {
        expect(await composeMime(made)).toEqual(await composeMime(made));
      }),
    );
  });
});
