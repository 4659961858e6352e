import { fullDiff, ResourceImpact } from '@aws-cdk/cloudformation-diff';
import type { Template } from '../templates.ts';

/**
 * Finds what in a new template would destroy stored data, by comparison with a baseline. AWS's own diff says which
 * property changes replace a resource; it reads the CloudFormation specification.
 */

/** Types whose resources hold something that a new deployment can't restore. */
const STATEFUL = [
  'AWS::DynamoDB::Table',
  'AWS::DynamoDB::GlobalTable',
  'AWS::KMS::Key',
  'AWS::S3::Bucket',
  'AWS::SES::ConfigurationSet',
  'AWS::SES::EmailIdentity',
  'AWS::SNS::Topic',
  'AWS::SQS::Queue',
];

type Resource = Template['Resources'][string];
/** Stateful resources by stack and logical id. */
export type Baseline = Record<string, { Resources: Record<string, Resource> }>;

export const CHANGES = ['removal', 'replacement', 'unprotected', 'index', 'replica'] as const;

/** One change that could lose data. */
export interface Change {
  stack: string;
  logicalId: string;
  type: string;
  change: (typeof CHANGES)[number];
  /** What changes, and why it is destructive. */
  detail: string;
}

/** The stateful part of the stacks: what the gate compares, and what the baseline holds. */
export function baselineOf(stacks: readonly { name: string; template: Template }[]): Baseline {
  const watched = stacks.map(({ name, template }) => {
    const resources = Object.entries(template.Resources).filter(([, { Type }]) => STATEFUL.includes(Type));
    const kept = resources.map(([id, { Metadata: _, ...resource }]) => [id, resource] as const);
    return [name, { Resources: Object.fromEntries(kept) }] as const;
  });
  return Object.fromEntries(watched.filter(([, { Resources }]) => Object.keys(Resources).length > 0));
}

/** Every change from `before` to `after` that removes, replaces or exposes stored data. */
export function destructiveChanges(before: Baseline, after: Baseline): Change[] {
  return Object.entries(before).flatMap(([stack, { Resources }]) => {
    const now = after[stack]?.Resources ?? {};
    const impacts = impactsOf({ Resources }, { Resources: now });
    return Object.entries(Resources).flatMap(([logicalId, old]) => {
      const found = (change: Change['change'], detail: string): Change => ({
        stack,
        logicalId,
        type: old.Type,
        change,
        detail,
      });
      const next = now[logicalId];
      if (!next) return [found('removal', 'it is in the baseline and not in this stack any more')];
      const replaced = impacts.get(logicalId) ?? [];
      return [
        ...(replaced.length > 0 ? [found('replacement', `a change of ${replaced.join(', ')} creates it again`)] : []),
        ...exposures(old, next).map((detail) => found('unprotected', detail)),
        ...indexChanges(old, next).map((detail) => found('index', detail)),
        ...replicaChanges(old, next).map((detail) => found('replica', detail)),
      ];
    });
  });
}

/** By logical id, the changed properties that replace, or may replace, their resource. */
function impactsOf(before: object, after: object): Map<string, string[]> {
  const impacts = new Map<string, string[]>();
  const harmful = [ResourceImpact.WILL_REPLACE, ResourceImpact.MAY_REPLACE];
  fullDiff(before, after).resources.forEachDifference((logicalId, difference) => {
    if (difference.isAddition || difference.isRemoval) return;
    const typeChanged = difference.resourceTypeChanged ? ['its type'] : [];
    const properties = Object.entries(difference.propertyUpdates).filter(
      ([name, { changeImpact }]) =>
        changeImpact !== undefined && harmful.includes(changeImpact) && !(name in INDEX_PROPERTIES),
    );
    const names = [...typeChanged, ...properties.map(([name]) => name)];
    if (names.length > 0) impacts.set(logicalId, names);
  });
  return impacts;
}

/** These are judged index by index below: adding an index changes them and replaces nothing. */
const INDEX_PROPERTIES = { AttributeDefinitions: true, GlobalSecondaryIndexes: true };

