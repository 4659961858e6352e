import { describe, expect, test } from 'vitest';
import { type OperationsMailInput, operationsMail } from '../../../shared/domain/mail/operations-mail.ts';
import { renderMail } from '../../../shared/mail/render-mail.tsx';
import { config, coordinator, days, hours, MONDAY, referralAlert } from './builders.ts';
import { visibleText } from './mails.ts';
import { badMorning, mailFate, nobodys, orphan, trouble } from './operations-samples.ts';

const GMAIL_CLIPS_AT = 102_400;
const numbers = (text: string): string[] => (text.match(/\d+/g) ?? []).sort();
const withoutAddresses = (text: string): string => text.replace(/^ *https:.*$/gm, '');
const flat = (text: string): string => text.replace(/\s+/g, ' ');

function settingsWith(over: Partial<ReturnType<typeof config>['directory']> = {}) {
  const settings = config();
  return { ...settings, directory: { ...settings.directory, people: [coordinator()], ...over } };
}

async function rendered(over: Partial<OperationsMailInput>, settings = settingsWith()) {
  const content = operationsMail(trouble({ ...over, config: settings }));
  if (!content) throw new Error('expected a mail');
  const { subject, html, text } = await renderMail(content, settings);
  return { subject, html, text: flat(text) };
}

describe.each([1, 50, 5000])('with %i of everything', (count) => {
  const settings = settingsWith();

  test('HTML and plain text say the same figures, and fit', async () => {
    const { html, text } = await renderMail(badMorning(count, { config: settings }), settings);
    expect(numbers(visibleText(html))).toEqual(numbers(withoutAddresses(text)));
    expect(Buffer.byteLength(html)).toBeLessThan(GMAIL_CLIPS_AT);
    for (const line of withoutAddresses(text).split('\n')) expect([...line].length).toBeLessThanOrEqual(72);
  });
});

describe('each kind of trouble says what to do about it', () => {
  test('refused input: what its reason means', async () => {
    const { subject, text } = await rendered({ refused: { id_reused: 12, limit: 1 } });
    expect(subject).toBe('Loopwatch operations: 2 to look at');
    expect(text).toContain('To look at: refused input. 13 messages refused');
    expect(text).toContain('REFUSED INPUT (13)');
    expect(text).toContain('then what is kept can be replayed.');
    expect(text).toContain('id_reused - 12 messages Its id has come before with other content; the first stays.');
    expect(text).toContain('limit - 1 message The referral has 2,000 events already.');
  });

  test('dead letters: what is missing because of them', async () => {
    const { text } = await rendered({
      deadLetters: [
        { queue: 'mail-jobs', count: 3 },
        { queue: 'new-one', count: 1 },
      ],
    });
    expect(text).toContain('Mails - 3 messages Somebody got no mail for a day');
    expect(text).toContain('new-one - 1 message');
  });

  test('an orphan: find out where the referral is', async () => {
    const { text } = await rendered({ alerts: [orphan('R-1', MONDAY - days(2))] });
    expect(text).toContain('1 known by events only');
    expect(text).toContain('EVENTS WITHOUT A REFERRAL (1)');
    expect(text).toContain('Find out where the referral itself is: only events about it have come.');
    // An orphan is found a day after its first event.
    expect(text).toContain('R-1 - for 3 days Referral missing · since Fri 27 Feb https:');
    expect(text).not.toMatch(/attempts|\[|due/);
  });

  test('a referral that is nobody’s: name a coordinator', async () => {
    const alerts = nobodys([referralAlert({ kind: 'reached', dueAt: MONDAY - hours(3) }, { priority: 'urgent' })]);
    const { text } = await rendered({ alerts });
    expect(text).toContain('1 without a coordinator: 1 URGENT');
    expect(text).toContain('give them a route in the directory, or the site a fallback coordinator.');
    expect(text).toContain(
      '[URGENT] R-1 - for 10 days Name a coordinator today; the patient is waiting for a call. ' +
        'Since Fri 20 Feb · cardiology · North Clinic Also: reaching the patient 3 hours over.',
    );
  });

  test('a quiet feed: what is missing looks like good performance', async () => {
    const feeds = ['records', 'notes'].map((name) => ({ name, expectedEveryHours: name === 'notes' ? 1 : 24 }));
    const feedsHeard = new Map([['records', { heartbeatAt: MONDAY - days(3), lastEventAt: MONDAY - days(4) }]]);
    const { text } = await rendered({ feedsHeard }, settingsWith({ feeds }));
    expect(text).toContain('What a quiet feed does not tell looks like good performance');
    expect(text).toContain(
      'records - silent for 3 days Last heartbeat or event Fri 27 Feb 2026, 07:00 EST, expected every 24 hours.',
    );
    expect(text).toContain('notes - never heard No heartbeat or event yet, expected every hour.');
  });

  test('a mail that did not arrive: who gets no mail', async () => {
    const mails = [
      mailFate({ sesBounceAt: MONDAY - days(1) }),
      mailFate({ sesBounceAt: MONDAY - days(2) }),
      mailFate({ personId: 'gone', status: 'undeliverable' }),
      mailFate({ personId: 'operations', kind: 'operations', sesRejectAt: MONDAY - days(1) }),
    ];
    const { text } = await rendered({ mails });
    expect(text).toContain('3 recipients whose mail did not arrive');
    expect(text).toContain(
      'Coordinator One - 2 coordinator digests bounced The address takes no mail: until it does, this person gets no digests.',
    );
    expect(text).toContain('gone - 1 coordinator digest not sent The address is in none of the allowed domains');
    expect(text).toContain('Operations - 1 operations mail rejected');
  });
});

describe('the whole', () => {
  test('names all kinds of trouble in its first sentence, and counts lines in its subject', async () => {
    const settings = settingsWith();
    const { subject, text, html } = await renderMail(badMorning(2, { config: settings }), settings);
    expect(subject).toBe('Loopwatch operations: 14 to look at');
    expect(flat(text)).toContain(
      "To look at: refused input, dead letters, events without a referral, referrals that are nobody's, feeds gone quiet and mail that did not arrive.",
    );
    expect(visibleText(html)).toContain('Feeds gone quiet (2)');
  });

  test('says why, since when and to whom it comes, and asks nobody to answer', async () => {
    const { text } = await rendered({ refused: { malformed: 1 } });
    expect(text).toContain('For Operations, as of 07:00 EST');
    expect(text).toContain('those since the last look (Fri 27 Feb 2026, 07:00 EST).');
    expect(text).toContain('because the directory names this address as its operations mailbox.');
    expect(text).toContain('Patients appear by referral id only');
    expect(text).not.toContain('Answer it');
    expect((await rendered({ refused: { malformed: 1 }, since: null })).text).not.toContain('the last look');
  });

  test('takes names from elsewhere as text, on one line and clipped', async () => {
    const name = `<img src=x>\n${'W'.repeat(128)}`;
    const settings = settingsWith({ feeds: [{ name, expectedEveryHours: 1 }], people: [coordinator({ name })] });
    const { html, text } = await rendered({ mails: [mailFate({ sesBounceAt: MONDAY - days(1) })] }, settings);
    expect(html).not.toContain('<img');
    expect(text.match(/<img src=x> W{47}… - /g)).toHaveLength(2);
  });
});
