import type { EventType } from '../../../contracts/event.ts';
import { CONSULT_NOTES, type Coding, isListed } from '../coding.ts';
import { type Draft, instantIn, type Reading, retraction, type Said } from './reading.ts';
import { resourceKey } from './reference.ts';
import type { DiagnosticReport, DocumentReference } from './resources.ts';
import { keysOfNamed, tie } from './tie.ts';
import { shownFirst } from './words.ts';

/** Consult notes as documents and as reports. What is in them is never read. */

const isConsultNote = (codings: readonly Coding[], { sender }: Reading): boolean =>
  isListed(codings, sender.consultNotes ?? CONSULT_NOTES);

/**
 * A note at the referring side has come back; at the receiving side it is signed. Where the sender's entry doesn't say, it
 * counts as the referring side's, as in HL7 v2; that is noted, since it closes loops.
 */
function noteAt({ sender, crosswalks }: Reading, kind: string): EventType {
  if (sender.role === undefined) crosswalks.note('role', kind);
  return sender.role === 'receiving' ? 'note.signed' : 'note.received';
}

/** What a document says: that a consult note, or a preliminary one, is there. */
export function readDocumentReference(document: DocumentReference, reading: Reading): Said {
  const { status, docStatus, type, category, context } = document;
  const isError = status === 'entered-in-error' || docStatus === 'entered-in-error';
  const codings = [...type, ...category];
  // Some servers leave nothing of what was entered in error but its id.
  if (!isConsultNote(codings, reading) && !(isError && codings.length === 0))
    return { passedOver: `type ${shownFirst(codings)}, not in consultNotes` };
  const tied = tie(reading, {
    orders: [
      { references: document.basedOn, type: 'ServiceRequest' },
      { references: context.flatMap(({ related }) => related), type: null },
    ],
    through: [{ references: context.flatMap(({ encounter }) => encounter), type: 'Encounter' }],
  });
  if (tied.isOfOther) return { passedOver: 'its order is not a referral' };
  const said = { entity: resourceKey('Document', reading.id), keys: keysOfNamed(tied), needsReferral: true };
  if (isError) {
    const facts = [retraction(reading, said.entity, 'DocumentReference entered-in-error')];
    return { ...said, keys: tied.keys, facts };
  }
  if (status === 'superseded') return { passedOver: 'status superseded' };
  const isInterim = docStatus === 'preliminary';
  const fact: Draft = {
    type: isInterim ? 'note.interim_received' : noteAt(reading, 'DocumentReference'),
    time: reading.now ?? instantIn(reading, document.date),
    data: { documentId: reading.id },
    values: [status, docStatus ?? ''],
    row: `DocumentReference current, docStatus ${docStatus ?? 'absent'}`,
  };
  return { ...said, facts: [fact] };
}

/** What a report says. Its entity says its kind: its id may be a document's too. */
export function readDiagnosticReport(report: DiagnosticReport, reading: Reading): Said {
  const { status, code, category, basedOn, encounter, issued } = report;
  const isError = status === 'entered-in-error';
  const codings = [...code, ...category];
  if (!isConsultNote(codings, reading) && !(isError && codings.length === 0))
    return { passedOver: 'code not in consultNotes' };
  const tied = tie(reading, {
    orders: [{ references: basedOn, type: 'ServiceRequest' }],
    through: [{ references: [encounter], type: 'Encounter' }],
  });
  if (tied.isOfOther) return { passedOver: 'its order is not a referral' };
  const said = {
    entity: `Document/${resourceKey('DiagnosticReport', reading.id)}`,
    keys: keysOfNamed(tied),
    needsReferral: true,
  };
  const fact: Omit<Draft, 'type'> = {
    time: instantIn(reading, issued) ?? reading.now,
    data: { documentId: reading.id },
    values: [status],
    row: `DiagnosticReport ${status}`,
  };
  switch (status) {
    case 'registered':
    case 'cancelled':
    case 'unknown':
      return { passedOver: `status ${status}` };
    case 'partial':
    case 'preliminary':
      return { ...said, facts: [{ type: 'note.interim_received', ...fact }] };
    case 'final':
    case 'amended':
    case 'corrected':
    case 'appended':
      return { ...said, facts: [{ type: noteAt(reading, 'DiagnosticReport'), ...fact }] };
    case 'entered-in-error':
      return {
        ...said,
        keys: tied.keys,
        facts: [retraction(reading, said.entity, 'DiagnosticReport entered-in-error')],
      };
  }
}
