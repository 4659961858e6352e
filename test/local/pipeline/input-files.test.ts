import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../../local/pipeline/input-error.ts';
import { readInput } from '../../../local/pipeline/input-files.ts';
import { dialectsSchema } from '../../../shared/contracts/dialects.ts';
import { sampleConfig } from '../../builders/config.ts';
import { sent } from '../../builders/events.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const folder = temporaryFolder();
const order = JSON.stringify({ resourceType: 'ServiceRequest', id: 'sr-1', status: 'active', intent: 'order' });
const event = JSON.stringify(sent('referral.accepted', '03-02 13:00', {}, { subject: 'R-1' }));

it.each([
  ['orders.ndjson', `{"resourceType":"Task","note\nand more"}\n${order}`, ['fhir', 'fhir', 'fhir']],
  ['orders.json', `[{"id":"x"},${order}]`, ['fhir', 'fhir']],
  ['events.ndjson', `{"specversion\n${event}`, [undefined, undefined]],
  ['mixed.ndjson', `${event}\n${order}`, [undefined, 'fhir']],
])('A line of a file that shows no dialect is in that of the others: %s', (name, text, dialects) => {
  const file = join(folder, name);
  writeFileSync(file, text);
  const read = readInput([file], { config: sampleConfig() });
  expect(read.map(({ attributes }) => attributes?.dialect)).toEqual(dialects);
});

describe('the sender of files', () => {
  const { policy, directory } = sampleConfig();
  const config = { policy, directory, dialects: dialectsSchema.parse({ senders: [{ name: 'a' }, { name: 'ab' }] }) };
  const file = join(folder, 'abc.ndjson');

  it('is whose name their own begins with, or as was said', () => {
    writeFileSync(file, order);
    const senders = [{}, { sender: 'a' }].map((said) => readInput([file], { config, ...said })[0]?.attributes?.sender);
    expect(senders).toEqual(['ab', 'a']);
  });

  it('has to have an entry if it is said', () => {
    expect(() => readInput([file], { config, sender: 'abc' })).toThrow(
      new InputError('no sender abc in dialects.json: expected one of a, ab'),
    );
  });
});
