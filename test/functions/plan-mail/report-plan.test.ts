import { describe, expect, it } from 'vitest';
import type { Person } from '../../../shared/contracts/config.ts';
import { DAY_MS, HOUR_MS } from '../../../shared/contracts/duration.ts';
import type { Written } from '../../../shared/store/conditional-write.ts';
import type { MailJob } from '../../../shared/store/mail-store.ts';
import { leader, sampleConfig } from '../../builders/config.ts';
import { at } from '../../builders/instants.ts';
import { MemoryMailStore } from '../../doubles/memory-stores.ts';
import { MailWorld } from '../send-mail/mail-world.ts';

/** 06:00 in New York on Mondays. */
const MONDAY_9 = at('03-09 10:00');
const MONDAY_16 = at('03-16 10:00');
/** The first of a quarter: a Wednesday. */
const APRIL = at('04-01 10:00');

function withLeaders(...leaders: Person[]) {
  const config = sampleConfig();
  config.directory.people.push(...leaders);
  return config;
}

/** Counts how often it is asked to keep the mail of a report. */
class CountingStore extends MemoryMailStore {
  asked = 0;
  override async plan(job: MailJob): Promise<Written> {
    if (job.kind === 'weekly_report') this.asked += 1;
    return super.plan(job);
  }
}

const SINCE = at('03-03 15:00');
const opened = (...leaders: Person[]) => MailWorld.open(withLeaders(...leaders), { since: SINCE });

/** Reports are written and mails planned. @returns the report mails of a day: recipient and period */
async function run(w: MailWorld, instant: number, day: string): Promise<string[]> {
  await w.world.report(instant);
  await w.plan(instant);
  const jobs = await w.world.stores.mails.dueOn(day);
  return jobs.flatMap(({ kind, personId, period }) => (kind === 'weekly_report' ? `${personId} ${period}` : [])).sort();
}

describe('the mails of reports', () => {
  it('are planned for each leader who gets their kind', async () => {
    const w = await opened(
      leader('a'),
      leader('b', { reports: ['quarterly', 'monthly'] }),
      leader('c', { reports: [] }),
    );
    expect(await run(w, MONDAY_9, '2026-03-09')).toEqual(['a 2026-W10']);
    expect(await run(w, APRIL, '2026-04-01')).toEqual(['b 2026-03', 'b 2026-Q1']);
  });

  it('are of the latest period if an outage left two to be written at once', async () => {
    const w = await opened(leader('a'));
    expect(await run(w, MONDAY_16, '2026-03-16')).toEqual(['a 2026-W11']);
    expect(await run(w, MONDAY_16 + HOUR_MS, '2026-03-09')).toEqual([]);
  });

  it('are planned late if the report is late, and not again', async () => {
    const mails = new CountingStore();
    const w = await MailWorld.open(withLeaders(leader('a')), { since: SINCE, mails });
    expect(await run(w, MONDAY_9 + 3 * DAY_MS, '2026-03-09')).toEqual(['a 2026-W10']);
    expect((await w.send(MONDAY_9 + 3 * DAY_MS)).mailed).toHaveLength(1);
    for (const later of [3 * DAY_MS + HOUR_MS, 5 * DAY_MS]) {
      await run(w, MONDAY_9 + later, '2026-03-09');
      expect(await w.send(MONDAY_9 + later)).toEqual({ mailed: [], failed: 0 });
    }
    expect(mails.asked).toBe(1);
  });

  it('begin with the next period for a leader whose scope had no report when those of the last were made', async () => {
    const w = await opened(leader('a'));
    await run(w, MONDAY_9, '2026-03-09');
    const scope = { site: 'north', specialty: 'dermatology' };
    await w.world.stores.configs.push(withLeaders(leader('a'), leader('new', { scope })), MONDAY_9 + DAY_MS);
    await run(w, MONDAY_9 + 2 * DAY_MS, '2026-03-09');
    // Planned, and found to have nothing to say: no mail, and none that fails.
    const first = await w.send(MONDAY_9 + 2 * DAY_MS);
    expect([first.mailed.length, first.failed]).toEqual([1, 0]);
    await run(w, MONDAY_16, '2026-03-16');
    const next = await w.send(MONDAY_16);
    expect([next.mailed.length, next.failed]).toEqual([2, 0]);
  });
});
