import { describe, expect, it } from 'vitest';
import { nextRun, scheduledEvent } from '../../../local/stand-ins/schedule.ts';
import { MINUTE_MS } from '../../../shared/contracts/duration.ts';

const schedule = (expression: string, timeZone = 'Etc/UTC') => ({
  expression,
  timeZone,
  input: '{"time":"<aws.scheduler.scheduled-time>"}',
});
const at = (text: string) => Date.parse(`2026-03-02T${text}Z`);

describe('schedules of the local run', () => {
  it.each([
    ['cron(0/15 * * * ? *)', '14:00:00.000', '14:15:00.000'],
    ['cron(0/15 * * * ? *)', '13:59:59.999', '14:00:00.000'],
    ['cron(0/15 * * * ? *)', '23:45:00.000', '24:00:00.000'],
    ['cron(2/15 * * * ? *)', '14:00:00.000', '14:02:00.000'],
    ['cron(2/15 * * * ? *)', '14:47:00.000', '15:02:00.000'],
    ['cron(5/40 * * * ? *)', '14:45:00.000', '15:05:00.000'],
  ])('%s runs after %s at %s', (expression, after, expected) => {
    expect(nextRun(schedule(expression), at(after))).toBe(at('00:00:00.000') + duration(expected));
  });

  it('refuses a form of schedule that it does not know', () => {
    expect(() => nextRun(schedule('cron(0 12 * * ? *)'), 0)).toThrow("doesn't know the schedule");
    expect(() => nextRun(schedule('cron(0/15 * * * ? *)', 'America/New_York'), 0)).toThrow('America/New_York');
  });

  it('writes the scheduled time as EventBridge Scheduler does', () => {
    const event = scheduledEvent(schedule('cron(0/15 * * * ? *)'), at('14:15:00.000'));
    expect(event).toEqual({ time: '2026-03-02T14:15:00Z' });
  });
});

function duration(text: string): number {
  const [hours = 0, minutes = 0] = text.split(':').map(Number);
  return (hours * 60 + minutes) * MINUTE_MS;
}
