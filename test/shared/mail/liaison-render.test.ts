import { describe, expect, test } from 'vitest';
import type { Config } from '../../../shared/contracts/config.ts';
import type { ReferralState } from '../../../shared/contracts/state.ts';
import type { ReferralAlert } from '../../../shared/domain/mail/digest-input.ts';
import { type LiaisonDigestInput, liaisonDigest } from '../../../shared/domain/mail/liaison-digest.ts';
import { renderMail } from '../../../shared/mail/render-mail.tsx';
import {
  config,
  coordinator,
  days,
  FRIDAY,
  hours,
  liaison,
  MONDAY,
  many,
  numbered,
  referralAlert,
} from './builders.ts';
import { visibleText } from './mails.ts';
import { overdue } from './practice-change-samples.ts';

function settings(updatesBy: 'coordinator' | 'liaison' = 'coordinator'): Config {
  const made = config({ updatesBy });
  made.directory.people = [coordinator({ id: 'c1', name: 'Ana Ruiz' }), liaison()];
  return made;
}

const numbers = (text: string): string[] => (text.match(/\d+/g) ?? []).sort();

async function rendered(alerts: ReferralAlert[], over: Partial<LiaisonDigestInput> = {}) {
  const given = over.config ?? settings();
  const content = liaisonDigest({
    recipient: liaison(),
    period: '2026-03-02',
    asOf: MONDAY,
    since: FRIDAY,
    hasLast: true,
    alerts,
    practices: [],
    ...over,
    config: given,
  });
  if (!content) throw new Error('expected a digest');
  const { html, text } = await renderMail(content, given);
  const withoutAddresses = text.replace(/^ *https:.*\n/gm, '');
  expect(numbers(visibleText(html))).toEqual(numbers(withoutAddresses));
  for (const line of withoutAddresses.split('\n')) expect([...line].length).toBeLessThanOrEqual(72);
  const spaced = (given: string): string => given.replace(/\s+/g, ' ');
  return { html: spaced(visibleText(html)), text: spaced(withoutAddresses.replace(/[=-]{72}/g, '|')) };
}

const update = (over: Partial<ReferralState> = {}, referralId = 'R-1') =>
  referralAlert({ referralId, kind: 'referrer_update' }, { stage: 'scheduled', ...over });

describe('a row', () => {
  test('says in a line or two which referral, how late, what, and where', async () => {
    const { html, text } = await rendered([referralAlert({ kind: 'visit' }, { priority: 'urgent' })]);
    expect(text).toContain('| [URGENT] R-1 - 5 days over - long wait · cardiology, North |');
    expect(html).toContain('URGENT R-1 5 days over · long wait · cardiology, North');
  });

  test.each([
    ['a late note', referralAlert({ kind: 'note' }, { stage: 'awaiting_note' }), 'R-1 - late - consult note · '],
    [
      'a declined referral',
      referralAlert({ kind: 'reroute' }, { stage: 'declined', declines: [{ at: MONDAY, reason: 'misdirected' }] }),
      'Find another specialist, or agree with the referring office how this ends · declined, it went to the wrong place · ',
    ],
    [
      'a patient whom nobody can reach',
      referralAlert(
        { kind: 'reached' },
        { attempts: { made: 3, phoneDays: 2, letters: 1, wrongNumbers: 0 }, lastAttemptAt: MONDAY - days(20) },
      ),
      'R-1 - 5 days over - unreachable · ',
    ],
  ])('names %s', async (_, entry, said) => {
    expect((await rendered([entry])).text).toContain(said);
  });

  test('names in a word what else is late, unless it is the same wait', async () => {
    const waits = [referralAlert({ kind: 'visit' }), referralAlert({ kind: 'scheduled' })];
    const { text } = await rendered([...waits, referralAlert({ kind: 'note' })]);
    expect(text).toContain('consult note · cardiology, North · also long wait |');
    expect((await rendered(waits)).text).not.toContain('also');
  });

  test('is marked where its snooze is over or it was acknowledged', async () => {
    const marked = referralAlert({ kind: 'visit', snoozedUntil: MONDAY - hours(1), acknowledgedBy: 'c1' });
    expect((await rendered([marked])).text).toContain('North · Acknowledged by Ana Ruiz. · Snooze over. |');
  });
});

