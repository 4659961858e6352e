import { describe, expect, it } from 'vitest';
import { TemplateReader } from './template-reader.ts';

const templates = new TemplateReader();

/** Rules for every role. `test/permissions` proves that each role allows exactly what is called. */
describe('rights', () => {
  it('let nobody delete from a table', () => {
    const actions = templates.statements().flatMap((statement) => statement.actions);
    expect(actions.filter((action) => /delete(item|table)|partiql|batchwrite/i.test(action))).toEqual([]);
  });

  it('let nobody scan a table', () => {
    const scans = templates.statements().filter(({ actions: own }) => own.some((action) => /scan/i.test(action)));
    expect(scans).toHaveLength(1);
    // This index holds the keys of every referral that was received, and nothing else.
    expect(scans[0]).toMatchObject({
      actions: ['dynamodb:Scan'],
      resources: [expect.stringMatching(/index\/practice$/)],
    });
  });

  it('name every action and every resource, but for one action that SES lets nobody narrow', () => {
    const named = templates.statements().flatMap(({ actions, resources }) => [...actions, ...resources]);
    expect(named.filter((name) => name.includes('*'))).toEqual(['*']);
    const onAccount = templates.statements().filter(({ resources }) => resources.includes('*'));
    expect(onAccount).toEqual([{ actions: ['ses:GetSendQuota'], resources: ['*'] }]);
    expect(templates.rightsOfRole(templates.lambda('send-mail').properties.Role['Fn::GetAtt'][0])).toContainEqual(
      onAccount[0],
    );
  });

  it('come from no managed policy', () => {
    const roles = templates.ofType('AWS::IAM::Role');
    expect(roles.filter(({ properties }) => properties.ManagedPolicyArns)).toEqual([]);
  });

  it('belong to a role for each function', () => {
    const roles = templates.ofType('AWS::Lambda::Function').map(({ properties }) => properties.Role['Fn::GetAtt'][0]);
    expect(new Set(roles).size).toBe(7);
  });
});
