import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deskOf } from '../../../local/operate/quarantine-list.ts';
import { outcomeOf, replay } from '../../../local/operate/quarantine-replay.ts';
import { standingOf } from '../../../local/operate/quarantine-selection.ts';
import { dialectsSchema } from '../../../shared/contracts/dialects.ts';
import { MINUTE_MS } from '../../../shared/contracts/duration.ts';
import { REFUSAL_REASONS } from '../../../shared/contracts/vocabulary.ts';
import { sampleConfig } from '../../builders/config.ts';
import { at } from '../../builders/instants.ts';
import { type Operated, openOperated } from './operator.ts';

/** Sending refused members of other dialects again, once the configuration was mended. */

const MONDAY = at('03-02 14:00');

const nightly = (dates: string[]) => ({
  ...sampleConfig(),
  dialects: dialectsSchema.parse({
    defaults: { timeZone: 'America/New_York' },
    senders: [
      {
        name: 'nightly',
        csv: {
          ...{ kind: 'states', delimiter: ';', key: ['Ref'], subject: 'Ref', dates },
          emit: [
            { type: 'referral.received', time: 'Created' },
            { type: 'referral.closed', time: 'exportedAt', when: { Status: 'Closed' } },
          ],
        },
      },
    ],
  }),
});

const EXPORT = 'Ref;Created;Status\nR-1;2026-02-27 09:00;Open\nR-2;27.02.2026 10:00;Closed\n';
const ATTRIBUTES = { dialect: 'csv', sender: 'nightly', file: 'nightly.csv', exportedAt: '2026-03-02T05:00:00Z' };
const AHEAD = 'MSH|^~\\&|EHR|NORTH|||20260302120000-0500||REF^I12|M-1|P|2.4\rRF1||R||||REF-7^X\rPID|1||MRN-1\r';

let operated: Operated;
beforeAll(async () => {
  operated = await openOperated(MONDAY, nightly(['yyyy-MM-dd HH:mm']));
});
afterAll(() => operated.close());

async function kept() {
  const desk = deskOf(operated.target());
  const all = [];
  for (const reason of REFUSAL_REASONS) {
    for await (const page of desk.pages(reason)) all.push(...page);
  }
  return all;
}

async function replayAll() {
  for (const reason of REFUSAL_REASONS) {
    await replay(operated.target(), { reason }, { dryRun: false, wait: 0 });
  }
  await operated.pipeline.drain('referral-events');
  const entries = await kept();
  for (const entry of entries) await outcomeOf(entry, operated.target());
  return (await kept()).map((entry) => [entry.dialect, standingOf(entry)]).sort();
}

const logOf = async (referralId: string) =>
  (await operated.pipeline.stores.referrals.loadLog(referralId)).log.map(({ event }) => event.type).sort();

describe('a refused row', () => {
  it('is read as it came when it is sent again, and refused again under the same id', async () => {
    const { pipeline } = operated;
    await pipeline.enqueue([{ body: EXPORT, arrivedAt: MONDAY, attributes: ATTRIBUTES }]);
    await pipeline.drain('referral-events');
    expect(await kept()).toEqual([
      expect.objectContaining({ reason: 'invalid', file: 'nightly.csv', position: 3, sender: 'nightly' }),
    ]);
    expect(await replay(operated.target(), { reason: 'invalid' }, { dryRun: true, wait: 0 })).toMatchObject({
      wouldRefuse: { invalid: 1 },
    });
    expect(await replayAll()).toEqual([['csv', 'refused_again']]);
  });

  it('is taken in once its format was added', async () => {
    const { pipeline } = operated;
    await pipeline.pushConfig(nightly(['yyyy-MM-dd HH:mm', 'dd.MM.yyyy HH:mm']));
    // A function reads the configuration once a minute.
    pipeline.time.moveTo(MONDAY + 2 * MINUTE_MS);
    expect(await replay(operated.target(), { reason: 'invalid' }, { dryRun: true, wait: 0 })).toMatchObject({
      wouldRefuse: {},
    });
    expect(await replayAll()).toEqual([['csv', 'taken_in']]);
    expect(await logOf('R-2')).toEqual(['referral.closed', 'referral.received']);
  });
});

describe('a message that came too early', () => {
  it('is an event of its referral by then, and taken in as that', async () => {
    const { pipeline } = operated;
    await pipeline.enqueue([{ body: AHEAD, arrivedAt: MONDAY }]);
    await pipeline.drain('referral-events');
    const [refused] = (await kept()).filter(({ reason }) => reason === 'time_in_future');
    expect(refused).toMatchObject({ dialect: 'hl7v2' });
    expect(await replayAll()).toContainEqual(['hl7v2', 'taken_in']);
    expect(await logOf('REF-7')).toEqual(['referral.received']);
  });
});

