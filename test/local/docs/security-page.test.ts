import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { synthesizeTemplates } from '../../../infra/templates.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const page = readFileSync(join(ROOT, 'docs/security.md'), 'utf8');

describe('docs/security.md', () => {
  it('names files that exist', () => {
    const files = [...page.matchAll(/`((?:functions|infra|local|shared|test)\/[\w./-]+\.tsx?)`/g)].map(
      ([, file]) => file,
    );
    expect(files.length).toBeGreaterThan(30);
    expect(files.filter((file = '') => !existsSync(join(ROOT, file)))).toEqual([]);
  });

  it('shows what stops it by a file or test in every row of the arrows', () => {
    const arrows = page.slice(page.indexOf('## The flow'), page.indexOf('## HIPAA'));
    const rows = arrows.split('\n').filter((line) => line.startsWith('| ') && !/^\| (?:who could|---)/.test(line));
    expect(rows.length).toBeGreaterThan(20);
    for (const row of rows) expect(row.split('|').at(-2), row).toMatch(/`[\w/.-]+`/);
  });

  it('names each service that a stage uses, for the agreement with AWS', () => {
    const agreement = page.split('\n').find((line) => line.includes('BAA with AWS')) ?? '';
    const types = synthesizeTemplates('test').flatMap(({ Resources }) =>
      Object.values(Resources).map(({ Type }) => Type),
    );
    const own: Record<string, string> = {
      Events: 'EventBridge',
      Scheduler: 'EventBridge Scheduler',
      Logs: 'CloudWatch',
    };
    const services = [...new Set(types.map((type) => type.split('::')[1] ?? ''))].map((name) => own[name] ?? name);
    expect(services.filter((name) => !agreement.includes(name))).toEqual([]);
  });

  it('is linked from where people look', () => {
    for (const file of ['README.md', 'SECURITY.md', 'docs/README.md']) {
      expect(readFileSync(join(ROOT, file), 'utf8'), file).toMatch(/\]\((?:docs\/)?security\.md(?:#[\w-]+)?\)/);
    }
  });
});
