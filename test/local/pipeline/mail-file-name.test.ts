import fc from 'fast-check';
import { expect, it } from 'vitest';
import { mailFileName } from '../../../local/pipeline/mail-file-name.ts';
import { formatInstant } from '../../../shared/contracts/instant.ts';
import { MAIL_KINDS } from '../../../shared/contracts/vocabulary.ts';
import { mailIdOf } from '../../../shared/domain/mail/mail-id.ts';

const zone = 'America/New_York';

it('A mail file says when, what and whose', () => {
  const mail = {
    mailId: '2026-03-03-f15227ea924b0ccb7157eeb552dd9f5f',
    kind: 'coordinator_digest' as const,
    forPersonId: 'Ana / María:1',
    sentAt: '2026-03-03T12:00:00.000Z',
  };
  const taken = new Set<string>();
  expect(mailFileName(mail, zone, taken)).toBe('2026-03-03-0700-coordinator_digest-Ana_Mar_a_1-f15227ea');
  expect(mailFileName({ ...mail, forPersonId: 'x'.repeat(256) }, zone, taken)).toHaveLength(84);
  const other = { ...mail, mailId: '2026-03-03-f15227ea000000000000000000000000' };
  expect(mailFileName(other, zone, taken)).toBe(
    '2026-03-03-0700-coordinator_digest-Ana_Mar_a_1-f15227ea000000000000000000000000',
  );
});

it('Names of mail files are all different, whatever the ids, sort by time, and suit any file system', () => {
  const mail = fc
    .record({
      kind: fc.constantFrom(...MAIL_KINDS),
      forPersonId: fc.oneof(
        fc.string({ unit: 'binary', minLength: 1, maxLength: 300 }),
        fc.stringMatching(/^[a-z./:-]{1,256}$/),
      ),
      sent: fc.integer({ min: Date.UTC(2026, 3, 1), max: Date.UTC(2026, 8, 1) }),
    })
    .map(({ kind, forPersonId, sent }) => ({
      mailId: mailIdOf(kind, forPersonId, { period: String(sent), dueAt: sent }),
      ...{ kind, forPersonId, sentAt: formatInstant(sent) },
    }));
  fc.assert(
    fc.property(fc.uniqueArray(mail, { selector: ({ mailId }) => mailId, maxLength: 20 }), (mails) => {
      const taken = new Set<string>();
      const sorted = mails.toSorted((a, b) => a.sentAt.localeCompare(b.sentAt));
      const names = sorted.map((each) => mailFileName(each, zone, taken));
      expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(mails.length);
      for (const name of names) expect(name).toMatch(/^\d{4}-\d\d-\d\d-\d{4}-[A-Za-z0-9@._-]{1,110}$/);
      const times = names.map((name) => name.slice(0, 15));
      expect(times).toEqual(times.toSorted());
    }),
  );
});
