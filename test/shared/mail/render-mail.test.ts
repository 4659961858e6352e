import { describe, expect, test } from 'vitest';
import type { Person } from '../../../shared/contracts/config.ts';
import type { DigestContent } from '../../../shared/contracts/mail.ts';
import type { AlertKind } from '../../../shared/contracts/vocabulary.ts';
import { coordinatorDigest } from '../../../shared/domain/mail/coordinator-digest.ts';
import type { ReferralAlert } from '../../../shared/domain/mail/digest-input.ts';
import { renderMail } from '../../../shared/mail/render-mail.tsx';
import { following, saying } from '../domain/mail/digests.ts';
import { config, coordinator, days, FRIDAY, hours, MONDAY, many, numbered, referralAlert } from './builders.ts';
import { digestsOf, visibleText } from './mails.ts';
import { busyMorning } from './samples.ts';

const GMAIL_CLIPS_AT = 102_400;
const LONG = 'Übergangsklinik für Ärztliche Nachsorge und Früherkennung, Nördliche Außenstelle am Großen Markt';

const rendered = (content: DigestContent, settings = config()) => renderMail(content, settings);

async function coordinatorMail(
  alerts: ReferralAlert[],
  organization: Parameters<typeof config>[0] = {},
  people: Person[] = [],
) {
  const settings = config(organization);
  settings.directory.people.push(...people);
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
  test('HTML names every referral that plain text names, and says the same figures unless it has no room', async () => {
    for (const content of digestsOf(busyMorning(count))) {
      const { html, text } = await rendered(content);
      const said = visibleText(html);
      const ids = text.match(/R-\d{6}/g) ?? [];
      expect(ids.filter((id) => !said.includes(id))).toEqual([]);
      if (!said.includes('In short')) expect(numbers(said)).toEqual(numbers(withoutAddresses(text)));
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

test('what has no room for rows names the others by id, the most urgent first, and says all in plain text', async () => {
  const priorities = ['stat', 'asap', 'urgent', null] as const;
  const alerts = many(1000, (index) =>
    referralAlert({ referralId: numbered(index) }, { priority: priorities[index % 4] ?? null }),
  );
  const { html, text } = await coordinatorMail(alerts);
  const said = visibleText(html).replace(/\s+/g, ' ');
  expect(Buffer.byteLength(html)).toBeLessThan(GMAIL_CLIPS_AT);
  for (const { alert } of alerts) expect(said).toContain(alert.referralId);
  expect(said.match(/Call the patient/g)?.length).toBeGreaterThan(200);
  const lists = said.slice(said.indexOf('In short'));
  expect(
    lists.match(/(STAT|ASAP|URGENT|No priority known) \(\d+\)/g)?.map((head) => head.replace(/ \(.*/, '')),
  ).toEqual(['STAT', 'ASAP', 'URGENT', 'No priority known']);
  expect(text.match(/Call the patient/g)).toHaveLength(1000);
});

test.each([
  ['2,600 ids of 36 characters', 2600, 36],
  ['800 ids of 128 characters', 800, 128],
])(
  'what has no room for all ids keeps its first rows, and says how many are only in the plain text: %s',
  async (_, count, length) => {
    const alerts = many(count, (index) =>
      referralAlert({ referralId: numbered(index).padEnd(length, 'x') }, { priority: index < 60 ? 'stat' : 'urgent' }),
    );
    const { html, text } = await coordinatorMail(alerts);
    const said = visibleText(html);
    expect(Buffer.byteLength(html)).toBeLessThan(GMAIL_CLIPS_AT);
    expect(said.match(/Call the patient/g)?.length).toBeGreaterThanOrEqual(50);
    for (const { alert } of alerts.slice(0, 60)) expect(said).toContain(alert.referralId);
    expect(said).toMatch(/ and \d+ more, in the plain text only\./);
    expect(text.match(/Call the patient/g)).toHaveLength(count);
  },
);

describe('a row', () => {
  const late = referralAlert(
    {
      kind: 'reached',
      dueAt: MONDAY - days(2) - hours(14),
      openedAt: FRIDAY - 1,
      acknowledgedBy: 'c1',
      acknowledgedAt: FRIDAY,
    },
    { attempts: { made: 3, phoneDays: 2, letters: 0, wrongNumbers: 0 }, priority: 'routine' },
  );

  test('says what to do, how long it is over, when it was due, where, and the attempts', async () => {
    const { text } = await coordinatorMail([late], {}, [coordinator()]);
    expect(text.replace(/\s+/g, ' ')).toContain(
      'R-1 - 2 days over (new) Reach the patient: another time of day, then a letter or portal message. ' +
        'Due Fri 27 Feb, 17:00 · attempts 3 of 3, 1 letter or portal message missing · ' +
        'cardiology · North Clinic Acknowledged by Coordinator One, Fri 27 Feb. https://records.example.org/referrals/R-1',
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

  test('orders to close as unreachable once all attempts are made, and then not to reach the patient', async () => {
    const attempts = { made: 3, phoneDays: 2, letters: 1, wrongNumbers: 0 };
    const exhausted = (kind: AlertKind) => referralAlert({ kind }, { attempts, lastAttemptAt: MONDAY - days(15) });
    for (const kind of ['reached', 'scheduled', 'visit', 'silence', 'callback'] as const) {
      const { text } = await coordinatorMail([exhausted(kind)]);
      expect(text).toContain('Close the referral as unreachable');
      expect(text).not.toMatch(/Reach the patient|Call the patient|Take up contact/);
    }
    expect((await coordinatorMail([late])).text).not.toContain('as unreachable');
  });

  test('does not remind of a promised call where the order is to close', async () => {
    const attempts = { made: 3, phoneDays: 2, letters: 1, wrongNumbers: 0 };
    const state = { attempts, lastAttemptAt: MONDAY - days(15) };
    const both = [referralAlert({ kind: 'reached' }, state), referralAlert({ kind: 'callback' }, state)];
    expect((await coordinatorMail(both)).text).not.toContain('promised call');
    expect((await coordinatorMail(both.map(({ alert }) => referralAlert(alert)))).text).toContain('promised call');
  });

  test('says only that it was listed before where counting back would give the date of a visit away', async () => {
    const note = referralAlert({ kind: 'note', dueAt: MONDAY - days(9) }, { stage: 'awaiting_note' });
    const last = saying({ alerts: [note], asOf: FRIDAY, since: FRIDAY - days(1) });
    const { text } = await rendered(saying({ alerts: [note], ...following(last) }));
    expect(text).toContain('R-1 - over a week late (listed before)');
  });

  test('asks for another number where the last one was wrong', async () => {
    const { text } = await coordinatorMail([referralAlert({ kind: 'reached' }, { lastNumberWrong: true })]);
    expect(text).toContain('Ask the referring office for another number, then call');
  });

  test('says how many attempts were made only where the patient has to be reached', async () => {
    const booking = referralAlert({ kind: 'scheduled' }, { stage: 'to_schedule' });
    expect((await coordinatorMail([booking])).text).not.toContain('attempts');
  });

  test('gives neither due nor days where that would give the date of a visit away', async () => {
    const note = (dueAt: number, level: 'at_risk' | 'breached' = 'breached') =>
      referralAlert({ kind: 'note', dueAt, level, atRiskAt: MONDAY }, { stage: 'awaiting_note' });
    const says = async (alert: ReferralAlert) => (await coordinatorMail([alert])).text;
    expect(await says(note(MONDAY - days(3)))).toContain('R-1 - late (new)');
    expect(await says(note(MONDAY - days(8)))).toContain('R-1 - over a week late (new)');
    expect(await says(note(MONDAY - days(15)))).toContain('R-1 - over two weeks late (new)');
    expect(await says(note(MONDAY - days(31)))).toContain('R-1 - over a month late (new)');
    expect(await says(note(MONDAY + hours(3), 'at_risk'))).toContain('R-1 - due today (new)');
    expect(await says(note(MONDAY + days(4), 'at_risk'))).toContain('R-1 - due this week (new)');
    const beside = { alert: note(MONDAY - days(8)).alert, state: referralAlert({}, { stage: 'awaiting_note' }).state };
    expect(await says(beside)).not.toMatch(/R-1[^-]*(Due |\d+ days)/);
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

test('a long list of what to do now begins with what is still in time, and what is new or worse', async () => {
  const old = many(11, (index) =>
    referralAlert({ referralId: numbered(index), dueAt: MONDAY - days(40) }, { priority: 'stat' }),
  );
  const last = saying({ alerts: old, asOf: FRIDAY, since: FRIDAY - days(1) });
  const due = referralAlert(
    { referralId: 'R-due', level: 'at_risk', dueAt: MONDAY + hours(4) },
    { priority: 'urgent' },
  );
  const fresh = referralAlert({ referralId: 'R-new' }, { priority: 'urgent' });
  const top = async (alerts: ReferralAlert[]) =>
    (await rendered(saying({ alerts, ...following(last) }))).text.replace(/\s+/g, ' ');
  expect(await top([...old, due, fresh])).toContain(
    'Still in time: R-due (URGENT, due today, 11:00). New or worse: R-new.',
  );
  expect(await top([due, fresh])).not.toContain('Still in time');
});

describe('the counts on top', () => {
  test('say how many referrals each section has, how many of them are more than routine, and what is cut', async () => {
    const today = { kind: 'reached', level: 'at_risk', dueAt: MONDAY + hours(10) } as const;
    const { html, text } = await coordinatorMail([
      referralAlert({ ...today, referralId: 'R-1' }, { priority: 'stat' }),
      referralAlert({ ...today, referralId: 'R-2' }, { priority: 'routine' }),
      referralAlert({ referralId: 'R-3' }, { priority: 'urgent' }),
      ...many(52, (index) => referralAlert({ referralId: numbered(index) })),
    ]);
    expect(text).toContain(
      '55 referrals to act on.\n\n   2  to do now: 1 STAT, 1 URGENT\n   1  due before your next digest\n  52  newly overdue\n',
    );
    expect(text).toContain('Not listed, as the list is full: 2 routine newly overdue.');
    expect(html).toContain('2 to do now (1 STAT, 1 URGENT), 1 due before your next digest, 52 newly overdue.');
  });

  test('say what was resolved, up to 20 by id', async () => {
    const resolved = many(22, (index) =>
      referralAlert({ referralId: numbered(index), resolvedAt: MONDAY - hours(1), resolution: 'stopped' }),
    );
    const text = (await coordinatorMail(resolved)).text.replace(/\s+/g, ' ');
    expect(text).toContain('22 alerts resolved since your last digest (Fri 27 Feb 2026, 07:00 EST): R-00000, R-00001');
    expect(text).toContain('R-00019 and 2 more.');
  });

  test('do not count a referral among those dealt with that is listed for something else', async () => {
    const resolved = ['R-1', 'R-2'].map((referralId) =>
      referralAlert({ referralId, kind: 'first_attempt', resolvedAt: MONDAY - hours(1), resolution: 'stopped' }),
    );
    const open = referralAlert({ referralId: 'R-1', kind: 'reached' });
    const text = (await coordinatorMail([...resolved, open])).text.replace(/\s+/g, ' ');
    expect(text).toContain('EST): R-2; 1 referral listed below for something else.');
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

test("others' escalations say whose they are, and don't ask the reader to do their work", async () => {
  const settings = config();
  settings.directory.people.push(coordinator({ id: 'c2', name: 'Coordinator Two' }));
  const escalated = [
    referralAlert({ level: 'escalated', dueAt: MONDAY - days(20), escalatedAt: MONDAY - 1 }, { coordinatorId: 'c2' }),
  ];
  const content = saying({ escalated, config: settings });
  const { subject, text } = await rendered(content, settings);
  const flat = text.replace(/\s+/g, ' ');
  expect(subject).toBe('Your referrals today: 0 to act on');
  expect(flat).toContain('Nothing of your own is left to do today.');
  expect(flat).toContain('R-1 - 20 days over, newly escalated (new) With Coordinator Two · First attempt · due');
  expect(flat).not.toContain('Call the patient');
});

describe('the whole', () => {
  test('has a fixed subject with a count', async () => {
    const [daily, practices, urgent] = digestsOf(busyMorning(24));
    if (!daily || !practices || !urgent) throw new Error('expected all kinds');
    expect((await rendered(daily)).subject).toBe('Your referrals today: 21 to act on');
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
    expect(flat).toContain('As of Mon 2 Mar 2026, 07:00 EST (America/New_York), policy 2026-01.');
    expect(flat).toContain('You get this as a coordinator of Example Health, at 07:00 on your working days.');
    expect(flat).toContain('It has no patient names, initials, birth dates');
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
