import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { simulate } from '../../local/simulate/simulate.ts';
import { DAY_MS, HOUR_MS } from '../../shared/contracts/duration.ts';
import { linesOf } from './agreement.ts';
import type { Digest } from './digest.ts';
import { askHandlersForDigests, askOracleForDigests } from './digest-agreement.ts';
import { awkwardGroups, swampedGroups, workedGroups } from './digest-histories.ts';
import { SECTIONS } from './digest-rows.ts';
import type { Asked } from './digest-story.ts';

/** Milliseconds; handlers plan and send some 150 digests a group. */
const PATIENCE = 600_000;
const SIMULATED = [1, 2, 3];

/** The digests of nine weeks of a simulated organization, whose configuration is pushed after the first. */
function simulated(seed: number): Asked {
  const { lines, policy, directory, until } = simulate({ referrals: 60, weeks: 9, seed });
  return { lines: linesOf(lines), config: { policy, directory }, from: until - 56 * DAY_MS - HOUR_MS, until };
}

/** Digests one a line and rows one a line, so that a difference shows where it is. */
function listed(digests: readonly Digest[]): string[] {
  return digests.flatMap(({ personId, period, asOf, since, rows, cut, resolved }) => {
    const lines = [
      `at ${asOf} since ${since}, resolved: ${resolved.join(' ')}`,
      ...rows.map((row) => [row.section, row.referralId, row.kind, row.state, ...row.marks].join(' ')),
      ...cut.map(({ section, priority, n }) => `cut ${section} ${priority} ${n}`),
    ];
    return lines.map((line) => `${personId} ${period} ${line}`);
  });
}

async function agree(asked: Asked, hint?: string): Promise<void> {
  const expected = listed(await askOracleForDigests(asked));
  expect(listed(await askHandlersForDigests(asked)), hint).toEqual(expected);
}

describe('The oracle and the handlers send the same coordinator digests', { timeout: PATIENCE }, () => {
  it.each([
    ['some referrals with every awkward case there is', awkwardGroups, 15],
    ['some referrals that are worked on now and then', workedGroups, 20],
    ['more referrals than a section lists', swampedGroups, 1],
  ])('of %s', async (_name, groups, numRuns) => {
    await fc.assert(
      fc.asyncProperty(groups, (asked) => agree(asked)),
      { numRuns, endOnFailure: numRuns < 10 },
    );
  });

  it('of simulated organizations', async () => {
    for (const seed of SIMULATED) await agree(simulated(seed), `seed ${seed}`);
  });
});

describe('What the digests are compared on', { timeout: PATIENCE }, () => {
  const KINDS =
    'acceptance first_attempt reached scheduled visit rebook reroute note acknowledge referrer_update attendance_unknown silence incomplete booked_late callback news_after_end';
  /** What was breached in the last digest isn't new; `worse` needs a breach; there is nothing new twice. */
  const IMPOSSIBLE = ['still_open new', 'still_open again', 'attendance_unknown worse', 'soon worse'];
  /** A breach that was snoozed beside something at risk, which the stories have. */
  const RARE = ['newly_breached number'];

  it('reaches every section with every state, every mark and kind, cut rows and all-clears', async () => {
    const samples = [
      ...fc.sample(awkwardGroups, { numRuns: 10, seed: 1 }),
      ...fc.sample(workedGroups, { numRuns: 40, seed: 1 }),
      ...fc.sample(swampedGroups, { numRuns: 1, seed: 1 }),
      simulated(1),
    ];
    const digests = (await Promise.all(samples.map(askOracleForDigests))).flat();
    const rows = digests.flatMap((digest) => digest.rows);
    const seen = new Set([
      ...rows.map(({ section, state }) => `${section} ${typeof state === 'number' ? 'number' : state}`),
      ...rows.flatMap(({ kind, marks }) => [kind, ...marks]),
      ...digests.flatMap(({ cut }) => cut.map(({ section }) => `${section} cut`)),
      ...(digests.some((digest) => digest.rows.length === 0) ? ['all-clear'] : []),
    ]);
    const states = SECTIONS.flatMap((section) =>
      ['new', 'again', 'worse', 'number'].map((state) => `${section} ${state}`),
    ).filter((one) => ![...IMPOSSIBLE, ...RARE].includes(one));
    const cut = ['due', 'newly_breached', 'still_open', 'escalated_elsewhere'].map((section) => `${section} cut`);
    const wanted = [...states, 'acknowledged', 'snooze_over', 'reopened', ...cut, ...KINDS.split(' '), 'all-clear'];
    expect(wanted.filter((one) => !seen.has(one))).toEqual([]);
    expect(IMPOSSIBLE.filter((one) => seen.has(one))).toEqual([]);
  });
});
