import { describe, expect, test } from 'vitest';
import type { Person } from '../../../../shared/contracts/config.ts';
import { formatInstant } from '../../../../shared/contracts/instant.ts';
import { toRecipient } from '../../../../shared/domain/mail/recipients.ts';
import { dailyMails, digestPeriods, digestPeriodsBefore } from '../../../../shared/domain/mail/schedule.ts';
import { at, config, coordinator, liaison } from '../../mail/builders.ts';

const organization = () => {
  const { directory } = config({ timeZone: 'America/Los_Angeles' });
  const people = [coordinator(), liaison(), coordinator({ id: 'lead', role: 'leader' })];
  return { ...directory, people };
};

describe('daily mails', () => {
  test('go to coordinators, to liaisons and to the operations mailbox', () => {
    const mails = dailyMails(organization()).map(({ kind, recipient }) => `${kind} ${recipient.id}`);
    expect(mails).toEqual(['coordinator_digest c1', 'liaison_digest l1', 'operations operations']);
  });

  test("for operations are due at 07:00 in the organization's time zone every day of the week, also when clocks change", () => {
    const mailbox = dailyMails(organization()).find(({ kind }) => kind === 'operations')?.recipient;
    expect(mailbox).toMatchObject({ email: 'operations@example.org', timeZone: 'America/Los_Angeles' });
    if (!mailbox) return;
    // Friday to Tuesday; on Sunday, 8 March, clocks go forward.
    const periods = digestPeriods(mailbox, at('2026-03-06T15:00:00Z') - 1, at('2026-03-10T14:00:00Z'));
    expect(periods.map(({ period, dueAt }) => `${period} ${formatInstant(dueAt).slice(11, 16)}`)).toEqual([
      '2026-03-06 15:00',
      '2026-03-07 15:00',
      '2026-03-08 14:00',
      '2026-03-09 14:00',
      '2026-03-10 14:00',
    ]);
  });
});

describe('a digest', () => {
  /** Digests of a coordinator in March 2026, as the date and the UTC hour. */
  const digestsOf = (over: Partial<Person>, from: string, to: string) => {
    const { directory } = config();
    const sites = directory.sites.map((site) => (site.id === 'north' ? { ...site, holidays: ['2026-03-03'] } : site));
    const recipient = toRecipient(coordinator(over), { sites });
    return digestPeriods(recipient, at(`2026-03-${from}`), at(`2026-03-${to}`)).map(
      ({ period, dueAt }) => `${period.slice(5)} ${formatInstant(dueAt).slice(11, 16)}`,
    );
  };

  test('comes at 07:00 on working days, unless the directory says otherwise', () => {
    expect(digestsOf({}, '01T00:00:00Z', '04T00:00:00Z')).toEqual(['03-02 12:00', '03-03 12:00']);
    expect(digestsOf({ digestAt: '16:45' }, '01T00:00:00Z', '04T00:00:00Z')).toEqual(['03-02 21:45', '03-03 21:45']);
    const evenings = { digestAt: '22:30', workdays: ['mon'] as Person['workdays'] };
    expect(digestsOf(evenings, '01T00:00:00Z', '04T00:00:00Z')).toEqual(['03-02 03:30']);
  });

  test('comes at the same time of day when clocks change, moved forward where it is skipped', () => {
    const sundays = { workdays: ['sat', 'sun', 'mon'] as Person['workdays'] };
    expect(digestsOf({ ...sundays, digestAt: '02:30' }, '07T00:00:00Z', '10T00:00:00Z')).toEqual([
      '03-07 07:30',
      '03-08 07:30',
      '03-09 06:30',
    ]);
  });

  test('does not come on a holiday of the site whose holidays the person keeps', () => {
    expect(digestsOf({ holidaysOf: 'north' }, '02T00:00:00Z', '05T00:00:00Z')).toEqual(['03-02 12:00', '03-04 12:00']);
    expect(digestsOf({ holidaysOf: 'south' }, '02T00:00:00Z', '04T00:00:00Z')).toEqual(['03-02 12:00', '03-03 12:00']);
    expect(digestsOf({ holidaysOf: 'gone' }, '02T00:00:00Z', '04T00:00:00Z')).toEqual(['03-02 12:00', '03-03 12:00']);
  });

  test('is due after those before it, the latest first', () => {
    const recipient = { ...coordinator({ workdays: ['mon'] }), holidays: ['2026-02-23'] };
    const before = digestPeriodsBefore(recipient, at('2026-03-02T12:00:00Z'));
    expect([before.next().value, before.next().value].map((each) => (each ? each.period : null))).toEqual([
      '2026-02-16',
      '2026-02-09',
    ]);
  });
});
