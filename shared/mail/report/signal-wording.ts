import type { Config } from '../../contracts/config.ts';
import type { ReportContent } from '../../contracts/mail.ts';
import type { ClockFigures, MostMissed } from '../../contracts/report.ts';
import type { ClockKind } from '../../contracts/vocabulary.ts';
import { directionOf } from '../../domain/report/control-chart.ts';
import { formatCount } from '../lists.ts';
import { nameOf } from '../names.ts';
import { own } from './clock-figures.ts';
import { percent, shareText } from './format-figure.ts';
import { periodOf } from './period-wording.ts';
import { HELP, PERIOD } from './report-wording.ts';
import { specialtyName } from './scope.ts';

/**
 * What a clock's signal says, to go on a sentence: `below its usual range of 64% to 80%`, `below its usual 70% every week
 * since the week of 12 Jan`. Nothing if it has none.
 */
export function signalText(figures: ClockFigures, { reportKind }: ReportContent, config: Config): string {
  const { signal, centre, limits, since } = figures;
  const { one } = PERIOD[reportKind];
  const usual = centre === null ? '' : ` its usual ${percent(centre)}`;
  const range = limits === null ? '' : ` its usual range of ${limits.map(percent).join(' to ')}`;
  const run = since === null ? '' : ` since ${periodOf(since, reportKind, config)}`;
  switch (signal) {
    case 'below':
      return `below${range}`;
    case 'above':
      return `above${range}`;
    case 'shift_down':
      return `below${usual} every ${one}${run}`;
    case 'shift_up':
      return `above${usual} every ${one}${run}`;
    case 'trend_down':
      return `lower every ${one}${run}, usually${usual.replace(' its usual', '')}`;
    case 'trend_up':
      return `higher every ${one}${run}, usually${usual.replace(' its usual', '')}`;
    case null:
      return '';
  }
}

/** How much a clock changed, since when, mostly where, and what could be done: sentences. Nothing if it hasn't changed. */
export function changeText(kind: ClockKind, content: ReportContent, config: Config): string {
  const { report, reportKind } = content;
  const figures = report.clocks[kind];
  const { one } = PERIOD[reportKind];
  const direction = directionOf(figures.signal);
  if (direction === null) return '';
  const changed = `${shareText(own(figures))} kept this ${one}, ${signalText(figures, content, config)}.`;
  if (direction === 'better') return changed;
  const { where } = figures;
  if (where === null) return `${changed} What could help: ${HELP[kind]('')}.`;
  const place = placeOf(where, config);
  return `${changed} ${mostly(where, place)} What could help: ${HELP[kind](` ${place}`)}.`;
}

function mostly({ misses, expected }: MostMissed, place: string): string {
  const few = Math.round(expected);
  return `Mostly ${place}: ${formatCount(misses)} not kept, ${few === 0 ? 'hardly any' : formatCount(few)} expected.`;
}

/** `at North Clinic`, `in cardiology`. */
function placeOf(where: MostMissed, config: Config): string {
  if ('site' in where) return `at ${nameOf(config.directory.sites, where.site)}`;
  return `in ${specialtyName(where.specialty, config)}`;
}
