import { synthesizeTemplates, type Template } from '../../infra/templates.ts';
import { TABLE_TYPE } from '../../local/stand-ins/tables.ts';

// biome-ignore lint/suspicious/noExplicitAny: templates are JSON, and each test states what it expects
type Json = any;

export interface Resource {
  logicalId: string;
  properties: Json;
  attributes: Json;
}

export interface Statement {
  actions: string[];
  resources: string[];
  /** Logical id of the role. */
  role: string;
  condition?: Json;
}

/** Reads a stage's templates by type and by physical name. */
export class TemplateReader {
  readonly templates: Template[];

  constructor(templates = synthesizeTemplates('test')) {
    this.templates = templates;
  }

  ofType(type: string): Resource[] {
    const resources = this.templates.flatMap(({ Resources }) => Object.entries(Resources));
    return resources
      .filter(([, { Type }]) => Type === type)
      .map(([logicalId, { Properties, ...attributes }]) => ({ logicalId, properties: Properties, attributes }));
  }

  named(type: string, property: string, name: string): Resource {
    const found = this.ofType(type).filter(({ properties }) => properties[property].endsWith(`loopwatch-test-${name}`));
    if (!found[0] || found.length > 1) throw new Error(`${found.length} resources ${type} ${name}`);
    return found[0];
  }

  table = (name: string) => this.named(TABLE_TYPE, 'TableName', name);
  queue = (name: string) => this.named('AWS::SQS::Queue', 'QueueName', name);
  lambda = (name: string) => this.named('AWS::Lambda::Function', 'FunctionName', name);

  /** The event source mapping of a function. */
  mapping(name: string): Json {
    const { logicalId } = this.lambda(name);
    const mappings = this.ofType('AWS::Lambda::EventSourceMapping');
    return mappings.find(({ properties }) => properties.FunctionName.Ref === logicalId)?.properties;
  }

  /** Every statement of every policy that is attached to a role. */
  statements(): Statement[] {
    const policies = this.ofType('AWS::IAM::Policy');
    return policies.flatMap(({ properties }) => statementsOf(properties));
  }

  rightsOfRole(role: string): Omit<Statement, 'role'>[] {
    const policies = this.ofType('AWS::IAM::Policy').filter(({ properties }) => properties.Roles[0].Ref === role);
    return policies.flatMap(({ properties }) => statementsOf(properties).map(({ role: _, ...statement }) => statement));
  }
}

function statementsOf({ PolicyDocument, Roles }: Json): Statement[] {
  return PolicyDocument.Statement.map(({ Action, Resource, Condition }: Json) => ({
    actions: [Action].flat(),
    resources: [Resource].flat().map((resource) => text(resource)),
    role: Roles[0].Ref,
    ...(Condition && { condition: Condition }),
  }));
}

/** An ARN in a template as one string: `Referrals/index/due` for an output of the table's ARN and a suffix. */
function text(value: Json): string {
  if (typeof value === 'string') return value;
  if ('Fn::Join' in value) return value['Fn::Join'][1].map(text).join('');
  if ('Fn::GetStackOutput' in value)
    return (
      /PublishOutput(?:FnGetAtt|Ref)([A-Za-z]+?)[0-9A-F]{8}/.exec(value['Fn::GetStackOutput'].OutputName)?.[1] ?? '?'
    );
  if ('Fn::GetAtt' in value) return value['Fn::GetAtt'][0];
  return `\${${value.Ref}}`;
}
