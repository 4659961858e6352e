import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { OperationsContent, OperationsRow } from '../../../../shared/contracts/mail.ts';
import { mailRows } from '../../../../shared/contracts/mail-rows.ts';
import type { ReferralState } from '../../../../shared/contracts/state.ts';
import type { Priority } from '../../../../shared/contracts/vocabulary.ts';
import { type OperationsMailInput, operationsMail } from '../../../../shared/domain/mail/operations-mail.ts';
import { undeliveredSince } from '../../../../shared/domain/mail/undelivered.ts';
import { config, days, FRIDAY, hours, MONDAY, many, numbered, referralAlert } from '../../mail/builders.ts';
import { badMorning, code, held, mailFate, nobodys, orphan, trouble } from '../../mail/operations-samples.ts';

const mail = (over: Partial<OperationsMailInput> = {}): OperationsContent | null => operationsMail(trouble(over));

const rowsOf = (content: OperationsContent | null): OperationsRow[] =>
  content?.sections.flatMap(({ rows }) => rows) ?? [];

const listed = (alerts: OperationsMailInput['alerts']): string[] =>
  (mail({ alerts })?.sections ?? []).flatMap(({ section, rows }) =>
    rows.map((row) => `${section} ${row.referralId}: ${[row, ...row.also].map(({ kind }) => kind).join(' ')}`),
  );

test('nothing to look at gives no mail, not even on a Monday', () => {
  expect(mail()).toBeNull();
  expect(mail({ refused: { malformed: 0 }, deadLetters: [{ queue: 'mail-jobs', count: 0 }] })).toBeNull();
});

describe('refused input and dead letters', () => {
  test('are listed by reason, in the order of the contract, and by queue', () => {
    const content = mail({
      refused: { unmatched: 2, malformed: 3 },
      deadLetters: [
        { queue: 'mail-jobs', count: 0 },
        { queue: 'scheduler', count: 4 },
      ],
    });
    expect(content).toMatchObject({
      refused: [
        { reason: 'malformed', count: 3 },
        { reason: 'unmatched', count: 2 },
      ],
      deadLetters: [{ queue: 'scheduler', count: 4, before: 0 }],
      sections: [],
      referrals: 0,
    });
  });

  test.each<[string, Partial<OperationsMailInput>]>([
    ['refused input', { refused: { limit: 1 } }],
    ['what waits for its referral', { unmatched: held('a', 'SIU^S12') }],
    ['a code without an entry', { unmapped: [code('priority', 'Q')] }],
    ['a dead letter', { deadLetters: [{ queue: 'mail-jobs', count: 1 }] }],
    ['an orphan', { alerts: [orphan('R-1')] }],
    ['a mail that bounced', { mails: [mailFate({ sesBounceAt: MONDAY - days(1) })] }],
  ])('%s alone is worth a mail', (_, over) => {
    expect(mail(over)).not.toBeNull();
  });
});

describe('referrals that nobody is responsible for', () => {
  test('are listed as orphans, oldest first, and without a coordinator, most urgent first', () => {
    const routine = nobodys([referralAlert({ referralId: 'R-3', kind: 'reached' })]);
    const stat = nobodys([referralAlert({ referralId: 'R-4', kind: 'reached' }, { priority: 'stat' })]);
    expect(listed([...routine, ...stat, orphan('R-1', MONDAY - days(1)), orphan('R-2', MONDAY - days(2))])).toEqual([
      'orphans R-2: orphan',
      'orphans R-1: orphan',
      'unassigned R-4: unassigned reached',
      'unassigned R-3: unassigned reached',
    ]);
  });

  test('are led by their unassigned alert, whatever is due before it', () => {
    const early = referralAlert({ kind: 'attendance_unknown', dueAt: MONDAY - days(30) }, { stage: 'scheduled' });
    expect(listed(nobodys([early]))).toEqual(['unassigned R-1: unassigned attendance_unknown']);
  });

  test('show what is still owed if the referral is closed and has no such alert', () => {
    expect(listed([referralAlert({ kind: 'note' }, { stage: 'closed' })])).toEqual(['unassigned R-1: note']);
  });

  test('are left out while they are snoozed, and once they are resolved or voided', () => {
    expect(mail({ alerts: [referralAlert({ kind: 'unassigned', snoozedUntil: MONDAY + 1 })] })).toBeNull();
    expect(
      mail({ alerts: [referralAlert({ kind: 'unassigned', resolvedAt: MONDAY - 1, resolution: 'stopped' })] }),
    ).toBeNull();
    expect(mail({ alerts: [referralAlert({ kind: 'unassigned' }, { stage: 'voided' })] })).toBeNull();
  });

  test('are capped, with a count of the rest', () => {
    const alerts = many(120, (index) => orphan(numbered(index)));
    const content = mail({ alerts });
    expect(content?.sections[0]?.rows).toHaveLength(50);
    expect(content).toMatchObject({ referrals: 120, sections: [{ section: 'orphans', more: 70 }] });
    expect(content && mailRows(content)).toHaveLength(50);
  });

  test('never show initials', () => {
    const settings = config({ identifiers: 'initials' });
    const content = mail({ alerts: nobodys([referralAlert()]), config: settings });
    expect(content?.sections[0]?.rows[0]?.initials).toBeNull();
  });
});

