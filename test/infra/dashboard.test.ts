import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { TemplateReader } from './template-reader.ts';

const templates = new TemplateReader();
const [dashboard] = templates.ofType('AWS::CloudWatch::Dashboard');
const body = JSON.stringify(dashboard?.properties.DashboardBody);
const titles = [...body.matchAll(/\\"title\\":\\"(.+?) \((.+?)\)\\"/g)].map(([, title = '', runbooks = '']) => ({
  title,
  runbooks: runbooks.split(', '),
}));

describe('the dashboard', () => {
  it('shows what comes in, waits, is given up and goes out, and whether runs keep up', () => {
    expect(titles.map(({ title }) => title)).toEqual([
      'Input',
      'Age of the oldest message, seconds',
      'Dead letters',
      'Detection is behind by, milliseconds',
      'Failures',
      'Mails of this account, by outcome',
      'Mails in trouble',
      'Share that bounces or is reported as spam',
      'Runs',
      'Errors and throttles',
    ]);
  });

  it('names sections that the runbooks have', () => {
    const runbooks = readFileSync(new URL('../../docs/runbooks.md', import.meta.url), 'utf8');
    const named = titles.flatMap((each) => each.runbooks);
    expect(named.length).toBeGreaterThan(15);
    for (const name of named) expect(runbooks).toContain(`\n## ${name}\n`);
  });

  it('shows each queue, its dead letters and each function', () => {
    const queues = templates.ofType('AWS::SQS::Queue').map(({ logicalId }) => logicalId);
    for (const logicalId of queues) expect(body).toContain(logicalId);
    const functions = templates.ofType('AWS::Lambda::Function').map(({ logicalId }) => logicalId);
    expect(functions).toHaveLength(7);
    for (const logicalId of functions) expect(body).toContain(logicalId);
  });
});
