import { describe, expect, it } from 'vitest';
import { TemplateReader } from './template-reader.ts';

const templates = new TemplateReader();

/** What holds for every role; that each allows just what is called is proven in `test/permissions`. */
describe('rights', () => {
  it('lets nobody scan a table or delete from it', () => {
    const actions = templates.statements().flatMap((statement) => statement.actions);
    expect(actions.filter((action) => /scan|delete(item|table)|partiql|batchwrite/i.test(action))).toEqual([]);
  });

  it('names every action, but for the two of a key that KMS itself names with a star', () => {
    const actions = templates.statements().flatMap((statement) => statement.actions);
    const starred = new Set(actions.filter((action) => action.includes('*')));
    expect([...starred].sort()).toEqual(['kms:GenerateDataKey*', 'kms:ReEncrypt*']);
  });

  it('names every resource, but for versions of the functions that a schedule calls', () => {
    const starred = templates
      .statements()
      .flatMap(({ actions, resources }) => resources.map((resource) => ({ actions, resource })))
      .filter(({ resource }) => resource.includes('*'));
    expect(starred.map(({ actions }) => actions)).toEqual(Array(3).fill(['lambda:InvokeFunction']));
    expect(starred.every(({ resource }) => resource.endsWith(':*'))).toBe(true);
  });

  it('attaches no managed policy to any role', () => {
    const roles = templates.ofType('AWS::IAM::Role');
    expect(roles.filter(({ properties }) => properties.ManagedPolicyArns)).toEqual([]);
  });

  it('gives every function a role of its own', () => {
    const roles = templates.ofType('AWS::Lambda::Function').map(({ properties }) => properties.Role['Fn::GetAtt'][0]);
    expect(new Set(roles).size).toBe(6);
  });
});
