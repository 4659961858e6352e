import { describe, expect, test } from 'vitest';
import { shortNameOf } from '../../../shared/mail/digest/short-name.ts';

const sites = (...names: string[]) => names.map((name, index) => ({ id: String(index), name }));
const short = (...names: string[]): string[] => names.map((_, index) => shortNameOf(sites(...names), String(index)));

describe('the short name of a site', () => {
  test('leaves out what all names begin and end with', () => {
    expect(short('North Clinic', 'South Clinic')).toEqual(['North', 'South']);
    expect(short('Example Health North Clinic', 'Example Health Old Town Clinic')).toEqual(['North', 'Old Town']);
    expect(short('Clinic North', 'Clinic South')).toEqual(['North', 'South']);
  });

  test('is the whole name where nothing is shared, or there is one site', () => {
    expect(short('Harbour', 'North Clinic')).toEqual(['Harbour', 'North Clinic']);
    expect(short('North Clinic')).toEqual(['North Clinic']);
  });

  test('is the whole name where nothing would be left, or two would be the same', () => {
    expect(short('Clinic', 'North Clinic')).toEqual(['Clinic', 'North Clinic']);
    expect(short('A B A', 'A A')).toEqual(['A B A', 'A A']);
    const twice = ['North Clinic', 'North Clinic', 'South Clinic'];
    expect(short(...twice)).toEqual(twice);
  });

  test('is the id of a site that the directory does not know', () => {
    expect(shortNameOf(sites('North Clinic', 'South Clinic'), 'west')).toBe('west');
    expect(shortNameOf([], 'west')).toBe('west');
  });
});
