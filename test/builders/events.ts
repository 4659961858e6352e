import type * as z from 'zod';
import type { EVENT_DATA, EventType, LoopEvent } from '../../shared/contracts/event.ts';
import { formatInstant, type Instant } from '../../shared/contracts/instant.ts';
import { readCloudEvent } from '../../shared/intake/cloudevents.ts';
import { at } from './instants.ts';

export type DataSent<T extends EventType> = z.input<(typeof EVENT_DATA)[T]>;

/** An event as it is sent: CloudEvents 1.0, structured mode. */
export interface SentEvent {
  specversion: '1.0';
  id: string;
  source: string;
  type: EventType;
  subject: string;
  time: string;
  recordedtime?: string;
  entity?: string;
  data: object;
}

type EnvelopeOver = Partial<Omit<SentEvent, 'type' | 'data' | 'time'>>;

let serial = 0;

/** An event of referral `R-1` with an id of its own. @param time an instant, or text that `at` reads */
export function sent<T extends EventType>(
  type: T,
  time: string | Instant,
  data: DataSent<T>,
  over: EnvelopeOver = {},
): SentEvent {
  serial += 1;
  const instant = typeof time === 'string' ? at(time) : time;
  return {
    specversion: '1.0',
    id: `e-${String(serial).padStart(5, '0')}`,
    source: '/records',
    type,
    subject: 'R-1',
    time: formatInstant(instant),
    data,
    ...over,
  };
}

export const receivedData = (over: Partial<DataSent<'referral.received'>> = {}): DataSent<'referral.received'> => ({
  priority: 'routine',
  specialty: 'dermatology',
  site: 'north',
  practice: { id: 'practice-1' },
  patient: { id: 'patient-1' },
  ...over,
});

/** A sent event as intake accepts it. Throws if intake refuses it. */
export function accepted(event: SentEvent): LoopEvent {
  const intake = readCloudEvent(JSON.stringify(event), null);
  if ('refusal' in intake) throw new Error(`${intake.refusal.reason}: ${intake.refusal.detail}`);
  return intake.event;
}
