import { beforeEach, describe, expect, it } from 'vitest';
import { dialectsSchema } from '../../../shared/contracts/dialects.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../shared/contracts/duration.ts';
import { formatInstant, type Instant } from '../../../shared/contracts/instant.ts';
import type { OperationsContent } from '../../../shared/contracts/mail.ts';
import { sampleConfig } from '../../builders/config.ts';
import { at } from '../../builders/instants.ts';
import { memoryStores } from '../../doubles/memory-stores.ts';
import { MailWorld } from './mail-world.ts';

/** What the operations mail says of input in other dialects, from the queue to the mail. */

/** 07:00 in New York. */
const MONDAY = at('03-02 12:00');
const [SATURDAY, SUNDAY, TUESDAY] = [MONDAY - 2 * DAY_MS, MONDAY - DAY_MS, MONDAY + DAY_MS];

const config = {
  ...sampleConfig(),
  dialects: dialectsSchema.parse({
    defaults: { timeZone: 'America/New_York', identifierSystems: ['urn:example:referrals'] },
    senders: [
      { name: 'ehr' },
      { name: 'hub' },
      {
        name: 'nightly',
        csv: {
          kind: 'states',
          key: ['Ref'],
          subject: 'Ref',
          exportedAt: { column: 'Exported' },
          emit: [{ type: 'referral.received', time: 'Created', data: { priority: 'Urgency', site: 'Site' } }],
        },
      },
    ],
  }),
};

/** An appointment for an order, and the order, as a sender's messages. */
const appointment = (order: string, sentAt: Instant, sender = 'ehr') =>
  messageOf(sender, sentAt, {
    ...{ resourceType: 'Appointment', id: `a-${order}`, status: 'booked', participant: [{ status: 'accepted' }] },
    ...{ meta: { lastUpdated: formatInstant(sentAt) }, start: formatInstant(sentAt + DAY_MS) },
    basedOn: [{ reference: `ServiceRequest/${order}` }],
  });
const orderOf = (order: string, sentAt: Instant, sender = 'ehr') =>
  messageOf(sender, sentAt, {
    ...{ resourceType: 'ServiceRequest', id: order, status: 'active', intent: 'order' },
    ...{ meta: { lastUpdated: formatInstant(sentAt) }, authoredOn: formatInstant(sentAt) },
    ...{
      subject: { reference: 'Patient/p-1' },
      identifier: [{ system: 'urn:example:referrals', value: `R-${order}` }],
    },
  });
const messageOf = (sender: string, sentAt: Instant, resource: object) => ({
  body: JSON.stringify(resource),
  sentAt,
  attributes: { sender },
});
/** Rows of an export: reference, priority, site. */
const rows = (sentAt: Instant, ...lines: string[]) => ({
  body: ['Ref,Urgency,Site,Created,Exported', ...lines.map((line) => `${line},2026-02-27 09:00,2026-02-28 23:00`)].join(
    '\n',
  ),
  sentAt,
  attributes: { dialect: 'csv', sender: 'nightly' },
});

let run: MailWorld;

beforeEach(async () => {
  run = await MailWorld.open(config);
  await operationsMail(SATURDAY);
});

async function operationsMail(instant: Instant): Promise<OperationsContent | undefined> {
  const { mailed } = await run.mail(instant);
  return mailed.map(({ content }) => content).find((content) => content.kind === 'operations');
}

const deliver = async (instant: Instant, ...messages: Parameters<typeof run.world.deliver>[0]['messages']) =>
  expect(await run.world.deliver({ at: instant, messages })).toEqual({ batchItemFailures: [] });

describe('what waits for its referral', () => {
  it('is counted by sender once, unless its referral has come by then', async () => {
    const early = SUNDAY - 2 * HOUR_MS;
    await deliver(
      early,
      ...[appointment('1', early), appointment('2', early), appointment('3', early, 'hub')],
      appointment('4', early, 'hub'),
    );
    await deliver(early + HOUR_MS, orderOf('2', early + HOUR_MS), orderOf('4', early + HOUR_MS, 'ehr'));
    const mail = await operationsMail(SUNDAY);
    expect(mail?.unmatched).toEqual({
      senders: [
        { sender: 'hub', count: 2, kinds: ['Appointment'] },
        { sender: 'ehr', count: 1, kinds: ['Appointment'] },
      ],
      more: 0,
      count: 3,
    });
    expect(run.mailed.at(-1)?.text).toContain('UNMATCHED (3)');
    // It waits still, and is told once.
    expect((await run.world.stores.unmatched.heldBetween(early, MONDAY)).length).toBe(3);
    expect(await operationsMail(MONDAY)).toBeUndefined();
  });

  it('is in one mail, whenever it came', async () => {
    const late = SUNDAY - MINUTE_MS;
    await deliver(late - 1, appointment('1', late - 1));
    await deliver(late, appointment('2', late));
    expect((await operationsMail(SUNDAY))?.unmatched?.count).toBe(1);
    expect((await operationsMail(MONDAY))?.unmatched?.count).toBe(1);
    expect(await operationsMail(TUESDAY)).toBeUndefined();
  });
});

describe('codes without an entry', () => {
  it('are named once with the number of events, without what the directory knows', async () => {
    const early = SUNDAY - HOUR_MS;
    await deliver(early, rows(early, 'R-1,Q,north', 'R-2,Q,elsewhere', 'R-3,routine,north'));
    const mail = await operationsMail(SUNDAY);
    expect(mail?.unmapped).toEqual({
      codes: [
        { field: 'referral.received.priority', value: 'Q', count: 2 },
        { field: 'referral.received.site', value: 'elsewhere', count: 1 },
      ],
      more: 0,
    });
    expect(run.mailed.at(-1)?.text).toContain('"Q" - 2 events referral.received.priority');
    // Sent again, it says nothing new.
    await deliver(SUNDAY + HOUR_MS, rows(SUNDAY + HOUR_MS, 'R-1,Q,north'));
    expect((await operationsMail(MONDAY))?.unmapped).toBeUndefined();
  });
});

describe('a read that fails', () => {
  it.each([['unmatched', 'heldBetween'] as const, ['unmapped', 'codesBetween'] as const])(
    'of the %s, by %s, is no empty answer',
    async (name, method) => {
      const stores = memoryStores();
      Object.assign(stores[name], { [method]: () => Promise.reject(new Error('throttled')) });
      run = await MailWorld.open(config, stores);
      run.deadLetters = [{ queue: 'scheduler', count: 1 }];
      await run.plan(MONDAY);
      const { mailed, failed } = await run.send(MONDAY);
      expect(failed).toBe(1);
      expect(mailed.filter(({ content }) => content.kind === 'operations')).toEqual([]);
    },
  );
});
