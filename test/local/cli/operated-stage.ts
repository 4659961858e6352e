import { dynamoStores } from '../../../shared/store/dynamo-stores.ts';
import { sampleConfig } from '../../builders/config.ts';
import { at } from '../../builders/instants.ts';
import type { Outcome } from '../outcome.ts';
import { localStack } from '../stand-ins/stack.ts';
import { loopwatch } from './loopwatch.ts';

export const MONDAY = at('03-02 14:00');
/** Stands for what must not be printed. */
export const SECRET = 'P-4711';

/** A stage on stand-ins, called `local`, with the sample configuration, and the command on it. */
export async function operatedStage() {
  const stack = await localStack(['dynamodb', 'sqs']);
  const { referrals = '', operations = '' } = stack.resources.tables;
  const stores = dynamoStores(stack.dynamodb, { referrals, operations, shards: 4 });
  await stores.configs.push(sampleConfig(), MONDAY);
  const { dynamodb, sqs } = stack.standIns.endpoints;
  const env = { DYNAMODB_ENDPOINT: dynamodb, SQS_ENDPOINT: sqs };
  return {
    stores,
    tables: { referrals, operations },
    stack,
    env,
    onStage: (...args: string[]): Promise<Outcome> => loopwatch([...args, '--stage', 'local'], undefined, env),
  };
}

export type OperatedStage = Awaited<ReturnType<typeof operatedStage>>;

export const widest = (text: string): number => Math.max(...text.split('\n').map((line) => [...line].length));
