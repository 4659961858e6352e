import type { Priority } from '../../contracts/vocabulary.ts';

/** Priorities in the order in which people work them. An unknown one may be urgent. */
const MOST_URGENT_FIRST: readonly (Priority | null)[] = ['stat', 'asap', 'urgent', null, 'routine'];

/** Where a priority stands among the others. The lower, the more urgent. */
export const urgencyRank = (priority: Priority | null): number => MOST_URGENT_FIRST.indexOf(priority);

/** Whether a referral may be more than routine: it is then never left out of a mail. */
export const isUrgent = (priority: Priority | null): boolean => priority !== 'routine';
