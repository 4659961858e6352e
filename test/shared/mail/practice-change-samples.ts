import type { Instant } from '../../../shared/contracts/instant.ts';
import { PRACTICE_CHANGES, type PracticeChangeContent } from '../../../shared/contracts/mail.ts';
import type { Clock } from '../../../shared/contracts/state.ts';
import { days, MONDAY } from './builders.ts';

const NO_CAUSES = { declines: 0, lateNotes: 0, longWaits: 0 };

/** A practice whose referrals have changed. */
export function practiceChange(over: Partial<PracticeChangeContent> = {}): PracticeChangeContent {
  const { change = 'declining' } = over;
  const known = { practiceId: 'p1', change, observed: null, expected: null, silentSince: null };
  const causes = { declines: 4, lateNotes: 2, longWaits: 5 };
  switch (change) {
    case 'declining':
      return { ...known, observed: 3, expected: 12.3, lastReceivedAt: MONDAY - days(9), causes, ...over };
    case 'inactive':
      return { ...known, lastReceivedAt: MONDAY - days(98), causes, ...over };
    case 'reactivated':
      return { ...known, lastReceivedAt: MONDAY - days(4), silentSince: MONDAY - days(96), causes, ...over };
    case 'new':
      return { ...known, lastReceivedAt: MONDAY - days(3), causes: NO_CAUSES, ...over };
  }
}

/** `count` practices, spread over all changes. */
export function changedPractices(count: number): PracticeChangeContent[] {
  const all = Array.from({ length: count }, (_, index) => {
    const change = PRACTICE_CHANGES[index % PRACTICE_CHANGES.length] ?? 'declining';
    const causes = index % 3 === 2 ? NO_CAUSES : { declines: index % 5, lateNotes: index, longWaits: 1 };
    return practiceChange({ practiceId: `p${index + 1}`, change, ...(change !== 'new' && { causes }) });
  });
  return all.sort((a, b) => PRACTICE_CHANGES.indexOf(a.change) - PRACTICE_CHANGES.indexOf(b.change));
}

/** A clock that was due and not stopped. */
export const overdue = (kind: Clock['kind'], dueAt: Instant, over: Partial<Clock> = {}): Clock => ({
  kind,
  instance: 1,
  startedAt: dueAt - days(14),
  dueAt,
  netDueAt: dueAt,
  stoppedAt: null,
  endedAt: null,
  warnAt: null,
  escalateAt: null,
  ...over,
});
