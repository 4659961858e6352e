import { SESServiceException } from '@aws-sdk/client-ses';

/**
 * Why SES didn't take a mail, as far as it matters: `rate`, too many in a second; `daily`, too many in 24 hours; `paused`,
 * sending was paused for the account or the configuration set. Null: anything else, after which it may have taken it.
 */
export type Refusal = 'rate' | 'daily' | 'paused' | null;

/** SES refuses these before it takes a mail, so trying again can't send it twice. */
const THROTTLES = ['Throttling', 'ThrottlingException', 'TooManyRequestsException'];
const PAUSES = ['AccountSendingPausedException', 'ConfigurationSetSendingPausedException'];

/** Reads an error of SES. The rate and the daily quota share a name and differ in their words only. */
export function refusalOf(error: unknown): Refusal {
  if (!(error instanceof SESServiceException)) return null;
  const { name, message } = error;
  if (PAUSES.includes(name) || (name === 'MessageRejected' && /sending (is |has been )?paused/i.test(message))) {
    return 'paused';
  }
  if (!THROTTLES.includes(name)) return null;
  return /\bdaily\b|\b24[ -]?h/i.test(message) ? 'daily' : 'rate';
}
