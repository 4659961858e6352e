import { expect, test } from 'vitest';
import { message, segment, translate, translated } from './messages.ts';

const body = message('ADT^A04', [segment('PV1', { 19: 'V1' })]);
const dialects = {
  defaults: { unmatchedDays: 30 },
  senders: [
    { name: 'west', match: { 'MSH-4.1': 'WEST' } },
    { name: 'east', match: { 'MSH-4.1': 'EAST', 'MSH-3.1': ['OTHER', 'EAST-EHR'] }, unmatchedDays: 7 },
    { name: 'east-too', match: { 'MSH-4.1': 'EAST' } },
  ],
};

test('a sender is the entry that its attribute names', () => {
  expect(translated(body, { dialects, sender: 'west' }).sender).toBe('west');
});

test('a sender is else the first entry that matches', () => {
  expect(translated(body, { dialects })).toMatchObject({ sender: 'east', unmatchedDays: 7 });
  expect(translated(body, { dialects, sender: 'no such entry' }).sender).toBe('east');
});

test('a sender is else what its header says', () => {
  expect(translated(body)).toMatchObject({ sender: 'hl7v2:/EAST/EAST-EHR', unmatchedDays: 90 });
  const strange = message('ADT^A04', [segment('PV1', { 19: 'V1' })], { 3: 'Lab 7/a', 4: 'St. Any^1.2.3^ISO' });
  expect(translated(strange, { dialects })).toMatchObject({
    sender: 'hl7v2:/St.%20Any/Lab%207%2Fa',
    unmatchedDays: 30,
  });
});

test('each message of a body has its own', () => {
  const west = message('ADT^A04', [segment('PV1', { 19: 'V1' })], { 4: 'WEST' });
  expect(translate(body + west, { dialects }).map((each) => 'sender' in each && each.sender)).toEqual(['east', 'west']);
});
