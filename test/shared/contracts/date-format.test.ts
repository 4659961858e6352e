import { describe, expect, it } from 'vitest';
import { dateFormat, fileDate, isoDate, meantFormat, type ReadDate } from '../../../shared/contracts/date-format.ts';

const shown = (read: ReadDate | null, text: string): string | null => {
  const date = read?.(text);
  return date ? `${date.local}${date.offset ?? ''}${date.hasTime ? '' : ' day'}` : null;
};

describe('a format of dates', () => {
  it.each([
    ['MM/dd/yyyy HH:mm', '03/02/2026 14:05', '2026-03-02T14:05:00'],
    ['MM/dd/yyyy', '03/02/2026', '2026-03-02T00:00:00 day'],
    ['M/d/yyyy h:mm a', '3/2/2026 12:05 am', '2026-03-02T00:05:00'],
    ['M/d/yyyy h:mm a', '3/2/2026 12:05 P.M.', '2026-03-02T12:05:00'],
    ['M/d/yy hh:mm:ssa', '3/2/26 01:02:03PM', '2026-03-02T13:02:03'],
    ['dd-MMM-yyyy', '02-mar-2026', '2026-03-02T00:00:00 day'],
    ['dd.MM.yyyy HH:mm', '02.03.2026 14:05', '2026-03-02T14:05:00'],
    ['yyyyMMddHHmmss', '20260302140500', '2026-03-02T14:05:00'],
    ["yyyy-MM-dd'T'HH:mm:ss.SSSXXX", '2026-03-02T14:05:00.250-0500', '2026-03-02T14:05:00.25-05:00'],
    ['MMMM d, yyyy', 'March 2, 2026', '2026-03-02T00:00:00 day'],
    ['d MMMM yyyy HH:mm', '2 SEPTEMBER 2026 14:05', '2026-09-02T14:05:00'],
    ["d' of 'MMM yyyy", '2 of Mar 2026', '2026-03-02T00:00:00 day'],
  ])('%s reads %s', (format, text, date) => {
    expect(shown(dateFormat(format), text)).toBe(date);
  });

  it.each([
    ['MM/dd/yyyy', '3/2/2026'],
    ['MM/dd/yyyy', '13/02/2026'],
    ['MM/dd/yyyy', '02/30/2026'],
    ['MM/dd/yyyy', '03/02/2026 '],
    ['dd.MM.yyyy', '02x03x2026'],
    ['h:mm a M/d/yyyy', '13:05 pm 3/2/2026'],
    ['dd MMM yyyy', '02 Mai 2026'],
    ['dd MMM yyyy', '02 March 2026'],
    ['dd MMMM yyyy', '02 Mar 2026'],
    ['dd MMMM yyyy', '02 Maerz 2026'],
    ['yyyy-MM-dd', `2026-03-02${' '.repeat(100)}`],
  ])('%s does not read %s', (format, text) => {
    expect(shown(dateFormat(format), text)).toBeNull();
  });

  it.each([
    '',
    'MM/yyyy',
    'MM/dd/yyyy hh:mm',
    'MM/dd/yyyy HH',
    'MM/MM/yyyy dd',
    'DD/MM/YYYY',
    'mm/dd/yyyy',
    "yyyy-MM-dd'",
    'EEE dd MM yyyy',
  ])('%j is none', (format) => {
    expect(dateFormat(format)).toBeNull();
  });
});

describe('ISO 8601', () => {
  it.each([
    ['2026-03-02', '2026-03-02T00:00:00 day'],
    ['2026-03-02T14:05', '2026-03-02T14:05:00'],
    ['2026-03-02 14:05:06,5', '2026-03-02T14:05:06.5'],
    ['2026-03-02T14:05:06Z', '2026-03-02T14:05:06+00:00'],
    ['2026-03-02 14:05:06 +0100', '2026-03-02T14:05:06+01:00'],
    ['2026-02-29', null],
    ['20260302', null],
  ])('%s is %s', (text, date) => {
    expect(shown(isoDate, text)).toBe(date);
  });
});

describe('the date in the name of a file', () => {
  it.each([
    ['20260302', '2026-03-02T00:00:00 day'],
    ['2026-03-02', '2026-03-02T00:00:00 day'],
    ['20260302_0415', '2026-03-02T04:15:00'],
    ['20260302T041530Z', '2026-03-02T04:15:30+00:00'],
    ['2026-03-02_04-15-30', '2026-03-02T04:15:30'],
    ['20261302', null],
    ['2026', null],
  ])('%s is %s', (text, date) => {
    expect(shown(fileDate, text)).toBe(date);
  });
});

describe('a format in letters of another kind', () => {
  it.each([
    ['DD/MM/YYYY', 'dd/MM/yyyy'],
    ['mm/dd/yyyy', 'MM/dd/yyyy'],
    ['MM/DD/YY HH:MM', 'MM/dd/yy HH:mm'],
    ['m/d/yyyy h:mm tt', 'M/d/yyyy h:mm a'],
    ['MM/dd/yyyy hh:mm', 'MM/dd/yyyy HH:mm'],
    ['MM/dd/yyyy HH:mm A', 'MM/dd/yyyy hh:mm a'],
    ['YYYY-MM-DDTHH:MM:SS', 'yyyy-MM-ddTHH:mm:ss'],
    ['DD-Mmm-YYYY', 'dd-MMM-yyyy'],
    ['%m/%d/%Y %H:%M', 'MM/dd/yyyy HH:mm'],
    ['%d %b %y %I:%M %p', 'dd MMM yy hh:mm a'],
  ])('%s means %s', (format, meant) => {
    expect(dateFormat(format)).toBeNull();
    expect(meantFormat(format)).toBe(meant);
  });

  it.each(['date', 'MM/yyyy', 'dd/MM/yyyy HH', '%x', 'EEE dd MMM yyyy'])('%s means none', (format) => {
    expect(meantFormat(format)).toBeNull();
  });
});
