import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import type { ReferralState } from '../shared/contracts/state.ts';
import { NOT_LISTED } from '../shared/store/alert-record.ts';
import { readReferral, referralItem } from '../shared/store/referral-items.ts';
import type { StoredReferral } from '../shared/store/referral-store.ts';

/** A file of stored projections: each packed projection follows its length. */

const LENGTH_BYTES = 2;
/** About as much as one read from the table returns. */
const PAGE_BYTES = 1 << 18;
const AT_ONCE = 10_000;

/** A referral without alerts, stored for the first time. */
export const storedAs = (state: ReferralState): StoredReferral => ({
  ...{ state, alerts: null, listed: NOT_LISTED, config: '0'.repeat(16), version: 1 },
  ...{ arrivedAt: state.lastEventAt ?? 0, wakeAt: null },
});

/** Writes projections into a file. */
export function writeStates(file: string, states: Iterable<ReferralState>): void {
  const out = openSync(file, 'w');
  let pieces: Uint8Array[] = [];
  const flush = (): void => {
    writeSync(out, Buffer.concat(pieces));
    pieces = [];
  };
  for (const state of states) {
    const packed = referralItem(storedAs(state), 1).state as Uint8Array;
    const length = Buffer.alloc(LENGTH_BYTES);
    length.writeUInt16BE(packed.length);
    pieces.push(length, packed);
    if (pieces.length >= AT_ONCE) flush();
  }
  flush();
  closeSync(out);
}

/** Reads the projections of a file, a page at a time, unpacked as the store does it. */
export function* storedStates(file: string): Generator<ReferralState[]> {
  const input = openSync(file, 'r');
  const page = Buffer.alloc(PAGE_BYTES);
  let kept = 0;
  for (;;) {
    const end = kept + readSync(input, page, kept, page.length - kept, null);
    if (end === 0) break;
    const states: ReferralState[] = [];
    let at = 0;
    while (at + LENGTH_BYTES <= end) {
      const next = at + LENGTH_BYTES + page.readUInt16BE(at);
      if (next > end) break;
      const packed = page.subarray(at + LENGTH_BYTES, next);
      states.push(readReferral({ pk: '', state: packed, version: 1, config: '', arrivedAt: 0 }).state);
      at = next;
    }
    page.copyWithin(0, at, end);
    kept = end - at;
    yield states;
  }
  closeSync(input);
}
