import { type Dialects, dialectsSchema } from '../../../../../shared/contracts/dialects.ts';
import type { Instant } from '../../../../../shared/contracts/instant.ts';
import { translateCsv } from '../../../../../shared/intake/dialects/csv/translate-csv.ts';
import { eventId } from '../../../../../shared/intake/dialects/event-id.ts';
import type { Context, Member, Translated } from '../../../../../shared/intake/dialects/member.ts';
import { at } from '../../../../builders/instants.ts';

/** A made-up clinic that exports its referrals every night, one row a referral. */
export const CLINIC = {
  name: 'clinic-nightly',
  csv: {
    kind: 'states',
    delimiter: ';',
    key: ['Ref No'],
    subject: 'Ref No',
    dates: ['MM/dd/yyyy HH:mm', 'MM/dd/yyyy'],
    exportedAt: { fileName: 'referrals_(\\d{8}_\\d{4})' },
    emit: [
      {
        type: 'referral.received',
        time: 'Created',
        data: {
          priority: 'Urgency',
          specialty: 'Dept',
          site: 'Loc',
          'practice.id': 'PCP Id',
          'practice.name': 'PCP',
          'patient.id': 'MRN',
        },
      },
      { type: 'appointment.scheduled', time: 'Booked On', data: { startsAt: 'Appt' } },
      { type: 'appointment.no_show', time: 'Appt', when: { Status: ['DNA', 'No Show'] } },
      {
        type: 'referral.closed',
        time: 'exportedAt',
        when: { Status: 'Closed' },
        data: { reason: 'Close Reason' },
      },
    ],
  },
  crosswalks: {
    priority: { U: 'urgent' },
    specialty: { CARD: 'cardiology' },
    site: { N: 'north' },
    practice: { P1: { id: 'p-1', name: 'First Example Practice' } },
    close: { 'Unable to contact': 'unreachable' },
  },
};

export const HEAD = 'Ref No;Created;Urgency;Dept;Loc;PCP Id;PCP;MRN;Booked On;Appt;Status;Close Reason';

/** The same three referrals over three nights: one is booked, missed and booked again, one is closed, one vanishes. */
export const NIGHTS: readonly { file: string; text: string }[] = [
  {
    file: 'referrals_20260302_2300.csv',
    text: [
      HEAD,
      'R-1;02/23/2026 10:15;U;CARD;N;P1;First;M-1;02/25/2026 09:00;03/03/2026 14:30;Booked;',
      'R-2;02/24/2026 08:00;;CARD;N;P1;First;M-2;;;Open;',
      'R-3;02/24/2026 09:30;;CARD;N;P1;First;M-3;;;Open;',
    ].join('\r\n'),
  },
  {
    file: 'referrals_20260303_2300.csv',
    text: [
      HEAD,
      'R-1;02/23/2026 10:15;U;CARD;N;P1;First;M-1;02/25/2026 09:00;03/03/2026 14:30;DNA;',
      'R-2;02/24/2026 08:00;;CARD;N;P1;First;M-2;;;Closed;Unable to contact',
      'R-4;03/03/2026 11:45;;CARD;N;P1;First;M-4;;;Open;',
    ].join('\r\n'),
  },
  {
    file: 'referrals_20260304_2300.csv',
    text: [
      HEAD,
      'R-1;02/23/2026 10:15;U;CARD;N;P1;First;M-1;03/04/2026 08:20;03/17/2026 10:00;Booked;',
      'R-2;02/24/2026 08:00;;CARD;N;P1;First;M-2;;;Closed;Unable to contact',
      'R-4;03/03/2026 11:45;;CARD;N;P1;First;M-4;;;Open;',
    ].join('\r\n'),
  },
];

export interface Sent {
  /** An entry of `dialects.json`; null: none. */
  sender?: unknown;
  file?: string | null;
  position?: number;
  exportedAt?: Instant | null;
  defaults?: unknown;
}

const parsed = new Map<string, Dialects>();
function dialectsOf(json: string): Dialects {
  const known = parsed.get(json) ?? dialectsSchema.parse(JSON.parse(json));
  parsed.set(json, known);
  return known;
}

export function contextOf(sent: Sent = {}): Context {
  const { sender = CLINIC, file = null, position = 1, exportedAt = null, defaults = {} } = sent;
  const dialects = dialectsOf(
    JSON.stringify({
      defaults: { timeZone: 'America/Chicago', ...(defaults as object) },
      senders: sender === null ? [] : [sender],
    }),
  );
  const name = sender === null ? null : (sender as { name: string }).name;
  const origin = { dialect: 'csv', sender: name, file, position, exportedAt, arrivedAt: at('2026-04-01T00:00:00Z') };
  return { dialects, timeZone: 'America/New_York', origin: { ...origin, dialect: 'csv' } };
}

export const translate = (body: string, sent: Sent = {}): Translated[] => translateCsv(body, contextOf(sent));

export type OfOutcome<O extends Translated['outcome']> = Extract<Translated, { outcome: O }>;

export const having = <O extends Translated['outcome']>(members: readonly Translated[], outcome: O): OfOutcome<O>[] =>
  members.filter((each): each is OfOutcome<O> => each.outcome === outcome);

/** The ids of all events of a body, in order. */
export const idsOf = (members: readonly Translated[]): string[] =>
  having(members, 'translated').flatMap(({ facts, sender, sequence }: OfOutcome<'translated'> & Member) =>
    facts.map((fact) => eventId(sender, sequence, fact)),
  );

/** The clinic's mapping with other settings. */
export const clinicWith = (csv: object, sender: object = {}): typeof CLINIC =>
  ({ ...CLINIC, ...sender, csv: { ...CLINIC.csv, ...csv } }) as typeof CLINIC;
