import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { logFailure } from '../../../shared/platform/failure.ts';
import { failingIn, type Log, LoggableError, ReferralError } from '../../../shared/platform/logger.ts';
import { hashOfReferral, LOCAL_HASH_KEY, localReferralHash } from '../../../shared/platform/referral-hash.ts';
import { stackFrames } from '../../../shared/platform/stack-frames.ts';

const SECRET = 'PatientMarkerQ7';
const HASH = hashOfReferral(LOCAL_HASH_KEY, 'R-1');

function listening(referralHash: Log['referralHash'] | null = localReferralHash) {
  const lines: [string, Record<string, unknown>][] = [];
  const note: Log['info'] = (code, figures = {}) => void lines.push([code, figures]);
  const log: Log = { info: note, warn: note, error: note, ...(referralHash && { referralHash }) };
  return { log, lines };
}

async function lineOf(error: unknown, about = {}, referralHash?: Log['referralHash'] | null) {
  const { log, lines } = listening(referralHash);
  await logFailure(log, 'REFERRAL_FAILED', error, about);
  expect(lines).toHaveLength(1);
  return lines[0]?.[1] as Record<string, unknown>;
}

function thrownHere(message: string): Error {
  return new SyntaxError(message);
}

describe('the line of a failure', () => {
  it('has the name, the hash of its referral, and where it came from', async () => {
    const line = await lineOf(thrownHere(SECRET), { referralId: 'R-1', shard: 2 });
    expect(line).toMatchObject({ error: 'SyntaxError', referrals: [HASH], shard: 2 });
    expect((line.frames as string[])[0]).toMatch(/^thrownHere .*failure\.test\.ts:\d+:\d+$/);
    expect(JSON.stringify(line)).not.toMatch(/R-1|PatientMarker/);
  });

  it('says to which invocation and message it belongs', async () => {
    const { log, lines } = listening();
    const failing = failingIn(failingIn(log, { requestId: 'req-1' }), { messageId: 'msg-1' });
    await logFailure(failing, 'RECORD_FAILED', new Error(SECRET));
    failing.info('EVENTS_INGESTED', { events: 1 });
    expect(lines).toEqual([
      ['RECORD_FAILED', expect.objectContaining({ requestId: 'req-1', messageId: 'msg-1', error: 'Error' })],
      ['EVENTS_INGESTED', { events: 1 }],
    ]);
  });

  it('has the ids and codes of AWS', async () => {
    const $metadata = { requestId: 'aws-1', httpStatusCode: 400, extendedRequestId: SECRET };
    const error = Object.assign(new Error(SECRET), { $metadata, Code: 'Throttling', Detail: SECRET });
    expect(await lineOf(error)).toMatchObject({ awsRequestId: 'aws-1', httpStatus: 400, code: 'Throttling' });
    expect(JSON.stringify(await lineOf(error))).not.toContain(SECRET);
  });

  it('has no code that isn’t one', async () => {
    const line = await lineOf(Object.assign(new Error('x'), { code: `${SECRET} is ill` }));
    expect(line.code).toBeUndefined();
  });

  it('has the causes and the errors behind an error, each once, a few at most, and round in circles too', async () => {
    const inner = new RangeError(SECRET);
    const outer: Error = new Error(SECRET, { cause: new AggregateError([inner, inner, SECRET], SECRET) });
    inner.cause = outer;
    const line = await lineOf(outer);
    expect((line.causes as { error: string }[]).map(({ error }) => error)).toEqual([
      'RangeError, string',
      'RangeError',
      'string',
    ]);
    const many = new AggregateError(Array.from({ length: 500 }, () => new RangeError(SECRET)));
    expect((await lineOf(many)).causes).toHaveLength(4);
    expect(JSON.stringify(await lineOf(many)).length).toBeLessThan(4000);
    expect(JSON.stringify([line, await lineOf(many)])).not.toContain(SECRET);
  });

  it('names the referrals that the errors themselves know of, and not the wrapping', async () => {
    const known = new ReferralError('R-1', new RangeError(SECRET));
    const line = await lineOf(new AggregateError([known, new ReferralError('R-2', new Error(SECRET))]));
    expect(line.referrals).toEqual([HASH, hashOfReferral(LOCAL_HASH_KEY, 'R-2')]);
    expect(await lineOf(known)).toMatchObject({ error: 'RangeError', referrals: [HASH] });
    expect(JSON.stringify([known, known.stack, Object.entries(known)])).not.toContain('R-1');
  });

  it('goes out without a hash if there is none', async () => {
    const failing: Log['referralHash'] = () => Promise.reject(new Error(SECRET));
    for (const hash of [async () => null, failing, null]) {
      const line = await lineOf(new Error('x'), { referralId: 'R-1' }, hash);
      expect(line).toMatchObject({ error: 'Error' });
      expect(line.referrals).toBeUndefined();
    }
  });

  it('has the message of an error only if that was made to be logged', async () => {
    class KnownError extends LoggableError {
      override readonly name = 'KnownError';
    }
    expect(await lineOf(new KnownError('an item is unreadable'))).toMatchObject({
      error: 'KnownError: an item is unreadable',
    });
  });

  it('of something that is no error says what kind of thing it is', async () => {
    expect(await lineOf(SECRET)).toEqual({ error: 'string' });
    expect(await lineOf(undefined)).toEqual({ error: 'undefined' });
  });
});

describe('the frames of a stack', () => {
  const fake = `    at ${SECRET} (/var/task/index.mjs:1:2)`;

  it('hold nothing of a message, whatever it looks like', () => {
    const line = fc.constantFrom('', SECRET, fake, `at ${SECRET}`, '    at x:1:2', 'Error: ');
    const message = fc.array(line, { maxLength: 6 }).map((lines) => lines.join('\n'));
    fc.assert(
      fc.property(message, fc.constantFrom(Error, TypeError, AggregateError), (text, Kind) => {
        const error = Kind === AggregateError ? new AggregateError([], text) : new (Kind as typeof Error)(text);
        const frames = stackFrames(error, 8);
        expect(frames.join('\n')).not.toContain(SECRET);
        expect(frames.length).toBeGreaterThan(0);
      }),
    );
  });

  it('are not told of an error whose message has changed since', () => {
    for (const [before, after] of [
      [`x\n${fake}`, 'y'],
      [`x\n${fake}`, ''],
      [fake, 'Error'],
    ] as const) {
      const error = new Error(before);
      error.message = after;
      expect(stackFrames(error, 8).join('\n')).not.toContain(SECRET);
    }
  });

  it('are told of an error whose name was given later', () => {
    const error = new Error(SECRET);
    error.name = 'ThrottlingException';
    expect(stackFrames(error, 8).length).toBeGreaterThan(0);
  });

  it('are ours alone, and not more than asked for', () => {
    const nested = (depth: number): Error => (depth === 0 ? new Error('x') : nested(depth - 1));
    const error = nested(20);
    expect(stackFrames(error, 3)).toHaveLength(3);
    expect(stackFrames(error, 100).join('\n')).not.toMatch(/node_modules|node:/);
    error.stack = 'Error: x\n    at async ours (file:///var/task/index.mjs:3:45)\n    at run (node:internal/x:1:2)';
    expect(stackFrames(error, 8)).toEqual(['ours var/task/index.mjs:3:45']);
  });
});
