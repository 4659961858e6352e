import { describe, expect, it } from 'vitest';
import type { Config } from '../../../shared/contracts/config.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../shared/contracts/duration.ts';
import type { Instant } from '../../../shared/contracts/instant.ts';
import type { OperationsContent } from '../../../shared/contracts/mail.ts';
import { mailIdOf } from '../../../shared/domain/mail/mail-id.ts';
import { dailyMails, digestPeriods } from '../../../shared/domain/mail/schedule.ts';
import { UnreadableItemError } from '../../../shared/store/read-item.ts';
import { sampleConfig } from '../../builders/config.ts';
import { receivedData, type SentEvent, sent } from '../../builders/events.ts';
import { at, QUARTER } from '../../builders/instants.ts';
import { alertsIn } from '../../builders/stored.ts';
import { memoryStores } from '../../doubles/memory-stores.ts';
import { type Mailed, MailWorld } from './mail-world.ts';

/** The operations mail through the real handlers: planned, made, sent, and what becomes of it. */

/** 07:00 in New York, where the organization is. */
const MONDAY = at('03-02 12:00');
const SUNDAY = MONDAY - DAY_MS;
const TUESDAY = MONDAY + DAY_MS;

function config(over: Partial<Config['directory']> = {}): Config {
  const { policy, directory } = sampleConfig();
  return { policy, directory: { ...directory, ...over } };
}

const message = (event: SentEvent, sentAt: Instant = Date.parse(event.time)) => ({
  body: JSON.stringify(event),
  sentAt,
});
const refuse = (time: Instant) => ({ at: time, messages: [{ body: `no JSON at ${time}`, sentAt: time }] });
const isOperations = ({ content }: Mailed): boolean => content.kind === 'operations';

async function operationsMails(run: MailWorld, instant: Instant): Promise<OperationsContent[]> {
  const { mailed } = await run.mail(instant);
  return mailed.filter(isOperations).map(({ content }) => content as OperationsContent);
}

/** The status of the operations mail that is due at an instant. */
async function statusOf({ world }: MailWorld, dueAt: Instant): Promise<string | undefined> {
  const mailbox = dailyMails(world.config.directory).find(({ kind }) => kind === 'operations')?.recipient;
  const [period] = mailbox ? digestPeriods(mailbox, dueAt - 1, dueAt) : [];
  if (!period) throw new Error('nothing is due then');
  return (await world.stores.mails.get(mailIdOf('operations', 'operations', period)))?.status;
}

