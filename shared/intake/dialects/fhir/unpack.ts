import type { RefusalReason } from '../../../contracts/vocabulary.ts';
import type { Context, Translated } from '../member.ts';
import { type Sender, senderMatching, senderNamed, unknownSender } from '../sender.ts';
import { isJson, type Json } from './elements.ts';
import { readFieldsOf } from './narrative.ts';
import { type Notification, readNotification } from './notification.ts';
import { entryList, MOST_BUNDLES, Scope } from './scope.ts';
import { parseStatedTime, placeStatedTime, type StatedTime } from './stated-time.ts';

/** What a resource takes from the Bundles around it. */
export interface Around {
  sender: Sender;
  timestamp: StatedTime | null;
  /** `MessageHeader.source.endpoint`. */
  endpoint: string | null;
  scope: Scope;
}

/** A resource of a body that is no Bundle. */
export interface Unpacked {
  resource: Json;
  fullUrl: string | null;
  /** Whether it stood in a Bundle. */
  isEntry: boolean;
  around: Around;
}

/** What stands at a place of a body: a resource, or what is already known to come to something. Without its position. */
export type Unpackable = Unpacked | { done: WithoutPosition<Translated> };
type WithoutPosition<T> = T extends Translated ? Omit<T, 'position'> : never;

const READ_TYPES = [
  'searchset',
  'collection',
  'batch',
  'transaction',
  'message',
  'history',
  'subscription-notification',
];
const OTHER_TYPES = ['document', 'batch-response', 'transaction-response'];

/** Takes a value at the top of a body apart, in order. @param value a resource or a Bundle */
export const unpack = (value: unknown, context: Context): Unpackable[] =>
  unpackValue(value, aroundOf(value, context), context, MOST_BUNDLES);

const UNNAMED = 'fhir:/';

function aroundOf(value: unknown, { dialects, origin }: Context): Around {
  const named = origin.sender === null ? null : senderNamed(dialects, origin.sender);
  const sender = named ?? unknownSender(dialects, UNNAMED);
  return { sender, timestamp: null, endpoint: null, scope: new Scope(value) };
}

/** A body, or a line of it, that isn't JSON. Nothing of it is kept: it may hold anything. */
export const notJson = (fault: string, context: Context): Unpackable => refusedBody('malformed', fault, context);

/** A body of more members than one may have. */
export const tooLarge = (context: Context): Unpackable => refusedBody('too_large', 'over 5,000 members', context);

const refusedBody = (reason: RefusalReason, detail: string, context: Context): Unpackable =>
  refused(aroundOf(null, context).sender, 'body', reason, detail, '');

function unpackValue(value: unknown, around: Around, context: Context, levels: number): Unpackable[] {
  if (!isJson(value))
    return [refused(around.sender, 'body', 'malformed', 'expected a FHIR resource, a JSON object', '')];
  if (value.resourceType !== 'Bundle') return [{ resource: value, fullUrl: null, isEntry: false, around }];
  return unpackBundle(value, around, context, levels);
}

function unpackBundle(bundle: Json, outer: Around, context: Context, levels: number): Unpackable[] {
  const entries = entryList(bundle);
  const around = { ...outer, ...senderOf(entries, outer, context), timestamp: timestampOf(bundle) ?? outer.timestamp };
  const { sender } = around;
  if (levels === 0) return [refused(sender, 'Bundle', 'invalid', `expected Bundles at most ${MOST_BUNDLES} deep`, '')];
  const { type } = bundle;
  if (typeof type !== 'string' || ![...READ_TYPES, ...OTHER_TYPES].includes(type)) {
    const found = type === undefined ? 'missing, ' : '';
    return [refused(sender, 'Bundle', 'invalid', `type: ${found}expected ${READ_TYPES.slice(0, -1).join(', ')}`, '')];
  }
  if (OTHER_TYPES.includes(type)) return [passedOver(sender, 'Bundle', `type ${type}`)];
  const notification = readNotification(type, entries[0]?.resource, entries.slice(1));
  if (notification) {
    const rest = entries.slice(1).flatMap((each) => unpackEntry(each, around, context, levels));
    return [statusOf(notification, around, context), ...(hasResources(notification) ? rest : [])];
  }
  if (entries.length === 0) return [passedOver(sender, 'Bundle', 'no entries')];
  return entries.flatMap((each) => unpackEntry(each, around, context, levels));
}

const hasResources = (notification: Notification): boolean =>
  'content' in notification && notification.content === 'full-resource';

