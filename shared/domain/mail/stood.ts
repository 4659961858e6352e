import { DAY_MS, MINUTE_MS } from '../../contracts/duration.ts';
import type { Instant } from '../../contracts/instant.ts';
import type { CoordinatorDigestContent, RowState, Stood } from '../../contracts/mail.ts';
import type { Alert } from '../../contracts/state.ts';
import { ALERT_LEVELS, type AlertKind, type AlertLevel } from '../../contracts/vocabulary.ts';
import { byCodePoint } from '../code-point.ts';
import { isSince } from './shown-alerts.ts';

/**
 * How a referral stood in the reader's digests. Each digest remembers what the next one has to know, so that only the last
 * is read.
 */

/** For how long it is remembered that a referral stood as breached. */
const REMEMBERED_MS = 30 * DAY_MS;

/** Detection runs every quarter hour. */
const RUN_MS = 15 * MINUTE_MS;

/** What the reader's last digest remembers, by referral. */
export type Memory = ReadonlyMap<string, Stood>;

/** A referral of a digest, with its open alerts and whether a snooze keeps each out. */
export interface Standing {
  referralId: string;
  alerts: readonly { alert: Pick<Alert, 'kind' | 'instance' | 'level'>; isHidden: boolean }[];
}

/** The memory of a digest, as it was frozen. One of the first releases remembers what it named. */
export function memoryOf({
  stood,
  sections,
  asOf,
}: Pick<CoordinatorDigestContent, 'stood' | 'sections' | 'asOf'>): Memory {
  if (stood.length > 0) return new Map(stood.map((each) => [each.referralId, each]));
  const named = sections.flatMap(({ rows }) =>
    rows.map(
      (row): Standing => ({
        referralId: row.referralId,
        alerts: [row, ...row.also].map((alert) => ({ alert, isHidden: false })),
      }),
    ),
  );
  return new Map(remember(named, new Map(), asOf).map((each) => [each.referralId, each]));
}

/** Breached or worse, of a kind that says what is overdue: unknown attendance is a question. */
export function isOverdue({ kind, level }: { kind: AlertKind; level: AlertLevel }): boolean {
  return level !== 'at_risk' && kind !== 'attendance_unknown';
}

/** Whether an alert of a referral stood as breached in the last digest. */
export function stoodBreached(stood: Stood | undefined): boolean {
  return stood?.alerts.some((alert) => !alert.hidden && isOverdue(alert)) ?? false;
}

/**
 * Whether what a detection run found is news to the reader: it found it after their last digest. A digest is made a little
 * after its quarter hour, while the run of that instant may still be at work: what that one wrote too late is in neither,
 * so it is news as long as the last digest doesn't remember it.
 * @param found the run's instant; null: none found it
 * @param level that it found the alert at
 */
export function isNews(
  found: Instant | null,
  alert: Pick<Alert, 'referralId' | 'kind' | 'instance'>,
  level: AlertLevel,
  { since, asOf, memory }: { since: Instant | null; asOf: Instant; memory: Memory },
): boolean {
  if (isSince(found, since, asOf)) return true;
  if (found === null || since === null || since % RUN_MS === 0) return false;
  const then = memory
    .get(alert.referralId)
    ?.alerts.find((each) => each.kind === alert.kind && each.instance === alert.instance);
  return found > since - 2 * RUN_MS && (then === undefined || rankOf(then.level) < rankOf(level));
}

/** How a row stands to the reader's digests before (docs/domain.md#8-27). */
export function rowState({ referralId, alerts }: Standing, memory: Memory, asOf: Instant): RowState {
  const before = memory.get(referralId);
  if (before === undefined || before.streak === 0) {
    return isRemembered(before?.breachedAt ?? null, asOf) ? 'again' : 'new';
  }
  const isWorse = alerts.some(({ alert, isHidden }) => {
    const then = before.alerts.find(({ kind, instance }) => kind === alert.kind && instance === alert.instance);
    return !isHidden && isOverdue(alert) && rankOf(alert.level) > (then ? rankOf(then.level) : -1);
  });
  return isWorse ? 'worse' : before.streak + 1;
}

/** What a digest remembers: of each referral that it has a row of, and of those that stood as breached before. */
export function remember(standing: readonly Standing[], memory: Memory, asOf: Instant): Stood[] {
  const rows = standing.map(({ referralId, alerts }): Stood => {
    const before = memory.get(referralId);
    const isBreached = alerts.some(({ alert, isHidden }) => !isHidden && isOverdue(alert));
    return {
      referralId,
      streak: (before?.streak ?? 0) + 1,
      breachedAt: isBreached ? asOf : (before?.breachedAt ?? null),
      alerts: alerts.map(({ alert: { kind, instance, level }, isHidden }) => ({
        kind,
        instance,
        level,
        hidden: isHidden,
      })),
    };
  });
  const listed = new Set(rows.map(({ referralId }) => referralId));
  const gone = [...memory.values()].flatMap(({ referralId, breachedAt }): Stood[] =>
    listed.has(referralId) || !isRemembered(breachedAt, asOf)
      ? []
      : [{ referralId, streak: 0, breachedAt, alerts: [] }],
  );
  return [...rows, ...gone].sort((a, b) => byCodePoint(a.referralId, b.referralId));
}

const rankOf = (level: AlertLevel): number => ALERT_LEVELS.indexOf(level);

const isRemembered = (breachedAt: Instant | null, asOf: Instant): boolean =>
  breachedAt !== null && breachedAt >= asOf - REMEMBERED_MS;