describe('a member without its referral’s id that came too early', () => {
  const HOUR_AHEAD = '2026-03-02T15:00:00Z';
  const APPOINTMENT = [{ reference: 'Appointment/a-9' }];
  const VISIT = JSON.stringify({
    ...{ resourceType: 'Encounter', id: 'v-9', meta: { lastUpdated: HOUR_AHEAD }, status: 'in-progress' },
    ...{ period: { start: HOUR_AHEAD }, appointment: APPOINTMENT },
    ...{ text: { div: 'Personal words' }, subject: { display: 'Personal name' } },
  });
  const BOOKING = JSON.stringify({
    ...{ resourceType: 'Appointment', id: 'a-9', meta: { lastUpdated: '2026-03-02T13:00:00Z' }, status: 'booked' },
    ...{ start: '2026-03-20T14:00:00Z', basedOn: [{ reference: 'ServiceRequest/r-9' }] },
  });
  const scheduled = (time: string, id: string, referral: string): string =>
    [
      `MSH|^~\\&|SCH|EAST|||${time}||SIU^S12|${id}|P|2.5`,
      `SCH||77||||||||||20260320090000|||||||||||||Booked|${referral}`,
      `NTE|1||Personal words`,
      'TQ1|1||||||20260320090000',
    ].join('\r');
  const early = async (dialect: string) =>
    (await kept()).filter((entry) => entry.reason === 'time_in_future' && entry.dialect === dialect);

  it('is kept without what people wrote, and tied where its key was named meanwhile', async () => {
    const { pipeline } = operated;
    const now = pipeline.time.now();
    await pipeline.enqueue([{ body: VISIT, arrivedAt: now }]);
    await pipeline.drain('referral-events');
    const [entry, ...more] = await early('fhir');
    expect(more).toEqual([]);
    const body = await deskOf(operated.target()).body(entry as NonNullable<typeof entry>);
    expect(body).toContain('Appointment/a-9');
    expect(body).not.toContain('Personal');
    await pipeline.enqueue([{ body: BOOKING, arrivedAt: now }]);
    await pipeline.drain('referral-events');
    expect(await logOf('r-9')).toEqual(['appointment.scheduled']);
    // Too early still.
    const dryRun = await replay(operated.target(), { reason: 'time_in_future' }, { dryRun: true, wait: 0 });
    expect(dryRun.wouldRefuse).toEqual({ time_in_future: 1 });
    pipeline.time.moveTo(at(HOUR_AHEAD) + MINUTE_MS);
    expect(await replayAll()).toContainEqual(['fhir', 'taken_in']);
    expect(await logOf('r-9')).toEqual(['appointment.scheduled', 'visit.arrived']);
  });

  it('waits where its key isn’t named yet, and is taken in once it is', async () => {
    const { pipeline } = operated;
    await pipeline.enqueue([{ body: scheduled('20260302130000-0500', 'M-1', ''), arrivedAt: pipeline.time.now() }]);
    await pipeline.drain('referral-events');
    const waiting = (await early('hl7v2')).filter((entry) => standingOf(entry) === 'refused');
    expect(waiting).toHaveLength(1);
    expect(await deskOf(operated.target()).body(waiting[0] as (typeof waiting)[number])).not.toContain('Personal');
    pipeline.time.moveTo(at('2026-03-02T18:01:00Z'));
    expect(await replayAll()).toContainEqual(['hl7v2', 'sent_again']);
    await pipeline.enqueue([{ body: scheduled('20260302120000-0500', 'M-0', 'r-10'), arrivedAt: pipeline.time.now() }]);
    await pipeline.drain('referral-events');
    expect(await logOf('r-10')).toEqual(['appointment.scheduled', 'appointment.scheduled']);
    expect(await replayAll()).not.toContainEqual(['hl7v2', 'sent_again']);
  });
});

describe('input of which nothing may be kept', () => {
  it('is counted message by message, and not sent again', async () => {
    const { pipeline } = operated;
    const broken = ['{"resourceType":', '{"resourceType":"Patient"'];
    await pipeline.enqueue(broken.map((body) => ({ body, arrivedAt: MONDAY, attributes: { dialect: 'fhir' } })));
    await pipeline.drain('referral-events');
    expect((await kept()).filter(({ reason }) => reason === 'malformed')).toHaveLength(2);
    expect(await replay(operated.target(), { reason: 'malformed' }, { dryRun: false, wait: 0 })).toMatchObject({
      ...{ sent: 0, leftAlone: 2 },
    });
  });
});
