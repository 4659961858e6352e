import type { SQSRecord } from 'aws-lambda';
import { type Dialects, NO_DIALECTS } from '../../shared/contracts/dialects.ts';
import { formatInstant, type Instant, parseInstant } from '../../shared/contracts/instant.ts';
import type { Refusal } from '../../shared/contracts/refusal.ts';
import type { Dialect } from '../../shared/contracts/vocabulary.ts';
import { writtenJson } from '../../shared/contracts/written-json.ts';
import { type AcceptedEvent, readCloudEvent, readEvent } from '../../shared/intake/cloudevents.ts';
import { dialectOf } from '../../shared/intake/dialect-of.ts';
import type { Member, Translated } from '../../shared/intake/dialects/member.ts';
import { MOST_MEMBERS, translateBody } from '../../shared/intake/dialects/translate.ts';
import {
  eventOf,
  faultOf,
  type TranslatedMember,
  type Unaddressed,
} from '../../shared/intake/dialects/translated-event.ts';
import { type Unwrapped, unwrap } from '../../shared/intake/envelope.ts';
import { parsedJson } from '../../shared/intake/parsed-json.ts';
import { wordless } from '../../shared/intake/wordless.ts';

/** Where a part of a message stands. */
export interface Place {
  /** As far as an item has to hold it. */
  file: string | null;
  /** Line, message or entry number. */
  position: number | null;
}

/** A part of a message, and where it stands. */
export interface Part {
  record: SQSRecord;
  /** Those of its message, and of envelopes that it came in. */
  attributes: Readonly<Record<string, string>>;
  arrivedAt: Instant;
  dialect: Dialect;
  /** What of it may be kept. */
  body: string;
  /** Line, message or entry number. Null: its message says. */
  position: number | null;
  /** Of what was held: its record is of the message that named it. Absent: `position` and the record say. */
  place?: Place;
}

/** What a record holds. */
export type Received =
  | (Part & { accepted: AcceptedEvent; isTranslated: boolean })
  | (Part & { refusal: Refusal })
  /** Its referral has to be found first. */
  | (Part & { member: TranslatedMember; events: Unaddressed[] })
  | (Part & { passedOver: Extract<Member, { outcome: 'passed_over' }> });

/** What translation needs of the configuration. */
export interface Setting {
  dialects: Dialects;
  timeZone: string;
}

export const settingOf = (config: {
  directory: { organization: { timeZone: string } };
  dialects?: Dialects | undefined;
}): Setting => ({
  dialects: config.dialects ?? NO_DIALECTS,
  timeZone: config.directory.organization.timeZone,
});

/**
 * Reads a record: an event, or what a body in another dialect comes to.
 * @param setting asked only if the body isn't CloudEvents
 */
export async function readRecord(record: SQSRecord, setting: () => Promise<Setting>): Promise<Received[]> {
  const arrivedAt = Number(record.attributes.SentTimestamp);
  const attributes = Object.fromEntries(
    Object.entries(record.messageAttributes).flatMap(([name, { stringValue }]) =>
      stringValue === undefined ? [] : [[name, stringValue]],
    ),
  );
  const unwrapped = unwrap(record.body, attributes);
  const dialect = dialectOf(unwrapped.body, unwrapped.attributes.dialect);
  const part: Part = {
    ...{ record, attributes: unwrapped.attributes, arrivedAt },
    ...{ dialect: dialect ?? 'cloudevents', body: record.body, position: null },
  };
  if (dialect === null || dialect === 'cloudevents') return readCloudEvents(unwrapped.body, part);
  return readTranslated(unwrapped, dialect, part, await setting());
}

/** One event, or those of a list or of lines. */
function readCloudEvents(body: string, part: Part): Received[] {
  const bodies = eventsIn(body);
  if (bodies.length > MOST_MEMBERS) {
    const refusal = { reason: 'too_large', detail: `over ${MOST_MEMBERS} events`, dialect: 'cloudevents' } as const;
    return [{ ...part, body: keptOf(body, part), refusal }];
  }
  return bodies.map((each, index): Received => {
    const own = bodies.length === 1 ? part : { ...part, body: each, position: index + 1 };
    const read = readCloudEvent(each, part.arrivedAt);
    return 'refusal' in read
      ? { ...own, body: keptOf(each, own), refusal: read.refusal }
      : { ...own, accepted: read, isTranslated: false };
  });
}

/** As it was sent, in its envelope, unless words of another dialect have to be left out. @param body without envelopes */
function keptOf(body: string, own: Part): string {
  const kept = wordless(body);
  return kept === body ? own.body : kept;
}

/** A body that is neither a list nor lines of objects is one event. */
function eventsIn(body: string): string[] {
  if (body.startsWith('[')) {
    const list = parsedJson(body);
    return Array.isArray(list) && list.length > 0 ? list.map(writtenJson) : [body];
  }
  const lines = body.split(/\r?\n/).filter((line) => line.trim() !== '');
  const isLines = lines.length > 1 && (parsedJson(lines[0] as string) !== undefined || lines.some(isEvent));
  return isLines ? lines : [body];
}

