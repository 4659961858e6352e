import { type Case, codingsOf, type Outcome, RefusedError, shown } from './case.ts';
import { idAt, keysOf } from './keys.ts';
import type { Message, Part, Segment } from './message.ts';
import { isConsultNote, noteFact } from './notes.ts';

/** TXA-17 (table 0271) by whether the document is final. */
const COMPLETION: Readonly<Record<string, boolean>> = {
  AU: true,
  LA: true,
  DI: false,
  DO: false,
  IN: false,
  IP: false,
  PA: false,
};
/** OBR-25 (table 0123) likewise. */
const RESULT: Readonly<Record<string, boolean>> = { F: true, C: true, P: false, A: false, R: false };
/** TXA-2 is of table 0270 unless it says another, and some systems fill it with LOINC. */
const DOCUMENT_SYSTEMS = ['0270', 'LN'];

/** MDM^T01 to ^T10: a document, the odd ones without its content. */
export function translateDocument(each: Case, trigger: string): Outcome {
  const hasContent = Number(trigger.slice(1)) % 2 === 0;
  if (!hasContent && each.sender.role !== 'receiving') return { passedOver: 'no content, without "role": "receiving"' };
  if (!isConsultNote(each.codings('TXA-2', DOCUMENT_SYSTEMS), each)) {
    return { passedOver: `TXA-2 ${each.shownCode('TXA-2')}, not in consultNotes` };
  }
  const status = each.code('TXA-17');
  const isFinal = finality(status, COMPLETION, each);
  const by = `TXA-17 ${shown(status)}`;
  if (isFinal === null) return { passedOver: by };
  const documentId = idAt(['TXA-12'], each);
  const keys = keysOf(each, 'MDM');
  return { keys, facts: [noteFact(each, { keys, isFinal, documentId, signedAt: 'TXA-22.15', by })] };
}

/** MDM^T11: a document is taken back. */
export function translateDocumentCancelled(each: Case): Outcome {
  const status = each.code('TXA-19');
  const by = `TXA-19 ${shown(status)}`;
  if (status !== 'CA') return { passedOver: by };
  const documentId = idAt(['TXA-12'], each);
  if (documentId === '') throw new RefusedError("TXA-12: expected the document's number");
  return { keys: keysOf(each, 'MDM'), facts: [each.retraction(`Document/${documentId}`, by)] };
}

/** One result of ORU^R01 that is a consult note. */
export function translateResult(each: Case): Outcome {
  const status = each.code('OBR-25');
  const isFinal = finality(status, RESULT, each);
  const by = `OBR-25 ${shown(status)}`;
  if (isFinal === null) return { passedOver: by };
  const documentId = idAt(['OBR-3', 'OBR-2'], each);
  const keys = keysOf(each, 'ORU');
  return { keys, facts: [noteFact(each, { keys, isFinal, documentId, by })] };
}

/** The results of ORU^R01 that are consult notes, by OBR-4 or OBX-3. */
export function resultsOf(message: Message, caseOf: (part: Part) => Case): Part[] {
  const results = message.orders(
    (segment, order) => segment.name === 'ORC' || (segment.name === 'OBR' && hasResult(order)),
  );
  return results.filter((part) => isConsultResult(caseOf(part)));
}

/** An OBR begins a result, unless it follows its own ORC. */
const hasResult = (order: readonly Segment[]): boolean =>
  order.length === 0 || order.some(({ name }) => name === 'OBR');

function isConsultResult(each: Case): boolean {
  const observations = each.part.all('OBX').flatMap((segment) => segment.repetitions(3));
  const observed = observations.flatMap((code) => codingsOf(code, ['LN']));
  return isConsultNote([...each.codings('OBR-4', ['LN']), ...observed], each);
}

/** Without a status every observation has to be final. Null: the table doesn't name the status. */
function finality(status: string, table: Readonly<Record<string, boolean>>, each: Case): boolean | null {
  if (status !== '') return Object.hasOwn(table, status) ? (table[status] ?? null) : null;
  const observations = each.part.all('OBX');
  return observations.length > 0 && observations.every((segment) => segment.read(11).toUpperCase() === 'F');
}
