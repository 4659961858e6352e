import { FUNCTIONS, type FunctionName } from '../../infra/settings.ts';
import type { Template } from '../../infra/templates.ts';
import { Intrinsics } from '../../local/stand-ins/intrinsics.ts';
import { TABLE_TYPE } from '../../local/stand-ins/tables.ts';

export const FUNCTION_NAMES = Object.keys(FUNCTIONS) as FunctionName[];

/** By resource type, the property with the physical name, and the value of `Ref`. */
const NAMES: Record<string, [property: string, ref: (name: string) => string]> = {
  [TABLE_TYPE]: ['TableName', (name) => name],
  'AWS::SQS::Queue': ['QueueName', (name) => `https://sqs.us-east-1.amazonaws.com/000000000000/${name}`],
  'AWS::SES::ConfigurationSet': ['Name', (name) => name],
};

/** A function's environment variables from its template, with every reference resolved. */
export function deployedEnvironment(templates: Template[], name: FunctionName): Record<string, string> {
  const intrinsics = new Intrinsics(templates);
  const resources = templates.flatMap(({ Resources }) => Object.entries(Resources));
  for (const [logicalId, { Type, Properties = {} }] of resources) {
    const [property, ref] = NAMES[Type] ?? [];
    if (property && ref) intrinsics.define(logicalId, { ref: ref(String(Properties[property])) });
  }
  const { Environment } = deployedFunction(templates, name).Properties ?? {};
  return (intrinsics.resolve(Environment) as { Variables: Record<string, string> }).Variables;
}

export function deployedFunction(templates: Template[], name: FunctionName): Template['Resources'][string] {
  const resources = templates.flatMap(({ Resources }) => Object.values(Resources));
  const found = resources.find(
    ({ Type, Properties }) => Type === 'AWS::Lambda::Function' && String(Properties?.FunctionName).endsWith(`-${name}`),
  );
  if (!found) throw new Error(`the templates have no function ${name}`);
  return found;
}