describe('an orphan', () => {
  const AT = MONDAY - days(2);
  const lastEvents = (over: Partial<ReferralState>) => {
    const { alert, state } = orphan('R-1');
    return rowsOf(mail({ alerts: [{ alert, state: { ...state, lastEventAt: AT, ...over } }] })).map(
      ({ lastEvent }) => lastEvent,
    );
  };

  test('comes with source, type and time of its last event', () => {
    const lastEvent = { source: '/records', type: 'visit.completed', at: AT - hours(1) };
    expect(lastEvents({ lastEvent })).toEqual([lastEvent]);
  });

  test('whose projection was written before it kept that comes with the time alone', () => {
    expect(lastEvents({ lastEvent: null })).toEqual([{ source: null, type: null, at: AT }]);
  });

  test('is the only one to come with it', () => {
    expect(rowsOf(mail({ alerts: nobodys([referralAlert()]) })).map(({ lastEvent }) => lastEvent)).toEqual([null]);
  });
});

describe('what the last mail did not name is new', () => {
  const feeds = ['records', 'notes'].map((name) => ({ name, expectedEveryHours: 24 }));
  const silent = (...names: string[]) =>
    new Map(names.map((name) => [name, { heartbeatAt: MONDAY - days(9), lastEventAt: null }]));
  const withHolidays = (...ids: string[]) => {
    const { policy, directory } = config();
    const sites = directory.sites.map((site) => (ids.includes(site.id) ? { ...site, holidays: ['2026-01-01'] } : site));
    return { policy, directory: { ...directory, sites, feeds } };
  };
  const settings = withHolidays();
  const heard = new Map(feeds.map(({ name }) => [name, { heartbeatAt: MONDAY, lastEventAt: null }]));
  const said = (over: Partial<OperationsMailInput>) => mail({ config: settings, feedsHeard: heard, ...over });
  /** The mail of Monday after one of Friday, each with something to say besides. */
  const followed = (friday: Partial<OperationsMailInput>, monday: Partial<OperationsMailInput>) => {
    const refused = { malformed: 1 };
    return said({ refused, ...monday, last: said({ refused, asOf: FRIDAY, since: null, ...friday }) });
  };
  const news = (content: OperationsContent | null) => rowsOf(content).map((row) => `${row.referralId} ${row.isNew}`);

  test('of dead letters those that came on top', () => {
    const letters = (count: number) => ({ deadLetters: [{ queue: 'mail-jobs', count }] });
    const counted = (friday: number, monday: number) =>
      followed(letters(friday), letters(monday))?.deadLetters.map((each) => each.before);
    expect([counted(0, 2), counted(2, 3), counted(2, 2), counted(3, 1)]).toEqual([[0], [2], [2], [3]]);
  });

  test('of feeds those that were not quiet then', () => {
    const content = followed(
      { feedsHeard: new Map([...heard, ...silent('notes')]) },
      { feedsHeard: silent('records', 'notes') },
    );
    expect(content?.quietFeeds.map(({ name, isNew }) => [name, isNew])).toEqual([
      ['records', true],
      ['notes', false],
    ]);
  });

  test('of sites those whose holidays were not about to end', () => {
    const content = followed({ config: withHolidays('south') }, { config: withHolidays('north', 'south') });
    expect(content?.endingHolidays.map(({ siteId, isNew }) => [siteId, isNew])).toEqual([
      ['north', true],
      ['south', false],
    ]);
  });

  test('of referrals those that it did not list in this section; they come first, then by priority, then the oldest', () => {
    const of = (referralId: string, priority: Priority, daysAgo: number) =>
      nobodys([referralAlert({ referralId }, { priority, receivedAt: MONDAY - days(daysAgo) })]);
    const known = [...of('R-1', 'routine', 20), ...of('R-2', 'stat', 9)];
    const fresh = [...of('R-3', 'routine', 5), ...of('R-4', 'routine', 6), ...of('R-5', 'urgent', 4)];
    const content = followed({ alerts: known }, { alerts: [...known, ...fresh] });
    expect(news(content)).toEqual(['R-5 true', 'R-4 true', 'R-3 true', 'R-2 false', 'R-1 false']);
    expect(content?.sections[0]?.newReferrals).toBe(3);
  });

  test('a referral that came in the meantime and is nobody’s is new again: something else is to be done', () => {
    expect(news(followed({ alerts: [orphan('R-1')] }, { alerts: nobodys([referralAlert()]) }))).toEqual(['R-1 true']);
  });

  test('also a referral whose alert was snoozed then', () => {
    const { alert, state } = orphan('R-1');
    const snoozed = [{ alert: { ...alert, snoozedUntil: MONDAY - hours(1) }, state }];
    expect(news(followed({ alerts: snoozed }, { alerts: snoozed }))).toEqual(['R-1 true']);
  });

  test('where it had no room to list all, by when their alerts began', () => {
    const old = many(60, (index) => orphan(numbered(index)));
    const fresh = many(3, (index) => {
      const { alert, state } = orphan(numbered(100 + index));
      return { alert: { ...alert, since: FRIDAY + hours(index) }, state };
    });
    const content = followed({ alerts: old }, { alerts: [...fresh, ...old] });
    // The first began just when the last mail was made, and was counted there.
    expect(content?.sections).toMatchObject([{ newReferrals: 2, more: 13 }]);
    expect(news(content).slice(0, 3)).toEqual(['R-00101 true', 'R-00102 true', 'R-00000 false']);
  });

  test('everything, if that had nothing to say', () => {
    const content = badMorning(60, { last: null });
    expect(content.sections.map(({ newReferrals }) => newReferrals)).toEqual([60, 60]);
    expect([...content.quietFeeds, ...rowsOf(content)].every(({ isNew }) => isNew)).toBe(true);
  });

  test('nothing of what it said itself, whatever that is', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 80 }), fc.integer({ min: 1, max: 60 }), (count, cap) => {
        const again = badMorning(count, { cap, last: badMorning(count, { cap }) });
        expect(again.sections.map(({ newReferrals }) => newReferrals)).toEqual([0, 0]);
        expect([...again.quietFeeds, ...again.endingHolidays, ...rowsOf(again)].some(({ isNew }) => isNew)).toBe(false);
        for (const { count: now, before } of again.deadLetters) expect(now).toBe(before);
      }),
      { numRuns: 20 },
    );
  });
});

