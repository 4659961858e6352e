import type { Member } from '../../shared/intake/dialects/member.ts';
import type { Log } from '../../shared/platform/logger.ts';

export type PassedOver = Extract<Member, { outcome: 'passed_over' }>;

/** Most lines of a batch; the rest are counted in the last. */
const MOST_LINES = 20;
/** A sender's name is its own words: long enough to be found. */
const MOST_CHARACTERS = 80;

/** Counts what means nothing here, by sender and kind: kinds are those of the dialect, and say nothing of a patient. */
export function notePassedOver(passedOver: readonly PassedOver[], log: Log): void {
  const kinds = Map.groupBy(passedOver, ({ sender, kind, why }) => JSON.stringify([sender, kind, why]));
  const counted = [...kinds.values()].sort((a, b) => b.length - a.length);
  for (const same of counted.slice(0, MOST_LINES)) {
    const { sender, kind, why } = same[0] as PassedOver;
    log.info('PASSED_OVER', { sender: short(sender), kind: short(kind), why: short(why), members: same.length });
  }
  const rest = counted.slice(MOST_LINES).flat().length;
  if (rest > 0) log.info('PASSED_OVER', { kind: 'others', members: rest });
}

const short = (text: string): string => text.slice(0, MOST_CHARACTERS).toWellFormed();
