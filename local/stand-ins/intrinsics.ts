import type { Template } from '../../infra/templates.ts';

/** What `Ref` and `Fn::GetAtt` give for one resource. */
export interface Identity {
  ref: string;
  attributes?: Record<string, string>;
}

const PSEUDO_PARAMETERS: Record<string, string> = {
  'AWS::AccountId': '000000000000',
  'AWS::Partition': 'aws',
  'AWS::Region': 'us-east-1',
  'AWS::URLSuffix': 'amazonaws.com',
};

/** Resolves the CloudFormation intrinsic functions that our templates use to local names. */
export class Intrinsics {
  readonly #identities = new Map<string, Identity>();
  readonly #outputs = new Map<string, unknown>();

  constructor(templates: Template[]) {
    for (const [name, { Value }] of templates.flatMap(({ Outputs = {} }) => Object.entries(Outputs))) {
      this.#outputs.set(name, Value);
    }
  }

  /** Adds a resource. Logical ids are unique across the templates, as CDK hashes them from the path. */
  define(logicalId: string, identity: Identity): void {
    if (this.#identities.has(logicalId)) throw new Error(`two resources have the logical id ${logicalId}`);
    this.#identities.set(logicalId, identity);
  }

  /** Returns `value` with every intrinsic function resolved. Throws on an unknown one. */
  resolve(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((item) => this.resolve(item));
    if (typeof value !== 'object' || value === null) return value;
    const [name, ...others] = Object.keys(value);
    if (name !== undefined && others.length === 0 && (name === 'Ref' || name.startsWith('Fn::'))) {
      return this.#call(name, (value as Record<string, unknown>)[name]);
    }
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, this.resolve(item)]));
  }

  /** As `resolve`; throws if the result is not text. */
  text(value: unknown): string {
    const resolved = this.resolve(value);
    if (typeof resolved === 'string') return resolved;
    throw new Error(`expected a text, got ${JSON.stringify(resolved)} from ${JSON.stringify(value)}`);
  }

  #call(name: string, argument: unknown): unknown {
    switch (name) {
      case 'Ref':
        return PSEUDO_PARAMETERS[argument as string] ?? this.#identity(argument as string).ref;
      case 'Fn::GetAtt': {
        const [logicalId, attribute] = argument as [string, string];
        const found = this.#identity(logicalId).attributes?.[attribute];
        if (found === undefined) throw new Error(`Fn::GetAtt: ${logicalId} has no ${attribute} on this machine`);
        return found;
      }
      case 'Fn::GetStackOutput': {
        const { OutputName } = argument as { OutputName: string };
        if (!this.#outputs.has(OutputName)) throw new Error(`Fn::GetStackOutput: there is no output ${OutputName}`);
        return this.resolve(this.#outputs.get(OutputName));
      }
      case 'Fn::Join': {
        const [separator, parts] = argument as [string, unknown[]];
        return parts.map((part) => this.text(part)).join(separator);
      }
      default:
        throw new Error(`the local run doesn't know the intrinsic ${name}`);
    }
  }

  #identity(logicalId: string): Identity {
    const identity = this.#identities.get(logicalId);
    if (!identity) throw new Error(`the templates refer to ${logicalId}, which has no meaning on this machine`);
    return identity;
  }
}
