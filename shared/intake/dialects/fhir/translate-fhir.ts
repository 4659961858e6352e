import { nearest } from '../../../contracts/nearest.ts';
import { complaint } from '../../complaint.ts';
import { faultOfJson } from '../../json-fault.ts';
import { withKept } from '../ahead.ts';
import { Crosswalks } from '../crosswalk.ts';
import type { Context, Fact, Member, Translate, Translated } from '../member.ts';
import { UNMATCHED_DAYS } from '../sender.ts';
import { readAppointment } from './appointment.ts';
import { readCommunication } from './communication.ts';
import { readDiagnosticReport, readDocumentReference } from './documents.ts';
import type { Identifier } from './elements.ts';
import { readEncounter } from './encounter.ts';
import { readServiceRequest } from './order.ts';
import { readResource } from './read-resource.ts';
import { type Draft, instantIn, type Reading, type Said } from './reading.ts';
import { idInUrl, resourceKey } from './reference.ts';
import { isReadKind, RESOURCES, type ReadKind } from './resources.ts';
import { idOf } from './scope.ts';
import { readBody } from './split.ts';
import { readTask } from './task.ts';
import { identifierKeys } from './tie.ts';
import { keptOf, kindIn, notJson, tooLarge, type Unpackable, type Unpacked, unpack } from './unpack.ts';

/**
 * Reads a body in FHIR R4 (JSON): a resource, a Bundle with Bundles in it, a subscription notification, an array, or NDJSON.
 * Each resource is a member; its position counts all of them from the body's own position on.
 */
export const translateFhir: Translate = (body, context) => {
  const values = readBody(body);
  let faults = 0;
  const faultIn = (text: string): string => {
    faults += 1;
    return faults > MOST_EXPLAINED ? 'not JSON' : faultOfJson(text);
  };
  const unpacked =
    values.length > MOST_MEMBERS
      ? []
      : values.flatMap((value) =>
          'json' in value ? unpack(value.json, context) : [notJson(faultIn(value.unreadable), context)],
        );
  const isTooLarge = values.length > MOST_MEMBERS || unpacked.length > MOST_MEMBERS;
  const members = isTooLarge ? [tooLarge(context)] : unpacked;
  return members.map((each, index) => memberOf(each, context.origin.position + index, context));
};

const MOST_MEMBERS = 5000;
/** To find a fault takes a dozen times as long as to read what has none. */
const MOST_EXPLAINED = 20;

function memberOf(unpacked: Unpackable, position: number, context: Context): Translated {
  if ('done' in unpacked) return { ...unpacked.done, position };
  return withKept({ ...translateResource(unpacked, context), position }, context, () => keptOf(unpacked));
}

type WithoutPosition<T> = T extends Member ? Omit<T, 'position'> : never;

function translateResource(unpacked: Unpacked, context: Context): WithoutPosition<Member> {
  const { resource, around } = unpacked;
  const sender = around.sender.name;
  const { resourceType } = resource;
  const kind = kindIn(resourceType);
  const refuse = (reason: 'malformed' | 'invalid', detail: string): WithoutPosition<Member> => ({
    outcome: 'refused',
    sender,
    kind: kind ?? 'body',
    reason,
    detail,
    kept: keptOf(unpacked),
  });
  if (resourceType === undefined) return refuse('malformed', 'resourceType: missing, so not a FHIR resource');
  if (kind === null)
    return refuse('invalid', `resourceType: expected the name of a FHIR resource${meantBy(resourceType)}`);
  if (!isReadKind(kind))
    return { outcome: 'passed_over', sender, kind, why: `kind that says nothing here${meantBy(kind)}` };
  const read = readResource(kind, resource, around.sender);
  if (!read.success) return refuse('invalid', complaint(read.error.issues, resource));
  const reading = readingOf(unpacked, kind, namesOf(kind, read.data), context);
  if (reading === null) return refuse('invalid', 'id: missing, and no fullUrl in its place');
  const said = sayingOf(kind, read.data, reading);
  if ('passedOver' in said) return { outcome: 'passed_over', sender, kind, why: said.passedOver };
  if ('invalid' in said) return refuse('invalid', said.invalid);
  const facts = said.facts.flatMap((draft) => factOf(draft, said.entity));
  if (facts.length < said.facts.length)
    return refuse('invalid', 'meta.lastUpdated: missing, expected when this was written');
  return {
    outcome: 'translated',
    sender,
    kind,
    facts,
    keys: said.keys,
    recordedAt: reading.now,
    sequence: sequenceOf(read.data.meta?.versionId),
    unmapped: reading.crosswalks.unmapped,
    missing: said.missing ?? [],
    ...(Object.keys(reading.oddTimes).length > 0 && { oddTimes: reading.oddTimes }),
    unmatchedDays: reading.sender.unmatchedDays ?? UNMATCHED_DAYS,
    needsReferral: said.needsReferral ?? false,
  };
}

