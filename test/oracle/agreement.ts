import type { Config } from '../../shared/contracts/config.ts';
import type { Instant } from '../../shared/contracts/instant.ts';
import { replayArrival } from '../../shared/intake/cloudevents.ts';
import { runOf } from '../builders/instants.ts';
import { MemoryQuarantineStore, MemoryReferralStore } from '../doubles/memory-stores.ts';
import { type Batch, World } from '../doubles/world.ts';
import { oracle } from './oracle.ts';

/** A message and when it arrives. */
export interface Line {
  body: string;
  arrivedAt: Instant;
}

/** What both sides say: rows by referral, and how many lines were refused for each reason. */
export interface Said {
  referrals: unknown[];
  alerts: unknown[];
  refused: Record<string, number>;
}

/** Each line arrives when it says, and with the line before it if it doesn't say. */
export function linesOf(bodies: readonly string[]): Line[] {
  let last = 0;
  return bodies.map((body) => {
    last = replayArrival(body) ?? last;
    return { body, arrivedAt: last };
  });
}

/** The oracle's answer. It reads events, so it ignores lines that aren't JSON. */
export function askOracle(lines: readonly Line[], config: Config, until: Instant): Said {
  const events = lines.flatMap(({ body, arrivedAt }) => {
    try {
      return [{ event: JSON.parse(body) as unknown, arrivedAt }];
    } catch {
      return [];
    }
  });
  const { referrals, alerts, refused } = oracle(events, config, until);
  return { referrals, alerts, refused: countReasons(refused) };
}

/** The answer of the deployed handlers over stores in memory. */
export async function askHandlers(lines: readonly Line[], config: Config, until: Instant): Promise<Said> {
  const referrals = new MemoryReferralStore();
  const quarantine = new MemoryQuarantineStore();
  const world = await World.open(config, { referrals, quarantine });
  await world.live(batchesOf(lines), until);
  const quarantined = (await quarantine.all()).filter(({ reason }) => reason !== 'malformed');
  return { ...(await world.rows(referrals.ids(), until)), refused: countReasons(quarantined) };
}

/** Batches in the order of arrival: up to ten lines each, all seen by the same detection run. */
export function batchesOf(lines: readonly Line[]): Batch[] {
  const batches: Batch[] = [];
  for (const { body, arrivedAt } of lines.toSorted((a, b) => a.arrivedAt - b.arrivedAt)) {
    const last = batches.at(-1);
    const message = { body, sentAt: arrivedAt };
    if (last && last.messages.length < 10 && runOf(last.at) === runOf(arrivedAt)) {
      last.messages.push(message);
      last.at = arrivedAt;
    } else {
      batches.push({ at: arrivedAt, messages: [message] });
    }
  }
  return batches;
}

function countReasons(refused: readonly { reason: string }[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { reason } of refused) counts[reason] = (counts[reason] ?? 0) + 1;
  return counts;
}
