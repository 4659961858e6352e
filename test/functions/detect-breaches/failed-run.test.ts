import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createHandler as detection } from '../../../functions/detect-breaches/handler.ts';
import { createHandler as planning } from '../../../functions/plan-mail/handler.ts';
import { HOUR_MS } from '../../../shared/contracts/duration.ts';
import type { Log } from '../../../shared/platform/logger.ts';
import { functionMetrics } from '../../../shared/platform/metrics.ts';
import { sampleConfig } from '../../builders/config.ts';
import { at } from '../../builders/instants.ts';
import { storedReferral } from '../../builders/stored.ts';
import { MemoryReferralStore, memoryStores } from '../../doubles/memory-stores.ts';

const RUN = at('03-02 15:00');
const SECRET = 'patient-secret';
const event = { time: '2026-03-02T15:00:00Z' };
const context = { getRemainingTimeInMillis: () => 300_000 } as never;

/** A store whose reads fail with a message that quotes what was read, as a parser's does. */
class UnreadableStore extends MemoryReferralStore {
  override load(): never {
    throw new SyntaxError(`Unexpected token in ${SECRET}`);
  }
  override pendingUrgent(): never {
    throw new SyntaxError(`Unexpected token in ${SECRET}`);
  }
}

async function world() {
  const stores = { ...memoryStores(), referrals: new UnreadableStore({ shards: 1 }) };
  await stores.configs.push(sampleConfig(), RUN - HOUR_MS);
  await stores.referrals.save(storedReferral('R-1', { wakeAt: RUN - HOUR_MS }), null);
  await stores.referrals.save(storedReferral('R-2', { wakeAt: RUN - HOUR_MS }), null);
  const lines: unknown[] = [];
  const note: Log['info'] = (code, figures) => {
    lines.push([code, figures]);
  };
  return { stores, lines, log: { info: note, warn: note, error: note } };
}

async function failureOf(run: Promise<unknown>): Promise<Error> {
  try {
    await run;
  } catch (error) {
    return error as Error;
  }
  throw new Error('expected the run to fail');
}

// Metrics as they are deployed: what they give back must not become the run's answer.
beforeEach(() => {
  vi.spyOn(process.stdout, 'write').mockImplementation(() => true);
});
afterEach(() => vi.restoreAllMocks());

describe('a scheduled run that fails', () => {
  it.each([
    [
      'detection',
      ({ log, stores }: Awaited<ReturnType<typeof world>>) =>
        detection({ ...stores, shards: 1, backoff: async () => {}, log, metrics: functionMetrics('test') })(
          event,
          context,
        ),
    ],
    [
      'planning',
      ({ log, stores }: Awaited<ReturnType<typeof world>>) =>
        planning({
          ...{ ...stores, queue: { announce: async () => {} }, holds: false, log },
          metrics: functionMetrics('test'),
        })(event, context),
    ],
  ])('fails as %s with the names of what went wrong and nothing of what was read', async (_name, run) => {
    const made = await world();
    const error = await failureOf(run(made));
    expect(error).toMatchObject({ name: 'RunFailedError', message: 'SyntaxError' });
    expect(JSON.stringify([error.stack, error.cause, Object.entries(error)])).not.toContain(SECRET);
    expect(made.lines).toContainEqual(['RUN_FAILED', expect.objectContaining({ error: 'SyntaxError' })]);
    expect(JSON.stringify(made.lines)).not.toContain(SECRET);
  });
});
