import { describe, expect, test } from 'vitest';
import { formatInstant } from '../../../../shared/contracts/instant.ts';
import { dailyMails, digestPeriods, recipientOf } from '../../../../shared/domain/mail/schedule.ts';
import { at, config, coordinator, liaison } from '../../mail/builders.ts';

const organization = () => {
  const { directory } = config({ timeZone: 'America/Los_Angeles' });
  const people = [coordinator(), liaison(), coordinator({ id: 'lead', role: 'leader' })];
  return { ...directory, people };
};

describe('daily mails', () => {
  test('go to coordinators, to liaisons, to those a site escalates to, and to the operations mailbox', () => {
    const directory = organization();
    const sites = [{ id: 'north', name: 'North', timeZone: 'America/New_York', escalateTo: 'lead' }];
    const mails = dailyMails({ ...directory, sites }).map(({ kind, recipient }) => `${kind} ${recipient.id}`);
    expect(mails).toEqual([
      'coordinator_digest c1',
      'coordinator_digest lead',
      'liaison_digest l1',
      'operations operations',
    ]);
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

describe('the recipient of a mail', () => {
  test("is the directory's person of that id, or nobody", () => {
    const directory = organization();
    expect(recipientOf({ kind: 'coordinator_digest', personId: 'c1' }, directory)?.id).toBe('c1');
    expect(recipientOf({ kind: 'coordinator_digest', personId: 'gone' }, directory)).toBeNull();
  });

  test('is the mailbox for operations, even if a person has that id', () => {
    const directory = organization();
    directory.people.push(coordinator({ id: 'operations', email: 'somebody@example.org' }));
    const to = (kind: 'operations' | 'urgent_alert') => recipientOf({ kind, personId: 'operations' }, directory)?.email;
    expect(to('operations')).toBe('operations@example.org');
    expect(to('urgent_alert')).toBe('somebody@example.org');
  });
});
