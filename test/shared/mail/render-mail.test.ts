import { describe, expect, test } from 'vitest';
import type { DigestContent } from '../../../shared/contracts/mail.ts';
import { coordinatorDigest } from '../../../shared/domain/mail/coordinator-digest.ts';
import type { ReferralAlert } from '../../../shared/domain/mail/digest-input.ts';
import { renderMail } from '../../../shared/mail/render-mail.tsx';
import { config, coordinator, days, FRIDAY, hours, MONDAY, many, numbered, referralAlert } from './builders.ts';
import { digestsOf, visibleText } from './mails.ts';
import { busyMorning } from './samples.ts';

const GMAIL_CLIPS_AT = 102_400;
const LONG = 'Übergangsklinik für Ärztliche Nachsorge und Früherkennung, Nördliche Außenstelle am Großen Markt';

const rendered = (content: DigestContent, settings = config()) => renderMail(content, settings);

async function coordinatorMail(alerts: ReferralAlert[], organization: Parameters<typeof config>[0] = {}) {
  const settings = config(organization);
  const content = coordinatorDigest({
    recipient: coordinator(),
    period: '2026-03-02',
    asOf: MONDAY,
    since: FRIDAY,
    hasLast: true,
    memory: new Map(),
    alerts,
    config: settings,
  });
  if (!content) throw new Error('expected a digest');
  return rendered(content, settings);
}

const numbers = (text: string): string[] => (text.match(/\d+/g) ?? []).sort();
const withoutAddresses = (text: string): string => text.replace(/^ *https:.*$/gm, '');

