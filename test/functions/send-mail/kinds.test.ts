import { beforeEach, describe, expect, it } from 'vitest';
import { contentOf, KINDS } from '../../../functions/send-mail/content.ts';
import type { GatherContext } from '../../../functions/send-mail/kinds/kind.ts';
import { DAY_MS } from '../../../shared/contracts/duration.ts';
import { MAIL_KINDS, type MailKind } from '../../../shared/contracts/vocabulary.ts';
import { recipientOf } from '../../../shared/domain/mail/recipients.ts';
import { silentLog } from '../../../shared/platform/logger.ts';
import type { Stores } from '../../../shared/store/dynamo-stores.ts';
import type { MailJob } from '../../../shared/store/mail-store.ts';
import { configWithLeader } from '../../builders/config.ts';
import { receivedData, sent } from '../../builders/events.ts';
import { at } from '../../builders/instants.ts';
import { alertsIn, mailJob } from '../../builders/stored.ts';
import { World } from '../../doubles/world.ts';
import { goodWeek } from '../../shared/mail/report-samples.ts';

/** What holds for every kind of mail, whatever it says. */

const MONDAY = at('03-02 12:00');
const READS: { [Name in keyof Omit<Stores, 'sweeps' | 'aliases'>]: readonly (keyof Stores[Name])[] } = {
  referrals: ['escalatedAt', 'listedUnder', 'load', 'loadLog', 'loadMany', 'ownerKeys', 'receivedFrom'],
  configs: ['inForce'],
  quarantine: ['countBetween'],
  feeds: ['heard'],
  practices: ['facts'],
  mails: ['dueOn', 'get'],
  reports: ['finishedPeriods', 'get'],
  setAsides: ['all'],
  unmapped: ['codesBetween'],
  unmatched: ['heldBetween'],
};
const ALL_READS = Object.entries(READS).flatMap(([store, names]) => names.map((name) => `${store}.${name}`));

/** The store, noting each method that is called, as `mails.get`. */
function noting<S extends object>(label: string, store: S, called: Set<string>): S {
  return new Proxy(store, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      called.add(`${label}.${String(name)}`);
      return value.bind(target);
    },
  });
}

const READER: Record<MailKind, string> = {
  coordinator_digest: 'c-1',
  liaison_digest: 'l-1',
  urgent_alert: 'c-1',
  weekly_report: 'b-1',
  operations: 'operations',
};

let world: World;
let called: Set<string>;

/** A stat referral past its first deadlines, one that is nobody's, a refused message, and a week's report. */
beforeEach(async () => {
  world = await World.open(configWithLeader());
  const messages = [
    sent('referral.received', MONDAY - 3 * DAY_MS, receivedData({ priority: 'stat' }), { subject: 'R-stat' }),
    sent('referral.received', MONDAY - 3 * DAY_MS, receivedData({ site: 'cape' }), { subject: 'R-nobodys' }),
  ].map((event) => ({ body: JSON.stringify(event), sentAt: Date.parse(event.time) }));
  await world.deliver({ at: MONDAY - 3 * DAY_MS, messages });
  await world.deliver({ at: MONDAY - DAY_MS / 2, messages: [{ body: 'no JSON', sentAt: MONDAY - DAY_MS / 2 }] });
  await world.detect(MONDAY);
  const stored = { report: goodWeek(), charts: { 'chart-note': new Uint8Array([1]) } };
  await world.stores.reports.save({ kind: 'weekly', period: '2026-W09', scope: 'organization' }, stored);
});

async function prepare(kind: MailKind): Promise<{ job: MailJob; context: GatherContext }> {
  const personId = READER[kind];
  const waiting = await world.stores.referrals.pendingUrgent();
  const alerts = (await Promise.all(waiting.map((id) => alertsIn(world.stores.referrals, id)))).flat();
  const urgent = alerts
    .filter(({ urgentMail }) => urgentMail?.is === 'pending')
    .map(({ alert: { referralId, kind, instance, since } }) => ({ referralId, kind, instance, since }));
  const period = kind === 'weekly_report' ? '2026-W09' : '2026-03-02';
  const job = mailJob(`mail-${kind}`, { kind, personId, period, dueAt: MONDAY, urgent });
  const recipient = recipientOf(job, world.config.directory);
  if (recipient === null) throw new Error('nobody gets this mail');
  called = new Set();
  const noted = Object.entries(world.stores).map(([name, store]) => [name, noting(name, store, called)]);
  const context: GatherContext = {
    ...{ recipient, config: world.config, asOf: MONDAY, backoff: async () => {}, log: silentLog },
    version: (await world.stores.configs.inForce()).version,
    ...(Object.fromEntries(noted) as Stores),
    deadLetters: { counts: async () => [{ queue: 'scheduler', count: 1 }] },
    holds: false,
    aside: () => {},
    unread: () => {},
  };
  return { job, context };
}

/** Gathers once and decides twice. `before`: the data before the first decision. */
async function decideTwice<K extends MailKind>(kind: K) {
  const { job, context } = await prepare(kind);
  const { gather, decide } = KINDS[kind];
  const gathered = await gather(job, context);
  const before = structuredClone(gathered);
  const contents = [decide(gathered), decide(gathered)];
  return { contents, gathered, before };
}

describe.each(MAIL_KINDS)('the kind %s', (kind) => {
  it('gathers by reading alone; only an urgent alert claims what it reports', async () => {
    const { job, context } = await prepare(kind);
    expect(await contentOf(kind, job, context)).toMatchObject({ content: { kind } });
    const writes = [...called].filter((name) => !ALL_READS.includes(name));
    expect(writes).toEqual(kind === 'urgent_alert' ? ['referrals.settleUrgent'] : []);
  });

  it('decides the same from the same data, and leaves the data as they were', async () => {
    const { contents, gathered, before } = await decideTwice(kind);
    expect(contents[0]).toMatchObject({ kind });
    expect(contents[1]).toEqual(contents[0]);
    expect(gathered).toEqual(before);
  });

  it('says the same when it is made again', async () => {
    const { job, context } = await prepare(kind);
    const first = await contentOf(kind, job, context);
    expect(first.content).not.toBeNull();
    expect(await contentOf(kind, job, context)).toEqual(first);
  });
});