describe('the operations mail', () => {
  it('is planned every day of the week, and not sent if there is nothing to say', async () => {
    const run = await MailWorld.open(config());
    for (let day = 0; day < 7; day += 1) {
      const due = MONDAY + (day - 7) * DAY_MS;
      expect(await operationsMails(run, due)).toEqual([]);
      expect(await statusOf(run, due)).toBe('empty');
    }
  });

  it('comes once a day, also on Sundays, and reports what happened since the last one', async () => {
    const run = await MailWorld.open(config());
    await operationsMails(run, SUNDAY - DAY_MS);
    await run.world.deliver(refuse(SUNDAY - HOUR_MS));
    await run.world.deliver(refuse(SUNDAY - 2 * HOUR_MS));
    const [first] = await operationsMails(run, SUNDAY + 2 * MINUTE_MS);
    expect(first).toMatchObject({
      recipient: { email: 'operations@example.org' },
      period: '2026-03-01',
      since: SUNDAY - DAY_MS,
      refused: [{ reason: 'malformed', count: 2 }],
    });
    expect(await operationsMails(run, SUNDAY + QUARTER)).toEqual([]);
    await run.world.deliver(refuse(SUNDAY + HOUR_MS));
    const [next] = await operationsMails(run, MONDAY);
    expect(next).toMatchObject({ since: SUNDAY + 2 * MINUTE_MS, refused: [{ reason: 'malformed', count: 1 }] });
    expect(await operationsMails(run, TUESDAY)).toEqual([]);
  });

  it('counts what was refused in the last day if it is the first', async () => {
    const run = await MailWorld.open(config());
    await run.world.deliver(refuse(MONDAY - DAY_MS - 2 * MINUTE_MS));
    await run.world.deliver(refuse(MONDAY - DAY_MS));
    const [mail] = await operationsMails(run, MONDAY + 2 * MINUTE_MS);
    expect(mail).toMatchObject({ since: null, refused: [{ count: 1 }] });
  });

  it('reports once what was refused while it was made, and what waited long before it was refused', async () => {
    const run = await MailWorld.open(config());
    await operationsMails(run, SUNDAY - DAY_MS);
    await run.world.deliver({ at: SUNDAY - HOUR_MS, messages: [{ body: 'in time', sentAt: SUNDAY - HOUR_MS }] });
    await run.world.deliver({
      at: SUNDAY + MINUTE_MS + 1,
      messages: [{ body: 'meanwhile', sentAt: SUNDAY - HOUR_MS }],
    });
    const [first] = await operationsMails(run, SUNDAY + 2 * MINUTE_MS);
    expect(first).toMatchObject({ refused: [{ reason: 'malformed', count: 1 }] });
    await run.world.deliver({ at: SUNDAY + HOUR_MS, messages: [{ body: 'long before', sentAt: SUNDAY - HOUR_MS }] });
    const [next] = await operationsMails(run, MONDAY);
    expect(next).toMatchObject({ refused: [{ reason: 'malformed', count: 2 }] });
  });

  it('reports everything that went wrong, in reading order', async () => {
    const feeds = [
      { name: 'records', expectedEveryHours: 24 },
      { name: 'notes', expectedEveryHours: 24 },
      { name: 'never', expectedEveryHours: 24 },
    ];
    const run = await MailWorld.open(config({ feeds }), { since: MONDAY - 7 * DAY_MS });
    const received = (subject: string, site: string) =>
      message(sent('referral.received', MONDAY - DAY_MS, receivedData({ site }), { subject }));
    await run.world.deliver({
      at: MONDAY - DAY_MS,
      messages: [
        received('R-nobodys', 'cape'),
        received('R-mine', 'north'),
        message(sent('referral.accepted', MONDAY - 3 * DAY_MS, {}, { subject: 'R-orphan' })),
        message(sent('feed.heartbeat', MONDAY - DAY_MS - HOUR_MS, {}, { subject: 'records' })),
        message(sent('feed.heartbeat', MONDAY - 2 * HOUR_MS, {}, { subject: 'notes' }), MONDAY - 2 * HOUR_MS),
        { body: 'no JSON', sentAt: MONDAY - DAY_MS },
      ],
    });
    await run.world.detect(MONDAY);
    await run.mail(MONDAY);
    const digest = run.mailed.find(({ to }) => to === 'l-1@example.org');
    if (!digest) throw new Error('the liaison gets an all-clear');
    await run.tell(digest, 'Bounce');
    run.deadLetters = [
      { queue: 'mail-jobs', count: 2 },
      { queue: 'scheduler', count: 0 },
    ];
    await run.world.deliver(refuse(TUESDAY - HOUR_MS));
    const [mail] = await operationsMails(run, TUESDAY);
    const lastEvent = { source: '/records', type: 'referral.accepted', at: MONDAY - 3 * DAY_MS };
    const orphanRow = { referralId: 'R-orphan', kind: 'orphan', site: null, priority: null, lastEvent };
    expect(mail).toMatchObject({
      refused: [{ reason: 'malformed', count: 1 }],
      deadLetters: [{ queue: 'mail-jobs', count: 2, before: 0 }],
      sections: [
        { section: 'orphans', rows: [orphanRow] },
        { section: 'unassigned', rows: [{ referralId: 'R-nobodys', kind: 'unassigned', site: 'cape' }] },
      ],
      quietFeeds: [
        { name: 'records', lastHeardAt: MONDAY - DAY_MS - HOUR_MS },
        { name: 'notes', lastHeardAt: MONDAY - 2 * HOUR_MS },
        { name: 'never', lastHeardAt: null },
      ],
      undelivered: [{ personId: 'l-1', kind: 'liaison_digest', why: 'bounced', count: 1 }],
    });
    const said = run.mailed.filter(isOperations).at(-1)?.text ?? '';
    const fresh = ['New =', 'REFUSED INPUT', 'DEAD LETTERS', 'FEEDS GONE QUIET (1)', 'MAIL THAT'];
    const known = ['Still to look at =', 'EVENTS WITHOUT', 'WITHOUT A COORD', 'FEEDS GONE QUIET (2)'];
    const positions = [...fresh, ...known].map((title) => said.indexOf(title));
    expect(positions).toEqual(positions.toSorted((a, b) => a - b));
    expect(positions).not.toContain(-1);
    // A bounce is reported once.
    expect((await operationsMails(run, TUESDAY + DAY_MS))[0]?.undelivered).toEqual([]);
  });

  it('leaves out a referral for which somebody can be found by now', async () => {
    const run = await MailWorld.open(config());
    const received = sent('referral.received', MONDAY - DAY_MS, receivedData({ site: 'cape' }), { subject: 'R-1' });
    await run.world.deliver({ at: MONDAY - DAY_MS, messages: [message(received)] });
    await run.world.detect(SUNDAY + QUARTER);
    expect((await alertsIn(run.world.stores.referrals, 'R-1')).map(({ alert }) => alert.kind)).toContain('unassigned');
    const { policy, directory } = run.world.config;
    const sites = directory.sites.map((site) => ({ ...site, fallbackCoordinatorId: 'c-1' }));
    await run.world.stores.configs.push({ policy, directory: { ...directory, sites } }, MONDAY - HOUR_MS);
    expect(await operationsMails(run, MONDAY)).toEqual([]);
  });
});