const KINDS = ['Bundle', ...Object.keys(RESOURCES)];
/** One letter of a longer name: `DeviceRequest` is a kind of its own, two letters from `ServiceRequest`. */
const WRONG_SHARE = 0.12;

/** `; did you mean ServiceRequest?` of a kind that differs from one that is read in case, or in a letter. */
function meantBy(kind: unknown): string {
  const meant = typeof kind === 'string' ? nearest(kind, KINDS, WRONG_SHARE) : null;
  // `AppointmentResponse` only begins like one.
  return meant === null || Math.abs(meant.length - String(kind).length) > 1 ? '' : `; did you mean ${meant}?`;
}

/** Only if it is a number: others don't say which version came first. */
const sequenceOf = (versionId = ''): string => (/^\d+$/.test(versionId) ? versionId : '');

function factOf({ time, data = {}, ...draft }: Draft, entity: string): Fact[] {
  return time === null ? [] : [{ ...draft, time, data, entity }];
}

/** An order's identifiers are among its keys in any case. */
const namesOf = (kind: ReadKind, read: object): readonly Identifier[] =>
  kind !== 'ServiceRequest' && 'identifier' in read ? (read.identifier as Identifier[]) : [];

/** Null: it has no id. */
function readingOf(
  { resource, fullUrl, around }: Unpacked,
  kind: ReadKind,
  names: readonly Identifier[],
  context: Context,
): Reading | null {
  const id = idOf({ resource, fullUrl });
  if (id === null) return null;
  const { sender, scope, timestamp } = around;
  const reading: Reading = {
    raw: resource,
    id,
    ownKeys: [...new Set([...ownKeysOf(kind, id, fullUrl), ...identifierKeys(kind, names)])],
    contained: [resource.contained].flat(),
    scope,
    sender,
    crosswalks: new Crosswalks(sender),
    oddTimes: {},
    zones: { sender, ofMessage: null, ofOrganization: context.timeZone },
    now: null,
  };
  const updated = RESOURCES[kind].shape.meta.safeParse(resource.meta).data?.lastUpdated;
  const now = instantIn(reading, updated) ?? instantIn(reading, timestamp);
  return { ...reading, now };
}

/** A resource that gets its id later is known by its `urn:uuid` until then. */
function ownKeysOf(kind: ReadKind, id: string, fullUrl: string | null): string[] {
  const urn = fullUrl?.startsWith('urn:') ? idInUrl(fullUrl) : null;
  return [...new Set([resourceKey(kind, id), ...(urn === null ? [] : [resourceKey(kind, urn)])])];
}

/** What a resource says, by its kind. @param resource what the kind's schema gave */
function sayingOf<K extends ReadKind>(kind: K, resource: unknown, reading: Reading): Said {
  const read: Record<ReadKind, (resource: never, reading: Reading) => Said> = {
    ServiceRequest: readServiceRequest,
    Task: readTask,
    Appointment: readAppointment,
    Encounter: readEncounter,
    DocumentReference: readDocumentReference,
    DiagnosticReport: readDiagnosticReport,
    Communication: readCommunication,
  };
  // The schema that gave the resource is the one of its kind; the compiler can't see that they belong together.
  return read[kind](resource as never, reading);
}
