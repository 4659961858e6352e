import { Temporal } from 'temporal-polyfill';
import { HOUR_MS, MINUTE_MS } from '../../shared/contracts/duration.ts';
import type { Instant } from '../../shared/contracts/instant.ts';
import type { LocalSchedule } from './provision.ts';

const EVERY_N_MINUTES = /^cron\((\d+)\/(\d+) \* \* \* \? \*\)$/;

/** When a schedule next calls its function after `instant`. Knows only the form of cron expression that ours have. */
export function nextRun(schedule: LocalSchedule, instant: Instant): Instant {
  const parts = EVERY_N_MINUTES.exec(schedule.expression);
  if (!parts || !['UTC', 'Etc/UTC'].includes(schedule.timeZone)) {
    throw new Error(`the local run doesn't know the schedule ${schedule.expression} in ${schedule.timeZone}`);
  }
  const [first, step] = [Number(parts[1]), Number(parts[2])];
  // Steps start again at each hour, so the last interval of an hour can be shorter.
  const hour = Math.floor(instant / HOUR_MS) * HOUR_MS;
  for (let minute = first; minute < 60; minute += step) {
    if (hour + minute * MINUTE_MS > instant) return hour + minute * MINUTE_MS;
  }
  return hour + HOUR_MS + first * MINUTE_MS;
}

/** The event that a schedule sends at `time`: its input, with the time written as EventBridge Scheduler writes it. */
export function scheduledEvent(schedule: LocalSchedule, time: Instant): unknown {
  const text = Temporal.Instant.fromEpochMilliseconds(time).toString({ smallestUnit: 'second' });
  return JSON.parse(schedule.input.replaceAll('<aws.scheduler.scheduled-time>', text));
}
