import type { FunctionName, QueueName } from '../../infra/settings.ts';
import type { Config } from '../../shared/contracts/config.ts';
import type { Instant } from '../../shared/contracts/instant.ts';
import type { Item } from '../../shared/store/dynamo.ts';
import type { Stores } from '../../shared/store/dynamo-stores.ts';
import type { MemoryQueue, QueuedMessage } from '../memory-stage/memory-queue.ts';
import type { Between, ConsumeOptions, Scheduled } from '../memory-stage/memory-stage.ts';
import type { SimulatedTime } from '../pipeline/simulated-time.ts';
import type { SentMail } from '../stand-ins/ses-events.ts';

/** A whole stage that weeks are played on, in simulated time: in memory, or on the stand-ins. */
export interface SoakStage {
  readonly time: SimulatedTime;
  /** Every mail that SES took, oldest first. */
  readonly sent: readonly SentMail[];
  /** Past whatever stands between the functions and AWS. */
  readonly stores: Stores;
  readonly queues: Readonly<Record<QueueName, Pick<MemoryQueue, 'send' | 'nextVisible'>>>;
  pushConfig(config: Config): Promise<unknown>;
  /** Calls a scheduled function for an instant. Throws what it throws. */
  run(name: Scheduled, at: Instant): Promise<unknown>;
  /** Hands what can be received now to its function. What fails comes back later. */
  consume(queue: QueueName, options?: ConsumeOptions): Promise<{ done: Pick<QueuedMessage, 'attributes'>[] }>;
  /** The process of a function ends: the next call finds one that remembers nothing. */
  endProcess(name: FunctionName): void;
  /** Everything in a table, in no order. */
  items(table: 'referrals' | 'operations'): Promise<Item[]>;
  /** Messages that were given up, and those that wait, in all queues. */
  undone(): Promise<{ dead: number; waiting: number }>;
  close(): Promise<void>;
}

/** Makes an empty stage, where simulated time begins at an instant. */
export type OpenStage = (start: Instant, between?: Between) => Promise<SoakStage>;
