import { CLOSE_REASONS } from '../../../contracts/vocabulary.ts';
import { CONSULT_NOTES, isListed } from '../coding.ts';
import { bserFacts, bserStatus } from './bser.ts';
import { type Draft, earliest, instantIn, type NoFacts, type Reading, retraction, type Said } from './reading.ts';
import { resourceKey } from './reference.ts';
import type { Task } from './resources.ts';
import { keysOfNamed, type Tie, tie } from './tie.ts';
import { declinedFor, pausedFor, reasonIn, sentCodes, shownFirst } from './words.ts';

/** What a Task says: that a consult note came back, or where the receiving side stands with an order. */
export function readTask(task: Task, reading: Reading): Said {
  const entity = resourceKey('Task', reading.id);
  const tied = tie(reading, {
    orders: [
      { references: task.basedOn, type: 'ServiceRequest' },
      { references: [task.focus], type: null },
    ],
  });
  const isNote = isListed(task.code, reading.sender.consultNotes ?? CONSULT_NOTES);
  if (tied.isOfOther) return { passedOver: 'its order is not a referral' };
  if (task.status === 'entered-in-error') {
    return { entity, keys: tied.keys, facts: [retraction(reading, entity, 'Task entered-in-error')] };
  }
  if (isNote) return readNoteTask(task, reading, tied);
  if (!tied.isNamed) return { passedOver: 'no order in basedOn or focus' };
  const time = instantIn(reading, task.lastModified) ?? reading.now;
  const business = bserStatus(task);
  const facts =
    business === null ? fulfilFacts(task, reading, time) : bserFacts(business, { task, reading, tied, time });
  return Array.isArray(facts) ? { entity, keys: tied.keys, facts } : facts;
}

/** A Task that asks for the note is completed when it has come back; until then it says nothing. */
function readNoteTask({ status, executionPeriod, lastModified }: Task, reading: Reading, tied: Tie): Said {
  if (status !== 'completed') return { passedOver: `consult note, status ${status}` };
  const modifiedAt = instantIn(reading, lastModified);
  const endedAt = instantIn(reading, executionPeriod?.end);
  const time = endedAt === null ? (modifiedAt ?? reading.now) : earliest(endedAt, reading.now);
  const fact: Draft = { type: 'note.received', time, values: [status], row: 'Task, consult note completed' };
  return { entity: resourceKey('Task', reading.id), keys: keysOfNamed(tied), needsReferral: true, facts: [fact] };
}

/** What a Task that fulfils an order says. */
function fulfilFacts(task: Task, reading: Reading, time: Draft['time']): Draft[] | NoFacts {
  const isFulfilment =
    reading.raw.code === undefined || isListed(task.code, ['fulfill', ...(reading.sender.fulfilTasks ?? [])]);
  if (!isFulfilment) return { passedOver: `code ${shownFirst(task.code)}, not in fulfilTasks` };
  const { status, statusReason } = task;
  const said = { time, values: [status, ...sentCodes(statusReason)], row: `Task ${status}` };
  const declined = (): Draft => ({
    type: 'referral.declined',
    data: { reason: declinedFor(reading, statusReason) },
    ...said,
  });
  switch (status) {
    case 'draft':
    case 'requested':
    case 'received':
    case 'entered-in-error':
      return { passedOver: `status ${status}` };
    case 'accepted':
    case 'ready':
      return [{ type: 'referral.accepted', ...said }];
    case 'in-progress':
      return [
        { type: 'referral.accepted', ...said },
        { type: 'referral.resumed', ...said },
      ];
    case 'rejected':
      return [declined()];
    case 'on-hold':
      return [{ type: 'referral.paused', data: { reason: pausedFor(reading, statusReason) }, ...said }];
    case 'cancelled':
      if (reading.sender.taskCancelled === 'declined') return [declined()];
      return [{ type: 'referral.cancelled', data: { by: 'referrer', ...reasonIn(statusReason) }, ...said }];
    case 'failed':
      return [closed(task, reading, said) ?? declined()];
    case 'completed':
      return reading.sender.taskCompleted === 'visit'
        ? [{ type: 'visit.completed', ...said }]
        : { passedOver: 'status completed, without "taskCompleted": "visit"' };
  }
}

/** Null: the crosswalk has no reason for a closing. */
function closed({ statusReason }: Task, { crosswalks }: Reading, said: Omit<Draft, 'type'>): Draft | null {
  if (crosswalks.entry('close', statusReason) === null) return null;
  const reason = crosswalks.word('close', statusReason, { field: 'referral.closed.reason', words: CLOSE_REASONS });
  return { type: 'referral.closed', data: { reason: reason ?? 'unspecified' }, ...said };
}
