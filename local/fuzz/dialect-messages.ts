import { DAY_MS } from '../../shared/contracts/duration.ts';
import type { Instant } from '../../shared/contracts/instant.ts';
import type { Random } from '../simulate/random.ts';
import { soundMessages } from './dialect-seeds.ts';
import type { FuzzMessage } from './messages.ts';
import { nastyDate, nastyValue, nastyWord, nested } from './nasty.ts';

/** Messages in every dialect, of which most are damaged. */

const HOW = {
  none: 30,
  field: 20,
  bytes: 10,
  cut: 6,
  long: 3,
  deep: 3,
  keys: 5,
  xml: 2,
  surrogate: 4,
  attributes: 6,
  joined: 5,
  enveloped: 4,
  repeated: 2,
};
const XML = '<?xml version="1.0"?><Bundle xmlns="http://hl7.org/fhir"><type value="message"/></Bundle>';
const DIALECT_NAMES = ['fhir', 'hl7v2', 'csv', 'cloudevents', 'FHIR ', 'xml', '', '__proto__'];

/** @param count how many @param from of the weeks in which they arrive */
export function dialectMessages(count: number, from: Instant, until: Instant, random: Random): FuzzMessage[] {
  const messages: FuzzMessage[] = [];
  for (let serial = 0; messages.length < count; serial += 1) {
    const at = from + random.int(DAY_MS, until - from - 1);
    for (const sound of soundMessages(serial, at)) {
      if (random.chance(0.8)) messages.push(damaged(sound, messages, random));
    }
  }
  return messages.slice(0, count);
}

function damaged(message: FuzzMessage, others: readonly FuzzMessage[], random: Random): FuzzMessage {
  const { body, attributes } = message;
  switch (random.weighted(HOW)) {
    case 'none':
      return message;
    case 'field':
      return { ...message, body: otherValue(body, random) };
    case 'bytes':
      return { ...message, body: otherBytes(body, random) };
    case 'cut':
      return { ...message, body: body.slice(0, random.int(0, body.length - 1)) };
    case 'long':
      return { ...message, body: inPlace(body, 'x'.repeat(random.pick([300, 1_100, 70_000, 500_000])), random) };
    case 'deep': {
      const value = nested(
        random.pick([60, 3_000, 50_000]),
        ...random.pick([['[', ']'] as const, ['{"a":', '}'] as const]),
      );
      return { ...message, body: body.startsWith('{') ? `{"x":${value},${body.slice(1)}` : `${body}${value}` };
    }
    case 'keys': {
      const key = random.pick(['__proto__', 'constructor', 'toString', 'resourceType', 'id', 'meta']);
      return { ...message, body: body.replace('{', `{"${key}":${JSON.stringify(nastyValue(random) ?? null)},`) };
    }
    case 'xml':
      return { ...message, body: random.chance(0.5) ? XML : `${XML}${body}` };
    case 'surrogate':
      return { ...message, body: inPlace(body, body.startsWith('{') ? '\\ud800' : '\ufffd\u0000', random) };
    case 'attributes':
      return { ...message, attributes: { ...attributes, ...wrongAttributes(random) } };
    case 'joined': {
      const other = others.length === 0 ? message : random.pick(others.slice(-20));
      const isJson = body.startsWith('{') && other.body.startsWith('{');
      return { ...message, body: isJson && random.chance(0.5) ? `[${body},${other.body}]` : `${body}\n${other.body}` };
    }
    case 'enveloped':
      return { ...message, body: enveloped(body, random) };
    case 'repeated':
      return { ...message, body: `${body}\n`.repeat(random.pick([2, 40, 200])) };
  }
}

/** Another value in the place of one between quotes, or of a field. */
function otherValue(body: string, random: Random): string {
  if (!body.startsWith('{'))
    return inPlace(body, random.chance(0.5) ? nastyWord(random) : String(nastyDate(random)), random);
  const places = [...body.matchAll(/"[^"]*"(?!:)/g)];
  if (places.length === 0) return body;
  const { index, 0: text } = random.pick(places);
  return `${body.slice(0, index)}${JSON.stringify(nastyValue(random) ?? null)}${body.slice(index + text.length)}`;
}

/** Text instead of a word of the body. */
function inPlace(body: string, text: string, random: Random): string {
  const places = [...body.matchAll(/[\w.:-]+/g)];
  if (places.length === 0) return text;
  const { index, 0: word } = random.pick(places);
  return `${body.slice(0, index)}${text}${body.slice(index + word.length)}`;
}

function otherBytes(body: string, random: Random): string {
  const bytes = Buffer.from(body);
  for (let count = random.int(1, 8); count > 0; count -= 1) bytes[random.int(0, bytes.length - 1)] = random.int(0, 255);
  return bytes.toString('utf8');
}

const wrongAttributes = (random: Random): Record<string, string> =>
  Object.fromEntries(
    ['dialect', 'sender', 'file', 'position', 'exportedAt'].flatMap((name) =>
      random.chance(0.5) ? [[name, name === 'dialect' ? random.pick(DIALECT_NAMES) : nastyWord(random)]] : [],
    ),
  );

function enveloped(body: string, random: Random): string {
  let text = body;
  for (let layers = random.int(1, 4); layers > 0; layers -= 1) {
    text = random.chance(0.5)
      ? JSON.stringify({ Type: 'Notification', Message: text, MessageAttributes: { dialect: { Value: 'fhir' } } })
      : JSON.stringify({ 'detail-type': 'x', detail: text });
  }
  return text;
}
