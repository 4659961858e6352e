import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { TemplateReader } from '../../infra/template-reader.ts';
import { page, rows, shape } from './data-model-page.ts';

const root = join(import.meta.dirname, '..', '..', '..');

/** Shapes of the keys that the store builds, as its sources spell them. */
function keysInCode(): Set<string> {
  const folder = join(root, 'shared', 'store');
  const sources = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
  const constants = new Map<string, string>();
  const found = new Set<string>();
  for (const source of sources) {
    for (const [, name = '', value = ''] of source.matchAll(/export const ([A-Z_]+) = '([^']+)'/g)) {
      constants.set(name, value);
      // A prefix is part of templates; a whole key stands alone.
      if (!value.endsWith('#')) found.add(value);
    }
    for (const [, value = ''] of source.matchAll(/\b[ps]k: '([^']+)'/g)) found.add(value);
    for (const [, keys = ''] of source.matchAll(/export const [A-Z_]+_KEYS = \{([^}]+)\}/g)) {
      for (const [, value = ''] of keys.matchAll(/: '([^']+)'/g)) found.add(value);
    }
  }
  for (const name of ['keys.ts', 'operations-keys.ts']) {
    const source = readFileSync(join(folder, name), 'utf8');
    for (const [, template = ''] of source.matchAll(/`([^`\n]+)`/g)) {
      const key = shape(template.replace(/\$\{([A-Z_]+)\}/g, (whole, constant) => constants.get(constant) ?? whole));
      if (key.includes('#')) found.add(key);
    }
  }
  return found;
}

function keysInPage(): Set<string> {
  const items = ['### Table `referrals`', '### Table `operations`'].flatMap((heading) => rows(heading));
  const partitions = items.flatMap(([, pk = []]) => pk);
  // A sort key that is nothing but an id has no shape to compare.
  const sorts = items.flatMap(([, , sk = []]) => sk).filter((sk) => shape(sk) !== '<>');
  const indexKeys = rows('## Indexes').flatMap((cells) => cells[5] ?? []);
  return new Set([...partitions, ...sorts, ...indexKeys].map(shape));
}

describe('the page on the data model', () => {
  it('names every key that the store builds, and none that it does not', () => {
    // `current` is the configuration's only sort key that isn't a version; it is given as an argument.
    expect([...keysInPage()].filter((key) => key !== 'current').sort()).toEqual([...keysInCode()].sort());
  });

  it('names the indexes of the template, with their keys and what they project', () => {
    const indexes: {
      IndexName: string;
      KeySchema: { AttributeName: string }[];
      Projection: { ProjectionType: string };
    }[] = new TemplateReader().table('referrals').properties.GlobalSecondaryIndexes;
    const inTemplate = indexes.map(({ IndexName, KeySchema, Projection }) => [
      IndexName,
      ...KeySchema.map(({ AttributeName }) => AttributeName),
      Projection.ProjectionType,
    ]);
    const projections = [...page.matchAll(/^\| `[a-z]+` \|.*\| (KEYS_ONLY|ALL) \|/gm)].map(
      ([, projection]) => projection,
    );
    const inPage = rows('## Indexes').map(([index, partition, sort], row) => [
      index?.[0],
      partition?.[0],
      sort?.[0],
      projections[row],
    ]);
    expect(inPage).toEqual(inTemplate);
  });

  it('has an access pattern for each operation that a function may use on a table', () => {
    const patterns = page.split('\n## Access patterns\n')[1] ?? '';
    for (const { properties } of new TemplateReader().ofType('AWS::IAM::Policy')) {
      for (const { Action } of properties.PolicyDocument.Statement) {
        for (const action of [Action].flat() as string[]) {
          const [service, operation = ''] = action.split(':');
          if (service === 'dynamodb') expect(patterns).toContain(operation);
        }
      }
    }
  });
});
