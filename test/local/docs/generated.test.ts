import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { docFiles } from '../../../local/docs/write.ts';
import { EVENT_TYPES } from '../../../shared/contracts/event.ts';
import { DIALECTS } from '../../../shared/contracts/vocabulary.ts';

const folder = join(import.meta.dirname, '..', '..', '..', 'docs');
const read = (path: string) => readFileSync(join(folder, path), 'utf8');

describe('generated documents', () => {
  it.each([...docFiles()])('docs/%s is up to date with the contracts; npm run docs writes it', (path, text) => {
    expect(read(path)).toBe(text);
  });

  it('include every file in the folder of schemas', () => {
    const written = [...docFiles().keys()].filter((path) => path.startsWith('schemas/'));
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

describe('documents', () => {
  const pages = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.md'));

  it.each(pages)('docs/%s has no broken link', (path) => {
    const links = [...read(path).matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, target]) => target as string);
    const missing = links.filter((target) => !existsSync(join(folder, dirname(path), target)));
    expect(missing).toEqual([]);
  });
});