/** Whether a resource with this policy outlives its stack. `RetainExceptOnCreate` only lets a failed creation go. */
function isKept(policy: unknown): boolean {
  return policy === 'Retain' || policy === 'RetainExceptOnCreate';
}

/** Protections that the old resource, or a replica of it that stays, has and the new one lacks. */
function exposures(old: Resource, next: Resource): string[] {
  const policies = ['DeletionPolicy', 'UpdateReplacePolicy'].filter(
    (policy) => isKept(old[policy]) && !isKept(next[policy]),
  );
  const after = copiesOf(next);
  const lost = [...copiesOf(old)].flatMap(([region, copy]) => {
    const now = after.get(region);
    return now ? protectionsOf(copy).filter((protection) => !protectionsOf(now).includes(protection)) : [];
  });
  return [...policies, ...lost].map((protection) => `it loses its ${protection}`);
}

type Properties = Record<string, unknown>;

/**
 * The replicas of a global table by region. Each has protections of its own. Any other resource is one copy of itself,
 * in no region.
 */
function copiesOf({ Properties = {} }: Resource): Map<string, Properties> {
  const replicas = Properties.Replicas as Properties[] | undefined;
  if (!replicas) return new Map([['', Properties]]);
  return new Map(replicas.map((replica) => [regionOf(replica), replica]));
}

/** A region's name, or `this region` for that of the stack. */
function regionOf({ Region }: Properties): string {
  return typeof Region === 'string' ? Region : 'this region';
}

function protectionsOf({ DeletionProtectionEnabled, PointInTimeRecoverySpecification }: Properties): string[] {
  const recovery = PointInTimeRecoverySpecification as { PointInTimeRecoveryEnabled?: boolean } | undefined;
  return [
    ...(DeletionProtectionEnabled === true ? ['DeletionProtectionEnabled'] : []),
    ...(recovery?.PointInTimeRecoveryEnabled === true ? ['point-in-time recovery'] : []),
  ];
}

/** Replica changes that throw a copy away, or that one update can't make. */
function replicaChanges(old: Resource, next: Resource): string[] {
  if (old.Type !== next.Type) return [];
  const before = [...copiesOf(old).keys()];
  const after = [...copiesOf(next).keys()];
  const gone = before.filter((region) => !after.includes(region));
  const added = after.filter((region) => !before.includes(region));
  return [
    ...gone.map((region) => `the replica in ${region} is removed, with what it holds`),
    ...(added.length + gone.length > 1
      ? ['more than one replica is added or removed: CloudFormation does one an update']
      : []),
  ];
}

interface Index {
  IndexName: string;
  KeySchema: unknown;
  Projection: unknown;
}

/** Index changes that one update can't make, or that throw away what an index holds. */
function indexChanges(old: Resource, next: Resource): string[] {
  const before = indexesOf(old);
  const after = indexesOf(next);
  const gone = [...before.keys()].filter((name) => !after.has(name));
  const added = [...after.keys()].filter((name) => !before.has(name));
  const changed = [...before].filter(([name, index]) => after.has(name) && after.get(name) !== index);
  return [
    ...gone.map((name) => `index ${name} is removed: what reads it fails`),
    ...changed.map(
      ([name]) => `index ${name} has another key, key type or projection: CloudFormation can't change that`,
    ),
    ...(added.length + gone.length > 1
      ? ['more than one index is added or removed: CloudFormation does one an update']
      : []),
  ];
}

/** Indexes by name, each with the types of its keys, as text. */
function indexesOf({ Properties = {} }: Resource): Map<string, string> {
  const types = new Map(
    ((Properties.AttributeDefinitions ?? []) as { AttributeName: string; AttributeType: string }[]).map((each) => [
      each.AttributeName,
      each.AttributeType,
    ]),
  );
  const indexes = (Properties.GlobalSecondaryIndexes ?? []) as Index[];
  return new Map(
    indexes.map(({ IndexName, KeySchema, Projection }) => {
      const keys = (KeySchema as { AttributeName: string; KeyType: string }[]).map((key) => [
        key.AttributeName,
        key.KeyType,
        types.get(key.AttributeName),
      ]);
      return [IndexName, JSON.stringify([keys, Projection])];
    }),
  );
}
