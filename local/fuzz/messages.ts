import { EVENT_TYPES } from '../../shared/contracts/event.ts';
import { formatInstant, type Instant } from '../../shared/contracts/instant.ts';
import type { CloudEvent } from '../simulate/chronicle.ts';
import type { Random } from '../simulate/random.ts';
import { nastyDate, nastyValue, nastyWord, nested } from './nasty.ts';

/** A message as it reaches the queue. */
export interface FuzzMessage {
  body: string;
  sentAt: Instant;
  attributes?: Record<string, string>;
}

type Json = Record<string, unknown>;

const ENVELOPE = ['specversion', 'id', 'source', 'type', 'subject', 'time', 'recordedtime', 'entity', 'data'];
const HOW = {
  field: 30,
  fields: 8,
  envelope: 12,
  type: 8,
  dates: 10,
  id: 6,
  retraction: 8,
  cut: 3,
  bytes: 3,
  keys: 3,
  raw: 2,
  base64: 2,
  attributes: 5,
  none: 8,
};

/**
 * A valid event made into a message that may be anything: refused, or taken in and strange.
 * @param others events of the same referrals, whose ids it may share and which it may take back
 */
export function fuzzedMessage(
  event: CloudEvent,
  sentAt: Instant,
  others: readonly CloudEvent[],
  random: Random,
): FuzzMessage {
  const json = structuredClone(event) as unknown as Json;
  const message = (body: string, attributes?: Record<string, string>): FuzzMessage => ({
    body,
    sentAt,
    ...(attributes && { attributes }),
  });
  const how = random.weighted(HOW);
  switch (how) {
    case 'field':
      changeField(json, random);
      break;
    case 'fields':
      for (let count = random.int(2, 5); count > 0; count -= 1) changeField(json, random);
      break;
    case 'envelope':
      set(json, random.pick(ENVELOPE), random);
      break;
    case 'type':
      json.type = random.pick(EVENT_TYPES);
      break;
    case 'dates':
      changeDates(json, random);
      break;
    case 'id':
      Object.assign(json, sharedId(random.pick(others), random));
      break;
    case 'retraction':
      return message(JSON.stringify(retraction(json, random.pick(others), sentAt, random)));
    case 'cut': {
      const text = JSON.stringify(json);
      return message(text.slice(0, random.int(0, text.length - 1)));
    }
    case 'bytes':
      return message(garbled(JSON.stringify(json), random));
    case 'keys':
      return message(withKeyTwice(json, random));
    case 'raw':
      return message(rawValue(json, random));
    case 'base64': {
      const { data, ...rest } = json;
      const text = random.chance(0.5) ? JSON.stringify(data) : nastyWord(random);
      json.data_base64 = random.chance(0.8) ? Buffer.from(text).toString('base64') : nastyValue(random);
      return message(JSON.stringify({ ...rest, data_base64: json.data_base64, ...(random.chance(0.2) && { data }) }));
    }
    case 'attributes':
      return message(JSON.stringify(json), attributes(random));
    case 'none':
      break;
  }
  return message(JSON.stringify(json));
}

/** Changes a field of the data, at any depth. */
function changeField(json: Json, random: Random): void {
  let holder = (json.data ?? json) as Json;
  if (typeof holder !== 'object' || holder === null) holder = json;
  const keys = Object.keys(holder);
  const key = keys.length === 0 ? 'data' : random.pick(keys);
  const inner = holder[key];
  if (typeof inner === 'object' && inner !== null && !Array.isArray(inner) && random.chance(0.6)) {
    const names = Object.keys(inner);
    set(inner as Json, names.length === 0 ? 'id' : random.pick(names), random);
  } else set(holder, key, random);
}

function set(holder: Json, key: string, random: Random): void {
  if (random.chance(0.15)) delete holder[key];
  else
    Object.defineProperty(holder, key, {
      value: nastyValue(random),
      enumerable: true,
      writable: true,
      configurable: true,
    });
}

/** Extreme dates where dates belong. */
function changeDates(json: Json, random: Random): void {
  const data = (json.data ?? {}) as Json;
  const places = [[json, 'time'] as const, [json, 'recordedtime'] as const];
  const fields = ['startsAt', 'until', 'nextAttemptAt', 'orderedAt', 'requestedBy'];
  const inData = fields.filter((name) => name in data).map((name) => [data, name] as const);
  const [holder, name] = random.pick(inData.length > 0 && random.chance(0.8) ? inData : places);
  holder[name] = nastyDate(random);
}

/** The identity of another event, or an odd one. */
function sharedId(other: CloudEvent, random: Random): Json {
  if (random.chance(0.5)) return { subject: other.subject, source: other.source, id: other.id };
  return { id: nastyWord(random), source: nastyWord(random) };
}

/** Takes back what another event said: by its id, by its entity, or everything. */
function retraction(json: Json, other: CloudEvent, at: Instant, random: Random): Json {
  const data = random.chance(0.7)
    ? { source: other.source, id: other.id }
    : { source: other.source, entity: other.entity ?? nastyWord(random) };
  const subject = random.chance(0.8) ? other.subject : json.subject;
  return { ...json, type: 'event.retracted', subject, id: `retracts ${other.id}`, time: formatInstant(at), data };
}

/** Other characters among those of the text. */
function garbled(text: string, random: Random): string {
  const characters = [...text];
  for (let count = random.int(1, 8); count > 0; count -= 1) {
    characters[random.int(0, characters.length - 1)] = random.pick(['\0', '"', '{', ']', '\\', '\ufffd', '\u0007', '']);
  }
  return characters.join('');
}

function withKeyTwice(json: Json, random: Random): string {
  const key = random.pick([...Object.keys(json), '__proto__']);
  const twice = `${JSON.stringify(key)}:${JSON.stringify(nastyValue(random) ?? null)}`;
  return random.chance(0.5)
    ? `{${twice},${JSON.stringify(json).slice(1)}`
    : `${JSON.stringify(json).slice(0, -1)},${twice}}`;
}

/** A value that no program writes: endless depth, numbers beyond all others. */
function rawValue(json: Json, random: Random): string {
  const raw = random.pick([
    nested(random.int(60, 70)),
    nested(random.int(100, 3_000)),
    nested(50_000, '{"a":', '}'),
    '1e999',
    '-0',
    '123456789012345678901234567890',
    '"\\ud800"',
    '"\\u0000"',
  ]);
  const data = { ...(json.data as object), evidence: '@@' };
  return JSON.stringify({ ...json, data }).replace('"@@"', raw);
}

function attributes(random: Random): Record<string, string> {
  return Object.fromEntries(
    ['file', 'position', 'x'].flatMap((name) =>
      random.chance(0.7) ? [[name, random.chance(0.3) ? 'abc' : nastyWord(random)]] : [],
    ),
  );
}
