import { GetSendQuotaCommand, type SESClient } from '@aws-sdk/client-ses';
import { MINUTE_MS } from '../contracts/duration.ts';
import { cached } from '../platform/cached.ts';
import { errorName, type Log } from '../platform/logger.ts';
import type { TimeSource } from '../platform/time-source.ts';

/** What every account may send in a second, even one in SES's sandbox. */
export const CAREFUL_RATE = 1;
const KEPT_MS = 10 * MINUTE_MS;
/** Of what may be sent in 24 hours. The rest leaves time to ask for more. */
const NEARLY_SPENT = 0.8;
/** Mail doesn't wait for it any longer. */
const REQUEST_TIMEOUT_MS = 3_000;

/**
 * How many mails a second this instance may send: its share of what SES allows the account, which is read once and again
 * every 10 minutes; if most of the daily quota is spent, that is logged then. If it can't be read, a share of what every account may send: no mail is held up by it.
 * @param senders how many instances send at once
 */
export function sendRate(
  client: SESClient,
  { senders, time, log }: { senders: number; time: TimeSource; log: Log },
): () => Promise<number> {
  const read = async (): Promise<number> => {
    try {
      const answer = await client.send(new GetSendQuotaCommand({}), { requestTimeout: REQUEST_TIMEOUT_MS });
      const { Max24HourSend = -1, SentLast24Hours = 0 } = answer;
      // -1: there is no limit.
      if (Max24HourSend > 0 && SentLast24Hours >= NEARLY_SPENT * Max24HourSend) {
        log.warn('SES_QUOTA_LOW', { sent: SentLast24Hours, quota: Max24HourSend });
      }
      const rate = answer.MaxSendRate ?? 0;
      if (rate > 0) return rate / senders;
      log.warn('SEND_QUOTA_UNREAD', { error: 'no rate' });
    } catch (error) {
      log.warn('SEND_QUOTA_UNREAD', { error: errorName(error) });
    }
    return CAREFUL_RATE / senders;
  };
  return cached(read, KEPT_MS, time);
}
