import type { CoordinatorDigestContent, DigestRow } from '../../../../shared/contracts/mail.ts';
import { type CoordinatorDigestInput, coordinatorDigest } from '../../../../shared/domain/mail/coordinator-digest.ts';
import { memoryOf } from '../../../../shared/domain/mail/stood.ts';
import { config, coordinator, dateIn, days, FRIDAY, MONDAY } from '../../mail/builders.ts';

/** Coordinators' digests of Monday, 2 March 2026, 07:00 in New York, after one of the Friday before. */

export const digest = (over: Partial<CoordinatorDigestInput> = {}): CoordinatorDigestContent | null =>
  coordinatorDigest({
    recipient: coordinator(),
    period: dateIn(over.asOf ?? MONDAY, over.recipient?.timeZone),
    asOf: MONDAY,
    // The one before: of Friday or, later in the week, of the day before.
    since: (over.asOf ?? MONDAY) > MONDAY ? (over.asOf ?? MONDAY) - days(1) : FRIDAY,
    hasLast: true,
    memory: new Map(),
    alerts: [],
    config: config(),
    ...over,
  });

/** The digest of alerts that give one. */
export function saying(over: Partial<CoordinatorDigestInput>): CoordinatorDigestContent {
  const content = digest(over);
  if (!content) throw new Error('expected a digest');
  return content;
}

/** A digest after another one: since when, and what that one remembers. */
export const following = (
  last: CoordinatorDigestContent,
): Pick<CoordinatorDigestInput, 'since' | 'hasLast' | 'memory'> => ({
  since: last.asOf,
  hasLast: true,
  memory: memoryOf(last),
});

/** Referral ids by section. */
export function listed(over: Partial<CoordinatorDigestInput>): Record<string, string[]> {
  const { sections } = saying(over);
  return Object.fromEntries(sections.map(({ section, rows }) => [section, rows.map(({ referralId }) => referralId)]));
}

export const rowsIn = ({ sections }: CoordinatorDigestContent): DigestRow[] => sections.flatMap(({ rows }) => rows);

/** The first row. */
export function rowOf(over: Partial<CoordinatorDigestInput>): DigestRow {
  const [row] = rowsIn(saying(over));
  if (!row) throw new Error('expected a row');
  return row;
}
