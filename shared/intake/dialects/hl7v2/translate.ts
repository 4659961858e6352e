import { withKept } from '../ahead.ts';
import type { Context, Member, Translate, Translated } from '../member.ts';
import { type Sender, senderMatching, senderNamed, UNMATCHED_DAYS, unknownSender } from '../sender.ts';
import { translateAppointment } from './appointments.ts';
import { Case, type Outcome, RefusedError, shown } from './case.ts';
import { resultsOf, translateDocument, translateDocumentCancelled, translateResult } from './documents.ts';
import { translateStatus } from './exchange-360x.ts';
import { hasKeys } from './keys.ts';
import { keptOfText, type Message, type Part, readMessage } from './message.ts';
import { complaintOfHeader } from './no-header.ts';
import { translateOrder } from './orders.ts';
import { type ReadFields, readFields } from './read-fields.ts';
import { translateAnswer, translateReferral } from './referrals.ts';
import { isEmptyBatch, linesOf, lostEnd, splitHl7, withoutNarrative } from './split.ts';
import { translateVisit } from './visits.ts';

/** How the messages of a kind are translated. */
interface Mapping {
  triggers: readonly string[];
  translate: (each: Case, trigger: string) => Outcome;
  /** What of a message is translated by itself, and what it lacks if it has nothing of it. Absent: the message is. */
  parts?: { of: (message: Message, caseOf: (part: Part) => Case) => Part[]; lacks: string };
  /** Whether a person has to see one without any key. */
  needsReferral: boolean;
}

const ORDERS = { of: (message: Message) => message.orders(({ name }) => name === 'ORC'), lacks: 'no ORC' };
const RESULTS = { of: resultsOf, lacks: 'OBR-4 and OBX-3 not in consultNotes' };

/** By MSH-9.1. Whatever isn't here means nothing and is passed over. */
const MAPPINGS: Readonly<Record<string, readonly Mapping[]>> = {
  REF: [{ triggers: ['I12', 'I13', 'I14'], translate: translateReferral, needsReferral: true }],
  RRI: [{ triggers: ['I12', 'I13', 'I14'], translate: translateAnswer, needsReferral: true }],
  OMG: [{ triggers: ['O19'], translate: (each) => translateOrder(each, 'OMG'), parts: ORDERS, needsReferral: true }],
  ORM: [{ triggers: ['O01'], translate: (each) => translateOrder(each, 'ORM'), parts: ORDERS, needsReferral: true }],
  OSU: [{ triggers: ['O51'], translate: translateStatus, parts: ORDERS, needsReferral: true }],
  SIU: [
    {
      triggers: ['S12', 'S13', 'S14', 'S15', 'S16', 'S17', 'S26'],
      translate: translateAppointment,
      needsReferral: false,
    },
  ],
  ADT: [{ triggers: ['A01', 'A03', 'A04', 'A11'], translate: translateVisit, needsReferral: false }],
  MDM: [
    {
      triggers: ['T01', 'T02', 'T03', 'T04', 'T05', 'T06', 'T07', 'T08', 'T09', 'T10'],
      translate: translateDocument,
      needsReferral: true,
    },
    { triggers: ['T11'], translate: translateDocumentCancelled, needsReferral: true },
  ],
  ORU: [{ triggers: ['R01'], translate: translateResult, parts: RESULTS, needsReferral: true }],
};

/** Messages of early versions without a trigger have their only one. */
const ONLY_TRIGGER: Readonly<Record<string, string>> = { ORM: 'O01', ORU: 'R01', OMG: 'O19', OSU: 'O51' };
/** Messages with an EVN, by how their triggers begin. */
const TYPE_BY_TRIGGER: Readonly<Record<string, string>> = { A: 'ADT', T: 'MDM' };
/** A message of a file can be larger than one of a queue: by the documents in it, which aren't read. */
const MOST_CHARACTERS = 1024 * 1024;
const MOST_MEMBERS = 5000;
/** Stands for what says nothing of itself. */
const UNNAMED = 'message';
/** `source` of messages without an entry begins so. */
const NOBODY = 'hl7v2:/';

