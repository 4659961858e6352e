import type { ReportContent } from '../../contracts/mail.ts';
import { INCIDENCE_DAYS, type ReportFigures } from '../../contracts/report.ts';
import { CLOCK_KINDS } from '../../contracts/vocabulary.ts';
import { type Block, type Cell, cell, fact, muted, row, type Section, section, table } from '../blocks.ts';
import { KIND_NAME } from '../digest/wording.ts';
import { counted, listed } from '../lists.ts';
import { countCell, duration, FEWEST_FOR_PERCENT, percent, shareText } from './format-figure.ts';

/** Where patients are lost on the way to a closed loop, and how long each step takes. Nothing before anything is known. */
export function funnelSection({ report }: ReportContent): Section[] {
  const blocks = [...incidenceBlocks(report.incidence), ...timeBlocks(report.timeTo)];
  const followed = funnelBlocks(report);
  if (followed.length + blocks.length === 0) return [];
  const none = muted('No referral was received 90 to 180 days ago, so there is no cohort to follow yet.');
  return [section('Where patients are lost', [...(followed.length === 0 ? [none] : followed), ...blocks])];
}

function funnelBlocks({ funnel, loopClosure }: ReportFigures): Block[] {
  const { received, reached, scheduled, seen, noteReceived } = funnel;
  if (received === 0) return [];
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
        'Lost here: the share of those at the step before.',
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
  // There is no rate of a day that hasn't come for any of them.
  const rows = INCIDENCE_DAYS.flatMap((day) => {
    const [booked, lost] = [scheduled[day], leaked[day]];
    return booked === null || lost === null ? [] : [row(`By day ${day}`, [cell(percent(booked)), cell(percent(lost))])];
  });
  if (rows.length === 0) return [];
  return [
    ...table(title, ['Since receipt', 'Booked', 'Leaked'], rows),
    muted(`Of ${counted(n, 'referral')} received in the last 180 days, each followed up to now.`),
  ];
}

function timeBlocks(timeTo: ReportFigures['timeTo']): Block[] {
  const kinds = CLOCK_KINDS.filter((kind) => timeTo[kind].n > 0);
  const large = kinds.filter((kind) => timeTo[kind].n >= FEWEST_FOR_PERCENT);
  const few = kinds.filter((kind) => !large.includes(kind)).map((kind) => KIND_NAME[kind]);
  const time = (hours: number | null): Cell => cell(hours === null ? 'not yet' : duration(hours));
  const rows = large.map((kind) => row(KIND_NAME[kind], [time(timeTo[kind].medianHours), time(timeTo[kind].p90Hours)]));
  if (rows.length === 0) return [];
  return [
    ...table('How long it takes', ['Promise', 'Half within', '9 in 10 within'], rows),
    muted('Of clocks started in the last 90 days; nights, weekends and pauses count.'),
    ...(few.length === 0 ? [] : [muted(`Too few to say: ${listed(few)}.`)]),
  ];
}
