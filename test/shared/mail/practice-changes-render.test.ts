import { describe, expect, test } from 'vitest';
import type { PracticeChangeContent } from '../../../shared/contracts/mail.ts';
import { type LiaisonDigestInput, liaisonDigest } from '../../../shared/domain/mail/liaison-digest.ts';
import { renderMail } from '../../../shared/mail/render-mail.tsx';
import { config, days, FRIDAY, liaison, MONDAY, referralAlert } from './builders.ts';
import { visibleText } from './mails.ts';
import { changedPractices, practiceChange } from './practice-change-samples.ts';

const NONE = { declines: 0, lateNotes: 0, longWaits: 0 };
const numbers = (text: string): string[] => (text.match(/\d+/g) ?? []).sort();

async function rendered(practiceChanges: PracticeChangeContent[], over: Partial<LiaisonDigestInput> = {}) {
  const content = liaisonDigest({
    recipient: liaison(),
    period: '2026-03-02',
    asOf: MONDAY,
    since: FRIDAY,
    hasLast: true,
    alerts: [],
    practices: [],
    config: config(),
    practiceChanges,
    ...over,
  });
  if (!content) throw new Error('expected a digest');
  const { subject, html, text } = await renderMail(content, over.config ?? config());
  const withoutAddresses = text.replace(/^ *https:.*$/gm, '');
  expect(numbers(visibleText(html))).toEqual(numbers(withoutAddresses));
  for (const line of withoutAddresses.split('\n')) expect([...line].length).toBeLessThanOrEqual(72);
  return { subject, html, text: text.replace(/\s+/g, ' ') };
}

describe('a practice', () => {
  test('that declines: how far, and what on our side may be why', async () => {
    const { text } = await rendered([practiceChange()]);
    expect(text).toContain(
      'Your sources ======================================================================== ' +
        'First Family Practice - declining: 3 referrals in the last 8 weeks, about 12 expected ' +
        'On our side in the last 60 days: 4 declined, 2 late notes, 5 long waits.',
    );
  });

  test('for which nothing on our side stands out: ask them', async () => {
    const { text } = await rendered([practiceChange({ observed: 1, causes: NONE })]);
    expect(text).toContain(
      '1 referral in the last 8 weeks, about 12 expected Nothing on our side stands out: ask them.',
    );
  });

  test('is shown with those causes only that exist', async () => {
    const { text } = await rendered([practiceChange({ causes: { ...NONE, lateNotes: 1, longWaits: 1 } })]);
    expect(text).toContain('On our side in the last 60 days: 1 late note, 1 long wait.');
  });

  test('that is inactive: since when', async () => {
    const { text } = await rendered([practiceChange({ change: 'inactive', causes: NONE })]);
    expect(text).toContain('no referral since Mon 24 Nov 2025 (98 days) Nothing on our side stands out: ask them.');
  });

  test('that is back: after how long', async () => {
    const { text } = await rendered([practiceChange({ change: 'reactivated', causes: NONE })]);
    expect(text).toContain(
      'back after 92 days A referral came on Thu 26 Feb. Nothing on our side stands out: ask what kept them away.',
    );
    const yesterday = practiceChange({ change: 'reactivated', lastReceivedAt: MONDAY - days(1) });
    expect((await rendered([yesterday])).text).toContain('A referral came yesterday. On our side');
  });

  test('that is new: when its first referral came, and no cause', async () => {
    const { text } = await rendered([practiceChange({ change: 'new', practiceId: 'not-in-the-directory' })]);
    expect(text).toContain('not-in-the-directory - new: first referral ever It came on Fri 27 Feb. ---');
  });
});

describe('the mail', () => {
  test('says in its first sentence what has changed, if there is nothing else to say', async () => {
    const { subject, text } = await rendered([practiceChange(), practiceChange({ practiceId: 'p2', change: 'new' })]);
    expect(subject).toBe('Your referring practices: 2 to talk to');
    expect(text).toContain('No practice is waiting for news; 2 sources have changed.');
    expect((await rendered([practiceChange()])).text).toContain('; 1 source has changed.');
  });

  test('counts a practice that waits and has changed once, and puts the changes before the practices', async () => {
    const late = [referralAlert({ kind: 'note' }, { stage: 'awaiting_note' })];
    const { subject, html, text } = await rendered([practiceChange()], { alerts: late });
    expect(subject).toBe('Your referring practices: 1 to talk to');
    expect(text.indexOf('Your sources')).toBeLessThan(text.indexOf('consult note'));
    expect(text).toContain('1 referral at 1 practice.');
    // The preview that an inbox shows beside the subject.
    expect(html).toContain('1 with a late note, 1 source declining.');
  });

  test('counts the practices that it has no room for', async () => {
    const { subject, text } = await rendered(changedPractices(25), { morePracticeChanges: 7 });
    expect(subject).toBe('Your referring practices: 32 to talk to');
    expect(text).toContain('7 more practices with such a change, not listed here.');
  });

  test('counts the referrals that it can’t show, if there is nothing else to say', async () => {
    const { subject, text } = await rendered([], { unshown: ['R-1', 'R-2'] });
    expect(subject).toBe('Your referring practices: 2 referrals to act on');
    expect(text).toContain("2 referrals can't be shown.");
    expect((await rendered([], { unshown: ['R-1'] })).subject).toBe('Your referring practices: 1 referral to act on');
    expect((await rendered([practiceChange()], { unshown: ['R-1'] })).subject).toContain('1 to talk to');
  });

  test('says nothing about changes on other days', async () => {
    const late = [referralAlert({ kind: 'note' }, { stage: 'awaiting_note' })];
    const { text } = await rendered([], { alerts: late });
    expect(text).not.toMatch(/sources|once a week/);
  });

  test('takes names from elsewhere as text, clipped', async () => {
    const settings = config();
    settings.directory.practices = [{ id: 'p1', name: `<img src=x> ${'W'.repeat(128)}` }];
    const { html, text } = await rendered([practiceChange()], { config: settings });
    expect(html).not.toContain('<img');
    expect(text).toMatch(/<img src=x> W{47}… - declining: 3 referrals/);
  });
});
