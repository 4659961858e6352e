import { createHandler, type IngestDeps } from '../../../functions/ingest-events/handler.ts';
import { lambdaContext } from '../../../local/stand-ins/lambda-context.ts';
import { type Dialects, NO_DIALECTS } from '../../../shared/contracts/dialects.ts';
import { REFUSAL_REASONS } from '../../../shared/contracts/vocabulary.ts';
import { silentLog } from '../../../shared/platform/logger.ts';
import { silentMetrics } from '../../../shared/platform/metrics.ts';
import { sampleConfig } from '../../builders/config.ts';
import { at } from '../../builders/instants.ts';
import { sqsEvent } from '../../builders/sqs.ts';
import { memoryStores } from '../../doubles/memory-stores.ts';

export const DESK_NOW = at('03-02 14:00');

export interface DeskMessage {
  body: string;
  attributes?: Record<string, string>;
}

const FEED = { name: 'main-clinic', expectedEveryHours: 24 };

/** The function over stores in memory, and what they hold. @param over what stands in for some of its parts */
export async function openDesk(
  dialects: Dialects = NO_DIALECTS,
  over: (stores: ReturnType<typeof memoryStores>) => Partial<IngestDeps> = () => ({}),
) {
  const stores = memoryStores();
  const { policy, directory } = sampleConfig();
  await stores.configs.push({ policy, directory: { ...directory, feeds: [FEED] }, dialects }, 0);
  const handler = createHandler({
    ...{ ...stores, shards: 4, metrics: silentMetrics, log: silentLog },
    time: { now: () => DESK_NOW },
    backoff: async () => {},
    ...over(stores),
  });
  /** @returns which of the messages come back, by their number from 0 */
  const comingBack = async (
    messages: readonly DeskMessage[],
    getRemainingTimeInMillis = () => 60_000,
  ): Promise<number[]> => {
    const event = sqsEvent(messages.map((message) => ({ ...message, sentAt: DESK_NOW })));
    const { batchItemFailures } = (await handler(event, {
      ...lambdaContext('ingest-events', 60),
      getRemainingTimeInMillis,
    })) as unknown as {
      batchItemFailures: { itemIdentifier: string }[];
    };
    const ids = event.Records.map(({ messageId }) => messageId);
    return batchItemFailures.map(({ itemIdentifier }) => ids.indexOf(itemIdentifier));
  };
  const deliver = async (...messages: DeskMessage[]): Promise<number> => (await comingBack(messages)).length;
  const log = async (referralId: string) =>
    (await stores.referrals.loadLog(referralId)).log
      .map(({ event }) => event)
      .sort((a, b) => a.time - b.time || (a.id < b.id ? -1 : 1));
  const refused = async () =>
    (await Promise.all(REFUSAL_REASONS.map((reason) => stores.quarantine.list(reason)))).flat();
  return { ...stores, comingBack, deliver, log, refused };
}
