import { createHash } from 'node:crypto';
import { itemSize } from '../../local/cost/item-size.ts';
import type { FunctionCall } from './organization.ts';
import type { Stream } from './stream.ts';

/** Sizes of referrals' items as they are written, if a sender's ids are GUIDs. */

/** What version 2 of the contract will add to a projection: a callback, news after the end, wrong numbers, levels of marks. */
const FIELDS_TO_COME_BYTES = 60;
const WRITE_UNIT_BYTES = 1024;

/** A stream whose referrals, patients, practices and appointments have GUIDs for ids. */
export function withGuids({ config, arrivals, until }: Stream): Stream {
  const guids = <T>(value: T): T =>
    JSON.parse(JSON.stringify(value, (key, inner) => (isId(key, inner) ? guid(inner) : inner)));
  const practices = config.directory.practices.map((practice) => ({ ...practice, id: guid(practice.id) }));
  return {
    config: { ...config, directory: { ...config.directory, practices } },
    arrivals: arrivals.map(({ body, arrivedAt }) => ({ body: rewritten(body, guids), arrivedAt })),
    until,
  };
}

function rewritten(body: string, rewrite: (value: unknown) => unknown): string {
  try {
    const { subject, data, ...event } = JSON.parse(body);
    const { practice, patient, ...others } = data ?? {};
    const named = (object: { id?: unknown } | undefined) => object && { ...object, id: guid(object.id) };
    return JSON.stringify({
      ...event,
      subject: event.type === 'feed.heartbeat' ? subject : guid(subject),
      data: { ...(rewrite(others) as object), practice: named(practice), patient: named(patient) },
    });
  } catch {
    return body;
  }
}

const isId = (key: string, value: unknown): boolean => /ppointmentId$/.test(key) && typeof value === 'string';

function guid(id: unknown): string {
  const hex = createHash('sha256').update(String(id)).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
}

/** The sizes of referrals' items at each write, in bytes, with room for fields to come. */
export class WrittenSizes {
  readonly #sizes: number[] = [];

  add({ writeUnits, items: [item] }: FunctionCall): void {
    // An update, as an urgent mail's claim, names only the key.
    if (writeUnits > 0 && item?.sk?.S === '1#referral' && item.state)
      this.#sizes.push(itemSize(item) + FIELDS_TO_COME_BYTES);
  }

  /** The share that costs more than one write unit. */
  overOneUnit(): number {
    return this.#sizes.filter((size) => size > WRITE_UNIT_BYTES).length / this.#sizes.length;
  }

  quantile(share: number): number {
    return this.#sizes.toSorted((a, b) => a - b)[Math.floor(this.#sizes.length * share)] ?? 0;
  }
}
