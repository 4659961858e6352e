import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readInput } from '../../../local/pipeline/input-files.ts';
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