describe('a feed', () => {
  const feeds = [{ name: 'records', expectedEveryHours: 24 }];
  const settings = { ...config(), directory: { ...config().directory, feeds } };
  const quiet = (over: Partial<OperationsMailInput>) => mail({ config: settings, ...over })?.quietFeeds ?? [];

  test('is quiet once it is silent for longer than expected', () => {
    const heard = (heartbeatAt: number) =>
      quiet({ feedsHeard: new Map([['records', { heartbeatAt, lastEventAt: null }]]) });
    expect(heard(MONDAY - hours(24))).toEqual([]);
    expect(heard(MONDAY - hours(24) - 1)).toEqual([
      {
        name: 'records',
        lastHeardAt: MONDAY - hours(24) - 1,
        lastEventAt: null,
        lacks: 'anything',
        expectedEveryHours: 24,
        isNew: true,
      },
    ]);
  });

  test('that was never heard is quiet once there has been a configuration for that long', () => {
    expect(quiet({ configuredSince: MONDAY - hours(24) })).toEqual([]);
    expect(quiet({ configuredSince: MONDAY - hours(24) - 1 })).toEqual([
      { name: 'records', lastHeardAt: null, lastEventAt: null, lacks: 'anything', expectedEveryHours: 24, isNew: true },
    ]);
  });

  test('that the directory does not name is never quiet', () => {
    expect(
      mail({ feedsHeard: new Map([['other', { heartbeatAt: MONDAY - days(30), lastEventAt: null }]]) }),
    ).toBeNull();
  });
});

