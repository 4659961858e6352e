import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { docFiles } from '../../../local/docs/write.ts';
import { EVENT_TYPES } from '../../../shared/contracts/event.ts';
import { DIALECTS } from '../../../shared/contracts/vocabulary.ts';

const folder = join(import.meta.dirname, '..', '..', '..', 'docs');
const files = docFiles();
const read = (path: string) => readFileSync(join(folder, path), 'utf8');

describe('generated documents', () => {
  it.each([...files])('docs/%s is up to date with the code; npm run docs writes it', (path, text) => {
    expect(read(path)).toBe(text);
  });

  it('include every file in the folder of schemas', () => {
    const written = [...files.keys()].filter((path) => path.startsWith('schemas/'));
    expect(readdirSync(join(folder, 'schemas')).map((name) => `schemas/${name}`)).toEqual(written.sort());
  });

  it('have a payload for every event type and dialect in AsyncAPI', () => {
    const { channels } = JSON.parse(read('asyncapi.json'));
    const schema = JSON.parse(read('schemas/event.schema.json'));
    const { messages } = channels.referralEvents;
    const others = DIALECTS.filter((dialect) => dialect !== 'cloudevents');
    expect(Object.keys(messages)).toEqual([...EVENT_TYPES, ...others]);
    for (const type of EVENT_TYPES) {
      const [file, pointer] = messages[type].payload.schema.$ref.split('#/$defs/');
      expect(file).toBe('schemas/event.schema.json');
      expect(schema.$defs[pointer].properties.type.const).toBe(type);
    }
  });
});