describe('an office that waits for news', () => {
  test("is the coordinator's to tell: the row says who and what, and asks nothing of the liaison", async () => {
    const { text } = await rendered([update({ stage: 'closed', endReason: 'unreachable' })]);
    expect(text).toContain('- Ana Ruiz is to tell them: closed, could not be reached · cardiology, North');
    expect(text).toContain('Where a coordinator is named, they tell the office; if it asks you, ask them.');
    expect(text).not.toContain('Tell them');
  });

  test("is the liaison's to tell where the directory says so", async () => {
    const { text } = await rendered([update({ priority: 'stat' })], { config: settings('liaison') });
    expect(text).toContain('- Tell them now: a visit is booked · cardiology, North');
    expect(text).not.toContain('Ana Ruiz');
  });

  test("is the liaison's to tell where nobody else can be found", async () => {
    const { text } = await rendered([update({ coordinatorId: null })]);
    expect(text).toContain('- Tell them: a visit is booked · ');
  });

  test('is told of a no-show without its day', async () => {
    const missed = overdue('referrer_update', MONDAY - days(5), { afterNoShow: true });
    const { text } = await rendered([update({ stage: 'to_rebook', clocks: [missed] })]);
    expect(text).toContain('R-1 - late - Ana Ruiz is to tell them: the visit was missed or cancelled · ');
  });
});

describe('a practice', () => {
  test('is a heading with its referrals and the last check-in, and a list with the most urgent first', async () => {
    const alerts = [
      update({ priority: 'routine' }, 'R-1'),
      referralAlert({ referralId: 'R-2', kind: 'visit' }, { priority: 'stat' }),
      referralAlert({ referralId: 'R-3', kind: 'visit' }, { priority: null }),
    ];
    const practices = [{ practiceId: 'p1', lastContactAt: MONDAY - days(12), openFeedback: [] }];
    const { text } = await rendered(alerts, { practices });
    expect(text).toContain('First Family Practice (3) - last check-in Wed 18 Feb |');
    expect(text).toMatch(/R-2.*R-3.*R-1/);
  });

  test('counts its open feedback, and keeps its topic out', async () => {
    const openFeedback = [{ topic: 'free text', since: MONDAY - days(6) }];
    const { text } = await rendered([], { practices: [{ practiceId: 'p1', lastContactAt: null, openFeedback }] });
    expect(text).toContain('First Family Practice - no check-in yet | Feedback to answer: 1, oldest since Tue 24 Feb.');
    expect(text).not.toContain('free text');
  });

  test('counts what is long overdue, with the oldest', async () => {
    const old = many(3, (index) =>
      referralAlert({ referralId: numbered(index), kind: 'visit', dueAt: MONDAY - days(70 + index) }),
    );
    const { text } = await rendered(old);
    expect(text).toContain('3 long overdue, not listed; the oldest is R-00002, wait for the visit 72 days over');
    expect((await rendered(old.slice(0, 1))).text).toContain(
      'Long overdue, not listed: R-00000, wait for the visit 70 days over',
    );
  });

  test('gives no day of a note that is long overdue', async () => {
    const { text } = await rendered([referralAlert({ kind: 'note', dueAt: MONDAY - days(70) })]);
    expect(text).toContain('Long overdue, not listed: R-1, consult note over a month late');
  });
});

describe('the top', () => {
  test('says what to do about rows of a kind once, however many practices have one', async () => {
    const late = many(9, (index) =>
      referralAlert({ referralId: numbered(index), kind: 'note' }, { practiceId: `p${index}` }),
    );
    const { text } = await rendered(late);
    expect(text.match(/tell the office that it is being chased/g)).toHaveLength(1);
    expect(text).not.toContain('Long wait:');
  });

  test('says where to begin, and its counts add up to all referrals', async () => {
    const late = many(60, (index) =>
      referralAlert(
        { referralId: numbered(index), kind: 'visit', dueAt: MONDAY - days(index === 59 ? 80 : 5) },
        { practiceId: index === 59 ? 'p4' : `p${index % 50}`, priority: index === 4 ? 'asap' : 'routine' },
      ),
    );
    const { text } = await rendered(late);
    expect(text).toContain('60 referrals at 50 practices, the most urgent at p4.');
    const counts =
      /(\d+) waiting beyond target: 1 ASAP (\d+) long overdue, not listed (\d+) at 10 practices not listed/;
    const [, ...counted] = counts.exec(text) ?? [];
    expect(counted.map(Number).reduce((a, b) => a + b, 0)).toBe(60);
  });

  test('does not call the planned instant before the first digest a digest', async () => {
    const { text } = await rendered([update()], { hasLast: false });
    expect(text).toContain('No alerts resolved since Fri 27 Feb 2026, 07:00 EST.');
  });
});
