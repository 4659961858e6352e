import { describe, expect, it } from 'vitest';
import { TemplateReader } from './template-reader.ts';

const templates = new TemplateReader();

/** Rules for every role. `test/permissions` proves that each role allows exactly what is called. */
describe('rights', () => {
  it('let nobody delete from a table, but operators what lies in quarantine, and ingest what has found its referral', () => {
    const all = templates
      .statements()
      .flatMap((statement) => statement.actions.map((action) => ({ action, statement })));
    const deleting = all.filter(({ action }) => /delete(item|table)|partiql|batchwrite/i.test(action));
    expect(deleting).toEqual([
      {
        action: 'dynamodb:DeleteItem',
        statement: expect.objectContaining({
          role: expect.stringMatching(/^IngestEvents/),
          condition: {
            'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['unmatched#*', 'unmatched-day#*', 'waiting#*'] },
          },
        }),
      },
      {
        action: 'dynamodb:DeleteItem',
        statement: expect.objectContaining({
          role: expect.stringMatching(/^Operator/),
          condition: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['quarantine#*', 'quarantine-body#*'] } },
        }),
      },
    ]);
  });

  it('let no function scan a table, and operators the referrals', () => {
    const scans = templates.statements().filter(({ actions: own }) => own.some((action) => /scan/i.test(action)));
    // This index holds the keys of every referral that was received, and nothing else.
    const keys = [expect.stringMatching(/index\/practice$/)];
    const all = [
      expect.stringMatching(/Referrals[^/]*$/),
      ...['due', 'practice'].map((name) => expect.stringMatching(new RegExp(`index/${name}$`))),
    ];
    const scan = (role: string, resources: unknown[]) =>
      expect.objectContaining({ actions: ['dynamodb:Scan'], resources, role: expect.stringContaining(role) });
    expect(scans).toEqual([scan('WriteReports', keys), scan('Operator', all)]);
  });

  it('name every action and every resource, but for one action that SES lets nobody narrow', () => {
    const named = templates.statements().flatMap(({ actions, resources }) => [...actions, ...resources]);
    // Calls of operators for which IAM has no resource; test/permissions/operator.test.ts lists them.
    expect(named.filter((name) => name.includes('*'))).toEqual(['*', '*']);
    const onAccount = { actions: ['ses:GetSendQuota'], resources: ['*'] };
    expect(templates.rightsOfRole(templates.lambda('send-mail').properties.Role['Fn::GetAtt'][0])).toContainEqual(
      expect.objectContaining(onAccount),
    );
  });

  it('let nobody use the data key but by way of a service, or to look at it', () => {
    const used = templates.statements().filter(({ resources }) => resources.includes('Key'));
    const without = used.filter(({ condition }) => condition?.StringEquals?.['kms:ViaService'] === undefined);
    expect(used.length).toBeGreaterThan(10);
    expect(without.map(({ role, actions }) => [role, actions])).toEqual([
      [expect.stringMatching(/^Operator/), ['kms:DescribeKey', 'kms:GetKeyPolicy']],
    ]);
  });

  it('deny every function with rights on the operations table to read what is sealed there', () => {
    const policies = templates
      .ofType('AWS::IAM::Policy')
      .filter(({ logicalId }) => !logicalId.startsWith('Operator'))
      .map(({ properties }) => properties.PolicyDocument.Statement);
    const onOperations = (statement: { Effect: string; Resource: unknown }, effect: string): boolean =>
      statement.Effect === effect && /Output(FnGetAtt|Ref)Operations/.test(JSON.stringify(statement.Resource));
    const bound = policies.filter((statements) => statements.some((one: never) => onOperations(one, 'Allow')));
    expect(bound).toHaveLength(7);
    for (const statements of bound) {
      const [denial, ...others] = statements.filter((one: never) => onOperations(one, 'Deny'));
      expect(others).toEqual([]);
      // One such key among a batch's is enough, and a key that is absent denies nothing: no request here is without one.
      expect(denial.Condition).toEqual({ 'ForAnyValue:StringLike': { 'dynamodb:LeadingKeys': ['quarantine*'] } });
      for (const action of ['BatchGetItem', 'GetItem', 'Query', 'UpdateItem']) {
        expect(denial.Action).toContain(`dynamodb:${action}`);
      }
    }
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
