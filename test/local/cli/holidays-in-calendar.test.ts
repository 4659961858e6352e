import { describe, expect, it } from 'vitest';
import { holidaysIn } from '../../../local/cli/holidays-in-calendar.ts';

const options = { from: '2026-01-01', until: '2027-12-31', timeZone: 'America/New_York' };
/** The days of a calendar, as date and name. */
const days = (text: string, over: Partial<Parameters<typeof holidaysIn>[1]> = {}): string[] =>
  holidaysIn(text, { ...options, ...over }).holidays.map(({ date, name }) => `${date} ${name}`);
const calendar = (...events: string[]): string =>
  ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//Example//EN', ...events, 'END:VCALENDAR', ''].join('\r\n');
let number = 0;
/** One event of these lines. */
function event(...lines: string[]): string {
  number += 1;
  const title = lines.some((line) => line.startsWith('SUMMARY')) ? [] : ['SUMMARY:Day off'];
  const all = [`UID:event-${number}`, 'DTSTAMP:20260101T000000Z', ...title, ...lines];
  return ['BEGIN:VEVENT', ...all, 'END:VEVENT'].join('\r\n');
}

describe('calendars as programs export them', () => {
  it('a public calendar of holidays: days with their end, which is the day after, and what kind of day it is', () => {
    const text = calendar(
      'X-WR-CALNAME:Holidays',
      'X-WR-TIMEZONE:UTC',
      event(
        'DTSTART;VALUE=DATE:20261126',
        'DTEND;VALUE=DATE:20261127',
        'SUMMARY:Thanksgiving Day',
        'DESCRIPTION:Public holiday',
        'TRANSP:TRANSPARENT',
      ),
      event(
        'DTSTART;VALUE=DATE:20260214',
        'DTEND;VALUE=DATE:20260215',
        "SUMMARY:Valentine's Day",
        'DESCRIPTION:Observance\\nTo hide observances\\, go to settings',
        'TRANSP:TRANSPARENT',
      ),
    );
    expect(days(text)).toEqual(["2026-02-14 Valentine's Day", '2026-11-26 Thanksgiving Day']);
    expect(days(text, { only: 'public HOLIDAY' })).toEqual(['2026-11-26 Thanksgiving Day']);
  });

  it('an office program: days as times from midnight to midnight, in a zone that the file describes', () => {
    const zone = [
      'BEGIN:VTIMEZONE',
      'TZID:Eastern Standard Time',
      'BEGIN:STANDARD',
      'DTSTART:16010101T020000',
      'TZOFFSETFROM:-0400',
      'TZOFFSETTO:-0500',
      'RRULE:FREQ=YEARLY;BYDAY=1SU;BYMONTH=11',
      'END:STANDARD',
      'BEGIN:DAYLIGHT',
      'DTSTART:16010101T020000',
      'TZOFFSETFROM:-0500',
      'TZOFFSETTO:-0400',
      'RRULE:FREQ=YEARLY;BYDAY=2SU;BYMONTH=3',
      'END:DAYLIGHT',
      'END:VTIMEZONE',
    ];
    const text = calendar(
      'METHOD:PUBLISH',
      ...zone,
      event(
        'DTSTART;TZID="Eastern Standard Time":20260703T000000',
        'DTEND;TZID="Eastern Standard Time":20260704T000000',
        'SUMMARY;LANGUAGE=en-us:Independence Day',
        'X-MICROSOFT-CDO-ALLDAYEVENT:TRUE',
        'X-MICROSOFT-CDO-BUSYSTATUS:OOF',
      ),
    );
    expect(days(text)).toEqual(['2026-07-03 Independence Day']);
    // A site elsewhere means the same date.
    expect(days(text, { timeZone: 'America/Los_Angeles' })).toEqual(['2026-07-03 Independence Day']);
  });

  it('a desktop calendar: a day without an end, or with a duration', () => {
    const text = calendar(
      event('DTSTART;VALUE=DATE:20261225', 'SUMMARY:Christmas'),
      event('DTSTART;VALUE=DATE:20261231', 'DURATION:P2D', 'SUMMARY:New Year'),
    );
    expect(days(text)).toEqual(['2026-12-25 Christmas', '2026-12-31 New Year', '2027-01-01 New Year']);
  });

  it('a server: times in UTC, which are a day at the site', () => {
    const text = calendar(event('DTSTART:20260703T040000Z', 'DTEND:20260704T040000Z'));
    expect(days(text)).toEqual(['2026-07-03 Day off']);
    expect(days(text, { timeZone: 'America/Chicago' })).toEqual([]);
  });

  it('long lines that are folded, line breaks of either kind, a byte order mark, and several calendars in a file', () => {
    const first = calendar(event('DTSTART;VALUE=DATE:20260525', 'SUMMARY:Memorial\r\n  Day'));
    const second = calendar(event('DTSTART;VALUE=DATE:20260907', 'SUMMARY:Labor Day')).replaceAll('\r\n', '\n');
    expect(days(`\uFEFF${first}${second}`)).toEqual(['2026-05-25 Memorial Day', '2026-09-07 Labor Day']);
  });
});

