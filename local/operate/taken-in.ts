import { type Received, readRecord, settingOf } from '../../functions/ingest-events/read-record.ts';
import type { Config } from '../../shared/contracts/config.ts';
import { subjectKindOf } from '../../shared/contracts/event.ts';
import type { Instant } from '../../shared/contracts/instant.ts';
import { sameContent } from '../../shared/domain/referral/content.ts';
import { identityOf } from '../../shared/domain/referral/event-order.ts';
import type { AcceptedEvent } from '../../shared/intake/cloudevents.ts';
import { addressed, type Unaddressed } from '../../shared/intake/dialects/translated-event.ts';
import { dynamoStores } from '../../shared/store/dynamo-stores.ts';
import { eventSort, practiceKey } from '../../shared/store/operations-keys.ts';
import { Table } from '../../shared/store/table.ts';
import { madeRecord } from '../dialects/made-record.ts';
import type { Tables } from '../explain/tables.ts';

/** The configuration in force. */
export const configOf = async ({ client, names }: Tables): Promise<Config> =>
  (await dynamoStores(client, names).configs.inForce()).config;

/** Long ago enough that nothing is in the future. */
const LATEST: Instant = Date.UTC(2100, 11, 31);

/**
 * Whether what a message says is stored: each of its events is in the log of its referral or practice, and says the same
 * there, or its feed was heard since. What can't be read isn't, nor what waits for its referral.
 * @param attributes those with which it is sent again
 */
export async function isTakenIn(
  body: string,
  attributes: Readonly<Record<string, string>>,
  tables: Tables,
): Promise<boolean> {
  const setting = async () => settingOf(await configOf(tables));
  const received = await readRecord(madeRecord(body, attributes, LATEST), setting);
  if (received.length === 0) return false;
  const stored = await Promise.all(received.map((each) => isStored(each, tables)));
  return stored.every((each) => each);
}

async function isStored(received: Received, tables: Tables): Promise<boolean> {
  if ('refusal' in received) return false;
  // It says nothing, so nothing is missing.
  if ('passedOver' in received) return true;
  if ('accepted' in received) return isEventStored(received.accepted, tables);
  const { member, events } = received;
  const { keys, sender } = member;
  const aliases =
    keys.referralId === null ? await dynamoStores(tables.client, tables.names).aliases.find(sender, keys.others) : [];
  const referralId = keys.referralId ?? aliases[0]?.referralId ?? null;
  return referralId !== null && areStored(events, referralId, tables);
}

/** Whether translated events are in the log of their referral. None aren't: nothing shows that they were taken in. */
export async function areStored(events: readonly Unaddressed[], referralId: string, tables: Tables): Promise<boolean> {
  const stored = await Promise.all(
    events.map(async (event) => {
      const read = addressed(event, referralId, LATEST);
      return !('refusal' in read) && (await isEventStored(read, tables));
    }),
  );
  return stored.length > 0 && stored.every((each) => each);
}

async function isEventStored(read: AcceptedEvent, { client, names }: Tables): Promise<boolean> {
  const { event } = read;
  const { referrals, feeds } = dynamoStores(client, names);
  switch (subjectKindOf(event)) {
    case 'referral': {
      const { log } = await referrals.loadLog(event.subject);
      const kept = log.find((logged) => identityOf(logged.event) === identityOf(event));
      return kept !== undefined && sameContent(kept, read);
    }
    case 'practice': {
      const key = { pk: practiceKey(event.subject), sk: eventSort(event) };
      return (await new Table(client, names.operations).get(key)) !== null;
    }
    case 'feed': {
      const heardAt = (await feeds.heard([event.subject])).get(event.subject)?.heartbeatAt ?? null;
      return heardAt !== null && heardAt >= event.time;
    }
  }
}