describe.each([0, 1, 50, 5000])('with %i referrals', (count) => {
  test('HTML and plain text say the same figures', async () => {
    for (const content of digestsOf(busyMorning(count))) {
      const { html, text } = await rendered(content);
      expect(numbers(visibleText(html))).toEqual(numbers(withoutAddresses(text)));
    }
  });

  test('the HTML stays below what Gmail clips', async () => {
    for (const content of digestsOf(busyMorning(count, { specialty: LONG, site: LONG }))) {
      const { html } = await rendered(content);
      expect(Buffer.byteLength(html)).toBeLessThan(GMAIL_CLIPS_AT);
    }
  });

  test('plain text wraps at 72 columns, except for addresses', async () => {
    for (const content of digestsOf(busyMorning(count, { specialty: LONG, site: LONG }))) {
      const { text } = await rendered(content);
      for (const line of withoutAddresses(text).split('\n')) expect([...line].length).toBeLessThanOrEqual(72);
    }
  });

  test('nothing is loaded from elsewhere', async () => {
    for (const content of digestsOf(busyMorning(count))) {
      const { html } = await rendered(content);
      expect(html).not.toMatch(/<img|<script|<link|<iframe|url\(|@import|\bsrc=/i);
    }
  });
});

test('names and ids from elsewhere are rendered as text, whatever is in them', async () => {
  const hostile = referralAlert(
    { referralId: 'R-<img src=x>"\n&\'{referralId}' },
    { site: '<script>x</script>', specialty: null },
  );
  const { html, text } = await coordinatorMail([hostile]);
  expect(html).not.toMatch(/<img|<script/);
  expect(text).toContain('R-<img src=x>" &');
});

test('very long ids cost links rather than rows', async () => {
  const alerts = busyMorning(5000).map(({ alert, state }) => {
    const referralId = alert.referralId.padEnd(128, 'x');
    return { alert: { ...alert, referralId }, state: { ...state, referralId } };
  });
  const { html, text } = await coordinatorMail(alerts);
  expect(Buffer.byteLength(html)).toBeLessThan(GMAIL_CLIPS_AT);
  expect(html).not.toContain('<a href');
  expect(numbers(visibleText(html))).toEqual(numbers(withoutAddresses(text)));
});

describe('a row', () => {
  const late = referralAlert(
    { kind: 'reached', dueAt: MONDAY - days(2) - hours(14), openedAt: FRIDAY - 1, acknowledgedBy: 'c1' },
    { attempts: { made: 3, phoneDays: 2, letters: 0, wrongNumbers: 0 }, priority: 'routine' },
  );

  test('says what to do, how long it is over, when it was due, where, and the attempts', async () => {
    const { text } = await coordinatorMail([late]);
    expect(text.replace(/\s+/g, ' ')).toContain(
      'R-1 - 2 days over Reach the patient: another time of day, then a letter or portal message. ' +
        'Due Fri 27 Feb, 17:00 · attempts 3 of 3, 1 letter or portal message missing · ' +
        'cardiology · North Clinic Acknowledged. https://records.example.org/referrals/R-1',
    );
  });

  test('links to the record if the directory has an address', async () => {
    expect((await coordinatorMail([late])).html).toContain('href="https://records.example.org/referrals/R-1"');
    const { organization } = config().directory;
    const { referralUrl: _, ...without } = organization;
    const settings = { ...config(), directory: { ...config().directory, organization: without } };
    for (const content of digestsOf([late], settings)) {
      expect((await rendered(content, settings)).html).not.toContain('<a ');
    }
  });

  test('offers to close as unreachable once all attempts are made', async () => {
    const attempts = { made: 3, phoneDays: 2, letters: 1, wrongNumbers: 0 };
    const offered = referralAlert({ kind: 'reached' }, { attempts, lastAttemptAt: MONDAY - days(15) });
    expect((await coordinatorMail([offered])).text).toContain('may be closed as unreachable');
    expect((await coordinatorMail([late])).text).not.toContain('may be closed');
  });

  test('names the priority in words, unless it is routine', async () => {
    for (const [priority, name] of [
      ['stat', 'STAT'],
      ['asap', 'ASAP'],
      ['urgent', 'URGENT'],
    ] as const) {
      const { html, text } = await coordinatorMail([referralAlert({}, { priority })]);
      expect(visibleText(html)).toContain(name);
      expect(text).toContain(`[${name}] R-1`);
    }
    const { html, text } = await coordinatorMail([referralAlert({}, { priority: 'routine' })]);
    expect(visibleText(html) + text).not.toContain('outine');
  });
});

describe('names from elsewhere', () => {
  const override = '\u202e';
  const hebrew = 'מרפאת הדוגמה';

  test('that are written from right to left leave the text around them in order', async () => {
    const { html, text } = await coordinatorMail([
      referralAlert({ referralId: hebrew }, { specialty: hebrew, site: hebrew }),
    ]);
    for (const part of [visibleText(html), text]) {
      expect(part.replace(/\s+/g, ' ')).toContain(`attempts 0 of 3 · \u2068${hebrew}\u2069 · \u2068${hebrew}\u2069`);
    }
  });

  test('do not reverse what comes after them', async () => {
    const { html, text } = await coordinatorMail([
      referralAlert({ referralId: `R-1${override}` }, { specialty: `${override}cardiology`, site: `north${override}` }),
    ]);
    expect(html + text).not.toContain(override);
  });

  test('go beyond 72 columns of plain text only as a single word', async () => {
    const long = 'x'.repeat(128);
    const { text } = await coordinatorMail([referralAlert({ referralId: long }, { specialty: long, site: long })]);
    const wide = withoutAddresses(text)
      .split('\n')
      .filter((line) => [...line].length > 72);
    expect(wide).toEqual([long]);
  });
});

describe('the counts on top', () => {
  test('say how many referrals each section has, and how many of them are more than routine', async () => {
    const today = { kind: 'reached', level: 'at_risk', dueAt: MONDAY + hours(10) } as const;
    const { html, text } = await coordinatorMail([
      referralAlert({ ...today, referralId: 'R-1' }, { priority: 'stat' }),
      referralAlert({ ...today, referralId: 'R-2' }, { priority: 'routine' }),
      referralAlert({ referralId: 'R-3' }, { priority: 'urgent' }),
    ]);
    expect(text).toContain('3 referrals to act on.\n\n  2  to do today: 1 STAT\n  1  still open: 1 URGENT\n');
    expect(html).toContain('2 to do today (1 STAT), 1 still open (1 URGENT).');
  });

  test('count no priorities in a section that is not listed in full: the counts would be too low', async () => {
    const { text } = await coordinatorMail(
      many(51, (index) => referralAlert({ referralId: numbered(index) }, { priority: 'stat' })),
    );
    expect(text).toContain('  51  still open\n');
  });

  test("tell a liaison whom to call first, and add up to all of the practices' referrals", async () => {
    const settings = config();
    const late = many(60, (index) =>
      referralAlert(
        { referralId: numbered(index), kind: 'note' },
        { practiceId: `p${index % 50}`, stage: 'awaiting_note' },
      ),
    );
    const [, practices] = digestsOf(late, settings);
    if (!practices) throw new Error('expected a digest');
    const text = (await rendered(practices, settings)).text.replace(/\s+/g, ' ');
    expect(text).toContain(
      '60 referrals at 50 practices: 2 at First Family Practice, 2 at p0, 2 at Second Family Practice, 54 at others.',
    );
    expect(text).toContain('50 with a late note');
    expect(text).toContain('10 at 10 practices not listed here');
  });
});

test('attempts beyond those required do not read as a fraction', async () => {
  const { text } = await coordinatorMail([
    referralAlert({}, { attempts: { made: 4, phoneDays: 2, letters: 1, wrongNumbers: 0 } }),
  ]);
  expect(text).toContain('attempts 4 of 3 required');
});

test('what has lasted since the referral came is not shown as an overdue deadline', async () => {
  const { text } = await coordinatorMail([
    referralAlert({ kind: 'incomplete', dueAt: MONDAY - days(4) }, { missing: ['payer'] }),
    referralAlert({ kind: 'unassigned', dueAt: MONDAY - days(4) }),
  ]);
  expect(text).toContain('for 4 days');
  expect(text).not.toContain('4 days over');
});

test('an escalated row says whose referral it is, below what to do about it', async () => {
  const settings = config();
  settings.directory.people.push(coordinator({ id: 'c2', name: 'Coordinator Two' }));
  const escalated = [referralAlert({ level: 'escalated', dueAt: MONDAY - days(20) }, { coordinatorId: 'c2' })];
  const content = coordinatorDigest({
    recipient: coordinator(),
    period: '2026-03-02',
    asOf: MONDAY,
    since: FRIDAY,
    hasLast: true,
    memory: new Map(),
    alerts: [],
    escalated,
    config: settings,
  });
  if (!content) throw new Error('expected a digest');
  const text = (await rendered(content, settings)).text.replace(/\s+/g, ' ');
  expect(text).toContain('ask their coordinator what stands in the way. R-1 - 20 days over Call the patient;');
  expect(text).toContain('With Coordinator Two · due');
});

describe('the whole', () => {
  test('has a fixed subject with a count', async () => {
    const [daily, practices, urgent] = digestsOf(busyMorning(24));
    if (!daily || !practices || !urgent) throw new Error('expected all kinds');
    expect((await rendered(daily)).subject).toBe('Your referrals today: 24 to act on');
    expect((await rendered(practices)).subject).toBe('Your referring practices: 2 to talk to');
    expect((await rendered(urgent)).subject).toBe('Urgent referrals: 5');
  });

  test('says that all is clear', async () => {
    const { subject, text } = await coordinatorMail([]);
    expect(subject).toBe('Your referrals: all clear');
    expect(text).toContain('nothing is left to do today');
  });

  test('says for whom, as of when, by which policy and why', async () => {
    const { text } = await coordinatorMail([referralAlert()]);
    const flat = text.replace(/\s+/g, ' ');
    expect(flat).toContain('For Coordinator One, as of 07:00 EST');
    expect(flat).toContain('As of Mon 2 Mar 2026, 07:00 EST; times are in America/New_York. Policy 2026-01.');
    expect(flat).toContain('because the directory names you as a coordinator. It comes at 07:00 on your working days.');
    expect(flat).toContain('Patients appear by referral id only');
  });

  test('supports light and dark', async () => {
    const { html } = await coordinatorMail([referralAlert()]);
    expect(html).toContain('<meta name="color-scheme" content="light dark"/>');
    expect(html).toContain('@media(prefers-color-scheme:dark)');
  });

  test('is the same for the same content', async () => {
    expect(await coordinatorMail(busyMorning(30))).toEqual(await coordinatorMail(busyMorning(30)));
  });
});
