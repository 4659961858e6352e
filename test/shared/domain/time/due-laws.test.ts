import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS } from '../../../../shared/contracts/duration.ts';
import { dueAt, isPausedAt } from '../../../../shared/domain/time/due.ts';
import { isOpenAt } from '../../../../shared/domain/time/opening.ts';
import { calendars, pauses, starts, targets } from '../../../builders/calendars.ts';

const RUNS = { numRuns: 1_000 };

describe('A due', () => {
  it('never precedes its start', () => {
    const property = fc.property(starts, targets, calendars, (start, target, calendar) => {
      expect(dueAt(start, target, calendar)).toBeGreaterThan(start);
    });
    fc.assert(property, RUNS);
  });

  it('is no earlier for a later start', () => {
    const later = fc.oneof(fc.integer({ min: 0, max: 3 * HOUR_MS }), fc.integer({ min: 0, max: 9 * DAY_MS }));
    const property = fc.property(starts, later, targets, calendars, (start, after, target, calendar) => {
      expect(dueAt(start + after, target, calendar)).toBeGreaterThanOrEqual(dueAt(start, target, calendar));
    });
    fc.assert(property, RUNS);
  });

  it('is later for a longer promise', () => {
    const property = fc.property(starts, targets, calendars, (start, target, calendar) => {
      const longer = { ...target, value: target.value + 1 };
      expect(dueAt(start, longer, calendar)).toBeGreaterThan(dueAt(start, target, calendar));
    });
    fc.assert(property, RUNS);
  });

  it('in hours is that many hours away, whatever the calendar', () => {
    const property = fc.property(starts, targets, calendars, (start, { value }, calendar) => {
      expect(dueAt(start, { value, unit: 'hours' }, calendar)).toBe(start + value * HOUR_MS);
    });
    fc.assert(property, RUNS);
  });

  it('in business days is a closing time, in calendar days a midnight, in business hours within opening hours', () => {
    const property = fc.property(starts, targets, calendars, (start, target, calendar) => {
      const due = dueAt(start, target, calendar);
      const day = calendar.dayOf(due - 1);
      if (target.unit === 'business_days') expect(due).toBe(calendar.closing(day));
      if (target.unit === 'calendar_days') expect(due).toBe(calendar.midnight(day + 1));
      if (target.unit === 'business_hours') expect(isOpenAt(due - 1, calendar)).toBe(true);
    });
    fc.assert(property, RUNS);
  });
});

describe('A net due', () => {
  const paused = starts.chain((start) => fc.record({ start: fc.constant(start), breaks: pauses(start) }));

  it('is never earlier than the gross one, and the same without pauses', () => {
    const property = fc.property(paused, targets, calendars, ({ start, breaks }, target, calendar) => {
      const gross = dueAt(start, target, calendar);
      expect(dueAt(start, target, calendar, breaks)).toBeGreaterThanOrEqual(gross);
      expect(dueAt(start, target, calendar, [])).toBe(gross);
    });
    fc.assert(property, RUNS);
  });

  it('is no earlier with one pause more', () => {
    const property = fc.property(paused, targets, calendars, ({ start, breaks }, target, calendar) => {
      const fewer = breaks.slice(0, -1);
      const withAll = dueAt(start, target, calendar, breaks);
      expect(withAll).toBeGreaterThanOrEqual(dueAt(start, target, calendar, fewer));
    });
    fc.assert(property, RUNS);
  });

  it('never falls into a pause, except at its very beginning if hours run out there', () => {
    const property = fc.property(paused, targets, calendars, ({ start, breaks }, target, calendar) => {
      const due = dueAt(start, target, calendar, breaks);
      const inHours = target.unit === 'hours' || target.unit === 'business_hours';
      expect(isPausedAt(breaks, inHours ? due - 1 : due)).toBe(false);
    });
    fc.assert(property, RUNS);
  });

  it('isn’t moved by a pause that was over before the start or begins after the due', () => {
    const property = fc.property(starts, targets, calendars, (start, target, calendar) => {
      const gross = dueAt(start, target, calendar);
      expect(dueAt(start, target, calendar, [[start - DAY_MS, start]])).toBe(gross);
      expect(dueAt(start, target, calendar, [[gross + 1, gross + DAY_MS]])).toBe(gross);
    });
    fc.assert(property, RUNS);
  });
});
