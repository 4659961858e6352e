import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../shared/contracts/duration.ts';
import type { Instant } from '../../shared/contracts/instant.ts';
import { liveFrom } from '../../shared/domain/alert/live-from.ts';
import { reportPeriods } from '../../shared/domain/report/periods.ts';
import { plural } from '../../shared/mail/format-time.ts';
import type { ConfigInForce } from '../../shared/store/config-store.ts';
import { utcMinute } from '../operate/lines.ts';
import { type Finding, fail, finding, ok, type Read, some } from './finding.ts';

/** Whether what should run does run. */

/** @param schedules by name; the state as Scheduler names it, null: there is no such schedule */
export function schedulesCheck(schedules: Read<readonly { name: string; state: string | null }[]>): Finding {
  return finding('schedules', schedules, (all) => {
    const missing = all.filter(({ state }) => state === null).map(({ name }) => name);
    const off = all.filter(({ state }) => state !== null && state !== 'ENABLED').map(({ name }) => name);
    if (missing.length > 0) return fail(`missing: ${some(missing)}`, 'Deploy the stage.');
    if (off.length > 0)
      return fail(`switched off: ${some(off)}`, 'Switch them on in the EventBridge Scheduler console.');
    return ok(`all ${all.length} are on`);
  });
}

/** As the alarm sweep-lag: three runs were due. */
const DETECTED_WITHIN_MS = 45 * MINUTE_MS;

/** @param oldestDue since when the referral has been due that has been due longest, but for those set aside. Null: none is */
export function detectionCheck(oldestDue: Read<Instant | null>, now: Instant): Finding {
  return finding('detection', oldestDue, (since) => {
    if (since === null || now - since <= DETECTED_WITHIN_MS) return ok('no referral has waited for long');
    const says = `a referral has waited since ${utcMinute(since)} UTC`;
    return fail(says, 'detect-breaches fails, is behind or does not run: docs/runbooks.md#sweep-lag.');
  });
}

/** The operations mailbox has a mail to plan every day. */
const PLANNED_WITHIN_MS = DAY_MS + 2 * HOUR_MS;

export function planningCheck(inForce: Read<InForce | null>, now: Instant): Finding {
  return finding('planning', inForce, (found) => {
    if (found === null) return ok('waits for a configuration');
    const begun = Math.max(found.since, liveFrom(found.config));
    if (begun > now) return ok(`begins at ${utcMinute(begun)} UTC (liveFrom)`);
    const { plannedUntil } = found.progress;
    const last = plannedUntil === null ? 'never' : `${utcMinute(plannedUntil)} UTC`;
    if (now - Math.max(begun, plannedUntil ?? begun) > PLANNED_WITHIN_MS) {
      return fail(`last came to its end: ${last}`, 'plan-mail fails or does not run: docs/runbooks.md#runs-failing.');
    }
    return ok(plannedUntil === null ? 'nothing was due yet' : `last mails planned ${last}`);
  });
}

/** A report is tried again for days: what is late by this isn't one slow run. */
const WRITTEN_WITHIN_MS = 6 * HOUR_MS;

export function reportsCheck(inForce: Read<InForce | null>, now: Instant): Finding {
  return finding('reports', inForce, (found) => {
    if (found === null) return ok('wait for a configuration');
    const { since, config, progress } = found;
    const from = Math.max(since, now - 9 * DAY_MS);
    const due = reportPeriods(config.directory.organization.timeZone, from, now - WRITTEN_WITHIN_MS).at(-1);
    const until = progress.reportsUntil;
    if (due !== undefined && (until === null || until < due.asOf)) {
      const mend = 'write-reports fails or does not run: docs/runbooks.md#reports-waiting.';
      return fail(`the reports due ${utcMinute(due.asOf)} UTC are not written`, mend);
    }
    return ok(until === null ? 'none was due yet' : `written up to ${utcMinute(until)} UTC`);
  });
}

export function setAsideCheck(asides: Read<{ referrals: number; unreadable: number }>): Finding {
  return finding('set aside', asides, ({ referrals, unreadable }) => {
    if (referrals + unreadable === 0) return ok('no referral');
    const told = [
      ...(referrals > 0 ? [`${plural(referrals, 'referral')} can't be read or computed on`] : []),
      ...(unreadable > 0 ? [`${plural(unreadable, 'note')} of such a referral can't be read`] : []),
    ];
    return fail(told.join(', and '), 'docs/runbooks.md#referrals-set-aside.');
  });
}

/** A queue of work, with its dead letters. */
export interface QueueCounts {
  name: string;
  /** Null: it is a dead-letter queue only. */
  waiting: number | null;
  dead: number;
}

export function queuesCheck(queues: Read<readonly QueueCounts[]>): Finding {
  return finding('queues', queues, (all) => {
    const dead = all.filter((queue) => queue.dead > 0).map((queue) => `${queue.name} ${queue.dead}`);
    const waiting = all.reduce((sum, queue) => sum + (queue.waiting ?? 0), 0);
    if (dead.length > 0) {
      return fail(
        `dead letters: ${some(dead)}`,
        '`npx loopwatch dlq list` says since when; fix the cause, then `npx loopwatch dlq redrive`.',
      );
    }
    return ok(`no dead letters, ${plural(waiting, 'message')} waiting`);
  });
}

type InForce = Pick<ConfigInForce, 'config' | 'since' | 'progress'>;
