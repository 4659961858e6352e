import { createHash } from 'node:crypto';
import type { Instant } from '../../shared/contracts/instant.ts';
import type { Refusal } from '../../shared/contracts/refusal.ts';
import type { Quarantined } from '../../shared/store/quarantine-store.ts';
import type { Part, Place } from './read-record.ts';

/** Far longer than any path. Attributes are the sender's: an item has to hold them. */
const MOST_CHARACTERS = 1_000;

/**
 * The id of a refused body: derived from body and place, as the sender's attributes name it.
 * @param body what is kept of it; where nothing is, what came
 */
export function quarantineIdOf(body: string, file: string | null, position: string | null): string {
  return createHash('sha256')
    .update(JSON.stringify([body, file, position]))
    .digest('hex')
    .slice(0, 32);
}

/** Where a part stands, as it says itself, else its message. */
export function placeOf({ attributes, position }: Pick<Part, 'attributes' | 'position'>): Place {
  const said = Number(attributes.position ?? Number.NaN);
  return {
    file: shortened(attributes.file),
    position: position ?? (Number.isSafeInteger(said) ? said : null),
  };
}

const shortened = (attribute: string | undefined): string | null =>
  attribute?.slice(0, MOST_CHARACTERS).toWellFormed() ?? null;

/** The quarantine item of what was refused. Its id is derived from body and place: a redelivery is the same item. */
export function quarantineItem(
  part: Pick<Part, 'record' | 'attributes' | 'body' | 'position' | 'arrivedAt' | 'place'>,
  refusal: Refusal,
  refusedAt: Instant,
): Quarantined {
  const { record, attributes, body, arrivedAt } = part;
  const place = part.place ?? placeOf(part);
  // As it was sent, however long: an operator's command derives it from the message alone.
  const file = part.place ? part.place.file : (attributes.file ?? null);
  const position = part.place || part.position !== null ? place.position : (attributes.position ?? null);
  return {
    quarantineId: quarantineIdOf(body || record.body, file, position === null ? null : String(position)),
    reason: refusal.reason,
    detail: refusal.detail,
    dialect: refusal.dialect,
    body,
    arrivedAt,
    refusedAt,
    ...place,
    // Without these it would be read otherwise when it is sent again.
    sender: shortened(attributes.sender),
    exportedAt: shortened(attributes.exportedAt),
  };
}
