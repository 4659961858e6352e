import * as z from 'zod';
import { CHANGES, type Change } from './stateful.ts';

/** Permission for one destructive change, given in advance, with a reason and a last day. */
const waiver = z.strictObject({
  stack: z.string().min(1),
  logicalId: z.string().min(1),
  change: z.enum(CHANGES),
  reason: z.string().min(20, 'expected a sentence that says why no data is lost'),
  /** The last day (UTC) on which it is in force. */
  expires: z.iso.date(),
});
export type Waiver = z.output<typeof waiver>;

export interface Verdict {
  /** Changes that no waiver in force allows. */
  blocked: Change[];
  waived: Change[];
  /** They have to be renewed or removed, even if nothing needs them any more. */
  expired: Waiver[];
  /** In force but not needed: the change they allowed is in the baseline. */
  unused: Waiver[];
}

/** @throws ZodError naming what is wrong in which waiver */
export function parseWaivers(json: unknown): Waiver[] {
  return z.array(waiver).parse(json);
}

/** Judges changes by the waivers in force on the day of `now` (ms since 1970, UTC). */
export function judge(changes: readonly Change[], waivers: readonly Waiver[], now: number): Verdict {
  const today = new Date(now).toISOString().slice(0, 10);
  const inForce = waivers.filter(({ expires }) => expires >= today);
  const allows = (each: Waiver, change: Change): boolean =>
    each.stack === change.stack && each.logicalId === change.logicalId && each.change === change.change;
  return {
    blocked: changes.filter((change) => !inForce.some((each) => allows(each, change))),
    waived: changes.filter((change) => inForce.some((each) => allows(each, change))),
    expired: waivers.filter((each) => !inForce.includes(each)),
    unused: inForce.filter((each) => !changes.some((change) => allows(each, change))),
  };
}
