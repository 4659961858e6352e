import type { Instant } from '../../shared/contracts/instant.ts';
import type { QueuedMessage, Sending } from '../memory-stage/memory-queue.ts';

/**
 * What is to come to a queue of a stand-in, whose time is the machine's: messages are kept here until simulated time has
 * come to them.
 */
export class HeldQueue {
  /** How many messages the stand-in has that can be received at once, as their function failed. */
  returned = 0;
  #messages: QueuedMessage[] = [];
  #serial = 0;

  /** How many messages are still to come. */
  get size(): number {
    return this.#messages.length;
  }

  send(body: string, { sentAt, visibleAt = sentAt, attributes = {} }: Sending): QueuedMessage {
    this.#serial += 1;
    const message = { id: String(this.#serial), body, attributes, sentAt, visibleAt, receives: 0 };
    this.#messages.push(message);
    return message;
  }

  /** When a message can next be received. Null: there is none. */
  nextVisible(): Instant | null {
    if (this.returned > 0) return Number.NEGATIVE_INFINITY;
    if (this.#messages.length === 0) return null;
    return this.#messages.reduce((next, { visibleAt }) => Math.min(next, visibleAt), Number.POSITIVE_INFINITY);
  }

  /** Takes out what can be received at an instant. */
  take(now: Instant): QueuedMessage[] {
    const due = this.#messages.filter(({ visibleAt }) => visibleAt <= now);
    this.#messages = this.#messages.filter(({ visibleAt }) => visibleAt > now);
    return due;
  }
}
