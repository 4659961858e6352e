import { isJson, type Json } from './elements.ts';

/** What a subscription notification is, as its status says (R4: `Parameters`; R4B: `SubscriptionStatus`). */
export type Notification =
  | { type: 'handshake' | 'heartbeat' | 'query-status' }
  | { type: 'event-notification' | 'query-event'; content: 'full-resource' | 'id-only' | 'empty' };

const WITHOUT_EVENTS = ['handshake', 'heartbeat', 'query-status'] as const;
const WITH_EVENTS = ['event-notification', 'query-event'] as const;

/**
 * Reads the status with which a notification begins. Null: the Bundle is none.
 * @param others what comes after the status
 */
export function readNotification(
  bundleType: string,
  status: Json | null | undefined,
  others: readonly { resource: Json | null }[],
): Notification | null {
  if (!status || (bundleType !== 'history' && bundleType !== 'subscription-notification')) return null;
  const said = statedType(status);
  const without = WITHOUT_EVENTS.find((type) => type === said);
  if (without) return { type: without };
  const type = WITH_EVENTS.find((each) => each === said);
  if (!type) return null;
  if (others.some(({ resource }) => resource !== null)) return { type, content: 'full-resource' };
  return { type, content: others.length > 0 || namesFocus(status) ? 'id-only' : 'empty' };
}

function statedType(status: Json): unknown {
  if (status.resourceType === 'SubscriptionStatus') return status.type;
  if (status.resourceType !== 'Parameters') return undefined;
  return parametersOf(status).find(({ name }) => name === 'type')?.valueCode;
}

const listIn = (value: unknown): Json[] => [value].flat().filter(isJson);
const parametersOf = ({ parameter }: Json): Json[] => listIn(parameter);

/** Whether it says which resource an event is about. */
function namesFocus(status: Json): boolean {
  if (status.resourceType === 'SubscriptionStatus')
    return listIn(status.notificationEvent).some(({ focus }) => isJson(focus));
  return parametersOf(status).some(
    ({ name, part }) => name === 'notification-event' && listIn(part).some((each) => each.name === 'focus'),
  );
}
