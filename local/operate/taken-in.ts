import { subjectKindOf } from '../../shared/contracts/event.ts';
import { sameContent } from '../../shared/domain/referral/content.ts';
import { identityOf } from '../../shared/domain/referral/event-order.ts';
import { readCloudEvent } from '../../shared/intake/cloudevents.ts';
import { dynamoStores } from '../../shared/store/dynamo-stores.ts';
import { eventSort, practiceKey } from '../../shared/store/operations-keys.ts';
import { Table } from '../../shared/store/table.ts';
import type { Tables } from '../explain/tables.ts';

/**
 * Whether what a message says is stored: its event is in the log of its referral or practice, and says the same there, or
 * its feed was heard since. What can't be read isn't.
 */
export async function isTakenIn(body: string, { client, names }: Tables): Promise<boolean> {
  // What it says doesn't depend on when it arrived.
  const read = readCloudEvent(body, null);
  if ('refusal' in read) return false;
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
