import { describe, expect, it } from 'vitest';
import { sent } from '../../builders/events.ts';
import { DESK_NOW, openDesk } from './dialect-desk.ts';

/** A body whose dialect its first bytes don't say: what of it counts, and what of it is kept. */

const NOW = new Date(DESK_NOW).toISOString();
const WORDS = 'seen for chest pain';
const order = {
  ...{ resourceType: 'ServiceRequest', id: 'sr-1', meta: { lastUpdated: NOW }, authoredOn: NOW },
  ...{ status: 'active', intent: 'order', subject: { reference: 'Patient/p-1' }, note: [{ text: WORDS }] },
};
const event = sent('referral.accepted', '03-02 13:00', {}, { subject: 'sr-1' });
const json = (value: unknown) => JSON.stringify(value);

describe('good members', () => {
  it.each([
    ['resources, the first line cut off', `{"resourceType":"Task","note":"${WORDS}\n${json(order)}`, {}],
    ['resources, the first without its kind', json([{ note: WORDS }, order]), {}],
    ['a resource under an unknown word', json(order), { dialect: 'fhir-r4' }],
    ['events, the first line cut off', `{"specversion":"1.0","data\n${json(event)}`, {}],
    ['events behind a number', json([1, event]), {}],
  ])('count: %s', async (_, body, attributes) => {
    const { deliver, log, refused } = await openDesk();
    expect(await deliver({ body, attributes: { ...attributes } })).toBe(0);
    expect(await log('sr-1')).toHaveLength(1);
    expect(json(await refused())).not.toContain(WORDS);
  });
});

describe('of a body that nobody can read', () => {
  const note = `OBX|1|TX|11488-4||${WORDS}||||||F`;
  it.each([
    [
      'HL7 v2 behind a line of something else',
      `sent by the engine\r${note}\rNTE|1||${WORDS}\rPID|1||M-1`,
      /PID\|\|\|M-1/,
    ],
    ['HL7 v2 without its header', `${note}\n`, /^OBX\|\|\|11488-4/],
    ['HL7 v2 in JSON', json({ hl7: `MSH|^~\\&|A\r${note}\r` }), /^$/],
    ['a resource that is cut off', json(order).slice(0, -2), /^$/],
    ['a resource in an object', json({ payload_: order }), /"payload_".*"sr-1"/],
    ['a resource in a text', json({ resource: json(order) }), /^$/],
    ['a resource in the envelope of SNS', json({ Type: 'Notification', Message: json({ inner: order }) }), /"inner"/],
    ['a resource among events', json([event, order]), /"sr-1"/],
    ['a resource in an event that is none', json({ specversion: '1.0', data: order }), /"sr-1"/],
  ])('no words are kept: %s', async (_, body, kept) => {
    const { deliver, quarantine, refused } = await openDesk();
    expect(await deliver({ body })).toBe(0);
    const items = await refused();
    expect(items).toHaveLength(1);
    const bodies = (await quarantine.all()).map((each) => each.body);
    expect(bodies).toEqual([expect.stringMatching(kept)]);
    expect(json(bodies)).not.toContain(WORDS);
  });

  it.each([
    ['plain text', `${WORDS} {`],
    ['an event that is none', json({ ...event, time: 'soon' })],
  ])('all is kept of %s', async (_, body) => {
    const { deliver, quarantine } = await openDesk();
    expect(await deliver({ body })).toBe(0);
    expect((await quarantine.all()).map((each) => each.body)).toEqual([body]);
  });
});
