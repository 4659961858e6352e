import type { ReportContent } from '../../contracts/mail.ts';
import { INCIDENCE_DAYS, type ReportFigures, type TimeTo } from '../../contracts/report.ts';
import { CLOCK_KINDS } from '../../contracts/vocabulary.ts';
import { type Block, type Cell, cell, fact, muted, row, type Section, section, table } from '../blocks.ts';
import { KIND_NAME } from '../digest/wording.ts';
import { countCell, counted, duration, FEWEST_FOR_PERCENT, formatCount, percent, shareText } from './format-figure.ts';
import { PROMISE } from './report-wording.ts';

/** Where patients are lost on the way to a closed loop, and how long each step takes. */
export function funnelSection({ report }: ReportContent): Section {
  return section('Where patients are lost', [
    ...funnelBlocks(report),
    ...incidenceBlocks(report.incidence),
    ...timeBlocks(report.timeTo),
  ]);
}

function funnelBlocks({ funnel, loopClosure }: ReportFigures): Block[] {
  const { received, reached, scheduled, seen, noteReceived } = funnel;
  if (received === 0)
    return [muted('No referral was received 90 to 180 days ago, so there is no cohort to follow yet.')];
  const steps: [string, number, number | null][] = [
    ['Received', received, null],
    ['Reached', reached, received],
    ['Booked', scheduled, reached],
    ['Seen', seen, scheduled],
    ['Note back', noteReceived, seen],
  ];
  const rows = steps.map(([name, n, previous]) =>
    row(name, [countCell(n, received), previous === null ? cell('') : lost(previous - n, previous)], {
      bar: n / received,
    }),
  );
  return [
    muted(
      `What became of ${counted(received, 'referral')} received 90 to 180 days ago, most of which have come to an end. ` +
        'Lost here: of those who came to the step before.',
    ),
    ...table(null, ['Step', 'Patients', 'Lost here'], rows),
    fact('Loop closed', `${shareText(loopClosure)} have their note back at the referring side.`),
  ];
}

/** How many are lost between two steps. Never negative, though notes also come without a visit. */
function lost(n: number, previous: number): Cell {
  return n <= 0 ? cell('none') : countCell(n, previous);
}

function incidenceBlocks({ n, scheduled, leaked }: ReportFigures['incidence']): Block[] {
  if (n === 0) return [];
  const title = 'How soon they are booked or lost';
  if (n < FEWEST_FOR_PERCENT) {
    return [muted(`${title}: too few to say (${counted(n, 'referral')} received in the last 180 days).`)];
  }
  const share = (rate: number | null): Cell => cell(rate === null ? 'not yet' : percent(rate));
  const rows = INCIDENCE_DAYS.map((day) => row(`By day ${day}`, [share(scheduled[day]), share(leaked[day])]));
  return [
    ...table(title, ['Since receipt', 'Booked', 'Leaked'], rows),
    muted(
      `Of ${counted(n, 'referral')} received in the last 180 days; the younger ones count for as long as they are known.`,
    ),
  ];
}

function timeBlocks(timeTo: ReportFigures['timeTo']): Block[] {
  const kinds = CLOCK_KINDS.filter((kind) => timeTo[kind].n > 0);
  const rows = kinds.map((kind) => {
    const time = timeTo[kind];
    return row(KIND_NAME[kind], [timeCell(time, 'medianHours'), timeCell(time, 'p90Hours')], {
      remarks: [
        { text: `To ${PROMISE[kind]}: done in ${formatCount(time.events)} of ${formatCount(time.n)}.`, tone: 'muted' },
      ],
    });
  });
  if (rows.length === 0) return [];
  return [
    ...table('How long it takes', ['Promise', 'Half within', '9 in 10 within'], rows),
    muted('Of clocks started in the last 90 days; nights, weekends and pauses count.'),
  ];
}

function timeCell(time: TimeTo, which: 'medianHours' | 'p90Hours'): Cell {
  if (time.n < FEWEST_FOR_PERCENT) return cell('too few');
  const hours = time[which];
  return cell(hours === null ? 'not yet' : duration(hours));
}
