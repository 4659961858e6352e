import { describe, expect, it } from 'vitest';
import { readRecord } from '../../../functions/ingest-events/read-record.ts';
import { sqsEvent } from '../../builders/sqs.ts';
import { message, segment } from '../../shared/intake/dialects/hl7v2/messages.ts';

/** A time of a year that this system doesn't have is refused by its place in the message, not in the event made of it. */

async function details(body: string): Promise<string[]> {
  const { Records } = sqsEvent([{ body, sentAt: Date.parse('2026-03-04T16:00:00Z') }]);
  const setting = { dialects: { defaults: {}, senders: [] }, timeZone: 'America/Chicago' };
  const received = await Promise.all(Records.map((record) => readRecord(record, async () => setting)));
  return received.flat().flatMap((each) => ('refusal' in each ? [each.refusal.detail] : []));
}
const YEARS = 'expected a time from 2000 to 2100';
const OLD = '19890302090000-0500';

describe('A time of 1989', () => {
  it.each([
    ['MSH-7', message('ADT^A04', [segment('PV1', { 19: 'V1' })], { 7: OLD })],
    ['EVN-6', message('ADT^A04', [segment('EVN', { 6: OLD }), segment('PV1', { 19: 'V1' })])],
    ['RF1-9', message('REF^I12', [segment('RF1', { 6: 'R-1', 9: '19890302' })])],
    ['TQ1-7', message('SIU^S12', [segment('SCH', { 2: 'A-1' }), segment('TQ1', { 7: OLD })])],
    ['SCH-11.4', message('SIU^S12', [segment('SCH', { 2: 'A-1', 11: `^^^${OLD}` })])],
  ])('is refused as that of %s', async (path, body) => {
    expect(await details(body)).toEqual([`${path}: ${YEARS}`]);
  });

  const order = {
    resourceType: 'ServiceRequest',
    id: 'r1',
    meta: { lastUpdated: '2026-03-04T15:00:00Z' },
    status: 'active',
    intent: 'order',
    subject: { reference: 'Patient/p1' },
  };
  const visit = {
    resourceType: 'Encounter',
    id: 'e1',
    meta: order.meta,
    status: 'finished',
    basedOn: [{ reference: 'ServiceRequest/r1' }],
  };
  const bundled = { ...visit, meta: {} };
  it.each([
    ['meta.lastUpdated', { ...visit, meta: { lastUpdated: '1989-03-02T10:00:00Z' } }],
    ['authoredOn', { ...order, authoredOn: '1989-03-02T10:00:00Z' }],
    ['authoredOn', { ...order, authoredOn: '1989-03-02' }],
    ['period.end', { ...visit, period: { end: '1989-03-02T10:00:00Z' } }],
    [
      "the Bundle's timestamp",
      { resourceType: 'Bundle', type: 'collection', timestamp: '1989-03-02T10:00:00Z', entry: [{ resource: bundled }] },
    ],
  ])('is refused as that of %s', async (path, resource) => {
    const found = await details(JSON.stringify(resource));
    expect(new Set(found.flatMap((detail) => detail.split('; ')))).toEqual(new Set([`${path}: ${YEARS}`]));
  });
});
