import type { Directory, Match, PolicyVersion, Target } from '../../shared/contracts/config.ts';
import { HOUR_MS } from '../../shared/contracts/duration.ts';
import { formatInstant, formatOptionalInstant, type Instant } from '../../shared/contracts/instant.ts';
import type { Clock, ReferralState } from '../../shared/contracts/state.ts';
import { outcomeOf, selectionFor } from '../../shared/domain/referral/clocks.ts';
import type { Timeline } from '../../shared/domain/referral/timeline.ts';
import { formatDay, type SiteCalendar } from '../../shared/domain/time/calendar.ts';
import { type DayStep, dueAt, type Pause, type SpanStep } from '../../shared/domain/time/due.ts';

/** How the arithmetic of a due counted a day: `number` is which of the target's days it was. */
export interface DayLine {
  date: string;
  why: 'start' | 'counts' | 'closed' | 'holiday' | 'paused';
  number: number | null;
  /** Length of the local day: 23 or 25 when daylight saving time begins or ends. */
  hours: number;
}

/** How it counted a stretch of time. Between two stretches the site is closed. */
export interface SpanLine {
  from: string;
  to: string;
  why: SpanStep['why'];
}

interface Steps {
  days: DayLine[];
  spans: SpanLine[];
}

/** A clock and how its dues were computed. Instants are ISO 8601 text. */
export interface ClockExplanation {
  kind: Clock['kind'];
  instance: number;
  outcome: string;
  target: Target;
  /** The policy rule that chose the target: its index in the version's `rules`, and what it matches. */
  rule: { version: string; index: number; match: Match };
  site: string | null;
  startedAt: string;
  dueAt: string;
  netDueAt: string;
  stoppedAt: string | null;
  endedAt: string | null;
  atRiskFrom: string | null;
  escalatesAfter: string | null;
  gross: Steps;
  net: Steps;
}

/** Every clock of a referral. The steps come from the functions that computed the dues; nothing is computed twice. */
export function explainClocks(
  state: ReferralState,
  course: Timeline,
  version: PolicyVersion,
  directory: Directory,
  now: Instant,
): ClockExplanation[] {
  return state.clocks.map((clock) => {
    const promised = course.promised.find(({ kind, instance }) => kind === clock.kind && instance === clock.instance);
    if (!promised) throw new Error(`${clock.kind} ${clock.instance}: a clock without its start`);
    const { rule, calendar, fields: dimensions } = selectionFor(promised, course, version, directory);
    if (!rule?.target) throw new Error(`${clock.kind} ${clock.instance}: a clock without a target`);
    const holidays = directory.sites.find(({ id }) => id === dimensions.site)?.holidays ?? [];
    const stepsWith = (pauses: readonly Pause[], due: Instant): Steps =>
      traced(clock.startedAt, rule.target as Target, calendar, pauses, holidays, due);
    const index = version.rules.findIndex(({ clocks }) => clocks[clock.kind] === rule);
    return {
      kind: clock.kind,
      instance: clock.instance,
      outcome: outcomeOf(clock, { ...state, voided: state.stage === 'voided' }, now),
      target: rule.target,
      rule: { version: version.version, index, match: version.rules[index]?.match ?? {} },
      site: dimensions.site,
      startedAt: formatInstant(clock.startedAt),
      dueAt: formatInstant(clock.dueAt),
      netDueAt: formatInstant(clock.netDueAt),
      stoppedAt: formatOptionalInstant(clock.stoppedAt),
      endedAt: formatOptionalInstant(clock.endedAt),
      atRiskFrom: formatOptionalInstant(clock.warnAt),
      escalatesAfter: formatOptionalInstant(clock.escalateAt),
      gross: stepsWith([], clock.dueAt),
      net: stepsWith(state.pauses, clock.netDueAt),
    };
  });
}

function traced(
  start: Instant,
  target: Target,
  calendar: SiteCalendar,
  pauses: readonly Pause[],
  holidays: readonly string[],
  expected: Instant,
): Steps {
  const days: DayLine[] = [];
  const spans: SpanLine[] = [];
  let counted = 0;
  const onDay = ({ day, why }: DayStep): void => {
    if (why === 'counts') counted += 1;
    const date = formatDay(day);
    days.push({
      date,
      why: why === 'closed' && holidays.includes(date) ? 'holiday' : why,
      number: why === 'counts' ? counted : null,
      hours: (calendar.midnight(day + 1) - calendar.midnight(day)) / HOUR_MS,
    });
  };
  const onSpan = ({ from, to, why }: SpanStep): void => {
    spans.push({ from: formatInstant(from), to: formatInstant(to), why });
  };
  const due = dueAt(start, target, calendar, pauses, onDay, onSpan);
  if (due !== expected) throw new Error('the clock was computed with another rule or calendar than is explained');
  return { days, spans };
}