/** Whether a line is an event by itself. What isn't JSON costs much to find out, so most isn't even tried. */
function isEvent(line: string): boolean {
  if (!line.startsWith('{') || !line.endsWith('}') || !line.includes('"specversion"')) return false;
  const json = parsedJson(line);
  return typeof json === 'object' && json !== null && 'specversion' in json;
}

function readTranslated(
  { body, attributes }: Unwrapped,
  dialect: Exclude<Dialect, 'cloudevents'>,
  part: Part,
  setting: Setting,
): Received[] {
  const exportedAt = attributes.exportedAt === undefined ? null : parseInstant(attributes.exportedAt);
  const position = Number(attributes.position ?? 1);
  const origin = {
    dialect,
    sender: attributes.sender ?? null,
    file: attributes.file ?? null,
    position: Number.isSafeInteger(position) && position > 0 ? position : 1,
    exportedAt,
    arrivedAt: part.arrivedAt,
  };
  const read = translateBody(body, dialect, { ...setting, origin });
  if ('refusal' in read) return [{ ...part, body: keptOf(body, part), refusal: read.refusal }];
  const isAlone = read.members.length === 1 && dialect !== 'csv';
  return read.members.flatMap((member) => receivedOf(member, { ...part, position: isAlone ? null : member.position }));
}

function receivedOf(member: Translated, part: Part): Received[] {
  const { dialect, arrivedAt } = part;
  switch (member.outcome) {
    case 'passed_over':
      return [{ ...part, passedOver: member }];
    case 'refused': {
      const { reason, detail, kept } = member;
      return [{ ...part, body: kept, refusal: { reason, detail, dialect } }];
    }
    case 'event': {
      const read = readCloudEvent(member.body, arrivedAt);
      const own = { ...part, body: member.body };
      return [
        'refusal' in read
          ? { ...own, refusal: { ...read.refusal, dialect } }
          : { ...own, accepted: read, isTranslated: false },
      ];
    }
    case 'heartbeat': {
      const { sender, time, isGuessed } = member;
      const said = { specversion: '1.0', type: 'feed.heartbeat', id: String(time), source: sender, subject: sender };
      const event = { ...said, time: formatInstant(time), data: {} };
      const read = readEvent(event, arrivedAt);
      const unmapped = isGuessed ? ['timeZone'] : [];
      if (!('refusal' in read)) return [{ ...part, accepted: { ...read, unmapped }, isTranslated: true }];
      return [{ ...part, body: JSON.stringify(event), refusal: { ...read.refusal, dialect } }];
    }
    case 'translated':
      return translatedOf(member, part);
  }
}

function translatedOf(member: TranslatedMember, part: Part): Received[] {
  const { dialect, arrivedAt } = part;
  const events = member.facts.map((fact) => eventOf(member, fact));
  if (![...member.keys.others, member.keys.referralId ?? ''].every(isName)) {
    return [{ ...part, body: JSON.stringify(events), refusal: { reason: 'invalid', detail: NO_NAME, dialect } }];
  }
  const { referralId, others } = member.keys;
  const named = { ...member, keys: { referralId, others: others.slice(0, MOST_NAMES) } };
  const faults = events.map((event) => faultOf(event, referralId, arrivedAt, member));
  // With its referral it is an event like any other, and can be sent again as that.
  const about = referralId === null ? {} : { subject: referralId };
  // Without it only the member can be tied later: what of it is taken now changes nothing then.
  const early = member.kept === undefined ? undefined : faults.find((fault) => fault?.reason === 'time_in_future');
  const wholes = early ? [{ ...part, body: member.kept ?? '', refusal: { ...early, dialect } }] : [];
  // One fact of a row that can't be right loses none of its others.
  const alone = events.flatMap((event, index) => {
    const fault = faults[index];
    if (!fault || (early && fault.reason === early.reason)) return [];
    return [{ ...part, body: JSON.stringify({ ...event, ...about }), refusal: { ...fault, dialect } }];
  });
  const refused = [...wholes, ...alone];
  const kept = events.filter((_, index) => faults[index] === null);
  const isNothingLeft = kept.length === 0 && refused.length > 0;
  return isNothingLeft ? refused : [{ ...part, member: named, events: kept }, ...refused];
}

/** The surest come first. Each costs three calls. */
const MOST_NAMES = 50;
/** Far longer than any; an item has to hold it. */
const MOST_NAME_CHARACTERS = 1_000;
const NO_NAME = `an identifier or reference: expected at most ${MOST_NAME_CHARACTERS} whole characters`;
const isName = (key: string): boolean => key.length <= MOST_NAME_CHARACTERS && key.isWellFormed();
