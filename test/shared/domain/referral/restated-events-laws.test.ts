import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS } from '../../../../shared/contracts/duration.ts';
import type { LoopEvent } from '../../../../shared/contracts/event.ts';
import type { Instant } from '../../../../shared/contracts/instant.ts';
import { alertsOfPastRuns } from '../../../../shared/domain/alert/past-runs.ts';
import { referralRow } from '../../../../shared/domain/export-rows.ts';
import { byOccurrence, effectiveEvents } from '../../../../shared/domain/referral/event-order.ts';
import { foldReferral } from '../../../../shared/domain/referral/fold.ts';
import { shuffles, withinAQuarter } from '../../../builders/batches.ts';
import { sampleConfig } from '../../../builders/config.ts';
import { accepted, receivedData, sent } from '../../../builders/events.ts';
import { HISTORY_START, histories } from '../../../builders/histories.ts';
import { at } from '../../../builders/instants.ts';

const config = sampleConfig();
const history = histories('R-1', { maxEvents: 16 });
const UNTIL = HISTORY_START + 60 * DAY_MS;

/** All that the log is folded into but its length. */
function stateOf(log: readonly LoopEvent[]): object {
  const { logged: _, ...state } = foldReferral('R-1', log, config);
  return state;
}

/** What is known of a referral at an instant: its row, with the outcomes of its clocks, and its alerts by then. */
function seenAt(log: readonly LoopEvent[], until: Instant): object {
  const arrived = log.map((event) => ({ event, arrivedAt: event.time }));
  const fold = (known: readonly LoopEvent[]) => foldReferral('R-1', known, config);
  return {
    row: referralRow(fold(log), config.directory, until),
    alerts: alertsOfPastRuns(arrived, fold, config, until),
  };
}

const touches = fc.array(fc.record({ which: fc.nat(), times: fc.integer({ min: 1, max: 4 }) }), {
  minLength: 1,
  maxLength: 4,
});
type Touch = { which: number; times: number };

const isOfAppointments = ({ type }: LoopEvent) => type.startsWith('appointment.');

/**
 * A log in which a sender's object was touched several times before it said anything else: each time it says again how
 * it stood. What retractions say again isn't asked: they also take back what came meanwhile.
 */
function touched(log: readonly LoopEvent[], { which, times }: Touch, serial: number): LoopEvent[] {
  const { effective, restated } = effectiveEvents(log);
  const left = [...effective, ...restated.keys()].sort(byOccurrence);
  const ofObjects = left.filter(({ entity }) => entity !== null);
  const one = ofObjects[which % ofObjects.length];
  if (!one) return [...log];
  const object = left.filter(({ source, entity }) => source === one.source && entity === one.entity);
  const there = object.filter(({ time }) => time === one.time);
  if (there.some(({ type }) => type === 'event.retracted')) return [...log];
  const booked = there.findLast(isOfAppointments);
  const stands = there.filter(
    (event) => event.type !== 'contact.attempted' && (event === booked || !isOfAppointments(event)),
  );
  const next = Math.min(one.time + 20 * DAY_MS, ...object.map(({ time }) => time).filter((time) => time > one.time));
  const apart = Math.floor((next - one.time) / (times + 1));
  if (apart === 0) return [...log];
  const copies = Array.from({ length: times }, (_, index) =>
    stands.map((event, place) => ({
      ...event,
      id: `touch-${serial}-${index}-${place}`,
      time: one.time + (index + 1) * apart,
      recordedAt: null,
    })),
  );
  return [...log, ...copies.flat()];
}

describe('Restatement, whatever happened to a referral:', () => {
  it('an object that is touched any number of times changes nothing that is known of it', () => {
    fc.assert(
      fc.property(history, touches, (arriving, all) => {
        const log = arriving.map(({ event }) => accepted(event));
        const more = all.reduce<LoopEvent[]>((known, touch, index) => touched(known, touch, index), log);
        expect(stateOf(more)).toEqual(stateOf(log));
      }),
      { numRuns: 1_000 },
    );
  });

  it('nor what is seen of it on the way: rows and alerts', () => {
    fc.assert(
      fc.property(history, touches, (arriving, all) => {
        const log = arriving.map(({ event }) => accepted(event));
        const more = all.reduce<LoopEvent[]>((known, touch, index) => touched(known, touch, index), log);
        expect(seenAt(more, UNTIL)).toEqual(seenAt(log, UNTIL));
      }),
      { numRuns: 150 },
    );
  });

  it('order, batches and repetition make no difference', () => {
    fc.assert(
      fc.property(history, touches, shuffles, (arriving, all, shuffle) => {
        const events = arriving.map(({ event }) => event);
        const shuffled = withinAQuarter(events, shuffle, UNTIL)
          .flatMap(({ messages }) => messages)
          .map(({ body }) => accepted(JSON.parse(body)));
        const log = events.map(accepted);
        const copies = all
          .reduce<LoopEvent[]>((known, touch, index) => touched(known, touch, index), log)
          .slice(log.length);
        expect(stateOf([...copies.toReversed(), ...shuffled])).toEqual(stateOf([...log, ...copies]));
      }),
      { numRuns: 500 },
    );
  });

  it('booked, cancelled and booked again are three facts, however often each is said', () => {
    const rounds = fc.array(fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 })), {
      minLength: 1,
      maxLength: 5,
    });
    fc.assert(
      fc.property(rounds, (each) => {
        let now = at('03-02 14:00');
        const log = [sent('referral.received', now, receivedData())];
        const say = (type: 'appointment.scheduled' | 'appointment.cancelled', times: number): void => {
          for (let time = 0; time < times; time += 1) {
            now += HOUR_MS;
            const data = { appointmentId: 'A', startsAt: '2026-06-01T14:00:00Z', by: 'patient' as const };
            log.push(sent(type, now, data, { entity: 'Appointment/A' }));
          }
        };
        for (const [bookedTimes, cancelledTimes] of each) {
          say('appointment.scheduled', bookedTimes);
          say('appointment.cancelled', cancelledTimes);
        }
        const { effective } = effectiveEvents(log.map(accepted));
        expect(effective).toHaveLength(1 + 2 * each.length);
        const { clocks, stage } = foldReferral('R-1', log.map(accepted), config);
        const rebook = clocks.filter(({ kind }) => kind === 'rebook');
        expect([rebook.length, rebook.at(-1)?.stoppedAt, stage]).toEqual([each.length, null, 'to_rebook']);
      }),
      { numRuns: 100 },
    );
  });
});