describe('mail that did not arrive', () => {
  test('is listed by recipient, kind and why, most first', () => {
    const mails = [
      mailFate({ sesBounceAt: MONDAY - days(1) }),
      mailFate({ sesBounceAt: MONDAY - days(2), sesComplaintAt: MONDAY - days(2) }),
      mailFate({ personId: 'a', kind: 'liaison_digest', sesRejectAt: MONDAY - days(1) }),
      mailFate({ personId: 'b', status: 'undeliverable' }),
      mailFate(),
      mailFate({ status: 'superseded' }),
    ];
    expect(undeliveredSince(mails, FRIDAY, MONDAY)).toEqual([
      { personId: 'c1', kind: 'coordinator_digest', why: 'bounced', count: 2 },
      { personId: 'a', kind: 'liaison_digest', why: 'rejected', count: 1 },
      { personId: 'b', kind: 'coordinator_digest', why: 'not_allowed', count: 1 },
      { personId: 'c1', kind: 'coordinator_digest', why: 'complained', count: 1 },
    ]);
  });

  test.each([
    ['bounces', (at: number) => mailFate({ sesBounceAt: at })],
    ['could not be sent', (at: number) => mailFate({ status: 'undeliverable', dueAt: at })],
  ])('that %s at any instant is in one mail, whichever mails there are', (_, fate) => {
    const mailsAt = [MONDAY - days(2), MONDAY - days(1), MONDAY];
    for (const at of [MONDAY - days(2), MONDAY - days(1) - hours(1), MONDAY - days(1), MONDAY - hours(1)]) {
      const told = mailsAt.map((asOf, index) => undeliveredSince([fate(at)], mailsAt[index - 1] ?? null, asOf).length);
      expect(told.reduce((a, b) => a + b)).toBe(1);
    }
  });

  test('is left to the next mail while its fate may not be known yet', () => {
    const bounced = [mailFate({ sesBounceAt: MONDAY - hours(1) + 1 })];
    expect(undeliveredSince(bounced, FRIDAY, MONDAY)).toEqual([]);
    expect(undeliveredSince(bounced, MONDAY, MONDAY + days(1))).toHaveLength(1);
  });

  test('is listed for all the last days in the first mail', () => {
    expect(undeliveredSince([mailFate({ sesBounceAt: MONDAY - days(7) })], null, MONDAY)).toHaveLength(1);
  });

  test('is capped, with a count of the rest', () => {
    const mails = many(70, (index) => referralAlert({ referralId: numbered(index) })).map(({ alert }) =>
      mailFate({ personId: alert.referralId, sesBounceAt: MONDAY - days(1) }),
    );
    const content = mail({ mails });
    expect(content?.undelivered).toHaveLength(50);
    expect(content?.moreUndelivered).toBe(20);
  });
});

describe('holidays that run out', () => {
  const withHolidays = (...holidays: string[]) => {
    const { policy, directory } = config();
    return { policy, directory: { ...directory, sites: directory.sites.map((site) => ({ ...site, holidays })) } };
  };
  const ending = (...holidays: string[]) => mail({ config: withHolidays(...holidays) })?.endingHolidays;

  // The mail is of 2 March 2026; 60 days later is 1 May.
  test.each([
    ['2026-05-01', true],
    ['2026-05-02', false],
    ['2025-12-25', true],
  ])('a list up to %s is worth a mail: %s', (last, expected) => {
    const sites = ['north', 'south'].map((siteId) => ({ siteId, last, isNew: true }));
    expect(ending('2025-01-01', last, '2025-07-04')).toEqual(expected ? sites : undefined);
  });

  test('a site without a list has none that could', () => {
    expect(ending()).toBeUndefined();
  });
});
