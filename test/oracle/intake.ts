// Oracle, part 2: what is let in (docs/domain.md#2): schema, refusals, duplicates.
import { DAY, inBounds, parseDate, parseInstant } from './time.ts';

export type Ev = {
  index: number;
  arrivedAt: number;
  source: string;
  id: string;
  type: string;
  subject: string;
  time: number;
  recorded: number; // `recordedtime`, or `time` for want of it
  entity: string | null;
  data: any; // with the words of section 2 in place of unknown and absent ones
  sent: string; // `data` as sent, to compare
  unmapped: string[]; // fields whose word was replaced, such as `referral.closed.reason`
};
export type Refused = { reason: string; detail: string; index: number };

export const REASON_CLASS: Record<string, string> = {
  completed_in_network: 'completed',
  completed_elsewhere: 'competitive',
  scheduled_elsewhere: 'competitive',
  referrer_redirected: 'competitive',
  patient_declined: 'patient',
  unreachable: 'access',
  no_show_not_rescheduled: 'access',
  cancelled_not_rescheduled: 'access',
  wait_too_long: 'access',
  no_capacity: 'access',
  distance: 'access',
  out_of_network: 'coverage',
  auth_denied: 'coverage',
  auth_expired: 'coverage',
  cost: 'coverage',
  declined_by_specialist: 'provider',
  converted_econsult: 'other care',
  resolved_by_referrer: 'other care',
  duplicate: 'exclusion',
  entered_in_error: 'exclusion',
  deceased: 'exclusion',
  moved: 'exclusion',
  test: 'exclusion',
  expired_admin: 'administrative',
  unspecified: 'administrative',
};

const bytes = (v: string): number => Buffer.byteLength(v, 'utf8');

// What a field has to be. `text` is free; ids, names and words have up to 256 bytes.
type Check = (v: any) => boolean;
const text: Check = (v) => typeof v === 'string';
const word: Check = (v) => text(v) && bytes(v) <= 256;
const str: Check = (v) => word(v) && v !== '';
const instant: Check = (v) => parseInstant(v) !== null && inBounds(parseInstant(v) as number);
// Text that may be a date or an instant, and then has to be within the bounds.
const moment: Check = (v) => {
  if (!word(v)) return false;
  const day = parseDate(v);
  const at = day === null ? parseInstant(v) : day * DAY;
  return at === null || inBounds(at);
};
const bool: Check = (v) => typeof v === 'boolean';
const anything: Check = () => true;
const oneOf =
  (...words: string[]): Check =>
  (v) =>
    words.includes(v);
const words: Check = (v) => Array.isArray(v) && v.every(word);
const integer: Check = (v) => Number.isInteger(v) && v >= 1;

// Field name with ? = optional; an optional field may also be null.
type Schema = { [field: string]: Check | Schema };
const DIMENSIONS: Schema = {
  priority: oneOf('routine', 'urgent', 'asap', 'stat'),
  specialty: str,
  site: str,
  practice: { id: str, 'name?': word, 'providerNpi?': word, 'providerName?': word },
  patient: { id: str, 'initials?': word },
};
const MORE: Schema = {
  'orderedAt?': moment,
  'payer?': word,
  'tags?': words,
  'coordinatorId?': word,
  'liaisonId?': word,
  'requestedBy?': moment,
  'receivedVia?': word,
};
const CHANNELS = ['phone', 'letter', 'portal', 'sms', 'email', 'other'];
const OUTCOMES = ['reached', 'voicemail', 'no_answer', 'wrong_number', 'sent', 'declined', 'other'];
const DECLINES = ['misdirected', 'incomplete', 'out_of_criteria', 'not_accepting', 'coverage', 'other'];
const KINDS = [
  'acceptance',
  'first_attempt',
  'reached',
  'scheduled',
  'visit',
  'rebook',
  'reroute',
  'note',
  'acknowledge',
  'referrer_update',
  'attendance_unknown',
  'silence',
  'unassigned',
  'orphan',
  'incomplete',
  'booked_late',
  'callback',
  'news_after_end',
  'all',
];
const SCHEMA: Record<string, Schema> = {
  'referral.received': { ...DIMENSIONS, ...MORE },
  'referral.updated': { ...Object.fromEntries(Object.entries(DIMENSIONS).map(([k, v]) => [`${k}?`, v])), ...MORE },
  'referral.accepted': {},
  'referral.declined': { 'reason?': word },
  'referral.rerouted': { 'to?': word, 'inNetwork?': bool },
  'referral.paused': {
    reason: oneOf('awaiting_information', 'awaiting_authorization', 'patient_requested', 'medical_hold'),
    'until?': instant,
  },
  'referral.resumed': {},
  'contact.attempted': { channel: word, outcome: word, 'nextAttemptAt?': instant },
  'appointment.offered': { 'startsAt?': instant },
  'appointment.scheduled': { appointmentId: str, startsAt: instant, 'patientChoice?': bool },
  'appointment.rescheduled': {
    appointmentId: str,
    startsAt: instant,
    'previousAppointmentId?': str,
    'patientChoice?': bool,
  },
  'appointment.cancelled': { appointmentId: str, by: oneOf('patient', 'practice', 'system'), 'reason?': word },
  'appointment.no_show': { appointmentId: str },
  'visit.arrived': { 'appointmentId?': str },
  'visit.completed': { 'appointmentId?': str },
  'note.interim_received': { 'documentId?': word },
  'note.signed': { 'documentId?': word },
  'note.received': { 'documentId?': word },
  'note.acknowledged': { 'documentId?': word },
  'referral.closed': { 'reason?': word, 'evidence?': anything, 'duplicateOf?': word },
  'referral.cancelled': { by: oneOf('referrer', 'patient', 'system'), 'reason?': word },
  'referral.reopened': { 'reason?': word },
  'referral.voided': {},
  'referrer.notified': {
    about: oneOf('received', 'scheduled', 'no_show', 'declined', 'unreachable', 'seen', 'closed'),
  },
  'event.retracted': { source: str, 'id?': str, 'entity?': str },
  'alert.acknowledged': { kind: oneOf(...KINDS), 'instance?': integer, by: str, 'note?': text },
  'alert.snoozed': { kind: oneOf(...KINDS), 'instance?': integer, until: instant, by: str, 'note?': text },
  'practice.contacted': { by: str, 'channel?': word },
  'practice.feedback': { topic: str, status: oneOf('open', 'answered') },
  'feed.heartbeat': {},
};

