import { expect, it } from 'vitest';
import { toArrivals } from '../../../local/pipeline/input.ts';
import { runSession } from '../../../local/pipeline/session.ts';
import { simulate } from '../../../local/simulate/simulate.ts';
import type { Database } from '../../../local/stand-ins/index.ts';
import { DAY_MS } from '../../../shared/contracts/duration.ts';
import { at } from '../../chaos/organization.ts';

const UNTIL = at('2026-06-01T12:00:00Z');
const { lines, directory, policy } = simulate({ referrals: 25, weeks: 4, seed: 11, until: UNTIL });
const arrivals = toArrivals(
  lines.map((body, index) => ({ body, file: 'events.ndjson', position: index + 1 })),
  UNTIL,
);

/** Everything that a replay leaves, but for what the stand-in of SES calls its mails, and what it cost. */
async function playedOn(database: Database) {
  const config = { directory, policy };
  const session = await runSession({ config, arrivals, until: UNTIL, detectFrom: UNTIL - 8 * DAY_MS, database });
  try {
    const { mails, states, ...rows } = session.out;
    const { wallSeconds, functions, ...counts } = session.summary;
    const made = mails.map(({ sent: { messageId, raw, ...sent }, ...mail }) => ({
      ...mail,
      sent: { ...sent, raw: Buffer.from(raw).toString('latin1') },
    }));
    return { ...rows, states: [...states], mails: made, counts };
  } finally {
    await session.close();
  }
}

it('a replay leaves the same to the byte on tables in memory as on an emulator that others made', async () => {
  const [memory, emulator] = [await playedOn('memory'), await playedOn('dynalite')];
  expect(memory.mails.length).toBeGreaterThan(20);
  expect(memory.alerts.length).toBeGreaterThan(20);
  expect(memory.reports.length).toBeGreaterThan(0);
  expect(JSON.stringify(memory)).toBe(JSON.stringify(emulator));
});
