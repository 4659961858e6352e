import type { Column } from './profile.ts';
import { meaningOf } from './status-words.ts';

/** What a column is for. A file may have several columns of statuses and of reasons, so they aren't among these. */
export type Role =
  | ('rowId' | 'subject' | 'appointmentId' | 'eventType' | 'exportedAt')
  | ('priority' | 'specialty' | 'site' | 'payer' | 'patientId' | 'practiceId' | 'practiceName' | 'npi')
  | ('received' | 'ordered' | 'updated' | 'accepted' | 'declined' | 'contacted' | 'booked' | 'starts')
  | ('cancelled' | 'arrived' | 'seen' | 'note' | 'closed');

/** What a referring practice's columns are called. */
const PRACTICE =
  '(pcp|gp|practice|referring|referrer|referred by|ref (by|prov|provider|doc|doctor|phys|physician|md)|requesting|requested by|ordering|ordered by|office)';
const ID = '(id|ids|no|nr|num|number|nbr|code|key)';
/** Which columns say what. */
export interface Roles {
  roles: ReadonlyMap<Role, Column>;
  /** Columns that say how far referrals or appointments have come. */
  statuses: readonly Column[];
  /** Columns that say why something ended, wasn't taken or waits, or who ended it. */
  reasons: readonly Column[];
}

/** By name, the surest first. A column has one role, and a role one column: the first. */
const OF_DATES: readonly [Role, RegExp][] = [
  [
    'exportedAt',
    /\b(export(ed)?|extract(ed)?|snapshot|(?<!(state|status) )as of|run (date|time)|report (date|time))\b/,
  ],
  ['cancelled', /\bcancel/],
  ['booked', /\b(booked|booking|made|scheduled (on|at)|(date|time) scheduled|appt (created|entered))\b/],
  ['arrived', /\b(arriv\w*|check ?in|checked in)\b/],
  ['note', /\b(note|report|letter|consult)\b/],
  ['seen', /\b(seen|completed|check ?out|checked out|attended)\b/],
  ['starts', /\b(appt|appointment|visit|slot|scheduled (for)?|start)\b/],
  ['accepted', /\b(accept|approv)/],
  ['declined', /\b(declin|reject|denied|refus)/],
  ['contacted', /\b(contact|call|attempt|outreach)/],
  ['closed', /\b(clos|end|resolv)/],
  [
    'updated',
    /\b(updat|modif|chang|edit|touched|last ?(mod|touch))|\b(state|status|stage|unchanged)\b.*\b(since|date|dt|time|as of)\b|^since$/,
  ],
  ['ordered', /\border/],
  [
    'received',
    /\b(creat|receiv|rcvd|recd|recvd|rec d\b|enter|intake|logged|referral|ref|referred|request|open|added|submit)|^date$/,
  ],
];
const OF_TEXTS: readonly [Role | 'status' | 'reason', RegExp][] = [
  ['rowId', new RegExp(`\\b(event|row|(?<!(med|medical|health|hospital) )record|line|entry)\\b.*\\b${ID}\\b`)],
  ['npi', /\bnpi\b/],
  ['appointmentId', new RegExp(`\\b(appt|appointment|visit|booking|encounter)\\b.*\\b${ID}\\b|\\bcsn\\b`)],
  [
    'patientId',
    new RegExp(
      `\\b(patient|pat|pt|chart|member|person|client)\\b.*\\b${ID}\\b|\\b(mrn|emrn|pid|urn|mpi|empi)\\b|^chart$|\\b(med|medical|health|hospital) (rec|record)( ${ID})?$`,
    ),
  ],
  ['practiceId', new RegExp(`\\b${PRACTICE}\\b.*\\b${ID}\\b`)],
  ['practiceName', new RegExp(`\\b${PRACTICE}\\b`)],
  ['subject', new RegExp(`\\b(referral|ref|rfl|order|request|case)\\b.*\\b${ID}\\b|^${ID}$`)],
  ['eventType', /\b(event|activity|action|transaction|step)\b/],
  ['reason', /\b(reasons?|why)\b|\bcancell?ed by\b/],
  ['status', /\b(status|state|sts|disposition|dispo|outcome)\b|\w stat$/],
  ['priority', /\b(priority|prio|pri|prty|urgency|urgent|acuity|triage|severity|expedite\w*)\b/],
  ['payer', /\b(payer|payor|insurance|plan|carrier)\b/],
  ['specialty', /\b(specialty|speciality|specialties|spec|spclty|dept|department|service|svc|discipline|modality)\b/],
  ['site', /\b(site|loc|location|facility|fac|clinic|campus|branch|centre|center|hospital|where)\b/],
];
/** What no event needs: never in a draft. */
const PRIVATE =
  /\b(dob|birth|born|death|ssn|phone|mobile|email|address|street|zip|city|comment|comments|note text|diagnosis|dx|icd|marital|race|ethnic\w*|gender|sex|language|religion|insurance status|reason for (referral|visit|appt|appointment|consult|order)|(referral|ref|visit|appt|appointment|consult|order) reason)\b/;

