import type { Config } from '../../shared/contracts/config.ts';
import type { LoopEvent } from '../../shared/contracts/event.ts';
import { formatInstant } from '../../shared/contracts/instant.ts';
import type { Clock, ReferralState } from '../../shared/contracts/state.ts';
import { outcomeOf } from '../../shared/domain/referral/clocks.ts';
import { foldReferral } from '../../shared/domain/referral/fold.ts';

/** What an event did: the difference between the folds with and without it. */
export interface Effect {
  what: 'stage' | 'starts' | 'stops' | 'ends' | 'withdraws' | 'moves' | 'pauses' | 'marks' | 'nothing';
  /** Names of clocks, the new stage, or the new net due. */
  text: string;
}

/**
 * The effects of each of a referral's events. They must be given in the fold's order, without the retracted ones but with
 * the restated ones: these say what an object said last.
 */
export function effectsOf(referralId: string, events: readonly LoopEvent[], config: Config): Effect[][] {
  let before = foldReferral(referralId, [], config);
  return events.map((event, index) => {
    // Retracted events are not in the list, so a retraction in it has no effect.
    const after = foldReferral(referralId, events.slice(0, index + 1), config);
    const effects = difference(before, after, event);
    before = after;
    return effects;
  });
}

export function clockName({ kind, instance }: { kind: string; instance: number }): string {
  return instance === 1 ? kind : `${kind} ${instance}`;
}

function difference(before: ReferralState, after: ReferralState, event: LoopEvent): Effect[] {
  const effects: Effect[] = [];
  const add = (what: Effect['what'], texts: readonly string[]): void => {
    if (texts.length > 0) effects.push({ what, text: texts.join(', ') });
  };
  const old = new Map(before.clocks.map((clock) => [clockName(clock), clock]));
  const now = new Set(after.clocks.map(clockName));
  const outcome = (clock: Clock): string =>
    `${clockName(clock)} (${outcomeOf(clock, { ...after, voided: after.stage === 'voided' }, event.time)})`;
  const changed = (key: 'stoppedAt' | 'endedAt') =>
    after.clocks.filter((clock) => clock[key] !== null && (old.get(clockName(clock))?.[key] ?? null) === null);
  const stopped = changed('stoppedAt');

  if (before.stage !== after.stage && after.receivedAt !== null) add('stage', [after.stage]);
  add('starts', after.clocks.filter((clock) => !old.has(clockName(clock))).map(clockName));
  add('stops', stopped.map(outcome));
  add(
    'ends',
    changed('endedAt')
      .filter((clock) => clock.stoppedAt === null)
      .map(outcome),
  );
  add(
    'withdraws',
    [...old.keys()].filter((name) => !now.has(name)),
  );
  add('pauses', after.pauses.length > before.pauses.length ? [pauseText(after)] : []);
  add(
    'moves',
    after.clocks
      .filter((clock) => clock.stoppedAt === null && clock.endedAt === null)
      .filter((clock) => (old.get(clockName(clock))?.netDueAt ?? clock.netDueAt) !== clock.netDueAt)
      .map((clock) => `${clockName(clock)} to ${formatInstant(clock.netDueAt)}`),
  );
  add('marks', JSON.stringify(after.marks) !== JSON.stringify(before.marks) ? [markText(event)] : []);
  return effects.length > 0 ? effects : [{ what: 'nothing', text: '' }];
}

function pauseText({ pauses }: ReferralState): string {
  return `until ${formatInstant(pauses.at(-1)?.[1] ?? 0)} at the latest`;
}

function markText({ data }: LoopEvent): string {
  return 'kind' in data ? data.kind : '';
}
