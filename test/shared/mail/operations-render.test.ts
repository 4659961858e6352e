import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Site } from '../../../shared/contracts/config.ts';
import type { ReferralAlert } from '../../../shared/domain/mail/digest-input.ts';
import { type OperationsMailInput, operationsMail } from '../../../shared/domain/mail/operations-mail.ts';
import { renderMail } from '../../../shared/mail/render-mail.tsx';
import { config, coordinator, days, FRIDAY, hours, MONDAY, many, numbered, referralAlert } from './builders.ts';
import { visibleText } from './mails.ts';
import { badMorning, code, held, mailFate, nobodys, orphan, trouble } from './operations-samples.ts';

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

/** An orphan with what this release knows of its last event. */
function orphanOf(source: string): ReferralAlert {
  const { alert, state } = orphan('R-1');
  return {
    alert,
    state: { ...state, lastEvent: { source, type: 'visit.completed', at: MONDAY - days(2) + hours(3) } },
  };
}

describe('each kind of trouble says what to do about it', () => {
  test('refused input: what its reason means', async () => {
    const { subject, text } = await rendered({ refused: { id_reused: 12, limit: 1 } });
    expect(subject).toBe('Loopwatch operations: 2 new to look at');
    expect(text).toContain('2 new since Fri 27 Feb 2026, 07:00 EST: refused input.');
    expect(text).toContain('REFUSED INPUT (13)');
    expect(text).toContain('Have its sender correct it and send it again.');
    expect(text).toContain('id_reused - 12 messages Its id has come before with other content; the first stays.');
    expect(text).toContain('limit - 1 message The referral has 2,000 events already.');
  });

  test('unmatched: which sender, and what it sent', async () => {
    const unmatched = [...held('epic-north', 'SIU^S12', 11), ...held('epic-north', 'ADT^A04'), ...held('hub', 'Task')];
    const { subject, text } = await rendered({ unmatched });
    expect(subject).toBe('Loopwatch operations: 2 new to look at');
    expect(text).toContain('2 new since Fri 27 Feb 2026, 07:00 EST: input that waits for its referral.');
    expect(text).toContain('UNMATCHED (13)');
    expect(text).toContain('see with "npx loopwatch dialect try" by what its messages look for their referral');
    expect(text).toContain('epic-north - 12 messages Mostly SIU^S12, ADT^A04. hub - 1 message Mostly Task.');
  });

  test('codes without an entry: of which field, and in how many events', async () => {
    const unmapped = [code('specialty', 'CARD', 7), code('priority', 'Q', 1)];
    const { subject, text } = await rendered({ unmapped });
    expect(subject).toBe('Loopwatch operations: 2 new to look at');
    expect(text).toContain('2 new since Fri 27 Feb 2026, 07:00 EST: codes without an entry.');
    expect(text).toContain('NO ENTRY IN DIALECTS.JSON (2)');
    expect(text).toContain('Add them to the crosswalks in dialects.json');
    expect(text).toContain('"CARD" - 7 events referral.received.specialty "Q" - 1 event referral.received.priority');
  });

  test('a practice without an entry belongs in the directory', async () => {
    const { text } = await rendered({ unmapped: [code('referral.received.practice', 'Oak', 7)] });
    expect(text).toContain('referral.received.practice: directory.json lists no practice with this id. List it there');
  });

  test('senders and codes beyond the cap are counted', async () => {
    const unmatched = Array.from({ length: 53 }, (_, index) => held(`sender-${index}`, 'SIU^S12')).flat();
    const unmapped = Array.from({ length: 54 }, (_, index) => code('priority', `C${index}`));
    const { subject, text } = await rendered({ unmatched, unmapped });
    expect(subject).toBe('Loopwatch operations: 107 new to look at');
    expect(text).toMatch(
      /UNMATCHED \(53\).*and 3 more, not listed here.*DIALECTS\.JSON \(54\).*and 4 more, not listed here/,
    );
  });

  test('what comes from senders is text, on one line and clipped', async () => {
    const hostile = `<img src=x>\n\u202e${'w'.repeat(200)}`;
    const { html, text } = await rendered({ unmatched: held(hostile, hostile), unmapped: [code('priority', hostile)] });
    expect(html).not.toContain('<img');
    expect(text).toMatch(/<img src=x> w{46}… - 1 message Mostly <img src=x> w{46}…\..*"<img src=x> w{46}…" - 1 event/);
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
    expect(text).toContain('EVENTS WITHOUT A REFERRAL (1)');
    expect(text).toContain('Ask the sender of the last event for the referral.');
    // An orphan is found a day after its first event.
    expect(text).toContain('R-1 - for 3 days Last event, Fri 20 Feb 2026, 07:00 EST https:');
    expect(text).not.toMatch(/attempts|\[|due/);
  });

  test('an orphan: its last event, by which its sender finds it', async () => {
    const { text } = await rendered({ alerts: [orphanOf('https://records.example.org/adt')] });
    expect(text).toContain(
      'R-1 - for 4 days Last event visit.completed from https://records.example.org/adt, Sat 28 Feb 2026, 10:00 EST https:',
    );
    expect(text).toContain('the time of a last event can be that of a visit');
  });

  test('an orphan: the name of its sender is text, on one line and clipped', async () => {
    const { html, text } = await rendered({ alerts: [orphanOf(`<img src=x>\n\u202e${'w'.repeat(200)}`)] });
    expect(html).not.toContain('<img');
    expect(text).toMatch(/from <img src=x> w{46}…, Sat 28 Feb/);
  });

  test('a referral that is nobody’s: name a coordinator', async () => {
    const alerts = nobodys([referralAlert({ kind: 'reached', dueAt: MONDAY - hours(3) }, { priority: 'urgent' })]);
    const { text } = await rendered({ alerts });
    expect(text).toContain('Give one a route in the directory, or the site a fallback coordinator');
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
    expect(text).toContain('MAIL THAT DID NOT ARRIVE (3)');
    expect(text).toContain(
      'Coordinator One - 2 coordinator digests bounced The address takes no mail: until it does, this person gets no digests.',
    );
    expect(text).toContain('gone - 1 coordinator digest not sent The address is in none of the allowed domains');
    expect(text).toContain('Operations - 1 operations mail rejected');
  });
});

describe('what is new', () => {
  const before = { alerts: [orphan('R-1')], deadLetters: [{ queue: 'mail-jobs', count: 3 }] };
  const onMonday = (over: Partial<OperationsMailInput>) =>
    rendered({ ...before, last: operationsMail(trouble({ ...before, asOf: FRIDAY, since: null })), ...over });

  test('stands above what still stands, and its number in subject, preview and first sentence', async () => {
    const { subject, html, text } = await onMonday({
      alerts: [orphan('R-1'), orphan('R-2')],
      deadLetters: [{ queue: 'mail-jobs', count: 5 }],
      refused: { malformed: 9 },
    });
    expect(subject).toBe('Loopwatch operations: 3 new to look at');
    const lead =
      '3 new since Fri 27 Feb 2026, 07:00 EST: refused input, dead letters and events without a referral. 1 still to look at.';
    expect(text).toContain(lead);
    expect(html.match(new RegExp(lead.slice(0, 30), 'g'))).toHaveLength(2);
    const order = [
      'REFUSED INPUT (9)',
      'DEAD LETTERS (5)',
      'EVENTS WITHOUT A REFERRAL (1)',
      'R-2 -',
      'Still to look at =',
    ];
    const positions = [...order, 'R-1 -'].map((words) => text.indexOf(words));
    expect(positions).not.toContain(-1);
    expect(positions).toEqual(positions.toSorted((a, b) => a - b));
    expect(text).toContain('Mails - 5 messages, 2 of them new');
    // What mends it is said once, with the new ones.
    expect(text.match(/Ask the sender of the last event/g)).toHaveLength(1);
  });

  test('may be nothing', async () => {
    const { subject, text } = await onMonday({});
    expect(subject).toBe('Loopwatch operations: nothing new, 2 still to look at');
    expect(text).toContain(
      'Nothing new since Fri 27 Feb 2026, 07:00 EST. 2 still to look at: dead letters and events without a referral.',
    );
    expect(text).not.toMatch(/===|of them new/);
  });

  test('is counted beyond the cap, and so is the rest', async () => {
    const old = many(70, (index) => orphan(numbered(index)));
    const fresh = many(60, (index) => orphan(numbered(100 + index)));
    const last = operationsMail(trouble({ alerts: old, asOf: FRIDAY, since: null, cap: 100 }));
    const { subject, text } = await rendered({ alerts: [...old, ...fresh], last });
    expect(subject).toBe('Loopwatch operations: 60 new to look at');
    expect(text).toContain('EVENTS WITHOUT A REFERRAL (60)');
    expect(text).toContain('and 10 more, not listed here');
    expect(text).toContain('EVENTS WITHOUT A REFERRAL (70)');
    expect(text).toContain('and 70 more, not listed here');
  });
});

describe('the whole', () => {
  test('names all kinds of trouble in its first sentence, and counts lines in its subject', async () => {
    const settings = settingsWith();
    const { subject, text, html } = await renderMail(badMorning(2, { config: settings }), settings);
    expect(subject).toBe('Loopwatch operations: 18 new to look at');
    expect(flat(text)).toContain(
      '18 new since Fri 27 Feb 2026, 07:00 EST: refused input, input that waits for its referral, dead letters, events without a referral, referrals without a coordinator, feeds gone quiet, codes without an entry and mail that did not arrive.',
    );
    expect(visibleText(html)).toContain('Feeds gone quiet (2)');
  });

  test('names runbooks that there are', async () => {
    const runbooks = readFileSync(new URL('../../../docs/runbooks.md', import.meta.url), 'utf8');
    const settings = settingsWith({ sites: [{ ...config().directory.sites[0], holidays: ['2026-03-01'] } as Site] });
    const queues = ['referral-events', 'mail-jobs', 'delivery-events', 'scheduler'];
    const deadLetters = queues.map((queue) => ({ queue, count: 1 }));
    const { text } = await renderMail(badMorning(3, { config: settings, deadLetters }), settings);
    const named = [...text.matchAll(/docs\/runbooks\.md#([a-z-]+)/g)].map(([, section]) => section ?? '');
    expect(new Set(named).size).toBe(8 + queues.length);
    const titles = [...runbooks.matchAll(/^##+ (.+)$/gm)].map(([, title]) => title?.toLowerCase().replaceAll(' ', '-'));
    expect(named.filter((section) => !titles.includes(section))).toEqual([]);
  });

  test('says why, since when and to whom it comes, and asks nobody to answer', async () => {
    const { text } = await rendered({ refused: { malformed: 1 } });
    expect(text).toContain('For Operations, as of 07:00 EST');
    expect(text).toContain('1 new since Fri 27 Feb 2026, 07:00 EST: refused input.');
    expect(text).toContain('because the directory names this address as its operations mailbox.');
    expect(text).toContain('It has no patient names, initials, birth dates');
    expect(text).not.toContain('Answer it');
    expect((await rendered({ refused: { malformed: 1 }, since: null })).text).toContain('1 new: refused input.');
  });

  test('takes names from elsewhere as text, on one line and clipped', async () => {
    const name = `<img src=x>\n${'W'.repeat(128)}`;
    const settings = settingsWith({ feeds: [{ name, expectedEveryHours: 1 }], people: [coordinator({ name })] });
    const { html, text } = await rendered({ mails: [mailFate({ sesBounceAt: MONDAY - days(1) })] }, settings);
    expect(html).not.toContain('<img');
    expect(text.match(/<img src=x> W{47}… - /g)).toHaveLength(2);
  });
});
