import { formatInstant, type Instant } from '../../../contracts/instant.ts';
import { type Draft, instantIn, type NoFacts, type Reading } from './reading.ts';
import { resourceKey } from './reference.ts';
import type { Task } from './resources.ts';
import type { Tie } from './tie.ts';
import { cancelledBy, declinedFor, reasonIn, sentCodes } from './words.ts';

/** `Task.businessStatus` of Bidirectional Services eReferral (BSeR), which stands in place of the Task's status. */

/** An event is scheduled. */
const BOOKED = '5.1.1';
const SYSTEM = /\/us\/bser\//i;

/** The code of a Task's BSeR status. Null: it has none. */
export const bserStatus = ({ businessStatus }: Task): string | null =>
  businessStatus.find(({ system }) => system !== undefined && SYSTEM.test(system))?.code ?? null;

interface Standing {
  task: Task;
  reading: Reading;
  tied: Tie;
  time: Instant | null;
}

type Row = (standing: Standing) => Pick<Draft, 'type' | 'data'>;

/** By code; what isn't here says nothing: requests, and closings that other events say better. */
const ROWS: Readonly<Record<string, Row>> = {
  '3.0': () => ({ type: 'referral.accepted' }),
  '4.0': ({ task, reading }) => ({
    type: 'referral.declined',
    data: { reason: declinedFor(reading, task.statusReason) },
  }),
  [BOOKED]: (standing) => ({ type: 'appointment.scheduled', data: { ...idOf(standing), ...startOf(standing) } }),
  '5.1.2': (standing) => ({ type: 'appointment.no_show', data: idOf(standing) }),
  '5.1.3': (standing) => ({ type: 'appointment.cancelled', data: { ...idOf(standing), ...cancellation(standing) } }),
  '5.1.4': (standing) => ({ type: 'visit.completed', data: idOf(standing) }),
  '6.0': ({ task }) => ({ type: 'referral.cancelled', data: { by: 'referrer', ...reasonIn(task.statusReason) } }),
};

/** What a Task says by its BSeR status. */
export function bserFacts(code: string, standing: Standing): Draft[] | NoFacts {
  const row = Object.hasOwn(ROWS, code) ? ROWS[code] : undefined;
  if (!row) return { passedOver: 'businessStatus of BSeR that says nothing here' };
  const { task, time } = standing;
  const start = code === BOOKED ? startIn(standing) : undefined;
  if (code === BOOKED && !start) {
    return { invalid: 'executionPeriod.start: missing, expected the start of what is scheduled' };
  }
  const { type, data } = row(standing);
  const values = [code, ...sentCodes(task.statusReason), ...(start ? [start.text] : [])];
  return [{ type, time, values, row: `Task, BSeR ${code}`, ...(data ? { data } : {}) }];
}

/** BSeR has no appointments: the Task stands for its own. */
const idOf = ({ reading }: Standing) => ({ appointmentId: resourceKey('Task', reading.id) });

const cancellation = ({ task: { statusReason }, reading }: Standing) => ({
  by: cancelledBy(reading, statusReason),
  ...reasonIn(statusReason),
});

const startIn = ({ task, tied: { order } }: Standing) =>
  task.executionPeriod?.start ?? order?.occurrenceDateTime ?? order?.occurrencePeriod?.start;

function startOf(standing: Standing): { startsAt?: string } {
  const at = instantIn(standing.reading, startIn(standing));
  return at === null ? {} : { startsAt: formatInstant(at) };
}
