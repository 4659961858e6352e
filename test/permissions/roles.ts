import type { FunctionName } from '../../infra/settings.ts';
import { purposeOf } from '../../infra/settings.ts';
import type { Template } from '../../infra/templates.ts';
import { deployedNames } from './arns.ts';
import { readStatement, type Statement } from './policy.ts';

type Resource = Template['Resources'][string];

/** What each function's own role says, by function: every statement of every policy that is attached to it. */
export function roleStatements(templates: Template[]): Map<FunctionName, Statement[]> {
  const resources = new Map(templates.flatMap(({ Resources }) => Object.entries(Resources)));
  const ofType = (type: string): Resource[] => [...resources.values()].filter(({ Type }) => Type === type);
  const names = deployedNames(templates);
  const policies = ofType('AWS::IAM::Policy').map(({ Properties }) => names.resolve(Properties) as Policy);
  return new Map(
    ofType('AWS::Lambda::Function').map(({ Properties = {} }) => {
      const [role] = (Properties.Role as { 'Fn::GetAtt': [string, string] })['Fn::GetAtt'];
      const { ManagedPolicyArns, Policies } = resources.get(role)?.Properties ?? {};
      if (ManagedPolicyArns || Policies) throw new Error(`${role}: has policies that nobody reads here`);
      const own = policies.filter(({ Roles = [] }) => Roles.includes(role));
      const statements = own.flatMap(({ PolicyDocument }) => PolicyDocument.Statement.map(readStatement));
      return [purposeOf(String(Properties.FunctionName)) as FunctionName, statements];
    }),
  );
}

interface Policy {
  PolicyDocument: { Statement: Record<string, unknown>[] };
  Roles?: string[];
}
