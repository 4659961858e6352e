import { DAY_MS, MINUTE_MS } from '../../shared/contracts/duration.ts';
import type { Instant } from '../../shared/contracts/instant.ts';
import type { MemoryStage, Scheduled } from '../memory-stage/memory-stage.ts';
import { type SesEventType, sesNotification } from '../stand-ins/ses-events.ts';
import type { StoredMessage } from './stored-file.ts';

const QUARTER_MS = 15 * MINUTE_MS;
const SCHEDULES: readonly Scheduled[] = ['detect-breaches', 'write-reports', 'plan-mail'];

/** How a stage goes on. */
export interface GoOnOptions {
  /** What arrives, in order. What arrived at or before the stage's instant is taken as arrived. */
  arrivals: readonly StoredMessage[];
  until: Instant;
  /** How often it is looked. Every full hour is looked at anyway by what divides it. */
  everyMs?: number;
  /** What SES tells of the n-th mail. */
  tells?: (mail: number) => readonly SesEventType[];
  /** Called after each look. */
  onLook?: (at: Instant) => Promise<void>;
}

/** Lets a stage go on from its instant: each queue is emptied and each schedule is run, look by look, up to `until`. */
export async function goOn(stage: MemoryStage, options: GoOnOptions): Promise<void> {
  const { arrivals, until, everyMs = QUARTER_MS, tells = () => ['Send', 'Delivery'], onLook } = options;
  const start = stage.time.now();
  let next = arrivals.findIndex(({ sentAt }) => sentAt > start);
  for (let at = (Math.floor(start / everyMs) + 1) * everyMs; at <= until; at += everyMs) {
    stage.time.moveTo(at);
    for (; next >= 0 && (arrivals[next]?.sentAt ?? Number.POSITIVE_INFINITY) <= at; next += 1) {
      const { queue, body, ...message } = arrivals[next] as StoredMessage;
      stage.queues[queue].send(body, message);
    }
    await look(stage, at, tells);
    await onLook?.(at);
  }
}

async function look(stage: MemoryStage, at: Instant, tells: NonNullable<GoOnOptions['tells']>): Promise<void> {
  await stage.consume('referral-events');
  for (const name of SCHEDULES) await stage.run(name, at);
  const told = stage.sent.length;
  await stage.consume('mail-jobs');
  for (const [index, mail] of stage.sent.slice(told).entries()) {
    for (const type of tells(told + index)) {
      stage.queues['delivery-events'].send(sesNotification(mail, type), { sentAt: at });
    }
  }
  await stage.consume('delivery-events');
  if (at % DAY_MS === 0) await stage.run('retire-referrals', at);
}