describe('what is new in it', () => {
  const letters = (count: number) => [{ queue: 'mail-jobs', count }];

  it('is what the last one did not name', async () => {
    const run = await MailWorld.open(config());
    run.deadLetters = letters(2);
    const [first] = await operationsMails(run, SUNDAY);
    run.deadLetters = letters(3);
    const [second] = await operationsMails(run, MONDAY);
    const [third] = await operationsMails(run, TUESDAY);
    expect([first, second, third].map((mail) => mail?.deadLetters[0]?.before)).toEqual([0, 2, 3]);
  });

  it('is everything after a day on which there was nothing to say', async () => {
    const run = await MailWorld.open(config());
    run.deadLetters = letters(2);
    await operationsMails(run, SUNDAY);
    run.deadLetters = [];
    await operationsMails(run, MONDAY);
    run.deadLetters = letters(2);
    const [mail] = await operationsMails(run, TUESDAY);
    expect(mail).toMatchObject({ since: MONDAY, deadLetters: [{ count: 2, before: 0 }] });
    // Nobody got a mail on Monday, so none of it speaks of one.
    expect(run.mailed.at(-1)?.text).toContain('1 new since Mon 2 Mar 2026, 07:00 EST: dead letters.');
  });

  it('is everything if the last one can’t be read, so that one such mail holds up no other', async () => {
    const stores = memoryStores();
    const run = await MailWorld.open(config(), stores);
    run.deadLetters = letters(2);
    await operationsMails(run, SUNDAY);
    const frozen = stores.mails.frozen.bind(stores.mails);
    stores.mails.frozen = async (mailId) => {
      if (mailId.startsWith('2026-03-01')) throw new UnreadableItemError('of a later release');
      return frozen(mailId);
    };
    expect(await operationsMails(run, MONDAY)).toMatchObject([{ since: SUNDAY, deadLetters: [{ before: 0 }] }]);
  });

  it('is not decided if the last one could not be looked up: the mail waits', async () => {
    const stores = memoryStores();
    const run = await MailWorld.open(config(), stores);
    run.deadLetters = letters(2);
    await operationsMails(run, SUNDAY);
    const frozen = stores.mails.frozen.bind(stores.mails);
    stores.mails.frozen = async (mailId) => {
      if (mailId.startsWith('2026-03-01')) throw new Error('throttled');
      return frozen(mailId);
    };
    const { failed } = await run.mail(MONDAY);
    expect(failed).toBe(1);
  });
});

