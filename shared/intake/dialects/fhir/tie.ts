import type { Keys } from '../member.ts';
import type { Sender } from '../sender.ts';
import type { Identifier, Json, Reference } from './elements.ts';
import type { Reading } from './reading.ts';
import { identifierKey, parseConditionalReference, resourceKey, resourceType } from './reference.ts';
import { isReferral } from './referral-choice.ts';
import { RESOURCES, type ServiceRequest } from './resources.ts';
import type { Target } from './scope.ts';

/** Which references of a resource may name its referral: of several lists the first that does. */
interface Named {
  /** References to a ServiceRequest, the surest list first. `type`: what they name unless they say. */
  orders: readonly { references: readonly (Reference | undefined)[]; type: 'ServiceRequest' | null }[];
  /** References to an appointment or a visit. */
  through?: readonly { references: readonly (Reference | undefined)[]; type: 'Appointment' | 'Encounter' }[];
}

/** What ties a resource to its referral. */
export interface Tie {
  keys: Keys;
  /** Whether it names an order that may be a referral, an appointment or a visit: not only itself. */
  isNamed: boolean;
  /** The body has the order that it names, and that is no referral. */
  isOfOther: boolean;
  /** The order that it names, if the body has it. */
  order: ServiceRequest | null;
}

/** Kinds whose names may lead to a referral. A patient never does. */
const LEADING = ['Appointment', 'Encounter', 'Task'];

/** The keys of a resource: the order that it names, what leads to one, and its own names last. */
export function tie(reading: Reading, { orders, through = [] }: Named): Tie {
  const named = orders.flatMap(({ references, type }) =>
    references.flatMap((reference) => (reference ? [{ reference, order: orderOf(reading, reference, type) }] : [])),
  );
  const order = named.find((each) => each.order?.isReferral && hasKeys(each.order))?.order;
  const leads = order ? [] : named.flatMap((each) => (each.order ? [] : leadsOf(reading, each.reference)));
  const keys = [...(order?.keys ?? []), ...leads, ...through.flatMap((each) => keysOf(reading, each))];
  const others = [...new Set([...keys, ...reading.ownKeys])];
  const referralId = order?.referralId ?? null;
  const isNamed = referralId !== null || others.length > reading.ownKeys.length;
  const isOfOther = !isNamed && named.some((each) => each.order?.isReferral === false);
  return { keys: { referralId, others }, isNamed, isOfOther, order: order?.order ?? null };
}

/** Keys for what a person has to see if it names nothing but itself: none, as nobody else will name it either. */
export const keysOfNamed = ({ keys, isNamed }: Tie): Keys => (isNamed ? keys : { referralId: null, others: [] });

const hasKeys = ({ referralId, keys }: Order): boolean => referralId !== null || keys.length > 0;

interface Order {
  referralId: string | null;
  keys: string[];
  order: ServiceRequest | null;
  /** False: the body has it, and it is none. */
  isReferral: boolean;
}

/** The order that a reference names. Null: it names something else, or nothing that can be read. */
function orderOf(reading: Reading, reference: Reference, type: 'ServiceRequest' | null): Order | null {
  const target = reading.scope.find(reference, reading.contained, type);
  const conditional = reference.reference === undefined ? null : parseConditionalReference(reference.reference);
  const said = target?.type ?? conditional?.type ?? (reference.type ? resourceType(reference.type) : type);
  if (said !== 'ServiceRequest') return null;
  const order = target?.resource ? serviceRequestIn(target.resource) : null;
  if (order && !isReferral(order, reading.sender)) return { referralId: null, keys: [], order, isReferral: false };
  const identifiers = [conditional, reference.identifier, ...(order?.identifier ?? [])].filter((each) => !!each);
  const keys = [...targetKeys(target), ...identifierKeys('ServiceRequest', identifiers)];
  return { referralId: referralIdOf(target, order, identifiers, reading.sender), keys, order, isReferral: true };
}

const targetKeys = (target: Target | null): string[] =>
  target?.type && !target.isContained ? [resourceKey(target.type, target.id)] : [];

/** The referral's id: the identifier of the first of the sender's systems, else, unless it has such systems, its `id`. */
function referralIdOf(
  target: Target | null,
  order: ServiceRequest | null,
  identifiers: readonly Identifier[],
  sender: Sender,
): string | null {
  const own = namingIdentifier(identifiers, sender);
  if (own !== null) return own;
  if (target === null || target.isContained) return null;
  // Its identifier may be the referral's id, which an alias knows. If the order is here and readable it has none, so its id it is.
  return sender.identifierSystems && !order ? null : target.id;
}

/** The identifier of an order that is the referral's id. Null: it has none of the sender's systems. */
export function namingIdentifier(
  identifiers: readonly Identifier[],
  { identifierSystems = [] }: Sender,
): string | null {
  for (const system of identifierSystems) {
    const value = identifiers.find((each) => each.system === system)?.value;
    if (value) return value;
  }
  return null;
}

export const identifierKeys = (type: string, identifiers: readonly Identifier[]): string[] =>
  identifiers.flatMap(({ system, value }) => (value ? [identifierKey(type, system, value)] : []));

function serviceRequestIn(resource: Json): ServiceRequest | null {
  const read = RESOURCES.ServiceRequest.safeParse(resource);
  return read.success ? read.data : null;
}

function leadsOf(reading: Reading, reference: Reference): string[] {
  const target = reading.scope.find(reference, reading.contained, null);
  return target?.type && LEADING.includes(target.type) ? targetKeys(target) : [];
}

function keysOf(
  reading: Reading,
  { references, type }: { references: readonly (Reference | undefined)[]; type: 'Appointment' | 'Encounter' },
): string[] {
  return references.flatMap((reference) => {
    if (!reference) return [];
    const target = reading.scope.find(reference, reading.contained, type);
    const conditional = reference.reference === undefined ? null : parseConditionalReference(reference.reference);
    const identifiers = [conditional?.type === type ? conditional : null, reference.identifier].filter(
      (each) => !!each,
    );
    return [...(target?.type === type ? targetKeys(target) : []), ...identifierKeys(type, identifiers)];
  });
}

/** The id of what a reference names. Null: none can be read. */
export function idNamed(reading: Reading, reference: Reference | undefined, type: string): string | null {
  const target = reference && reading.scope.find(reference, reading.contained, type);
  return target && target.type === type ? target.id : null;
}

/** Whether a reference names one of some kinds. */
export function namesOneOf(reading: Reading, reference: Reference, types: readonly string[]): boolean {
  const target = reading.scope.find(reference, reading.contained, null);
  const type = target?.type ?? (reference.type ? resourceType(reference.type) : null);
  return type !== null && types.includes(type);
}
