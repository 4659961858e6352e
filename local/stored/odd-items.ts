import { PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { QuarantineEntry } from '../../shared/store/dynamo-quarantine-desk.ts';
import { EVENTS, isDueShard, REFERRAL } from '../../shared/store/keys.ts';
import { mailContentKey, mailPartKey, quarantineKey, SET_ASIDE } from '../../shared/store/operations-keys.ts';
import type { MemoryStage } from '../memory-stage/memory-stage.ts';

/** Items that weeks without trouble don't leave. */

/**
 * Damages a referral and its log, lets functions meet it, which set it aside, and mends it by hand: the next detection
 * run takes it back.
 */
export async function setAsideOne(stage: MemoryStage, meet: () => Promise<unknown>): Promise<void> {
  const { client, dynamo, names } = stage;
  const known = new Set(
    dynamo
      .items(names.operations)
      .flatMap(({ pk, referralId }) => (pk?.S === SET_ASIDE ? [`referral#${referralId?.S}`] : [])),
  );
  const items = dynamo.items(names.referrals);
  const referral = items.find(
    ({ pk, sk, coordinatorKey, dueShard }) =>
      sk?.S === REFERRAL && coordinatorKey && isDueShard(dueShard?.S) && !known.has(pk?.S ?? ''),
  );
  const event = items.find(({ pk, sk }) => pk?.S === referral?.pk?.S && sk?.S?.startsWith(EVENTS));
  if (!referral || !event) throw new Error('no referral has an open alert');
  const put = (Item: typeof referral) => client.send(new PutItemCommand({ TableName: names.referrals, Item }));
  await put({ ...referral, state: { B: new Uint8Array([0]) }, wakeAt: { N: '0' } });
  await put({ ...event, event: { S: 'no event' } });
  await meet();
  await put(event);
  await put(referral);
}

/** Cuts the latest mail in two, as one of over 350,000 bytes is cut: so small a stage has none. */
export async function cutMail(stage: MemoryStage): Promise<void> {
  const { client, dynamo, names } = stage;
  const start = mailContentKey('').pk;
  const item = dynamo.items(names.operations).findLast(({ pk, sk }) => pk?.S?.startsWith(start) && sk?.S === 'content');
  const { content, hash, expiresAt } = item ?? {};
  if (!item?.pk?.S || !content?.B || !hash?.S || !expiresAt) throw new Error('no mail was frozen');
  const half = Math.floor(content.B.length / 2);
  const { pk, sk } = mailPartKey(item.pk.S.slice(start.length), hash.S, 1);
  const put = (Item: typeof item) => client.send(new PutItemCommand({ TableName: names.operations, Item }));
  await put({ pk: { S: pk }, sk: { S: sk }, content: { B: content.B.slice(half) }, expiresAt });
  await put({ ...item, content: { B: content.B.slice(0, half) }, parts: { N: '2' } });
}

/** Marks a refused message as one that is being discarded: whoever did it died before it was gone. */
export async function beginDiscarding(stage: MemoryStage, { reason, quarantineId }: QuarantineEntry): Promise<void> {
  const { pk, sk } = quarantineKey(reason, quarantineId);
  await stage.client.send(
    new UpdateItemCommand({
      TableName: stage.names.operations,
      Key: { pk: { S: pk }, sk: { S: sk } },
      UpdateExpression: 'SET discardedAt = :now',
      ExpressionAttributeValues: { ':now': { N: String(stage.time.now()) } },
    }),
  );
}
