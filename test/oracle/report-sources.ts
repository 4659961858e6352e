// Oracle, part 11: who sends referrals (docs/domain.md#figure-sources).

import { daysBack, type Referral, within } from './report-clocks.ts';
import type { Span } from './report-periods.ts';
import { asNumber, binomialTail, median } from './report-statistics.ts';
import { byCodePoint } from './state.ts';
import { DAY } from './time.ts';

/** @param times of a practice's referrals before `at`, ascending */
function inactive(times: number[], at: number): boolean {
  const last = times.at(-1);
  if (last === undefined) return false;
  const recent = times.filter((t) => t >= last - 365 * DAY);
  if (recent.length < 4) return false;
  const gaps = recent.slice(1).map((t, i) => t - (recent[i] as number));
  return at - last > Math.max(60 * DAY, 3 * median(gaps));
}

function declining(times: number[], asOf: number) {
  const count = (span: Span) => times.filter((t) => within(t, span)).length;
  const x = count(daysBack(asOf, 56));
  const m = count(daysBack(asOf, 238, 56));
  const halves = [count(daysBack(asOf, 56, 28)), count(daysBack(asOf, 28))];
  // e = m x 56/182 = m x 4/13, compared in whole numbers: e >= 5, x <= 0.6 e, each half <= 0.3 e
  if (4 * m < 5 * 13) return null;
  if (130 * x > 6 * 4 * m || halves.some((half) => 130 * half > 3 * 4 * m)) return null;
  const p = binomialTail(x, x + m, 56n, 238n);
  if (1000n * p.top >= 5n * p.bottom) return null;
  return { observed: x, expected: (m * 56) / 182, p: asNumber(p) };
}

export function sources(referrals: Referral[], period: Span, asOf: number) {
  const seen = referrals.filter((r) => r.receivedAt < asOf && r.s.dims.practice?.id);
  const ids = [...new Set(seen.map((r) => r.s.dims.practice.id as string))].sort(byCodePoint);
  const timesOf = (id: string): number[] =>
    seen
      .filter((r) => r.s.dims.practice.id === id)
      .map((r) => r.receivedAt)
      .sort((a, b) => a - b);
  return {
    new: ids.filter((id) => within(timesOf(id)[0] as number, period)),
    active: ids.filter((id) => timesOf(id).some((t) => within(t, daysBack(asOf, 60)))).length,
    inactive: ids.filter((id) => inactive(timesOf(id), asOf)),
    declining: ids.flatMap((practiceId) => {
      const found = declining(timesOf(practiceId), asOf);
      return found ? [{ practiceId, ...found }] : [];
    }),
    reactivated: ids.filter((id) => {
      const times = timesOf(id);
      return times.some(
        (t) =>
          within(t, period) &&
          inactive(
            times.filter((earlier) => earlier < t),
            t,
          ),
      );
    }),
  };
}