// "Words of their own": the field, the words that are known, and what stands for any other or an absent one.
const OWN_WORDS: Record<string, [field: string, known: string[], instead: string][]> = {
  'referral.closed': [['reason', Object.keys(REASON_CLASS), 'unspecified']],
  'referral.declined': [['reason', DECLINES, 'other']],
  'contact.attempted': [
    ['channel', CHANNELS, 'other'],
    ['outcome', OUTCOMES, 'other'],
  ],
};

function translated(type: string, sent: any): { data: any; unmapped: string[] } {
  const data = { ...sent };
  const unmapped: string[] = [];
  for (const [field, known, instead] of OWN_WORDS[type] ?? []) {
    if (known.includes(data[field])) continue;
    data[field] = instead;
    unmapped.push(`${type}.${field}`);
  }
  return { data, unmapped };
}

// `data` without unknown fields, its instants as instants: what it says, however it was written.
export function knownData(type: string, data: any, schema: Schema = SCHEMA[type] ?? {}): any {
  const known: any = {};
  for (const [key, check] of Object.entries(schema)) {
    const name = key.replace('?', '');
    const value = data[name];
    if (value === undefined) continue;
    if (typeof check !== 'function') known[name] = value === null ? null : knownData(type, value, check);
    else known[name] = check === instant || check === moment ? (parseInstant(value) ?? value) : value;
  }
  return known;
}

// The event itself is the first level, what stands in it the second. Doesn't recurse: the depth is what is in question.
function deeperThan(most: number, event: any): boolean {
  let level = [event];
  for (let depth = 0; level.length > 0; depth++) {
    level = level.filter((v) => typeof v === 'object' && v !== null);
    if (level.length > 0 && depth + 1 > most) return true;
    level = level.flatMap((v) => Object.values(v));
  }
  return false;
}

// `data`, or `data_base64` read as JSON. Undefined if that can't be read, or if there are both.
function dataOf(e: any): any {
  if ((e.data_base64 ?? null) === null) return e.data ?? {};
  const encoded = e.data_base64;
  if ((e.data ?? null) !== null || typeof encoded !== 'string') return undefined;
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(encoded)) return undefined;
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(encoded, 'base64'))) ?? {};
  } catch {
    return undefined;
  }
}

// Key order means nothing.
export function canonical(v: any): string {
  if (Array.isArray(v)) return `[${v.map(canonical).join(',')}]`;
  if (v !== null && typeof v === 'object')
    return (
      '{' +
      Object.keys(v)
        .sort()
        .map((k) => `${JSON.stringify(k)}:${canonical(v[k])}`)
        .join(',') +
      '}'
    );
  return JSON.stringify(v) ?? 'null';
}

function fieldFault(path: string, schema: Schema, data: any): string | null {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return path;
  for (const [key, check] of Object.entries(schema)) {
    const optional = key.endsWith('?');
    const name = optional ? key.slice(0, -1) : key;
    const value = data[name];
    if (optional && (value === undefined || value === null)) continue;
    const at = `${path}.${name}`;
    if (typeof check === 'function' && !check(value)) return at;
    const fault = typeof check === 'function' ? null : fieldFault(at, check, value);
    if (fault) return fault;
  }
  return null;
}