describe('days of an event', () => {
  it('are all of its days', () => {
    expect(days(calendar(event('DTSTART;VALUE=DATE:20261224', 'DTEND;VALUE=DATE:20261227')))).toEqual([
      '2026-12-24 Day off',
      '2026-12-25 Day off',
      '2026-12-26 Day off',
    ]);
  });

  it('are those within the dates that are looked at', () => {
    const text = calendar(event('DTSTART;VALUE=DATE:20251230', 'DTEND;VALUE=DATE:20260103'));
    expect(days(text)).toEqual(['2026-01-01 Day off', '2026-01-02 Day off']);
    expect(days(text, { from: '2025-12-31', until: '2026-01-01' })).toEqual([
      '2025-12-31 Day off',
      '2026-01-01 Day off',
    ]);
  });

  it('recur by rule, less the exceptions, plus the added ones, and as moved or cancelled', () => {
    const master = ['UID:thanks', 'DTSTAMP:20260101T000000Z'];
    const recurring = [
      'BEGIN:VEVENT',
      ...master,
      'SUMMARY:Thanksgiving',
      'DTSTART;VALUE=DATE:20201126',
      'RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH',
      'EXDATE;VALUE=DATE:20271125',
      'RDATE;VALUE=DATE:20270104',
      'END:VEVENT',
    ];
    const moved = [
      'BEGIN:VEVENT',
      ...master,
      'RECURRENCE-ID;VALUE=DATE:20261126',
      'DTSTART;VALUE=DATE:20261127',
      'SUMMARY:Thanksgiving (moved)',
      'END:VEVENT',
    ];
    expect(days(calendar(...recurring))).toEqual(['2026-11-26 Thanksgiving', '2027-01-04 Thanksgiving']);
    expect(days(calendar(...recurring, ...moved))).toEqual([
      '2026-11-27 Thanksgiving (moved)',
      '2027-01-04 Thanksgiving',
    ]);
    const cancelled = [...moved.slice(0, -1), 'STATUS:CANCELLED', 'END:VEVENT'];
    expect(days(calendar(...recurring, ...cancelled))).toEqual(['2027-01-04 Thanksgiving']);
    // Without the event that recurs, a changed occurrence stands for itself.
    expect(days(calendar(...moved))).toEqual(['2026-11-27 Thanksgiving (moved)']);
  });

  it('recur for ever, as far as is looked at', () => {
    const text = calendar(event('DTSTART;VALUE=DATE:19500704', 'RRULE:FREQ=YEARLY'));
    expect(days(text)).toEqual(['2026-07-04 Day off', '2027-07-04 Day off']);
  });

  it('are none if it is cancelled', () => {
    expect(days(calendar(event('DTSTART;VALUE=DATE:20261225', 'STATUS:CANCELLED')))).toEqual([]);
  });

  it('are listed once where two events share one', () => {
    const twice = [
      event('DTSTART;VALUE=DATE:20261225', 'SUMMARY:First'),
      event('DTSTART;VALUE=DATE:20261225', 'SUMMARY:Second'),
    ];
    expect(days(calendar(...twice))).toEqual(['2026-12-25 First']);
  });

  it('end at 23:59 in some calendars', () => {
    expect(days(calendar(event('DTSTART:20261225T000000', 'DTEND:20261225T235900')))).toEqual(['2026-12-25 Day off']);
    expect(days(calendar(event('DTSTART:20261225T000000', 'DTEND:20261226T235959')))).toEqual([
      '2026-12-25 Day off',
      '2026-12-26 Day off',
    ]);
  });

  it('are left out, and named, where it takes only part of a day', () => {
    const text = calendar(
      event('DTSTART;TZID=America/New_York:20261224T120000', 'DTEND;TZID=America/New_York:20261224T170000'),
    );
    expect(holidaysIn(text, options)).toEqual({
      holidays: [],
      leftOut: [{ date: '2026-12-24', name: 'Day off', why: 'only part of a day' }],
    });
    expect(holidaysIn(text, { ...options, until: '2026-12-23' }).leftOut).toEqual([]);
  });

  it('have a title on one line that a terminal does not obey', () => {
    const text = calendar(event('DTSTART;VALUE=DATE:20261225', 'SUMMARY:Christ\\nmas \u001b[31mred'));
    expect(days(text)).toEqual(['2026-12-25 Christ mas [31mred']);
    const untitled = calendar('BEGIN:VEVENT', 'UID:x', 'DTSTART;VALUE=DATE:20261225', 'END:VEVENT');
    expect(days(untitled)).toEqual(['2026-12-25 without a title']);
  });
});

describe('what can’t be read is said in words', () => {
  it.each([
    ['another kind of file', '{"holidays": []}', /^is no iCalendar file: /],
    ['an empty file', ' \n', /^is empty$/],
    ['a calendar of nothing', calendar(), /^is an iCalendar file without events$/],
    [
      'a date that does not exist',
      calendar(event('DTSTART;VALUE=DATE:20260230')),
      /^the event "Day off" can't be read: /,
    ],
    ['an event without a date', calendar(event('LOCATION:here')), /^the event "Day off" can't be read: /],
    [
      'a rule that never ends a day',
      calendar(event('DTSTART:20200101T000000', 'RRULE:FREQ=MINUTELY')),
      /^the event "Day off" can't be read: it recurs too often for a holiday$/,
    ],
    [
      'a rule that is none',
      calendar(event('DTSTART;VALUE=DATE:20260101', 'RRULE:FREQ=SOMETIMES')),
      /can't be read|is no iCalendar file/,
    ],
  ])('%s', (_, text, message) => {
    expect(() => holidaysIn(text, options)).toThrow(message);
  });
});
