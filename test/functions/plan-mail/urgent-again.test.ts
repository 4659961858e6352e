import { describe, expect, it } from 'vitest';
import type { Config } from '../../../shared/contracts/config.ts';
import { DAY_MS, MINUTE_MS } from '../../../shared/contracts/duration.ts';
import type { MailJob } from '../../../shared/store/mail-store.ts';
import { sampleConfig } from '../../builders/config.ts';
import { receivedData, sent } from '../../builders/events.ts';
import { at } from '../../builders/instants.ts';
import { alertsIn } from '../../builders/stored.ts';
import { MemoryReferralStore } from '../../doubles/memory-stores.ts';
import { MailWorld } from '../send-mail/mail-world.ts';

/** Urgent breaches whose mail came to nothing, through the real handlers. */

const QUARTER_MS = 15 * MINUTE_MS;
/** 09:00 in New York. */
const BREACH = at('03-02 14:00');

/** The sample organization, with c-1 at an address. */
function withAddress(email: string): Config {
  const config = sampleConfig();
  config.directory.people = config.directory.people.map((person) =>
    person.id === 'c-1' ? { ...person, email } : person,
  );
  return config;
}
const REACHABLE = withAddress('c-1@example.org');
const UNREACHABLE = withAddress('c-1@elsewhere.example');

/** A world in which a stat referral of c-1 is late. */
async function opened(config: Config, stores: { referrals?: MemoryReferralStore } = {}): Promise<MailWorld> {
  const run = await MailWorld.open(config, stores);
  const received = BREACH - 3 * DAY_MS;
  const event = sent('referral.received', received, receivedData({ coordinatorId: 'c-1', priority: 'stat' }), {
    subject: 'R-1',
  });
  await run.world.deliver({ at: received, messages: [{ body: JSON.stringify(event), sentAt: received }] });
  await run.world.detect(BREACH);
  return run;
}

const urgentRows = async ({ world }: MailWorld): Promise<MailJob[]> =>
  (await world.stores.mails.dueOn('2026-03-02')).filter(({ kind }) => kind === 'urgent_alert');
const urgentMails = ({ mailed }: MailWorld) => mailed.filter(({ content }) => content.kind === 'urgent_alert');

/** Planning and sending at the following quarter hours. */
async function quarterHours(run: MailWorld, first: number, last: number): Promise<void> {
  for (let quarter = first; quarter <= last; quarter += 1) await run.mail(BREACH + quarter * QUARTER_MS);
}

describe('an urgent breach whose mail was undeliverable', () => {
  it('makes no mail at every run while nothing has changed', async () => {
    const run = await opened(UNREACHABLE);
    await quarterHours(run, 0, 12);
    expect((await urgentRows(run)).map(({ status }) => status)).toEqual(['undeliverable']);
  });

  it('is mailed under the next configuration', async () => {
    const run = await opened(UNREACHABLE);
    await quarterHours(run, 0, 2);
    await run.world.stores.configs.push(REACHABLE, BREACH + 40 * MINUTE_MS);
    await quarterHours(run, 3, 6);
    expect(urgentMails(run).map(({ at: when, to }) => [when, to])).toEqual([
      [BREACH + 3 * QUARTER_MS, 'c-1@example.org'],
    ]);
    expect((await urgentRows(run)).map(({ status }) => status).toSorted()).toEqual(['sent', 'undeliverable']);
  });

  it('is noted as met now if it can not be given back', async () => {
    const referrals = new MemoryReferralStore();
    const run = await opened(UNREACHABLE, { referrals });
    await run.plan(BREACH);
    run.lose();
    run.redeliver((await urgentRows(run)).map(({ mailId }) => mailId));
    await referrals.damage('R-1', { state: new Uint8Array([1, 2, 3]) });
    await run.send(BREACH + 3 * QUARTER_MS);
    expect(await run.world.stores.setAsides.all()).toMatchObject([{ by: 'send-mail', metAt: BREACH + 3 * QUARTER_MS }]);
  });

  it('is mailed to whoever it belongs to then', async () => {
    const run = await opened(UNREACHABLE);
    await quarterHours(run, 0, 2);
    const { policy, directory } = sampleConfig();
    const people = directory.people.filter(({ id }) => id !== 'c-1');
    const sites = directory.sites.map((site) => ({ ...site, fallbackCoordinatorId: 'c-2' }));
    await run.world.stores.configs.push(
      { policy, directory: { ...directory, people, sites } },
      BREACH + 40 * MINUTE_MS,
    );
    await run.world.detect(BREACH + 3 * QUARTER_MS);
    await quarterHours(run, 3, 6);
    expect(urgentMails(run).map(({ to }) => to)).toEqual(['c-2@example.org']);
  });

  it('is mailed under the next configuration if the mail had been made, but SES did not take it', async () => {
    const run = await opened(REACHABLE);
    run.sesFails = true;
    await run.mail(BREACH);
    run.sesFails = false;
    // It is frozen for an address that is no longer allowed.
    const { policy, directory } = REACHABLE;
    const organization = { ...directory.organization, allowedDomains: ['other.example'] };
    await run.world.stores.configs.push({ policy, directory: { ...directory, organization } }, BREACH + 5 * MINUTE_MS);
    await quarterHours(run, 1, 4);
    expect(urgentMails(run)).toEqual([]);
    const [alert] = (await alertsIn(run.world.stores.referrals, 'R-1')).filter(({ urgentMail }) => urgentMail !== null);
    expect(alert?.urgentMail).toMatchObject({ to: 'c-1', is: 'pending' });
    await run.world.stores.configs.push(REACHABLE, BREACH + 70 * MINUTE_MS);
    await quarterHours(run, 5, 8);
    expect(urgentMails(run).map(({ at: when }) => when)).toEqual([BREACH + 5 * QUARTER_MS]);
  });
});

describe('an urgent breach whose mail was empty', () => {
  it('is mailed if it was taken over for a moment and came back, and still waits', async () => {
    const run = await opened(REACHABLE);
    const reassigned = (coordinatorId: string, minute: number) => {
      const sentAt = BREACH + minute * MINUTE_MS;
      const data = receivedData({ coordinatorId, priority: 'stat' });
      const event = sent('referral.received', BREACH - 3 * DAY_MS + minute, data, { subject: 'R-1' });
      return { at: sentAt, messages: [{ body: JSON.stringify(event), sentAt }] };
    };
    await run.plan(BREACH);
    await run.world.deliver(reassigned('c-2', 1));
    await run.send(BREACH + 2 * MINUTE_MS);
    expect((await urgentRows(run)).map(({ status }) => status)).toEqual(['empty']);
    await run.world.deliver(reassigned('c-1', 3));
    await quarterHours(run, 1, 4);
    expect(urgentMails(run).map(({ at: when, to }) => [when, to])).toEqual([[BREACH + QUARTER_MS, 'c-1@example.org']]);
  });
});
