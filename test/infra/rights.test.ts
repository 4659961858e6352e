import { describe, expect, it } from 'vitest';
import { TemplateReader } from './template-reader.ts';

const templates = new TemplateReader();

/** What holds for every role; that each allows just what is called is proven in `test/permissions`. */
describe('rights', () => {
  it('lets nobody scan a table or delete from it', () => {
    const actions = templates.statements().flatMap((statement) => statement.actions);
    expect(actions.filter((action) => /delete(item|table)|partiql|batchwrite/i.test(action))).toEqual([]);
    const scans = templates.statements().filter(({ actions: own }) => own.some((action) => /scan/i.test(action)));
    expect(scans).toHaveLength(1);
    // The one index with nothing in it but keys, to read which is what it is for.
    expect(scans[0]).toMatchObject({
      actions: ['dynamodb:Scan'],
      resources: [expect.stringMatching(/index\/cohort$/)],
    });
  });

  it('names every action and every resource', () => {
    const named = templates.statements().flatMap(({ actions, resources }) => [...actions, ...resources]);
    expect(named.filter((name) => name.includes('*'))).toEqual([]);
  });

  it('attaches no managed policy to any role', () => {
    const roles = templates.ofType('AWS::IAM::Role');
    expect(roles.filter(({ properties }) => properties.ManagedPolicyArns)).toEqual([]);
  });

  it('gives every function a role of its own', () => {
    const roles = templates.ofType('AWS::Lambda::Function').map(({ properties }) => properties.Role['Fn::GetAtt'][0]);
    expect(new Set(roles).size).toBe(7);
  });
});
