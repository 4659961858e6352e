import { createHash } from 'node:crypto';
import type { Instant } from '../../shared/contracts/instant.ts';
import type { Refusal } from '../../shared/contracts/refusal.ts';
import type { Quarantined } from '../../shared/store/quarantine-store.ts';
import type { Part } from './read-record.ts';

/** Far longer than any path. Attributes are the sender's: an item has to hold them. */
const MOST_CHARACTERS = 1_000;

/** The id of a refused body: derived from body and place, as the sender's attributes name it. */
export function quarantineIdOf(body: string, file: string | null, position: string | null): string {
  return createHash('sha256')
    .update(JSON.stringify([body, file, position]))
    .digest('hex')
    .slice(0, 32);
}

/** The quarantine item of what was refused. Its id is derived from body and place: a redelivery is the same item. */
export function quarantineItem(
  { record, body, position: within, arrivedAt }: Pick<Part, 'record' | 'body' | 'position' | 'arrivedAt'>,
  refusal: Refusal,
  refusedAt: Instant,
): Quarantined {
  const attribute = (name: string): string | null => record.messageAttributes[name]?.stringValue ?? null;
  const file = attribute('file');
  const position = within === null ? attribute('position') : String(within);
  return {
    quarantineId: quarantineIdOf(body, file, position),
    reason: refusal.reason,
    detail: refusal.detail,
    dialect: refusal.dialect,
    body,
    arrivedAt,
    refusedAt,
    file: file?.slice(0, MOST_CHARACTERS).toWellFormed() ?? null,
    position: placeOf(position),
  };
}

/** Null: it says no place. */
function placeOf(position: string | null): number | null {
  const place = Number(position ?? Number.NaN);
  return Number.isSafeInteger(place) ? place : null;
}
