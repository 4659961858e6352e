import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../shared/contracts/duration.ts';
import { formatInstant, type Instant } from '../../shared/contracts/instant.ts';
import type { Delivery } from './chronicle.ts';
import type { Random } from './random.ts';
import { SOURCES } from './sources.ts';

/** A line that must be refused, and when it reaches the queue. */
export interface Fault {
  arrival: Instant;
  line: string;
}

const KINDS = ['malformed', 'invalid', 'unknown_type', 'time_in_future', 'id_reused'] as const;

const START = '2026-01-05T15:00:00Z';
/**
 * Wrong in many ways, each in turn: a field left out, a date that stands for none in other systems, a number for a word.
 */
const INVALID: readonly { type: string; data: object }[] = [
  { type: 'appointment.scheduled', data: { appointmentId: 'A-0' } },
  { type: 'appointment.scheduled', data: { appointmentId: 'A-0', startsAt: '9999-12-31T00:00:00Z' } },
  { type: 'contact.attempted', data: { outcome: 'reached' } },
  { type: 'referral.updated', data: { orderedAt: '1899-12-30' } },
  { type: 'referral.closed', data: { reason: 7 } },
  { type: 'appointment.scheduled', data: { appointmentId: 'A'.repeat(257), startsAt: START } },
];

/** Makes `count` lines of refused input from valid events of referrals, each kind in turn. */
export function faults(deliveries: readonly Delivery[], count: number, until: Instant, random: Random): Fault[] {
  const models = deliveries.filter(({ arrival, event }) => arrival < until - HOUR_MS && event.subject.startsWith('R-'));
  if (models.length === 0) return [];
  // The first is in the week of the latest weekly report, so that the report has one to mention.
  const recent = models.filter(({ arrival }) => arrival >= until - 7 * DAY_MS && arrival < until - DAY_MS);
  return Array.from({ length: count }, (_, index) =>
    refused(
      KINDS[index % KINDS.length] ?? 'malformed',
      index,
      random.pick(index === 0 && recent.length > 0 ? recent : models),
    ),
  );
}

function refused(kind: (typeof KINDS)[number], index: number, { at, arrival, event }: Delivery): Fault {
  const own = { ...event, source: SOURCES.records, id: `fault-${index + 1}`, recordedtime: formatInstant(arrival) };
  switch (kind) {
    case 'malformed':
      return { arrival, line: JSON.stringify(own).slice(0, -12) };
    case 'invalid':
      return {
        arrival,
        line: JSON.stringify({ ...own, ...INVALID[Math.floor(index / KINDS.length) % INVALID.length] }),
      };
    case 'unknown_type':
      return { arrival, line: JSON.stringify({ ...own, type: 'referral.pondered', data: {} }) };
    case 'time_in_future':
      return { arrival, line: JSON.stringify({ ...own, time: formatInstant(arrival + 2 * HOUR_MS) }) };
    case 'id_reused': {
      // The first to arrive is kept, so this one arrives after it.
      const later = arrival + 30 * MINUTE_MS;
      const changes = { time: formatInstant(at - MINUTE_MS), recordedtime: formatInstant(later) };
      return { arrival: later, line: JSON.stringify({ ...event, ...changes }) };
    }
  }
}
