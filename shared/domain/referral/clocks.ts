import type { ClockRule, Directory, PolicyVersion } from '../../contracts/config.ts';
import type { Instant } from '../../contracts/instant.ts';
import type { Clock } from '../../contracts/state.ts';
import type { EndReason, Outcome } from '../../contracts/vocabulary.ts';
import { calendarOf, type SiteCalendar } from '../time/calendar.ts';
import { dueAt, elapsedMs, type Pause } from '../time/due.ts';
import { endOf } from './end.ts';
import { isExclusion } from './end-reasons.ts';
import { ruleFields, sameRuleFields } from './fields.ts';
import { type RuleFields, ruleFor } from './policy.ts';
import type { Promised } from './promised.ts';
import type { Timeline } from './timeline.ts';

/** The rule and the calendar that a clock got, and the fields that chose them. */
export interface Selection {
  rule: ClockRule | null;
  calendar: SiteCalendar;
  fields: RuleFields;
}

/**
 * The rule and calendar of a promised interval. The fields at its start choose them. Each later change of the fields
 * chooses again, as long as the clock was neither stopped, nor ended, nor past its gross due at the time of the change.
 */
export function selectionFor(
  promised: Promised,
  timeline: Timeline,
  version: PolicyVersion,
  directory: Directory,
): Selection {
  const select = (fields: RuleFields): Selection => ({
    rule: ruleFor(version, promised.kind, fields),
    calendar: calendarOf(directory, fields.site),
    fields,
  });
  const { start, stop, kind } = promised;
  const end = endOf(kind, timeline.end);
  const initial = timeline.fieldChanges.findLast(({ place }) => place <= start.place);
  let selection = select(ruleFields(initial?.fields ?? {}));
  for (const change of timeline.fieldChanges) {
    if (change.place <= start.place) continue;
    if ((stop !== null && stop <= change.at) || (end !== null && end <= change.at)) break;
    const { target } = selection.rule ?? { target: null };
    if (target && dueAt(start.at, target, selection.calendar) < change.at) break;
    const fields = ruleFields(change.fields);
    if (!sameRuleFields(fields, selection.fields)) selection = select(fields);
  }
  return selection;
}

/** The clocks of a referral, except those that the policy switches off. */
export function clocksOf(
  timeline: Timeline,
  version: PolicyVersion,
  directory: Directory,
  pauses: readonly Pause[],
): Clock[] {
  return timeline.promised.flatMap((promised) => {
    const { rule, calendar } = selectionFor(promised, timeline, version, directory);
    if (!rule?.target) return [];
    const { kind, instance, start, stop } = promised;
    const endedAt = endOf(kind, timeline.end);
    const netDueAt = dueAt(start.at, rule.target, calendar, pauses);
    return [
      {
        kind,
        instance,
        startedAt: start.at,
        dueAt: dueAt(start.at, rule.target, calendar),
        netDueAt,
        stoppedAt: stop !== null && endedAt !== null && stop > endedAt ? null : stop,
        endedAt,
        ...(promised.afterNoShow && { afterNoShow: true as const }),
        warnAt: warnAtOf(rule, start.at, netDueAt),
        escalateAt: rule.escalateAfter ? netDueAt + elapsedMs(rule.escalateAfter) : null,
      },
    ];
  });
}

function warnAtOf({ warnAtStart, warnBefore }: ClockRule, startedAt: Instant, netDueAt: Instant): Instant | null {
  if (warnAtStart) return startedAt;
  return warnBefore ? netDueAt - elapsedMs(warnBefore) : null;
}

/** What the outcome of a referral's clocks depends on. */
export interface OutcomeFacts {
  voided: boolean;
  endReason: EndReason | null;
  seenAt: Instant | null;
  noteAt: Instant | null;
}

/** The outcome of a clock as of `now`: the first row that holds (docs/domain.md#4-14). */
export function outcomeOf(clock: Clock, { voided, endReason, seenAt, noteAt }: OutcomeFacts, now: Instant): Outcome {
  const { stoppedAt, endedAt, dueAt } = clock;
  if (voided) return 'excluded';
  if (stoppedAt !== null) return stoppedAt <= dueAt ? 'met' : 'missed';
  if (endedAt !== null && endReason !== null && endedAt <= dueAt) {
    const careWasGiven = endReason === 'completed_in_network' && (seenAt !== null || noteAt !== null);
    const excluded = endReason === 'cancelled' || careWasGiven || isExclusion(endReason);
    return excluded ? 'excluded' : 'lost';
  }
  return dueAt < now ? 'missed' : 'running';
}
