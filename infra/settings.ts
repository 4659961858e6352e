/** Memory and time of each function. In one place, because a queue's visibility timeout follows from its consumer's. */
export const FUNCTIONS = {
  'ingest-events': { memoryMegabytes: 512, timeoutSeconds: 60 },
  'detect-breaches': { memoryMegabytes: 1024, timeoutSeconds: 300 },
  // More than a whole core: a report of a million referrals unpacks each of them, and then draws.
  'write-reports': { memoryMegabytes: 2048, timeoutSeconds: 900 },
  'plan-mail': { memoryMegabytes: 512, timeoutSeconds: 300 },
  // Short: a failed mail comes back after six times this, and an urgent one should not wait for half an hour.
  'send-mail': { memoryMegabytes: 1024, timeoutSeconds: 60 },
  'retire-referrals': { memoryMegabytes: 512, timeoutSeconds: 300 },
  'record-delivery': { memoryMegabytes: 256, timeoutSeconds: 60 },
} as const;

export type FunctionName = keyof typeof FUNCTIONS;

/** Functions that EventBridge Scheduler calls, and when (UTC). */
export const SCHEDULES = {
  'detect-breaches': '0/15 * * * ? *',
  // After detection, whose orphans it counts, and before planning, which mails its reports.
  'write-reports': '1/15 * * * ? *',
  // Two minutes after detection, so that a digest shows what this quarter hour's run found.
  'plan-mail': '2/15 * * * ? *',
  'retire-referrals': '20 3 * * ? *',
} as const satisfies Partial<Record<FunctionName, string>>;

export type ScheduledName = keyof typeof SCHEDULES;

/** Each queue with its one consumer. Batches wait a little if that saves invocations and nobody waits for them. */
export const QUEUES = {
  'referral-events': { consumer: 'ingest-events', batchWindowSeconds: 5, maxConcurrency: 10 },
  // Two at once stays below SES's usual rate, and digests aren't urgent.
  'mail-jobs': { consumer: 'send-mail', batchWindowSeconds: 0, maxConcurrency: 2 },
  'delivery-events': { consumer: 'record-delivery', batchWindowSeconds: 5, maxConcurrency: 2 },
} as const satisfies Record<string, { consumer: FunctionName; batchWindowSeconds: number; maxConcurrency: number }>;

export type QueueName = keyof typeof QUEUES;

export const BATCH_SIZE = 10;

/** How long a message is tried: a day of trouble with DynamoDB, KMS or SES heals by itself, and the night after it. */
export const RETRIED_FOR_HOURS = 30;

/** AWS's rule for Lambda: six times the function's timeout, plus the batch window. */
export function visibilitySeconds(name: QueueName): number {
  const { consumer, batchWindowSeconds } = QUEUES[name];
  return 6 * FUNCTIONS[consumer].timeoutSeconds + batchWindowSeconds;
}

/** After how many receives a message is given up: a failed one comes back once the visibility timeout is over. */
export function maxReceiveCount(name: QueueName): number {
  return Math.ceil((RETRIED_FOR_HOURS * 3600) / visibilitySeconds(name));
}

/** Number of partitions of the due index. It can be changed: those of every number ever in use are read (docs/adr/0002). */
export const DUE_SHARDS = 4;

/** Form of a stage's name; names of AWS resources contain it. */
export const STAGE_NAME = /^[a-z0-9]{1,16}$/;

/**
 * The physical name of a table, queue or function: `loopwatch-<stage>-<purpose>`. Names are fixed so that senders,
 * operators and the command line find everything from the stage alone.
 */
export function physicalName(stage: string, purpose: string): string {
  if (!STAGE_NAME.test(stage)) throw new Error(`stage "${stage}": expected 1 to 16 lower-case letters and digits`);
  return `loopwatch-${stage}-${purpose}`;
}

/** The name by which functions and the command line ask for the key that hashes referrals' ids in logs. */
export const findKeyAlias = (stage: string): string => `alias/${physicalName(stage, 'find')}`;

/** The purpose in a physical name. Null if the name isn't ours. */
export function purposeOf(name: string): string | null {
  return /^loopwatch-[a-z0-9]{1,16}-(.+)$/.exec(name)?.[1] ?? null;
}
