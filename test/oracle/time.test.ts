import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Target } from '../../shared/contracts/config.ts';
import { parseInstant } from '../../shared/contracts/instant.ts';
import { siteCalendar } from '../../shared/domain/time/calendar.ts';
import { dueAt, type Pause } from '../../shared/domain/time/due.ts';
import { type CalendarPlan, calendarPlans, pauses, starts, targets } from '../builders/calendars.ts';
import { at } from '../builders/instants.ts';
import { dueOf, parseInstant as parseByOracle } from './time.ts';

type Due = (start: number, target: Target, plan: CalendarPlan, breaks: readonly Pause[]) => number;

const OFFICE = Object.fromEntries(['mon', 'tue', 'wed', 'thu', 'fri'].map((day) => [day, ['08:00', '17:00']]));
const byOracle: Due = (start, target, { zone, hours, holidays }, breaks) => {
  const calendar = { zone, hours: (hours ?? OFFICE) as Record<string, [string, string]>, holidays };
  return dueOf(
    target,
    start,
    calendar,
    breaks.map(([from, to]) => ({ from, to })),
  );
};
const byProduct: Due = (start, target, { zone, hours, holidays }, breaks) =>
  dueAt(start, target, siteCalendar(zone, hours, holidays), breaks);

const newYork = (over: Partial<CalendarPlan> = {}): CalendarPlan => ({
  zone: 'America/New_York',
  hours: undefined,
  holidays: ['2026-03-16'],
  ...over,
});
const open = (days: Record<string, [string, string]>): CalendarPlan => newYork({ hours: { ...OFFICE, ...days } });
const unit =
  (name: Target['unit']) =>
  (value: number): Target => ({ value, unit: name });
const days = unit('calendar_days');
const businessDays = unit('business_days');
const businessHours = unit('business_hours');
const hours = unit('hours');

const CASES: [string, Target, string, CalendarPlan, [string, string][], string][] = [
  [
    'midnight in a gap',
    days(2),
    '2018-11-01T15:00:00Z',
    newYork({ zone: 'America/Sao_Paulo' }),
    [],
    '2018-11-04T03:00:00Z',
  ],
  ['closing twice: the earlier', businessDays(1), '10-30 15:00', open({ sun: ['00:30', '01:30'] }), [], '11-01 05:30'],
  ['closing in a gap: forward', businessDays(1), '03-06 15:00', open({ sun: ['00:30', '02:30'] }), [], '03-08 07:30'],
  ['to the leap day', days(1), '2028-02-28T15:00:00Z', newYork(), [], '2028-03-01T05:00:00Z'],
  ['over the leap day', days(2), '2028-02-28T15:00:00Z', newYork(), [], '2028-03-02T05:00:00Z'],
  ['no leap day', days(1), '02-28 15:00', newYork(), [], '03-02 05:00'],
  ['business hours to closing', businessHours(2), '03-13 19:00', newYork(), [], '03-13 21:00'],
  ['an hour more, over weekend and holiday', businessHours(3), '03-13 19:00', newYork(), [], '03-17 13:00'],
  [
    'business hours over a pause',
    businessHours(4),
    '03-10 13:00',
    newYork(),
    [['03-10 14:00', '03-11 13:00']],
    '03-11 16:00',
  ],
  [
    'run out as the pause begins',
    businessHours(4),
    '03-10 13:00',
    newYork(),
    [['03-10 17:00', '03-11 13:00']],
    '03-10 17:00',
  ],
  [
    'starts in a pause',
    hours(4),
    '03-10 13:00',
    newYork(),
    [
      ['03-10 12:00', '03-10 15:00'],
      ['03-10 16:00', '03-10 17:00'],
    ],
    '03-10 20:00',
  ],
  ['at closing is the next day', businessDays(1), '03-10 21:00', newYork(), [], '03-12 21:00'],
  [
    'd0 is no matter of pauses',
    businessDays(1),
    '03-10 13:00',
    newYork(),
    [['03-10 12:00', '03-10 23:00']],
    '03-11 21:00',
  ],
  [
    'paused from the closing on',
    businessDays(1),
    '03-10 13:00',
    newYork(),
    [['03-11 21:00', '03-11 21:01']],
    '03-12 21:00',
  ],
  [
    'paused up to the closing',
    businessDays(1),
    '03-10 13:00',
    newYork(),
    [['03-11 20:00', '03-11 21:00']],
    '03-11 21:00',
  ],
  ['paused at midnight', days(1), '03-10 13:00', newYork(), [['03-12 04:00', '03-12 05:00']], '03-13 04:00'],
  ['hours over the spring night', hours(24), '03-07 20:00', newYork(), [], '03-08 20:00'],
];

describe.each<[string, Due]>([
  ['the oracle', byOracle],
  ['the product', byProduct],
])('A due, by %s,', (_side, due) => {
  it.each(CASES)('%s', (_what, target, start, plan, breaks, expected) => {
    const paused = breaks.map(([from, to]): Pause => [at(from), at(to)]);
    expect(due(at(start), target, plan, paused)).toBe(at(expected));
  });
});

describe('The oracle and the product', () => {
  it('agree on dues in every zone, over every change of clocks, with any hours and pauses', () => {
    const begun = starts.chain((start) => fc.record({ start: fc.constant(start), breaks: pauses(start) }));
    const property = fc.property(begun, targets, calendarPlans, ({ start, breaks }, target, plan) => {
      expect(byProduct(start, target, plan, breaks)).toBe(byOracle(start, target, plan, breaks));
    });
    fc.assert(property, { numRuns: 1_000 });
  });
});

describe('An instant', () => {
  const digits = (max: number, width = 2) => fc.integer({ min: 0, max }).map((n) => String(n).padStart(width, '0'));
  const year = fc.oneof(fc.constantFrom('2024', '2026', '2100', '0000'), digits(9999, 4));
  const date = fc.tuple(year, digits(13), digits(32)).map((parts) => parts.join('-'));
  const time = fc.tuple(digits(24), digits(60), digits(59)).map((parts) => parts.join(':'));
  const fraction = fc.oneof(digits(999, 3), digits(999_999_999_999, 12), digits(9, 1)).map((text) => `.${text}`);
  const offset = fc.oneof(
    fc.constantFrom('Z', 'z', ''),
    fc.tuple(fc.constantFrom('+', '-'), digits(24), digits(60)).map(([sign, h, m]) => `${sign}${h}:${m}`),
  );

  it('is the same to both, also where no calendar and no clock has it', () => {
    const texts = fc.tuple(date, fc.constantFrom('T', 't'), time, fc.oneof(fraction, fc.constant('')), offset);
    const written = fc.tuple(date, time, digits(999, 3)).map(([day, clock, ms]) => `${day}T${clock}.${ms}Z`);
    fc.assert(
      fc.property(
        fc.oneof(
          texts.map((parts) => parts.join('')),
          written,
        ),
        (text) => {
          expect(parseInstant(text)).toBe(parseByOracle(text));
        },
      ),
      {
        numRuns: 3000,
        examples: [['2026-02-30T00:00:00.000Z'], ['2026-03-02T24:00:00.000Z'], ['2026-03-02T14:00:00.000Z']],
      },
    );
  });
});
