import { describe, expect, it } from 'vitest';
import { defaultPolicy } from '../../../local/packs/packs.ts';
import { checkConfig, problemText } from '../../../shared/contracts/config-check.ts';
import { sampleDirectory } from '../../builders/config.ts';

/** What is wrong with a site's opening hours, without the path to them. */
function wrongIn(hours: unknown): string[] {
  const directory = sampleDirectory();
  const sites = directory.sites.map((site, index) => (index === 0 ? { ...site, hours } : site));
  const { problems } = checkConfig({ policy: defaultPolicy(), directory: { ...directory, sites } });
  const own = problems.filter(({ path }) => path.startsWith('sites[0].hours'));
  return own.map((each) => problemText(each).replace('directory.json sites[0].', ''));
}

describe('Opening hours may be', () => {
  it.each<[string, unknown]>([
    ['one span a day', { mon: ['08:00', '17:00'] }],
    ['the whole day', { mon: ['00:00', '24:00'], tue: [['00:00', '24:00']] }],
    [
      'several spans',
      {
        mon: [
          ['08:00', '12:00'],
          ['13:00', '17:00'],
        ],
      },
    ],
    [
      'spans that touch',
      {
        mon: [
          ['08:00', '12:00'],
          ['12:00', '17:00'],
        ],
      },
    ],
    [
      'over midnight, in two spans',
      {
        mon: [['22:00', '24:00']],
        tue: [
          ['00:00', '06:00'],
          ['22:00', '24:00'],
        ],
      },
    ],
  ])('%s', (_what, hours) => {
    expect(wrongIn(hours)).toEqual([]);
  });
});

describe('Opening hours are refused with what would be right', () => {
  const OVER_MIDNIGHT =
    'expected opening before closing; to stay open over midnight, close at 24:00 and open at 00:00 on the next day';

  it.each<[string, unknown, string]>([
    ['over midnight', { mon: ['22:00', '06:00'] }, `hours.mon: ["22:00","06:00"] - ${OVER_MIDNIGHT}`],
    [
      'over midnight in a list',
      {
        mon: [
          ['08:00', '12:00'],
          ['22:00', '06:00'],
        ],
      },
      `hours.mon[1]: ["22:00","06:00"] - ${OVER_MIDNIGHT}`,
    ],
    ['of no length', { mon: ['08:00', '08:00'] }, `hours.mon: ["08:00","08:00"] - ${OVER_MIDNIGHT}`],
    ['without an open day', {}, 'hours: {} - expected at least one open day'],
    [
      'with a day that has no span',
      { mon: ['08:00', '17:00'], tue: [] },
      'hours.tue: [] - expected at least one span; leave out a day that is closed',
    ],
    [
      'that overlap',
      {
        mon: [
          ['08:00', '13:00'],
          ['12:00', '17:00'],
        ],
      },
      'hours.mon: [["08:00","13:00"],["12:00","17:00"]] - expected spans in order that do not overlap',
    ],
    [
      'out of order',
      {
        mon: [
          ['13:00', '17:00'],
          ['08:00', '12:00'],
        ],
      },
      'hours.mon: [["13:00","17:00"],["08:00","12:00"]] - expected spans in order that do not overlap',
    ],
    ['without a leading zero', { mon: ['8:00', '17:00'] }, 'hours.mon[0]: "8:00" - expected a time of day as HH:MM'],
    ['that open at 24:00', { mon: ['24:00', '24:00'] }, 'hours.mon[0]: "24:00" - expected a time of day as HH:MM'],
    ['past 24:00', { mon: ['08:00', '25:00'] }, 'hours.mon[1]: "25:00" - expected a time of day as HH:MM, or 24:00'],
  ])('%s', (_what, hours, expected) => {
    expect(wrongIn(hours)).toContain(expected);
  });

  it.each<[string, unknown]>([
    ['numbers', [8, 17]],
    ['one text', '08:00-17:00'],
    ['half a span', [['08:00']]],
    ['three times', ['08:00', '12:00', '17:00']],
    ['null', null],
  ])('%s', (_what, day) => {
    const value = JSON.stringify(day);
    expect(wrongIn({ mon: day })).toEqual([
      `hours.mon: ${value} - expected opening and closing such as ["08:00", "17:00"], or a list of such spans`,
    ]);
  });
});
