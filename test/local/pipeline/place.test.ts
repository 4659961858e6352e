import { expect, it } from 'vitest';
import { unitOf } from '../../../local/pipeline/place.ts';

it.each([
  ['a.csv', 'csv', 'line'],
  ['a.txt', 'csv', 'line'],
  ['a.ndjson', 'fhir', 'line'],
  ['a.JSONL', undefined, 'line'],
  ['a.json', 'fhir', 'entry'],
  ['a.json', undefined, 'entry'],
  ['a.hl7', 'hl7v2', 'message'],
  ['a.txt', 'hl7v2', 'message'],
  ['topic.ndjson', 'hl7v2', 'line'],
])('A position in %s in %s counts each %s', (file, dialect, unit) => {
  expect(unitOf(file, dialect)).toBe(unit);
});
