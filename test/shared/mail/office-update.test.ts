import { describe, expect, test } from 'vitest';
import type { OfficeUpdate } from '../../../shared/contracts/mail.ts';
import type { ReferralState } from '../../../shared/contracts/state.ts';
import { CLOSE_REASONS, DECLINE_REASONS } from '../../../shared/contracts/vocabulary.ts';
import { toMailRecipient } from '../../../shared/domain/mail/recipients.ts';
import { nextStep, POSSIBLE_STAGES } from '../../../shared/mail/digest/next-step.ts';
import { briefOfficeNews, officeNews, toldBy, updateAskedOf } from '../../../shared/mail/digest/office-update.ts';
import { toRowView } from '../../../shared/mail/digest/row-view.ts';
import { toActOn } from '../../../shared/mail/digest/wording.ts';
import { config, coordinator, liaison, referralAlert } from './builders.ts';
import { digestsOf } from './mails.ts';

const update = (over: Partial<OfficeUpdate> = {}): OfficeUpdate => ({
  askedOf: 'c1',
  endReason: null,
  declineReason: null,
  ...over,
});

const END_REASONS = [...CLOSE_REASONS, 'cancelled'] as const;
const toTell = (over: Partial<OfficeUpdate>, stage: 'closed' | 'declined') =>
  nextStep('referrer_update', stage, 'routine', update(over));

describe('a closing', () => {
  test.each(END_REASONS)('for the reason %s is told in words', (endReason) => {
    expect(briefOfficeNews('closed', update({ endReason }))).toMatch(/^[a-z][^{}_:]+$/);
    const sentence = toTell({ endReason }, 'closed');
    expect(sentence).toMatch(/^Tell the referring office that the referral was [a-z][^{}_]+\.$/);
    expect(sentence.length).toBeLessThanOrEqual(110);
  });

  test('is told in words of its own for each reason', () => {
    expect(new Set(END_REASONS.map((endReason) => toTell({ endReason }, 'closed'))).size).toBe(END_REASONS.length);
    const brief = END_REASONS.map((endReason) => briefOfficeNews('closed', update({ endReason })));
    expect(new Set(brief).size).toBe(END_REASONS.length);
  });

  test('says what happened', () => {
    expect(toTell({ endReason: 'unreachable' }, 'closed')).toBe(
      'Tell the referring office that the referral was closed: the patient could not be reached.',
    );
    expect(toTell({ endReason: 'cancelled' }, 'closed')).toBe(
      'Tell the referring office that the referral was cancelled.',
    );
  });
});

describe('a decline', () => {
  test('is told in words of its own for each reason', () => {
    const sentences = DECLINE_REASONS.map((declineReason) => toTell({ declineReason }, 'declined'));
    expect(new Set(sentences).size).toBe(DECLINE_REASONS.length);
    expect(sentences[0]).toBe('Tell the referring office that the referral was declined: it went to the wrong place.');
  });
});

test('a mail of before reasons were recorded says to tell why', () => {
  expect(nextStep('referrer_update', 'closed', 'urgent')).toBe(
    'Tell the referring office today that the referral was closed, and why.',
  );
  expect(briefOfficeNews('closed')).toBe('closed');
});

test('a list says it in fewer words', () => {
  expect(briefOfficeNews('closed', update({ endReason: 'cost' }))).toBe('closed, cost too high');
  expect(briefOfficeNews('scheduled')).toBe('a visit is booked');
});

test.each(POSSIBLE_STAGES.referrer_update)('in stage %s there is something to tell', (stage) => {
  expect(officeNews(stage)).toMatch(/^[a-z]/);
  expect(toldBy('Ana Ruiz', stage)).toMatch(/^Nothing to do: Ana Ruiz tells the referring office that [a-z].+\.$/);
});

describe('a row of news that somebody else tells', () => {
  const settings = config({ updatesBy: 'liaison' });
  settings.directory.people = [coordinator(), liaison({ id: 'l1', name: 'Lee Park' })];
  const action = (over: Partial<ReferralState>) => {
    const alerts = [referralAlert({ kind: 'referrer_update' }, over)];
    const [content] = digestsOf(alerts, settings);
    const row = content?.kind === 'coordinator_digest' ? content.sections[0]?.rows[0] : undefined;
    if (!content || !row) throw new Error('expected a row');
    return toRowView(row, 'newly_breached', content, settings).action;
  };

  test('says who is asked instead of asking its reader', () => {
    expect(action({ stage: 'scheduled' })).toBe(
      'Nothing to do: Lee Park tells the referring office that a visit is booked.',
    );
  });

  test('asks the coordinator for what is left of it', () => {
    expect(action({ stage: 'to_close', priority: 'urgent' })).toBe(
      'Close the referral today as declined by the patient. Lee Park tells the office.',
    );
  });

  test('says who tells the office of a closing', () => {
    const alerts = [referralAlert({ kind: 'visit' }, { stage: 'to_close' })];
    const said = (of: typeof settings) => {
      const [content] = digestsOf(alerts, of);
      const row = content?.kind === 'coordinator_digest' ? content.sections[0]?.rows[0] : undefined;
      return content && row ? toRowView(row, 'newly_breached', content, of).action : null;
    };
    expect(said(settings)).toBe('Close the referral as declined by the patient. Lee Park tells the office.');
    expect(said(config())).toBe('Close the referral as declined by the patient and tell the office.');
  });

  test('is not counted as one to act on', () => {
    const told = referralAlert({ referralId: 'R-told', kind: 'referrer_update' }, { stage: 'scheduled' });
    const [content] = digestsOf([told, referralAlert({ referralId: 'R-own' })], settings);
    expect(content?.kind === 'coordinator_digest' && toActOn(content)).toBe(1);
  });

  test('asks its reader if there is no liaison', () => {
    expect(action({ stage: 'scheduled', liaisonId: null, practiceId: 'p9' })).toBe(
      'Tell the referring office that a visit is booked.',
    );
  });
});

describe('who is asked to tell the office', () => {
  const settings = config();
  settings.directory.people = [coordinator({ id: 'c1', name: 'Ana Ruiz' }), liaison()];
  const asked = (askedOf: string | null) =>
    updateAskedOf({ officeUpdate: update({ askedOf }) }, { recipient: toMailRecipient(liaison()) }, settings);

  test('is somebody else, by name', () => {
    expect(asked('c1')).toEqual({ name: 'Ana Ruiz' });
  });

  test('is the reader, also if nobody can be found or the mail does not know', () => {
    expect(asked('l1')).toBe('reader');
    expect(asked(null)).toBe('reader');
    expect(updateAskedOf({}, { recipient: toMailRecipient(liaison()) }, settings)).toBe('reader');
  });
});
