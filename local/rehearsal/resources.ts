import type { Aws } from './aws.ts';
import { DESCRIBE, type Deployed, type Describing } from './describe.ts';
import { GAPS, NOT_ASKED, NOT_ASKED_OF_ANY } from './gaps.ts';

/** The result for the resources of one type. */
export interface TypeResult {
  type: string;
  inTemplate: number;
  created: number;
  /** Resources whose every property is as in the template, or is a known gap. */
  verified: number;
  properties: number;
  gaps: string[];
  problems: string[];
}

interface CreatedResource {
  PhysicalResourceId: string;
  ResourceStatus: string;
}

/** The resources of stacks with their properties in the templates, in the order of the templates. */
export async function deployedResources(aws: Aws, stacks: readonly string[]): Promise<Deployed[]> {
  const all: Deployed[] = [];
  for (const StackName of stacks) {
    const { TemplateBody } = await aws.call('cloudformation', 'GetTemplate', { StackName });
    const template = typeof TemplateBody === 'string' ? JSON.parse(TemplateBody) : TemplateBody;
    const created = await createdResources(aws, StackName);
    for (const [logicalId, resource] of Object.entries<{ Type: string; Properties?: Record<string, unknown> }>(
      template.Resources,
    )) {
      all.push({
        logicalId,
        type: resource.Type,
        properties: resource.Properties ?? {},
        physicalId: created.get(logicalId)?.PhysicalResourceId ?? '',
        status: created.get(logicalId)?.ResourceStatus ?? 'missing',
      });
    }
  }
  return all;
}

/** What CloudFormation made of a stack, by logical id. */
async function createdResources(aws: Aws, StackName: string): Promise<Map<string, CreatedResource>> {
  const created = new Map<string, CreatedResource>();
  let NextToken: string | undefined;
  do {
    const page = await aws.call('cloudformation', 'ListStackResources', {
      StackName,
      ...(NextToken ? { NextToken } : {}),
    });
    for (const resource of page.StackResourceSummaries) created.set(resource.LogicalResourceId, resource);
    NextToken = page.NextToken;
  } while (NextToken);
  return created;
}

/** Asks the services for every resource and compares the answers with the templates. */
export async function verifyResources(aws: Aws, resources: readonly Deployed[]): Promise<TypeResult[]> {
  const context: Describing = {
    aws,
    idOf(reference) {
      const id = (reference as { Ref?: string }).Ref;
      const found = resources.find(({ logicalId }) => logicalId === id);
      if (!found) throw new Error(`${JSON.stringify(reference)}: not a reference to a resource of the stacks`);
      return found.physicalId;
    },
  };
  const results = new Map<string, TypeResult>();
  for (const resource of resources) {
    const { type, status } = resource;
    const empty = { type, inTemplate: 0, created: 0, verified: 0, properties: 0, gaps: [], problems: [] };
    const result = results.get(type) ?? empty;
    results.set(type, result);
    result.inTemplate += 1;
    if (!['CREATE_COMPLETE', 'UPDATE_COMPLETE'].includes(status)) {
      result.problems.push(`${resource.logicalId}: ${status}`);
      continue;
    }
    result.created += 1;
    await verify(resource, context, result);
  }
  return [...results.values()].sort((a, b) => (a.type < b.type ? -1 : 1));
}

async function verify(resource: Deployed, context: Describing, result: TypeResult): Promise<void> {
  const { type, logicalId } = resource;
  const describe = DESCRIBE[type];
  if (!describe) {
    result.problems.push(`${logicalId}: local/rehearsal/describe.ts doesn't know how to ask for this type`);
    return;
  }
  try {
    const actual = await describe(resource, context);
    const { compared, gaps, problems } = compareProperties(resource, actual);
    result.properties += compared;
    result.gaps = [...new Set([...result.gaps, ...gaps])];
    result.problems.push(...problems);
    if (problems.length === 0) result.verified += 1;
  } catch (error) {
    result.problems.push(`${logicalId}: ${(error as Error).message}`);
  }
}

/** Compares the properties of a resource in the template with the answer of its service. */
export function compareProperties(
  { type, logicalId, properties }: Pick<Deployed, 'type' | 'logicalId' | 'properties'>,
  actual: Record<string, unknown>,
): { compared: number; gaps: string[]; problems: string[] } {
  const outcome = { compared: 0, gaps: [] as string[], problems: [] as string[] };
  for (const [property, expected] of Object.entries(properties)) {
    if (NOT_ASKED_OF_ANY[property] !== undefined || NOT_ASKED[type]?.[property] !== undefined) continue;
    const same = matches(expected, actual[property]);
    const gap = GAPS[type]?.[property];
    if (gap !== undefined) {
      outcome.gaps.push(`${property}: ${gap}`);
      if (same) outcome.problems.push(`${logicalId}.${property}: emulated after all, take it out of gaps.ts`);
    } else if (same) {
      outcome.compared += 1;
    } else {
      const found = JSON.stringify(actual[property]) ?? 'nothing';
      outcome.problems.push(`${logicalId}.${property}: ${JSON.stringify(expected)} in the template, found ${found}`);
    }
  }
  return outcome;
}

/**
 * Whether a service's value is what a template asks for. Any value matches an intrinsic function. Numbers may be text,
 * lists may be in another order, and objects may have more fields.
 */
export function matches(expected: unknown, actual: unknown): boolean {
  if (actual === undefined || actual === null) return false;
  if (Array.isArray(expected)) {
    return (
      Array.isArray(actual) &&
      expected.length === actual.length &&
      expected.every((item) => actual.some((other) => matches(item, other)))
    );
  }
  if (typeof expected === 'object' && expected !== null) {
    const entries = Object.entries(expected);
    const [name] = Object.keys(expected);
    if (entries.length === 1 && (name === 'Ref' || name?.startsWith('Fn::'))) return true;
    return entries.every(([key, value]) => matches(value, (actual as Record<string, unknown>)[key]));
  }
  return String(expected) === String(actual);
}
