import type { ClockFigures, Report, ReportFigures, Share } from '../../contracts/report.ts';
import { CLOCK_KINDS } from '../../contracts/vocabulary.ts';

/**
 * Attainment of the period before, for each clock that late facts have changed since that period's own report.
 * @param previous that period's own report
 */
export function restatedSince(previous: Report, { clocks }: Report): ReportFigures['restated'] {
  const changed = CLOCK_KINDS.flatMap((kind) => {
    const { met, all } = previous.clocks[kind];
    const now = priorOf(clocks[kind]);
    return met === now.n && all === now.d ? [] : [[kind, { reported: { n: met, d: all }, now }] as const];
  });
  return Object.fromEntries(changed);
}

/** Met of all in the period before, as known now. */
function priorOf({ prior, trailingAll }: ClockFigures): Share {
  const d = trailingAll.at(-1) ?? 0;
  return { n: Math.round((prior ?? 0) * d), d };
}