const OF_REFERRAL = /\b(referral|ref|rfl|order|request|case)\b/;
const OF_APPOINTMENT = /\b(appt|appointment|visit|slot|booking|encounter)\b/;
/** How far something else has come. */
const OF_MONEY = /\b(auth\w*|payer|payor|insurance|plan|claim|bill\w*|eligib\w*)\b/;
const OF_OTHERS = /\b(patient|portal|note|report|letter|fax|record|call|contact|outreach)\b/;

/** The words of a column's name in small letters. */
export const words = (name: string): string =>
  name
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replace(/#/g, ' no ')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
    .toLowerCase();

/** Whether a column says what no event needs, such as a date of birth. */
export const isPrivate = ({ name }: Pick<Column, 'name'>): boolean => PRIVATE.test(words(name));

/** Whether a column is about appointments by its name. */
export const isOfAppointment = ({ name }: Pick<Column, 'name'>): boolean => OF_APPOINTMENT.test(words(name));
/** Whether a column is about referrals, and not about their appointments, by its name. */
export const isOfReferral = (column: Pick<Column, 'name'>): boolean =>
  OF_REFERRAL.test(words(column.name)) && !isOfAppointment(column);

/** Whether a column says how far a referral or appointment has come; a "State" without such a word is a place. */
function isStatus(column: Column): boolean {
  const name = words(column.name);
  if (OF_MONEY.test(name) || (OF_OTHERS.test(name) && !isOfAppointment(column) && !isOfReferral(column))) return false;
  return !/\bstate$/.test(name) || [...column.counts.keys()].some((value) => meaningOf(value) !== undefined);
}

/** Which column has which role, by its name, and whether its cells are dates. */
export function rolesOf(columns: readonly Column[]): Roles {
  const roles = new Map<Role, Column>();
  const several = { status: [] as Column[], reason: [] as Column[] };
  const taken = new Set<Column>();
  const take = (role: Role | keyof typeof several, pattern: RegExp, ofDates: boolean): void => {
    const isSeveral = role === 'status' || role === 'reason';
    const fitting = columns.filter((column) => {
      const name = words(column.name);
      return column.isDate === ofDates && !taken.has(column) && !PRIVATE.test(name) && pattern.test(name);
    });
    const found = fitting.slice(0, isSeveral ? columns.length : 1);
    if (isSeveral) several[role].push(...found);
    else if (found[0]) roles.set(role, found[0]);
    for (const column of found) taken.add(column);
  };
  for (const [role, pattern] of OF_DATES) take(role, pattern, true);
  for (const [role, pattern] of OF_TEXTS) take(role, pattern, false);
  return { roles, statuses: several.status.filter(isStatus), reasons: several.reason };
}
