import { CONSULT_NOTES, type Coding, isListed } from '../coding.ts';
import type { Fact, Keys } from '../member.ts';
import type { Case } from './case.ts';
import { entityOf } from './keys.ts';

/** A document that came back. */
interface Note {
  keys: Keys;
  isFinal: boolean;
  /** Empty: it has none. */
  documentId: string;
  /** Where it says when it was signed. Absent: when the message was written. */
  signedAt?: string;
  by: string;
}

/**
 * A note. Where the sender's documents arrive at the referring side, what they say has reached it; at the specialist's own a
 * note is signed and hasn't come back.
 */
export function noteFact(each: Case, { keys, isFinal, documentId, signedAt, by }: Note): Fact {
  const entity = documentEntity(documentId, keys, each);
  const data = documentId === '' ? {} : { documentId };
  if (!isFinal) return each.fact('note.interim_received', { entity, data, values: { documentId }, by });
  if (each.sender.role === undefined) each.crosswalks.note('role', 'consult note');
  if (each.sender.role !== 'receiving') return each.fact('note.received', { entity, data, values: { documentId }, by });
  const signed = signedAt === undefined ? null : each.moment(signedAt);
  const time = signed ? each.observed(signed) : each.now;
  const values = { documentId, signedAt: signed?.text ?? '' };
  return each.fact('note.signed', { entity, time, data, values, by });
}

/** A document without a number is the referral's: sent again it is the same. */
function documentEntity(documentId: string, { referralId }: Keys, each: Case): string {
  return entityOf('Document', documentId || (referralId === null ? '' : `referral-${referralId}`), each);
}

/** Whether any of some codes is a consult note, by the sender's list. */
export const isConsultNote = (codings: readonly Coding[], { sender }: Case): boolean =>
  isListed(codings, sender.consultNotes ?? CONSULT_NOTES);
