import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { dialectsSchema } from '../../../../../shared/contracts/dialects.ts';
import { formatInstant } from '../../../../../shared/contracts/instant.ts';
import { translated } from './messages.ts';

const page = readFileSync('docs/integrations/hl7v2.md', 'utf8');
const blocks = [...page.matchAll(/```\w+\n([^`]+)```/g)].map(([, text]) => text ?? '');

test('the example of the page becomes what the page says', () => {
  const [sent = '', entry = '', event = ''] = blocks;
  const member = translated(sent, { dialects: dialectsSchema.parse(JSON.parse(entry)) });
  const { facts, keys, sender, recordedAt, unmapped } = member;
  const made = facts.map(({ type, time, entity, data }) => ({
    source: sender,
    type,
    subject: keys.referralId,
    time: formatInstant(time),
    recordedtime: formatInstant(recordedAt ?? 0),
    entity,
    data,
  }));
  expect(made).toEqual([JSON.parse(event)]);
  expect(keys.others).toEqual(['appointment:A-4711', 'placer-appointment:P-77', 'visit:V-9']);
  expect(unmapped).toEqual([]);
});
