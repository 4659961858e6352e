import { createHash } from 'node:crypto';
import type { CoordinatorDigestContent } from '../../../shared/contracts/mail.ts';
import { coordinatorDigest } from '../../../shared/domain/mail/coordinator-digest.ts';
import { config, coordinator, days, FRIDAY, MONDAY, many, referralAlert } from '../mail/builders.ts';

export const SWAMPED = 5000;

/** As long as an id may reasonably be, and nothing in it that packing could save. */
const longId = (text: string): string =>
  ['a', 'b'].map((half) => createHash('sha512').update(`${half}${text}`).digest('base64url').slice(0, 64)).join('');

/**
 * The digest of a coordinator with thousands of overdue referrals, who has every row of it as a file.
 * @param who makes ids, and so contents, that are another's
 */
export function swampedDigest(who = 'one', referrals = SWAMPED): CoordinatorDigestContent {
  const alerts = many(referrals, (index) =>
    referralAlert({ referralId: longId(`${who} ${index}`), level: 'breached', dueAt: MONDAY - days(1) - index }),
  );
  const content = coordinatorDigest({
    ...{ recipient: coordinator(), period: '2026-03-02', asOf: MONDAY, since: FRIDAY, hasLast: true },
    ...{ memory: new Map(), alerts, config: config(), keepsCutRows: true },
  });
  if (content === null) throw new Error('an overdue referral is something to say');
  return content;
}