/** Reads a body of HL7 v2, versions 2.3 to 2.8: each of its messages is a member, or each order or consult note of one. */
export const translateHl7: Translate = (body, context) => {
  const { position } = context.origin;
  const pieces = splitHl7(body);
  if (pieces.length === 0)
    return [isEmptyBatch(body) ? emptyBatch(position, context) : malformed(body, position, context)];
  const fields = readFields(context.dialects);
  const members: Translated[] = [];
  for (const { number, text } of pieces.slice(0, MOST_MEMBERS + 1)) {
    members.push(...membersOf(text, position + number - 1, context, fields));
    if (members.length > MOST_MEMBERS) return [tooMany(position, context)];
  }
  return members;
};

/** Who sends, as far as a body says that can't be read. */
const senderOfBody = ({ origin, dialects }: Context): string =>
  (origin.sender === null ? null : senderNamed(dialects, origin.sender)?.name) ?? NOBODY;

/** Engines send one to say that there is nothing to say. */
const emptyBatch = (position: number, context: Context): Member => ({
  ...{ position, kind: 'batch', sender: senderOfBody(context) },
  ...{ outcome: 'passed_over', why: 'empty batch' },
});

function tooMany(position: number, context: Context): Member {
  const said = { position, kind: UNNAMED, sender: senderOfBody(context) };
  return { ...said, outcome: 'refused', reason: 'too_large', detail: 'over 5,000 members', kept: '' };
}

function malformed(text: string, position: number, context: Context): Member {
  const sender = senderOfBody(context);
  const detail = complaintOfHeader(text);
  const kept = keptOfText(text, readFields(context.dialects));
  return { position, kind: UNNAMED, sender, outcome: 'refused', reason: 'malformed', detail, kept };
}

function membersOf(text: string, position: number, context: Context, fields: ReadFields): Translated[] {
  const readable = text.length > MOST_CHARACTERS ? withoutNarrative(text) : text;
  const message = readMessage(readable.slice(0, MOST_CHARACTERS), fields);
  if (!message) return [malformed(text, position, context)];
  const sender = senderOf(message, context);
  const { type, trigger } = typeOf(message);
  const said = { position, kind: kindOf(type, trigger), sender: sender.name };
  if (readable.length > MOST_CHARACTERS) {
    const detail = 'over 1 MiB without OBX-5 and NTE';
    return [{ ...said, outcome: 'refused', reason: 'too_large', detail, kept: message.all('MSH')[0]?.kept ?? '' }];
  }
  if (type === '') {
    const detail = 'MSH-9: expected the kind of message, such as SIU^S12';
    return [{ ...said, outcome: 'refused', reason: 'malformed', detail, kept: message.kept }];
  }
  const processing = message.read('MSH-11').toUpperCase();
  // An empty one says that nobody cared, not that it is a test.
  if (processing !== '' && processing !== 'P' && !sender.test) {
    return [{ ...said, outcome: 'passed_over', why: `MSH-11 ${shown(processing)}, without "test": true` }];
  }
  const mapping = mappingOf(type, trigger);
  if (!mapping) return [{ ...said, outcome: 'passed_over', why: 'kind of message' }];
  if (message.isBare) {
    const fault = bareFault(readable, message);
    if (fault) return [{ ...said, outcome: 'refused', reason: 'malformed', ...fault }];
  }
  const caseOf = (part: Part): Case => new Case(said.kind, part, sender, context.timeZone);
  const parts = mapping.parts ? mapping.parts.of(message, caseOf) : [message];
  if (parts.length === 0) return [{ ...said, outcome: 'passed_over', why: mapping.parts?.lacks ?? '' }];
  if (parts.length > MOST_MEMBERS) return [tooMany(position, context)];
  return parts.map((part) => {
    try {
      const member = { ...said, ...withStrays(answerOf(caseOf(part), mapping, trigger), message) };
      return withKept(member, context, () => part.kept);
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error;
      return { ...said, outcome: 'refused', reason: 'invalid', detail: error.message, kept: part.kept };
    }
  });
}

