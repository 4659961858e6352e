import type fc from 'fast-check';
import { readCloudEvent } from '../../shared/intake/cloudevents.ts';
import type { LoggedEvent, ReferralStore } from '../../shared/store/referral-store.ts';
import type { message } from './organization.ts';

/** Workers whose calls of a store come in any order that a scheduler thinks of. */

/** A store whose every call waits for its turn, and whose every answer does. */
export function inTurns<S extends object>(store: S, scheduler: fc.Scheduler): S {
  return new Proxy(store, {
    get: (_, name: keyof S & string) => {
      const method = store[name] as (...args: unknown[]) => unknown;
      // Pages come one after the other, each as soon as it is asked for.
      if (PAGED.includes(name)) return method.bind(store);
      return async (...args: unknown[]) => {
        await scheduler.schedule(Promise.resolve(), `${name} is sent`);
        const answer = await method.apply(store, args);
        await scheduler.schedule(Promise.resolve(), `${name} is answered`);
        return answer;
      };
    },
  });
}

const PAGED: readonly string[] = ['due', 'closed', 'received'] satisfies (keyof ReferralStore)[];

/** Redelivery, the next run: a worker that lost too many races begins again. */
export async function untilDone<T>(work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!/Conflict/.test(String(error))) throw error;
    }
  }
}

/** No worker waits before it tries again: the scheduler alone says what comes first. */
export const backoff = async (): Promise<void> => {};

/** A message as the log keeps it, arrived when it happened. */
export function logged({ body }: ReturnType<typeof message>): LoggedEvent {
  const intake = readCloudEvent(body, null);
  if (!('event' in intake)) throw new Error(intake.refusal.detail);
  return { event: intake.event, arrivedAt: intake.event.time };
}
