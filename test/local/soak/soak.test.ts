import { describe, expect, it } from 'vitest';
import { MemoryStage } from '../../../local/memory-stage/memory-stage.ts';
import { compare } from '../../../local/soak/compare.ts';
import { goLive } from '../../../local/soak/go-live.ts';
import { type Outcome, outcomeOf } from '../../../local/soak/outcome.ts';
import { soak, weeksOf } from '../../../local/soak/soak.ts';
import { playWeeks } from '../../../local/soak/weeks.ts';

/**
 * Weeks of a simulated organization with faults in every client of AWS against the same weeks without. `npm run soak` plays
 * more seeds, more referrals and more weeks.
 */

describe('weeks with faults', () => {
  it.each([11, 12])('leave what the same weeks leave without: seed %i', async (seed) => {
    const { differences, faults, doubled } = await soak({ referrals: 20, weeks: 4, seed });
    expect(differences).toEqual([]);
    const kinds = Object.keys(faults).sort();
    expect(kinds).toEqual(expect.arrayContaining(['killed after a call', 'throttled', 'timed out after effect']));
    expect(Object.values(faults).reduce((sum, count) => sum + count, 0)).toBeGreaterThan(50);
    expect(doubled).toBeLessThan(5);
  });
});

describe('the comparison', () => {
  it('finds a referral, an alert and a mail that are missing, an alert at another level and a mail sent twice', async () => {
    const weeks = weeksOf({ referrals: 12, weeks: 2, seed: 2 });
    const stage = await MemoryStage.open(weeks.from, { rendersMail: false });
    const happened = await playWeeks(stage, weeks, null);
    const calm = await outcomeOf(stage);
    expect(compare(calm, calm, happened).differences).toEqual([]);
    const changed = (change: (rough: Outcome) => void): string[] => {
      const rough = structuredClone(calm);
      change(rough);
      return compare(calm, rough, happened).differences.map(({ what }) => what);
    };
    const [referralId = ''] = calm.states.keys();
    expect(changed(({ states }) => states.delete(referralId))).toEqual(['referral']);
    const [alert = ''] = calm.alerts.keys();
    expect(changed(({ alerts }) => alerts.delete(alert))).toEqual(['alert']);
    expect(changed(({ alerts }) => Object.assign(alerts.get(alert) ?? {}, { dueAt: 0 }))).toEqual(['alert']);
    const sent = [...calm.mails.values()].find(({ job, times }) => times === 1 && job.kind === 'coordinator_digest');
    const mailId = sent?.job.mailId ?? '';
    expect(changed(({ mails }) => mails.delete(mailId))).toContain('mail');
    expect(changed(({ mails }) => Object.assign(mails.get(mailId) ?? {}, { times: 2 }))).toEqual(['sent twice']);
    expect(changed(({ left }) => Object.assign(left, { 'dead letters': 1 }))).toEqual(['left']);
  });
});

describe('two years of history that were taken in before an organization goes live', () => {
  it('are mailed to nobody, and the first week after is like any other', async () => {
    const { weeks, messages, ...history } = await goLive({ referrals: 150, weeks: 104, seed: 4 });
    expect(messages).toBeGreaterThan(1_000);
    expect(history).toEqual({ mailedBefore: 0, alertsOfHistory: 0, rowsOfHistory: 0 });
    const [first, ...others] = weeks;
    const most = (name: 'mails' | 'rows' | 'longest') => Math.max(...others.map((week) => week[name]));
    expect(first?.mails).toBeGreaterThan(0);
    expect(first?.mails).toBeLessThanOrEqual(most('mails') + 5);
    expect(first?.rows).toBeLessThanOrEqual(most('rows') + 5);
    expect(first?.longest).toBeLessThanOrEqual(most('longest') + 5);
  });
});