function senderOf(message: Message, { origin, dialects }: Context): Sender {
  const named = origin.sender === null ? null : senderNamed(dialects, origin.sender);
  if (named) return named;
  const matching = senderMatching(dialects, (path) => (path === 'endpoint' ? null : message.read(path)) || null);
  return (
    matching ??
    unknownSender(dialects, `${NOBODY}${['MSH-4', 'MSH-3'].map((path) => segmentOfUri(message.read(path))).join('/')}`)
  );
}

const segmentOfUri = (text: string): string => encodeURIComponent(text.toWellFormed());

/** MSH-9, else EVN-1. An empty type: the message doesn't say what it is. */
function typeOf(message: Message): { type: string; trigger: string } {
  const type = message.read('MSH-9.1').toUpperCase();
  const trigger = message.read('MSH-9.2').toUpperCase() || message.read('EVN-1').toUpperCase();
  if (type === '') return { type: valueIn(TYPE_BY_TRIGGER, trigger.charAt(0)), trigger };
  return { type, trigger: trigger || valueIn(ONLY_TRIGGER, type) };
}

const valueIn = (table: Readonly<Record<string, string>>, name: string): string =>
  Object.hasOwn(table, name) ? (table[name] ?? '') : '';

const NAME = /^[A-Z][A-Z0-9]{2}$/;

function kindOf(type: string, trigger: string): string {
  if (!NAME.test(type)) return UNNAMED;
  return NAME.test(trigger) ? `${type}^${trigger}` : type;
}

function mappingOf(type: string, trigger: string): Mapping | undefined {
  const mappings = Object.hasOwn(MAPPINGS, type) ? MAPPINGS[type] : undefined;
  return mappings?.find(({ triggers }) => triggers.includes(trigger));
}

/** Why nothing but the header of a message was read, though there is more. Null: there isn't. */
function bareFault(text: string, message: Message): { detail: string; kept: string } | null {
  const lost = lostEnd(linesOf(text)[0] ?? '');
  const expected = 'nothing but MSH was read: expected';
  // What stands in the fields of MSH is then another segment's.
  if (lost) {
    const { found, before } = lost;
    return { detail: `${expected} CR, LF or CRLF between segments, found ${found}`, kept: keptOfText(before) };
  }
  if (message.strays.length === 0) return null;
  return { detail: `${expected} each line to begin with a segment's name and MSH-1`, kept: message.kept };
}

/** A segment that was broken in two may be why something is missing: who tries a message is told of its rest. */
function withStrays(answer: Answer<Member>, { strays }: Message): Answer<Member> {
  if (answer.outcome !== 'translated' || strays.length === 0) return answer;
  const left = strays.length === 1 ? `line ${strays[0]} is no segment` : `${strays.length} lines are no segments`;
  return { ...answer, facts: answer.facts.map((fact) => ({ ...fact, row: `${fact.row}; ${left}, and left out` })) };
}

/** What a member comes to, without what is the same for all of its message. */
type Answer<M> = M extends unknown ? Omit<M, 'position' | 'kind' | 'sender'> : never;

function answerOf(each: Case, { translate, needsReferral }: Mapping, trigger: string): Answer<Member> {
  const outcome = translate(each, trigger);
  if ('passedOver' in outcome) return { outcome: 'passed_over', why: outcome.passedOver };
  const { facts, keys } = outcome;
  if (!needsReferral && !hasKeys(keys)) return { outcome: 'passed_over', why: 'no key' };
  return {
    outcome: 'translated',
    ...{ facts, keys, needsReferral },
    recordedAt: each.writtenAt,
    sequence: sequenceOf(each.part),
    unmapped: each.crosswalks.unmapped,
    missing: [...each.missing],
    ...(Object.keys(each.oddTimes).length > 0 && { oddTimes: each.oddTimes }),
    unmatchedDays: each.sender.unmatchedDays ?? UNMATCHED_DAYS,
  };
}

const DIGITS = /^\d+$/;
const NUMBERED = /^[A-Za-z-]*(\d+)$/;

/** MSH-13, else the number that ends MSH-10. */
function sequenceOf(part: Part): string {
  const sequence = part.read('MSH-13');
  return DIGITS.test(sequence) ? sequence : (NUMBERED.exec(part.read('MSH-10'))?.[1] ?? '');
}