/** What the status of a notification comes to. */
function statusOf(notification: Notification, { sender, timestamp }: Around, context: Context): Unpackable {
  const kind = 'subscription notification';
  if (notification.type === 'heartbeat') {
    const placed = placeStatedTime(timestamp, { sender, ofMessage: null, ofOrganization: context.timeZone });
    if (placed) {
      const { at: time, isGuessed } = placed;
      return { done: { outcome: 'heartbeat', sender: sender.name, time, isGuessed } };
    }
    return refused(sender, kind, 'invalid', 'timestamp: missing, expected the instant of the heartbeat', '');
  }
  if (!('content' in notification) || notification.content === 'full-resource') {
    return passedOver(sender, kind, notification.type);
  }
  return passedOver(sender, kind, `content ${notification.content}: set the subscription's content to full-resource`);
}

type EntryOfBundle = ReturnType<typeof entryList>[number];

function unpackEntry(
  { entry, resource, fullUrl }: EntryOfBundle,
  around: Around,
  context: Context,
  levels: number,
): Unpackable[] {
  const { sender } = around;
  if (!isJson(entry)) return [refused(sender, 'entry', 'malformed', 'expected an entry, a JSON object', '')];
  const request = isJson(entry.request) ? entry.request : {};
  const kind = kindIn(resource?.resourceType) ?? kindIn(typeIn(request.url)) ?? kindIn(typeIn(fullUrl)) ?? 'entry';
  if (typeof request.method === 'string' && request.method.toUpperCase() === 'DELETE') {
    return [passedOver(sender, kind, 'request DELETE')];
  }
  if (!resource) return [passedOver(sender, kind, 'no resource')];
  if (resource.resourceType === 'Bundle') return unpackBundle(resource, around, context, levels - 1);
  return [{ resource, fullUrl, isEntry: true, around }];
}

const KIND = /^[A-Z][A-Za-z]{2,63}$/;
/** The kind of a resource, if it may be shown and counted. Null: it is no word such as FHIR's kinds are. */
export const kindIn = (type: unknown): string | null => (typeof type === 'string' && KIND.test(type) ? type : null);

/** `Appointment` in `https://server/fhir/Appointment/12?x`. */
const typeIn = (url: unknown): string | undefined =>
  typeof url === 'string' ? /(?:^|\/)([A-Z][A-Za-z]+)(?:[/?]|$)/.exec(url)?.[1] : undefined;

/** The sender that the message's header says, unless an attribute named it. */
function senderOf(
  entries: readonly EntryOfBundle[],
  outer: Around,
  { dialects, origin }: Context,
): Pick<Around, 'sender' | 'endpoint'> {
  const header = entries.find(({ resource }) => resource?.resourceType === 'MessageHeader')?.resource;
  const source = [header?.source].flat()[0];
  const endpoint = isJson(source) && typeof source.endpoint === 'string' ? source.endpoint : null;
  if (endpoint === null) return outer;
  const isNamed = origin.sender !== null && senderNamed(dialects, origin.sender) !== null;
  const matching = isNamed ? null : senderMatching(dialects, (path) => (path === 'endpoint' ? endpoint : null));
  return { sender: matching ?? outer.sender, endpoint };
}

function timestampOf({ timestamp }: Json): StatedTime | null {
  return typeof timestamp === 'string' ? (parseStatedTime(timestamp) ?? null) : null;
}

const passedOver = ({ name }: Sender, kind: string, why: string): Unpackable => ({
  done: { outcome: 'passed_over', sender: name, kind, why },
});

const refused = ({ name }: Sender, kind: string, reason: RefusalReason, detail: string, kept: string): Unpackable => ({
  done: { outcome: 'refused', sender: name, kind, reason, detail, kept },
});

/** What of a refused resource may be kept, as a body that says the same again: with what its Bundle said of it. */
export function keptOf({ resource, fullUrl, isEntry, around: { timestamp, endpoint } }: Unpacked): string {
  const read = readFieldsOf(resource);
  if (!isEntry) return JSON.stringify(read);
  const header = endpoint === null ? [] : [{ resource: { resourceType: 'MessageHeader', source: { endpoint } } }];
  return JSON.stringify({
    resourceType: 'Bundle',
    type: 'collection',
    ...(timestamp === null ? {} : { timestamp: timestamp.text }),
    entry: [...header, { ...(fullUrl === null ? {} : { fullUrl }), resource: read }],
  });
}
