import { NO_DIALECTS } from '../../shared/contracts/dialects.ts';
import { dynamoStores } from '../../shared/store/dynamo-stores.ts';
import type { LoggedEvent } from '../../shared/store/referral-store.ts';
import type { Tables } from './tables.ts';

/** What a number names that is no referral's own. */
export interface OtherName {
  /** `an appointment`. */
  what: string;
  referralId: string;
}

/** Fields of events with such numbers. */
const FIELDS = {
  appointmentId: 'an appointment',
  previousAppointmentId: 'an appointment',
  documentId: 'a document',
} as const;

/** How the dialects write them as keys. */
const KEYS: readonly (readonly [before: string, what: string])[] = [
  ['appointment:', 'an appointment'],
  ['placer-appointment:', 'an appointment'],
  ['Appointment/', 'an appointment'],
  ['visit:', 'a visit'],
  ['Encounter/', 'a visit'],
  ['document:', 'a document'],
  ['DocumentReference/', 'a document'],
  ['order:', 'an order'],
  ['ServiceRequest/', 'an order'],
  ['Task/', 'a task'],
  ['referral:', 'another number'],
];
/** Each costs a read for every way to write a key. */
const MOST_SENDERS = 20;

/** Which referral's events have a number. Null: none. */
export function nameInLog(log: readonly LoggedEvent[], number: string): OtherName | null {
  for (const { event } of log) {
    for (const [field, what] of Object.entries(FIELDS)) {
      const { [field]: value } = event.data as Record<string, unknown>;
      if (value === number) return { what, referralId: event.subject };
    }
  }
  return null;
}

/** What a number is a name of at any sender of the configuration in force. Null: of nothing. */
export async function nameInTables({ client, names }: Tables, number: string): Promise<OtherName | null> {
  const { aliases, configs } = dynamoStores(client, names);
  const { dialects = NO_DIALECTS } = (await configs.inForce()).config;
  const keys = KEYS.map(([before]) => `${before}${number}`);
  for (const { name } of dialects.senders.slice(0, MOST_SENDERS)) {
    const [alias] = await aliases.find(name, keys);
    if (alias) {
      const what = KEYS.find(([before]) => alias.key === `${before}${number}`)?.[1] ?? 'another number';
      return { what, referralId: alias.referralId };
    }
  }
  return null;
}
