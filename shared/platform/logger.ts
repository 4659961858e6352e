import { Logger } from '@aws-lambda-powertools/logger';
import type { ReferralHash } from './referral-hash.ts';

/**
 * Structured logs. A line has a code from this catalogue and figures: counts, and ids that the system itself makes (mail
 * ids, message ids, request ids, run instants, a referral's hash); never the id of a referral or patient, a subject, a body
 * or a value from an event. What went wrong is logged by `logFailure` alone.
 */
export const LOG_CODES = {
  EVENTS_INGESTED: 'a batch was taken in',
  PASSED_OVER: 'members of messages in another dialect mean nothing here, by sender and kind',
  KEYS_OF_ANOTHER_REFERRAL: 'keys of a message already name another referral of its sender; the first stays',
  RECORD_FAILED: 'a record goes back to the queue',
  RUN_FAILED: 'a scheduled run failed; the scheduler tries again, and the next run finds all that is due',
  RUN_IDLE: 'no configuration was pushed to this stage yet, so there is nothing to do; events wait in their queue',
  RUN_FINISHED: 'a detection run has finished',
  ITEM_UNREADABLE: 'an item can not be read: what is made from it is made without it',
  SET_ASIDE_TRIED: 'what is set aside was tried again',
  RUN_CUT_SHORT: 'a run stopped before its time ran out; the due index keeps the rest',
  REPORTS_WRITTEN: 'a report run has finished; most find none due',
  REPORTS_LEFT: 'a report run left what is due to a run under way, or to a later one after others failed',
  REPORT_INCOMPLETE: 'the report of a scope could not be written, drawn or compared with the one before',
  REFERRALS_RETIRED: 'referrals that were closed long enough ago were retired, or handed to the time to live',
  REFERRAL_FAILED: 'a referral could not be looked at; it stays due',
  REFERRAL_SET_ASIDE:
    'a referral can not be read or computed on: it is set aside, and every detection run tries it again',
  MAILS_PLANNED: 'a planning run has finished',
  MAIL_SENT: 'a mail went out',
  MAIL_SKIPPED: 'a mail was not sent',
  SES_THROTTLED: 'SES took a mail not yet: too many in a second; it is tried again',
  SES_QUOTA_SPENT: 'SES took a mail not yet: too many in 24 hours; it goes back to the queue',
  SES_QUOTA_LOW: 'SES takes few more mails in these 24 hours',
  SES_PAUSED: 'SES took no mail: sending is paused for the account or the configuration set; it goes back to the queue',
  SEND_QUOTA_UNREAD: 'how fast SES takes mail could not be read; one a second is sent meanwhile',
  LAST_MAIL_UNREADABLE: "what somebody's last digest said can't be read: this one says of each row that it is new",
  DELIVERY_RECORDED: 'SES reported what became of a mail',
  DELIVERY_UNTAGGED: 'SES reported on a mail that was sent with our configuration set, but not by us',
  DELIVERY_UNKNOWN: 'SES reported on a mail that is not in the table, such as one from before it was restored',
  TOPIC_VALIDATED: 'SES tried the topic of its events, as it does when the event destination is made',
} as const;
export type LogCode = keyof typeof LOG_CODES;

/** Warnings that an alarm counts: they are written whatever level the stage logs. */
export const ALARMED: readonly LogCode[] = ['SES_QUOTA_SPENT', 'SES_QUOTA_LOW', 'SES_PAUSED'];

export interface Log {
  info(code: LogCode, figures?: Record<string, unknown>): void;
  warn(code: LogCode, figures?: Record<string, unknown>): void;
  /** Called by `logFailure`. */
  error(code: LogCode, figures?: Record<string, unknown>): void;
  /** How a failure's referral is named. Without it no line names one. */
  referralHash?: ReferralHash;
}

/** A log whose failures name their referrals. */
export const namingReferrals = (log: Log, referralHash: ReferralHash): Log => ({ ...log, referralHash });

/** A log whose failures say to which invocation of the function they belong, or to which of its records. */
export function failingIn(log: Log, where: { requestId?: string | undefined; messageId?: string }): Log {
  return { ...log, error: (code, figures) => log.error(code, { ...where, ...figures }) };
}

/** An error whose message is made to be logged: it has nothing of what was read. */
export class LoggableError extends Error {}

/** What went wrong with one referral, its cause, and which referral it was. Nothing that is thrown shows its id. */
export class ReferralError extends Error {
  override readonly name = 'ReferralError';
  readonly #referralId: string;

  constructor(referralId: string, cause: unknown) {
    super('a referral failed', { cause });
    this.#referralId = referralId;
  }

  static referralIdOf(error: ReferralError): string {
    return error.#referralId;
  }
}

const MOST_NAMES = 10;

/**
 * What may be said of an error: its name, as a message can hold what was read; of a LoggableError also its message. Of
 * several errors in one, what may be said of each, once, of ten at most.
 */
export function errorName(error: unknown): string {
  return [...new Set(namesOf(error))].slice(0, MOST_NAMES).join(', ');
}

function namesOf(error: unknown): string[] {
  if (error instanceof AggregateError) return error.errors.flatMap(namesOf);
  if (error instanceof ReferralError) return namesOf(error.cause);
  if (error instanceof LoggableError) return [`${error.name}: ${error.message}`];
  return [error instanceof Error ? error.name : typeof error];
}

/** Logs to the function's log group as JSON lines, from the level of LOG_LEVEL on. */
export function functionLog(serviceName: string): Log {
  const logger = new Logger({ serviceName });
  const always = new Logger({ serviceName, logLevel: 'WARN' });
  return {
    info: (code, figures = {}) => logger.info(code, { ...figures }),
    warn: (code, figures = {}) => (ALARMED.includes(code) ? always : logger).warn(code, { ...figures }),
    error: (code, figures = {}) => logger.error(code, { ...figures }),
  };
}

export const silentLog: Log = { info: () => {}, warn: () => {}, error: () => {} };
