// Oracle, part 2: what is let in (domain.md section 2): schema, refusals, duplicates.
import { parseInstant } from './time.ts';

export type Ev = {
  index: number;
  arrivedAt: number;
  source: string;
  id: string;
  type: string;
  subject: string;
  time: number;
  entity: string | null;
  data: any;
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
};

type Check = (v: any) => boolean;
const str: Check = (v) => typeof v === 'string' && v !== '';
const text: Check = (v) => typeof v === 'string';
const instant: Check = (v) => parseInstant(v) !== null;
const bool: Check = (v) => typeof v === 'boolean';
const oneOf =
  (...words: string[]): Check =>
  (v) =>
    words.includes(v);
const strings: Check = (v) => Array.isArray(v) && v.every((x) => typeof x === 'string');
const withId: Check = (v) => typeof v === 'object' && v !== null && !Array.isArray(v) && str(v.id);
const integer: Check = (v) => Number.isInteger(v) && v >= 1;

// Field name with ? = optional; an optional field may also be null.
const DIMENSIONS: Record<string, Check> = {
  priority: oneOf('routine', 'urgent', 'asap', 'stat'),
  specialty: str,
  site: str,
  practice: withId,
  patient: withId,
};
const MORE: Record<string, Check> = {
  'orderedAt?': text,
  'payer?': text,
  'tags?': strings,
  'coordinatorId?': text,
  'liaisonId?': text,
  'requestedBy?': text,
  'receivedVia?': text,
};
const SCHEMA: Record<string, Record<string, Check>> = {
  'referral.received': { ...DIMENSIONS, ...MORE },
  'referral.updated': { ...Object.fromEntries(Object.entries(DIMENSIONS).map(([k, v]) => [`${k}?`, v])), ...MORE },
  'referral.accepted': {},
  'referral.declined': {
    reason: oneOf('misdirected', 'incomplete', 'out_of_criteria', 'not_accepting', 'coverage', 'other'),
  },
  'referral.rerouted': { 'to?': text, 'inNetwork?': bool },
  'referral.paused': {
    reason: oneOf('awaiting_information', 'awaiting_authorization', 'patient_requested', 'medical_hold'),
    'until?': instant,
  },
  'referral.resumed': {},
  'contact.attempted': {
    channel: oneOf('phone', 'letter', 'portal', 'sms', 'email'),
    outcome: oneOf('reached', 'voicemail', 'no_answer', 'wrong_number', 'sent', 'declined'),
    'nextAttemptAt?': instant,
  },
  'appointment.offered': { 'startsAt?': instant },
  'appointment.scheduled': { appointmentId: str, startsAt: instant, 'patientChoice?': bool },
  'appointment.rescheduled': {
    appointmentId: str,
    startsAt: instant,
    'previousAppointmentId?': str,
    'patientChoice?': bool,
  },
  'appointment.cancelled': { appointmentId: str, by: oneOf('patient', 'practice', 'system'), 'reason?': text },
  'appointment.no_show': { appointmentId: str },
  'visit.arrived': { 'appointmentId?': str },
  'visit.completed': { 'appointmentId?': str },
  'note.interim_received': { 'documentId?': text },
  'note.signed': { 'documentId?': text },
  'note.received': { 'documentId?': text },
  'note.acknowledged': { 'documentId?': text },
  'referral.closed': { reason: oneOf(...Object.keys(REASON_CLASS)), 'evidence?': (v) => v !== undefined },
  'referral.cancelled': { by: oneOf('referrer', 'patient', 'system'), 'reason?': text },
  'referral.reopened': { 'reason?': text },
  'referral.voided': {},
  'referrer.notified': {
    about: oneOf('received', 'scheduled', 'no_show', 'declined', 'unreachable', 'seen', 'closed'),
  },
  'event.retracted': { source: str, 'id?': str, 'entity?': str },
  'alert.acknowledged': { kind: str, 'instance?': integer, by: str, 'note?': text },
  'alert.snoozed': { kind: str, 'instance?': integer, until: instant, by: str, 'note?': text },
  'practice.contacted': { by: str, 'channel?': text },
  'practice.feedback': { topic: str, status: oneOf('open', 'answered') },
  'feed.heartbeat': {},
};

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

function dataFault(type: string, data: any): string | null {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return 'data';
  for (const [key, check] of Object.entries(SCHEMA[type] ?? {})) {
    const optional = key.endsWith('?');
    const name = optional ? key.slice(0, -1) : key;
    const value = data[name];
    if (optional && (value === undefined || value === null)) continue;
    if (!check(value)) return `data.${name}`;
  }
  if (type === 'event.retracted' && (data.id ?? null) === null && (data.entity ?? null) === null) return 'data.id';
  if (type === 'event.retracted' && (data.id ?? null) !== null && (data.entity ?? null) !== null) return 'data.entity';
  return null;
}

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
    else if (e.specversion !== '1.0') fault = 'specversion';
    else if (!str(e.id)) fault = 'id';
    else if (!str(e.source)) fault = 'source';
    else if (!str(e.type)) fault = 'type';
    else if (!str(e.subject) || [...e.subject].length > 128) fault = 'subject';
    else if (time === null) fault = 'time';
    else if ((e.recordedtime ?? null) !== null && recorded === null) fault = 'recordedtime';
    else if ((e.entity ?? null) !== null && !str(e.entity)) fault = 'entity';
    const arrivedAt = line.arrivedAt ?? recorded ?? time ?? -Infinity;
    if (arrivedAt <= until) waiting.push({ index, arrivedAt, event: e, fault });
  });
  waiting.sort((a, b) => a.arrivedAt - b.arrivedAt || a.index - b.index);

  const events: Ev[] = [];
  const bySubject = new Map<string, Ev[]>();
  for (const { index, arrivedAt, event: e, fault } of waiting) {
    const refuse = (reason: string, detail: string) => refused.push({ reason, detail, index });
    if (fault) {
      refuse('invalid', fault);
      continue;
    }
    if (!Object.hasOwn(SCHEMA, e.type)) {
      refuse('unknown_type', e.type);
      continue;
    }
    const data = e.data ?? {};
    const wrong = dataFault(e.type, data);
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
        !e.type.startsWith('practice.') &&
        (same.type !== e.type || same.time !== time || canonical(same.data) !== canonical(data))
      )
        refuse('id_reused', `${e.source} ${e.id}`);
      continue; // else a repetition
    }
    if (mine.length >= 2000) {
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
      entity: e.entity ?? null,
      data,
    };
    mine.push(ev);
    events.push(ev);
  }
  refused.sort((a, b) => a.index - b.index);
  return { events, refused };
}
