import type { CrosswalkName } from '../../shared/contracts/dialects.ts';
import type { EventType } from '../../shared/contracts/event.ts';
import { type Column, codesOf } from './profile.ts';
import { words } from './roles.ts';
import { cancellerOf, closeReasonOf, declineReasonOf, isKnownReason, pauseReasonOf } from './status-words.ts';

/** What columns of reasons say, by the crosswalk that reads it. */
export interface Reason {
  crosswalk: CrosswalkName;
  types: readonly EventType[];
  field: 'reason' | 'by';
  wordOf: (word: string) => string | undefined;
  /** How its own columns are named. */
  named: RegExp;
}

export const REASONS: readonly Reason[] = [
  {
    ...{ crosswalk: 'close', types: ['referral.closed'], field: 'reason', wordOf: closeReasonOf },
    named: /\b(clos|resol|end|discharg)/,
  },
  {
    ...{ crosswalk: 'decline', types: ['referral.declined'], field: 'reason', wordOf: declineReasonOf },
    named: /\b(declin|reject|denied|denial|refus|return)/,
  },
  {
    ...{ crosswalk: 'pause', types: ['referral.paused'], field: 'reason', wordOf: pauseReasonOf },
    named: /\b(hold|held|paus|pend|defer|wait|delay)/,
  },
  {
    ...{
      crosswalk: 'cancel',
      types: ['appointment.cancelled', 'referral.cancelled'],
      field: 'by',
      wordOf: cancellerOf,
    },
    named: /\b(cancel|cx)/,
  },
];

/** Values of a column of reasons with their counts: those that come more than once, and known ones. */
export const reasonCodesOf = (column: Column): [string, number][] => codesOf(column, isKnownReason);

/** The column that says a reason: one of its own, else one for all. Undefined: there is none. */
export function reasonColumn({ named, wordOf, field }: Reason, columns: readonly Column[]): Column | undefined {
  const own = columns.find(({ name }) => named.test(words(name)));
  if (own) return own;
  const ofAll = columns.find(({ name }) => !REASONS.some((reason) => reason.named.test(words(name))));
  // Few reasons say who it was.
  const isRead = field === 'reason' || (ofAll && reasonCodesOf(ofAll).some(([value]) => wordOf(value) !== undefined));
  return isRead ? ofAll : undefined;
}

/** The field of an event that a column of reasons fills. Empty: none does. */
export function reasonData(type: EventType, columns: readonly Column[]): Record<string, string> {
  const reason = REASONS.find(({ types }) => types.includes(type));
  const column = reason && reasonColumn(reason, columns);
  return reason && column ? { [reason.field]: column.name } : {};
}
