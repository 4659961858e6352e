import { UNKNOWN } from '../../../contracts/dialects.ts';
import { PRIORITIES } from '../../../contracts/vocabulary.ts';
import type { Coding } from '../coding.ts';
import type { Case, SaidDate } from './case.ts';

/** What a message says of a referral; empty and null where it says nothing. */
export interface SaidOfReferral {
  priority: readonly Coding[];
  specialty: readonly Coding[];
  /** Names of the place, the surest first. */
  site: readonly string[];
  /** Ids of the practice, the surest first. */
  practice: readonly string[];
  practiceName: string;
  providerNpi: string;
  providerName: string;
  patientId: string;
  orderedAt: SaidDate | null;
  requestedBy: SaidDate | null;
}

type Type = 'referral.received' | 'referral.updated';
type Data = Record<string, unknown>;

/** Tables 0280 and 0485. */
const STANDARD = { s: 'stat', a: 'asap', r: 'routine' } as const;

/**
 * `data` of an event about a referral's fields: an update has those that the message says, a receipt all that are required,
 * with the sender's defaults for what is missing.
 */
export function referralData(type: Type, said: SaidOfReferral, each: Case): Data {
  const { crosswalks } = each;
  const words = { field: `${type}.priority`, words: PRIORITIES, standard: STANDARD };
  const known = crosswalks.word('priority', said.priority, words);
  const priority = said.priority.length > 0 ? (known ?? 'routine') : null;
  const data: Data = {
    priority,
    specialty: crosswalks.own('specialty', said.specialty, `${type}.specialty`),
    site: siteOf(type, said, each),
    practice: practiceOf(type, said, each),
    patient: said.patientId === '' ? null : { id: said.patientId },
    orderedAt: said.orderedAt?.value ?? null,
    requestedBy: said.requestedBy?.value ?? null,
  };
  const complete = type === 'referral.received' ? withDefaults(type, data, said, each) : data;
  return withoutNulls(complete);
}

const withoutNulls = (data: Data): Data =>
  Object.fromEntries(Object.entries(data).filter(([, value]) => value !== null));

/** What `referralData` is made of, by field, as sent. */
export function referralValues(said: SaidOfReferral): Record<string, string> {
  return {
    priority: said.priority[0]?.code ?? '',
    specialty: said.specialty[0]?.code ?? '',
    site: said.site[0] ?? '',
    'practice.id': said.practice[0] ?? '',
    'practice.name': said.practiceName,
    'practice.providerNpi': said.providerNpi,
    'practice.providerName': said.providerName,
    'patient.id': said.patientId,
    orderedAt: said.orderedAt?.text ?? '',
    requestedBy: said.requestedBy?.text ?? '',
  };
}

function siteOf(type: Type, { site }: SaidOfReferral, { crosswalks }: Case): string | null {
  return crosswalks.own(
    'site',
    site.map((code) => ({ code })),
    `${type}.site`,
  );
}

function practiceOf(type: Type, said: SaidOfReferral, { crosswalks }: Case): Data | null {
  const [first] = said.practice;
  if (first === undefined) return null;
  const entry = crosswalks.entry(
    'practice',
    said.practice.map((code) => ({ code })),
  );
  if (entry === null) crosswalks.note(`${type}.practice`, first);
  const known = typeof entry === 'string' ? { id: entry } : entry;
  return { id: known?.id ?? first, ...aboutPractice(known?.name ?? said.practiceName, said) };
}

function aboutPractice(name: string, { providerNpi, providerName }: SaidOfReferral): Data {
  return {
    ...(name === '' ? {} : { name }),
    ...(providerNpi === '' ? {} : { providerNpi }),
    ...(providerName === '' ? {} : { providerName }),
  };
}

function withDefaults(type: Type, data: Data, said: SaidOfReferral, { sender, missing }: Case): Data {
  const { specialty = UNKNOWN, site = UNKNOWN, practice = UNKNOWN, patient = UNKNOWN } = sender.fields ?? {};
  const defaults: Data = {
    priority: 'routine',
    specialty,
    site,
    practice: { id: practice, ...aboutPractice(said.practiceName, said) },
    patient: { id: patient },
  };
  const named: Record<string, string> = { practice: 'practice.id', patient: 'patient.id' };
  for (const field of Object.keys(defaults)) {
    if (data[field] === null) missing.add(`${type}.${named[field] ?? field}`);
  }
  return { ...defaults, ...withoutNulls(data) };
}
