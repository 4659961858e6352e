import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Arrival, duplicated, shuffled, toArrivals } from '../../../local/pipeline/input.ts';
import type { InputLine } from '../../../local/pipeline/input-files.ts';
import { runSession, type Session } from '../../../local/pipeline/session.ts';
import { simulate } from '../../../local/simulate/simulate.ts';
import type { Config } from '../../../shared/contracts/config.ts';
import { DAY_MS } from '../../../shared/contracts/duration.ts';
import type { AlertRow } from '../../../shared/contracts/output.ts';
import { at } from '../../chaos/organization.ts';

/** The same events twice: in order of arrival, and all at once in random order with a third of them repeated. */

const UNTIL = at('2026-06-01T12:00:00Z');
const { events, directory, policy } = simulate({ referrals: 30, weeks: 4, seed: 5, until: UNTIL });
const config: Config = { directory, policy };
const arrivals = toArrivals(
  events.map(
    (event, index): InputLine => ({
      body: JSON.stringify(event),
      file: 'events.ndjson',
      position: index + 1,
    }),
  ),
  UNTIL,
);

let plain: Session;
let mixed: Session;
beforeAll(async () => {
  plain = await session(arrivals);
  mixed = await session(shuffled(duplicated(arrivals, 0.33, 1), UNTIL, 2));
});
afterAll(() => Promise.all([plain.close(), mixed.close()]));

const session = (delivered: readonly Arrival[]): Promise<Session> =>
  // Mail takes most of the time and isn't tested here, so only the last day's is made.
  runSession({ config, arrivals: delivered, until: UNTIL, detectFrom: UNTIL - DAY_MS });

describe('a replay in random order, with repetitions', () => {
  it('gives the same rows of referrals', () => {
    expect(mixed.summary.duplicates).toBeGreaterThan(plain.summary.duplicates + 50);
    expect(mixed.out.referrals.length).toBeGreaterThanOrEqual(30);
    const bytes = ({ out }: Session): string => out.referrals.map((row) => JSON.stringify(row)).join('\n');
    expect(bytes(mixed)).toBe(bytes(plain));
  });

  it('keeps the same log', () => {
    const identities = ({ out }: Session): string[] =>
      out.log.map(({ event }) => `${event.subject} ${event.source} ${event.id}`).toSorted();
    expect(identities(mixed)).toEqual(identities(plain));
  });

  it('gives the same open alerts at the end', () => {
    const holding = ({ out }: Session) =>
      out.alerts
        .filter((row: AlertRow) => row.resolvedAt === null)
        .map(({ referralId, kind, instance, level, dueAt }) => ({ referralId, kind, instance, level, dueAt }));
    expect(holding(plain).length).toBeGreaterThan(20);
    expect(holding(mixed)).toEqual(holding(plain));
  });

  it('refuses nothing', () => {
    expect([plain.out.quarantine, mixed.out.quarantine]).toEqual([[], []]);
  });
});
