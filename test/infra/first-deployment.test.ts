import { describe, expect, it } from 'vitest';
import type { Template } from '../../infra/templates.ts';
import { TABLE_TYPE } from '../../local/stand-ins/tables.ts';
import { TemplateReader } from './template-reader.ts';

/** A first deployment can fail at any resource. Whatever it made by then has to be rolled back. */

const templates = new TemplateReader();
const state = templates.templates.find(({ Resources }) =>
  Object.values(Resources).some(({ Type }) => Type === TABLE_TYPE),
) as Template;
const ids = Object.keys(state.Resources);
const ofTables = ids.filter((id) => state.Resources[id]?.Type === TABLE_TYPE);

/** Everything that CloudFormation makes before a resource. */
function madeBefore(id: string, seen = new Set<string>()): Set<string> {
  const text = JSON.stringify(state.Resources[id]);
  const DependsOn = state.Resources[id]?.DependsOn ?? [];
  const references = [...text.matchAll(/"(?:Ref|Fn::GetAtt)":\[?"(\w+)"/g)].map(([, name]) => name ?? '');
  for (const next of [...([DependsOn].flat() as string[]), ...references].filter((name) => ids.includes(name))) {
    if (seen.has(next)) continue;
    seen.add(next);
    madeBefore(next, seen);
  }
  return seen;
}

describe('a first deployment that fails', () => {
  it('lets everything go that it made: nothing is kept always', () => {
    const policies = templates.templates.flatMap(({ Resources }) =>
      Object.values(Resources).map(({ DeletionPolicy }) => DeletionPolicy),
    );
    expect(policies).toContain('RetainExceptOnCreate');
    expect(policies).not.toContain('Retain');
  });

  it('has made no table yet, whose deletion protection would keep it, unless it fails at a table', () => {
    const [first = '', second = ''] = ofTables.sort((a, b) => madeBefore(a).size - madeBefore(b).size);
    expect(ofTables).toHaveLength(2);
    expect([...madeBefore(first)].sort()).toEqual(ids.filter((id) => !ofTables.includes(id)).sort());
    expect([...madeBefore(second)].sort()).toEqual(ids.filter((id) => id !== second).sort());
  });

  it('fails at the smaller table first: the other one has the indexes', () => {
    const [first = ''] = ofTables.sort((a, b) => madeBefore(a).size - madeBefore(b).size);
    expect(state.Resources[first]?.Properties?.TableName).toBe('loopwatch-test-operations');
  });
});
