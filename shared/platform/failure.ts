import { errorName, type Log, type LogCode, ReferralError } from './logger.ts';
import { stackFrames } from './stack-frames.ts';

/** What a failure is about, besides its error. All of it is logged but for the referral's id, of which the hash is. */
export interface FailureAbout {
  referralId?: string;
  shard?: number;
  mailId?: string;
}

const MOST_FRAMES = 8;
/** Errors behind one error, with fewer frames each. */
const MOST_CAUSES = 4;
const FRAMES_OF_CAUSE = 4;
const MOST_REFERRALS = 10;
/** Far deeper than anybody nests errors. */
const DEEPEST = 8;
/** What an id or a code of AWS or Node looks like. Anything else may quote what was read. */
const CODE = /^[A-Za-z0-9_.:=-]{1,128}$/;

/**
 * Logs what went wrong, so that it can be found, and nothing of what was read: what may be said of the error, where it
 * came from, the ids that AWS gave its requests, and hashes of the referrals that it is about. Every failure is logged by
 * this. If a referral's hash can't be made, the line goes out without it.
 */
export async function logFailure(log: Log, code: LogCode, error: unknown, about: FailureAbout = {}): Promise<void> {
  const { referralId, ...figures } = about;
  const errors = chainOf(error);
  const ids = referralId === undefined ? errors.flatMap(referralIdsOf) : [referralId];
  const referrals = await hashesOf(ids, log);
  const [first, ...causes] = errors.filter((each) => !(each instanceof ReferralError));
  log.error(code, {
    ...figures,
    error: errorName(error),
    ...(referrals.length > 0 && { referrals }),
    ...described(first, MOST_FRAMES),
    ...(causes.length > 0 && {
      causes: causes
        .slice(0, MOST_CAUSES)
        .map((cause) => ({ error: errorName(cause), ...described(cause, FRAMES_OF_CAUSE) })),
    }),
  });
}

/** An error and all that is behind it, outermost first, each once. */
function chainOf(error: unknown): unknown[] {
  const found = new Set<unknown>();
  const follow = (each: unknown, depth: number): void => {
    if (found.has(each) || depth > DEEPEST) return;
    found.add(each);
    if (!(each instanceof Error)) return;
    if (each.cause !== undefined) follow(each.cause, depth + 1);
    if (each instanceof AggregateError) for (const inner of each.errors) follow(inner, depth + 1);
  };
  follow(error, 0);
  return [...found];
}

const referralIdsOf = (error: unknown): string[] =>
  error instanceof ReferralError ? [ReferralError.referralIdOf(error)] : [];

async function hashesOf(referralIds: readonly string[], { referralHash }: Log): Promise<string[]> {
  if (referralHash === undefined) return [];
  const some = [...new Set(referralIds)].slice(0, MOST_REFERRALS);
  const hashes = await Promise.all(some.map((id) => referralHash(id).catch(() => null)));
  return hashes.filter((hash) => hash !== null);
}

/** Where an error came from, and what AWS and Node say of it in codes. */
function described(error: unknown, mostFrames: number): Record<string, unknown> {
  const frames = stackFrames(error, mostFrames);
  const { code, Code, $metadata } = Object(error) as Record<string, unknown>;
  const { requestId, httpStatusCode } = Object($metadata) as Record<string, unknown>;
  const said = {
    code: codeOf(code ?? Code),
    awsRequestId: codeOf(requestId),
    httpStatus: typeof httpStatusCode === 'number' ? httpStatusCode : undefined,
  };
  return {
    ...(frames.length > 0 && { frames }),
    ...Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined)),
  };
}

const codeOf = (value: unknown): string | undefined =>
  typeof value === 'string' && CODE.test(value) ? value : undefined;
