import { expect } from 'vitest';
import { type ReadOut, readOut } from '../../local/pipeline/read-out.ts';
import { formatInstant, type Instant } from '../../shared/contracts/instant.ts';
import type { AlertRow } from '../../shared/contracts/output.ts';
import { LAST, LAST_CONFIG } from './scenario.ts';
import type { World } from './world.ts';

/** What a run left behind, as its users see it. */
export type Outcome = Pick<ReadOut, 'referrals' | 'alerts' | 'mails' | 'quarantine'>;

export const outcomeOf = (world: World): Promise<Outcome> => readOut(world.pipeline, LAST_CONFIG, LAST);

/** How many times SES took each mail. */
export function timesSent(mails: readonly { tags: Record<string, string[]> }[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { tags } of mails) counts[tags.mailId?.[0] ?? ''] = (counts[tags.mailId?.[0] ?? ''] ?? 0) + 1;
  return counts;
}

/** What mails have reported to whom: a set of recipient, referral and kind of alert. */
export function told({ mails }: Outcome, kinds: readonly string[]): string[] {
  const all = mails
    .filter(({ kind }) => kinds.includes(kind))
    .flatMap(({ recipient, rows }) => rows.map((row) => `${recipient} ${row.referralId} ${row.kind}`));
  return [...new Set(all)].sort();
}

const DIGESTS = ['coordinator_digest', 'liaison_digest'];

/** An alert's row if a run at `next` may have done what the run at `at` should have: nothing else may differ. */
function onTime(row: AlertRow, { at, next }: { at: Instant; next: Instant }): AlertRow {
  const texts = Object.entries(row).map(([name, value]) => [
    name,
    value === formatInstant(next) ? formatInstant(at) : value,
  ]);
  return Object.fromEntries(texts) as AlertRow;
}

/**
 * Nothing is lost if a step of the round at `at` was done only at `next`, after the steps that follow it:
 * - referrals and quarantine are equal;
 * - so are alerts, but that an instant may be `next` for `at`;
 * - urgent mails report the same, each thing once; digests have reported by their next period all that they should have.
 */
export function expectNothingLost(run: Outcome, undisturbed: Outcome, round: { at: Instant; next: Instant }): void {
  expectSameFacts(run, undisturbed);
  const inTime = ({ alerts }: Outcome) => alerts.map((row) => onTime(row, round));
  expect(inTime(run)).toEqual(inTime(undisturbed));
  expectAllTold(run, undisturbed);
}

/**
 * The same if facts came only at `next`. Open alerts are as above. What the facts end or withdraw may have risen or
 * stood higher meanwhile: it is resolved all the same, for the same reason, and what rose for nothing at `next`.
 */
export function expectNothingLostOfLateFacts(
  run: Outcome,
  undisturbed: Outcome,
  round: { at: Instant; next: Instant },
): void {
  expectSameFacts(run, undisturbed);
  const known = new Set(undisturbed.alerts.map(keyOf));
  const extra = run.alerts.filter((row) => !known.has(keyOf(row)));
  expect(extra.map(({ resolvedAt }) => resolvedAt)).toEqual(extra.map(() => formatInstant(round.next)));
  const inTime = ({ alerts }: Outcome) =>
    alerts
      .filter((row) => known.has(keyOf(row)))
      .map((row) => onTime(row, round))
      .map((row) => (row.resolvedAt === null ? row : [keyOf(row), row.resolution, row.resolvedAt]));
  expect(inTime(run)).toEqual(inTime(undisturbed));
  expectAllTold(run, undisturbed);
}

const keyOf = ({ referralId, kind, instance }: AlertRow): string => `${referralId} ${kind} ${instance}`;

function expectSameFacts(run: Outcome, undisturbed: Outcome): void {
  expect(run.referrals).toEqual(undisturbed.referrals);
  expect(run.quarantine).toEqual(undisturbed.quarantine);
}

function expectAllTold(run: Outcome, undisturbed: Outcome): void {
  const urgent = told(run, ['urgent_alert']);
  expect(urgent).toEqual(told(undisturbed, ['urgent_alert']));
  const urgentRows = run.mails.filter(({ kind }) => kind === 'urgent_alert').flatMap(({ rows }) => rows);
  expect(urgentRows).toHaveLength(urgent.length);
  expect(told(run, DIGESTS)).toEqual(expect.arrayContaining(told(undisturbed, DIGESTS)));
}