describe('a mail to somebody of another domain', () => {
  it('is reported the day after as not sent', async () => {
    const { directory, policy } = config();
    const people = directory.people.map((person) =>
      person.id === 'l-1' ? { ...person, email: 'l-1@example.com' } : person,
    );
    const run = await MailWorld.open({ policy, directory: { ...directory, people } });
    expect(await operationsMails(run, MONDAY)).toEqual([]);
    expect(await operationsMails(run, TUESDAY)).toMatchObject([
      { undelivered: [{ personId: 'l-1', kind: 'liaison_digest', why: 'not_allowed', count: 1 }] },
    ]);
  });

  it('is not sent even if it is the operations mailbox', async () => {
    const { directory, policy } = config();
    const organization = { ...directory.organization, operationsMailbox: 'operations@example.com' };
    const run = await MailWorld.open({ policy, directory: { ...directory, organization } });
    await run.world.deliver(refuse(MONDAY - HOUR_MS));
    expect(await operationsMails(run, MONDAY)).toEqual([]);
    expect(await statusOf(run, MONDAY)).toBe('undeliverable');
  });
});

describe('an operations mail that is late', () => {
  it("is superseded by the next day's, which says all that it would have said", async () => {
    const run = await MailWorld.open(config());
    await operationsMails(run, SUNDAY);
    await run.world.deliver(refuse(SUNDAY + HOUR_MS));
    run.deadLetters = new Error('throttled');
    await run.mail(MONDAY);
    run.deadLetters = [];
    const [mail, ...others] = await operationsMails(run, TUESDAY);
    expect(await statusOf(run, MONDAY)).toBe('superseded');
    expect(others).toEqual([]);
    expect(mail).toMatchObject({ period: '2026-03-03', since: SUNDAY, refused: [{ count: 1 }] });
  });
});

describe('a read that fails', () => {
  it('from a dead-letter queue fails the record; the mail is sent once it can be read, as of the first try', async () => {
    const run = await MailWorld.open(config());
    run.deadLetters = new Error('throttled');
    await run.world.deliver(refuse(MONDAY - HOUR_MS));
    const { mailed, failed } = await run.mail(MONDAY);
    expect(failed).toBe(1);
    expect(mailed.filter(isOperations)).toEqual([]);
    run.deadLetters = [{ queue: 'scheduler', count: 1 }];
    expect((await run.send(MONDAY + MINUTE_MS)).mailed).toEqual([]);
    const again = await run.send(MONDAY + 6 * MINUTE_MS);
    expect(again.failed).toBe(0);
    expect(again.mailed.map(({ content }) => content)).toMatchObject([
      { kind: 'operations', asOf: MONDAY, deadLetters: [{ queue: 'scheduler', count: 1 }] },
    ]);
  });

  it.each([['quarantine', 'countBetween'] as const, ['feeds', 'heard'] as const, ['mails', 'dueOn'] as const])(
    'of the %s, by %s, is no empty answer',
    async (name, method) => {
      const stores = memoryStores();
      const store = stores[name] as unknown as Record<string, (...args: unknown[]) => unknown>;
      const read = store[method]?.bind(store);
      let broken = false;
      store[method] = async (...args: unknown[]) => {
        if (broken) throw new Error('throttled');
        return read?.(...args);
      };
      const run = await MailWorld.open(config(), stores);
      run.deadLetters = [{ queue: 'scheduler', count: 1 }];
      await run.plan(MONDAY);
      broken = true;
      const { mailed, failed } = await run.send(MONDAY + MINUTE_MS);
      expect(failed).toBe(1);
      expect(mailed.filter(isOperations)).toEqual([]);
    },
  );
});
