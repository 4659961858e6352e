import { Crash } from '../../../local/cost/recorder.ts';
import type { Target } from '../../../local/operate/target.ts';
import { Pipeline } from '../../../local/pipeline/pipeline.ts';
import { startStandIns } from '../../../local/stand-ins/index.ts';
import { localTemplates } from '../../../local/stand-ins/templates.ts';
import type { Config } from '../../../shared/contracts/config.ts';
import type { Instant } from '../../../shared/contracts/instant.ts';

const OPERATOR = 'operator';

/** A pipeline on stand-ins, and an operator who works on it and may die at any call. */
export async function openOperated(start: Instant, config: Config) {
  const [templates, standIns] = await Promise.all([localTemplates(), startStandIns()]);
  const pipeline = await Pipeline.open(templates, standIns.endpoints, start);
  await pipeline.pushConfig(config);
  const { referrals = '', operations = '' } = pipeline.resources.tables;
  const target = (): Target => ({
    name: 'the test',
    tables: { client: pipeline.dynamodb, names: { referrals, operations } },
    sqs: pipeline.sqs,
    queueUrl: async (purpose) => pipeline.resources.queues[purpose]?.url ?? '',
    now: pipeline.time.now(),
  });
  return {
    pipeline,
    target,
    /** Does something and dies before or after its k-th call. @returns whether it came so far */
    async dying(side: 'before' | 'after', call: number, work: () => Promise<unknown>): Promise<boolean> {
      const { recorder } = pipeline;
      if (side === 'before') recorder.crashBefore(call, OPERATOR);
      else recorder.crashAfter(call, OPERATOR);
      try {
        await recorder.during(OPERATOR, work);
        return false;
      } catch (error) {
        if (!hasCrash(error)) throw error;
        return true;
      } finally {
        recorder.reset();
      }
    },
    async close(): Promise<void> {
      pipeline.close();
      await standIns.stop();
    },
  };
}

export type Operated = Awaited<ReturnType<typeof openOperated>>;

const hasCrash = (error: unknown): boolean =>
  error instanceof Crash || (error instanceof AggregateError && error.errors.some(hasCrash));
