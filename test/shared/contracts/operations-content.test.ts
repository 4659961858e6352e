import { expect, it } from 'vitest';
import { mailContent } from '../../../shared/contracts/frozen-mail.ts';
import { operationsMail } from '../../../shared/domain/mail/operations-mail.ts';
import { orphan, trouble } from '../mail/operations-samples.ts';

/** An operations mail as the first release froze it: it didn't say what is new in it. */
function asOfOld() {
  const content = operationsMail(
    trouble({ alerts: [orphan('R-1')], deadLetters: [{ queue: 'mail-jobs', count: 2 }], cap: 1 }),
  );
  if (!content) throw new Error('expected a mail');
  const { endingHolidays: _, deadLetters, sections, ...kept } = content;
  return {
    ...kept,
    deadLetters: deadLetters.map(({ before: __, ...queue }) => queue),
    sections: sections.map(({ newReferrals: __, rows, ...section }) => ({
      ...section,
      rows: rows.map(({ isNew: ___, lastEvent: ____, ...row }) => row),
      more: 7,
    })),
    quietFeeds: [{ name: 'records', lastHeardAt: null, lastEventAt: null, lacks: 'anything', expectedEveryHours: 24 }],
  };
}

it('an operations mail of an earlier release is read, and all of it counts as new', () => {
  expect(mailContent.parse(asOfOld())).toMatchObject({
    deadLetters: [{ queue: 'mail-jobs', count: 2, before: 0 }],
    sections: [{ rows: [{ referralId: 'R-1', isNew: true, lastEvent: null }], more: 7, newReferrals: 8 }],
    quietFeeds: [{ name: 'records', isNew: true }],
    endingHolidays: [],
  });
});

it('an operations mail of this release is read as it was frozen', () => {
  const content = operationsMail(trouble({ alerts: [orphan('R-1')] }));
  expect(mailContent.parse(JSON.parse(JSON.stringify(content)))).toEqual(content);
});
