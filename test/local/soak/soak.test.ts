import { describe, expect, it } from 'vitest';
import { MemoryStage } from '../../../local/memory-stage/memory-stage.ts';
import { compare } from '../../../local/soak/compare.ts';
import { goLive } from '../../../local/soak/go-live.ts';
import { type Mail, type Outcome, outcomeOf } from '../../../local/soak/outcome.ts';
import { soak, weeksOf } from '../../../local/soak/soak.ts';
import { type Disturbance, type Happened, playWeeks } from '../../../local/soak/weeks.ts';
import type { Alert } from '../../../shared/contracts/state.ts';

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

describe('what depends on when somebody looked', () => {
  const [start, quarter] = [Date.parse('2026-03-02T15:00:00.000Z'), 15 * 60_000];
  const alert = {
    ...{ referralId: 'R-1', kind: 'acceptance', instance: 1, level: 'at_risk', resolution: 'retracted' },
    ...{ since: start, atRiskAt: start, dueAt: start + 8 * quarter, openedAt: null, escalatedAt: null },
    resolvedAt: start + 4 * quarter,
  } as unknown as Alert;
  const outcome = (alerts: readonly Alert[], mails: readonly Mail[] = []): Outcome => ({
    states: new Map(),
    alerts: new Map(alerts.map((each) => [`${each.referralId} ${each.kind}#${each.instance}`, each])),
    mails: new Map(mails.map((mail) => [mail.job.mailId, mail])),
    reports: new Map(),
    left: { 'dead letters': 0, messages: 0, 'set aside': 0, refused: 0, urgent: 0 },
  });
  const happened = (delayed: Disturbance[], undetected: Disturbance[] = []): Happened => ({
    ...{ undetected, delayed: new Map([['R-1', delayed]]), unnoted: new Set(), lost: [], runs: 0, failedRuns: 0 },
    deliveries: { doubled: 0, late: 0, eventsLate: 0, eventsLost: 0, eventsDoubled: 0 },
  });

  it('is as what an alert ended, if a message was on its way then, and only then', () => {
    const paused = { ...alert, resolution: 'paused' } as Alert;
    const found = (from: number, to: number) =>
      compare(outcome([alert]), outcome([paused]), happened([[start + from * quarter, start + to * quarter]]));
    expect(found(3, 5)).toMatchObject({ differences: [], foundOtherwise: 1 });
    expect(found(6, 7).differences.map(({ what }) => what)).toEqual(['alert']);
  });

  it('is an urgent mail about an alert that ended while nothing was detected, and no other', () => {
    const job = { mailId: 'm', kind: 'urgent_alert', personId: 'p', status: 'sent', dueAt: start + 3 * quarter };
    const marks = { acknowledged: null, snoozeOver: false, reopened: false };
    const row = { referralId: 'R-1', kind: 'acceptance', state: null, marks, also: [] };
    const content = { kind: 'urgent_alert', sections: [{ section: 'urgent', rows: [row] }] };
    const mail = { job, content, times: 1 } as unknown as Mail;
    const found = (from: number, to: number) =>
      compare(
        outcome([alert], [mail]),
        outcome([alert]),
        happened([], [[start + from * quarter, start + to * quarter]]),
      );
    expect(found(2, 4).differences).toEqual([]);
    expect(found(2, 2).differences.map(({ what }) => what)).toEqual(['urgent alert']);
    expect(found(5, 6).differences.map(({ what }) => what)).toEqual(['urgent alert']);
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