function dataFault(type: string, data: any): string | null {
  const fault = fieldFault('data', SCHEMA[type] ?? {}, data);
  if (fault) return fault;
  if (type === 'event.retracted' && (data.id ?? null) === null && (data.entity ?? null) === null) return 'data.id';
  if (type === 'event.retracted' && (data.id ?? null) !== null && (data.entity ?? null) !== null) return 'data.entity';
  return null;
}

const TOO_LARGE = 350_000;
const LIMIT = 2_000;
const LIMIT_OF_LAST_WORDS = 2_100;
const LAST_WORDS = ['referral.closed', 'referral.cancelled', 'referral.voided', 'referral.reopened', 'event.retracted'];
const OF_NO_REFERRAL = ['practice.contacted', 'practice.feedback', 'feed.heartbeat'];

// Accepts events in the order of arrival; what arrives after `until` isn't seen.
export function intake(
  lines: { event: unknown; arrivedAt?: number }[],
  until: number,
): { events: Ev[]; refused: Refused[] } {
  const refused: Refused[] = [];
  const waiting: { index: number; arrivedAt: number; event: any; fault: string | null }[] = [];
  lines.forEach((line, index) => {
    const e: any = line.event;
    const isObject = typeof e === 'object' && e !== null && !Array.isArray(e);
    const time = isObject ? parseInstant(e.time) : null;
    const recorded = isObject && (e.recordedtime ?? null) !== null ? parseInstant(e.recordedtime) : null;
    let fault: string | null = null;
    if (!isObject) fault = 'event';
    else if (deeperThan(64, e)) fault = 'depth';
    else if (e.specversion !== '1.0') fault = 'specversion';
    else if (!str(e.id)) fault = 'id';
    else if (!str(e.source)) fault = 'source';
    else if (!str(e.type)) fault = 'type';
    else if (!str(e.subject) || [...e.subject].length > 128) fault = 'subject';
    else if (!instant(e.time)) fault = 'time';
    else if ((e.recordedtime ?? null) !== null && !instant(e.recordedtime)) fault = 'recordedtime';
    else if ((e.entity ?? null) !== null && !str(e.entity)) fault = 'entity';
    const arrivedAt = line.arrivedAt ?? recorded ?? time ?? -Infinity;
    if (arrivedAt <= until) waiting.push({ index, arrivedAt, event: e, fault });
  });
  waiting.sort((a, b) => a.arrivedAt - b.arrivedAt || a.index - b.index);

  const events: Ev[] = [];
  const bySubject = new Map<string, Ev[]>();
  for (const { index, arrivedAt, event: e, fault } of waiting) {
    const refuse = (reason: string, detail: string) => refused.push({ reason, detail, index });
    if (fault !== 'depth' && bytes(JSON.stringify(e)) > TOO_LARGE) {
      refuse('too_large', e?.id ?? '');
      continue;
    }
    if (fault) {
      refuse('invalid', fault);
      continue;
    }
    if (!Object.hasOwn(SCHEMA, e.type)) {
      refuse('unknown_type', e.type);
      continue;
    }
    const sent = dataOf(e);
    const wrong = dataFault(e.type, sent);
    if (wrong) {
      refuse('invalid', wrong);
      continue;
    }
    const time = parseInstant(e.time) as number;
    if (time > arrivedAt + 10 * 60_000) {
      refuse('time_in_future', e.time);
      continue;
    }
    const mine = bySubject.get(e.subject) ?? [];
    bySubject.set(e.subject, mine);
    const same = mine.find((x) => x.source === e.source && x.id === e.id);
    // Reuse of an id is judged within a referral: a repeated heartbeat only says again that the feed was heard.
    if (same && e.type !== 'feed.heartbeat') {
      if (
        !OF_NO_REFERRAL.includes(e.type) &&
        (same.type !== e.type || same.time !== time || same.sent !== canonical(sent))
      )
        refuse('id_reused', `${e.source} ${e.id}`);
      continue; // else a repetition
    }
    const most = LAST_WORDS.includes(e.type) ? LIMIT_OF_LAST_WORDS : LIMIT;
    if (!OF_NO_REFERRAL.includes(e.type) && mine.length >= most) {
      refuse('limit', e.subject);
      continue;
    }
    const ev: Ev = {
      index,
      arrivedAt,
      source: e.source,
      id: e.id,
      type: e.type,
      subject: e.subject,
      time,
      recorded: parseInstant(e.recordedtime) ?? time,
      entity: e.entity ?? null,
      sent: canonical(sent),
      ...translated(e.type, sent),
    };
    mine.push(ev);
    events.push(ev);
  }
  refused.sort((a, b) => a.index - b.index);
  return { events, refused };
}
