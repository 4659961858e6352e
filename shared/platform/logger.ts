import { Logger } from '@aws-lambda-powertools/logger';

/**
 * Structured logs. A line has a code from this catalogue and figures: counts, and ids that the system itself makes (mail
 * ids, message ids, run instants); never the id of a referral or patient, a subject, a body or a value from an event.
 */
export const LOG_CODES = {
  EVENTS_INGESTED: 'a batch was taken in',
  RECORD_FAILED: 'a record goes back to the queue',
  RUN_FAILED: 'a scheduled run failed; the scheduler tries again, and the next run finds all that is due',
  RUN_FINISHED: 'a detection run has finished',
  RUN_CUT_SHORT: 'a run stopped before its time ran out; the due index keeps the rest',
  REPORTS_WRITTEN: 'a report run has finished; most find none due',
  REFERRALS_RETIRED: 'referrals that were closed long enough ago were retired, or handed to the time to live',
  REFERRAL_FAILED: 'a referral could not be looked at; it stays due',
  MAILS_PLANNED: 'a planning run has finished',
  MAIL_SENT: 'a mail went out',
  MAIL_SKIPPED: 'a mail was not sent',
  SES_THROTTLED: 'SES took a mail not yet: too many in a second; it is tried again',
  SES_QUOTA_SPENT: 'SES took a mail not yet: too many in 24 hours; it goes back to the queue',
  SES_PAUSED: 'SES took no mail: sending is paused for the account or the configuration set; it goes back to the queue',
  SEND_QUOTA_UNREAD: 'how fast SES takes mail could not be read; one a second is sent meanwhile',
  LAST_MAIL_UNREADABLE: "what somebody's last digest said can't be read: this one says of each row that it is new",
  DELIVERY_RECORDED: 'SES reported what became of a mail',
  DELIVERY_UNTAGGED: 'SES reported on a mail that was sent with our configuration set, but not by us',
  DELIVERY_UNKNOWN: 'SES reported on a mail that is not in the table, such as one from before it was restored',
  TOPIC_VALIDATED: 'SES tried the topic of its events, as it does when the event destination is made',
} as const;
export type LogCode = keyof typeof LOG_CODES;

export interface Log {
  info(code: LogCode, figures?: Record<string, unknown>): void;
  warn(code: LogCode, figures?: Record<string, unknown>): void;
  error(code: LogCode, figures?: Record<string, unknown>): void;
}

/** An error whose message is made to be logged: it has nothing of what was read. */
export class LoggableError extends Error {}

/**
 * What may be said of an error: its name, as a message can hold what was read; of a LoggableError also its message. Of
 * several errors in one, what may be said of each, once.
 */
export function errorName(error: unknown): string {
  return [...new Set(namesOf(error))].join(', ');
}

function namesOf(error: unknown): string[] {
  if (error instanceof AggregateError) return error.errors.flatMap(namesOf);
  if (error instanceof LoggableError) return [`${error.name}: ${error.message}`];
  return [error instanceof Error ? error.name : typeof error];
}

/** Logs to the function's log group as JSON lines. */
export function functionLog(serviceName: string): Log {
  const logger = new Logger({ serviceName });
  return {
    info: (code, figures = {}) => logger.info(code, { ...figures }),
    warn: (code, figures = {}) => logger.warn(code, { ...figures }),
    error: (code, figures = {}) => logger.error(code, { ...figures }),
  };
}

export const silentLog: Log = { info: () => {}, warn: () => {}, error: () => {} };
