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
