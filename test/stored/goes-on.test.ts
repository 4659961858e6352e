import { beforeAll, describe, expect, it } from 'vitest';
import { explain } from '../../local/explain/explanation.ts';
import { historyInTables } from '../../local/explain/history.ts';
import { explanationText } from '../../local/explain/text.ts';
import { DAY_MS } from '../../shared/contracts/duration.ts';
import { mailRows } from '../../shared/contracts/mail-rows.ts';
import { foldReferral } from '../../shared/domain/referral/fold.ts';
import { reportPeriods } from '../../shared/domain/report/periods.ts';
import type { MailJob } from '../../shared/store/mail-store.ts';
import { releases, storedBy } from './stores.ts';
import { type Held, referralIds, type WentOn, wentOn } from './went-on.ts';

/** Whatever release a stage was stopped on: this one goes on with it, as if nothing had happened. */

const ended = ({ status }: MailJob): boolean => !['planned', 'queued', 'claimed'].includes(status);

describe.each(releases())('a stage of %s', (release) => {
  const stored = storedBy(release);
  let { stage, before, after, troubles, replayed, wrong } = {} as WentOn;

  beforeAll(async () => {
    ({ stage, before, after, troubles, replayed, wrong } = await wentOn(stored));
  });

  it('meets nothing that it can not read', () => {
    expect(troubles).toEqual([]);
  });

  it('handles what lay on every queue', () => {
    expect(new Set(stored.messages.map(({ queue }) => queue)).size).toBe(3);
    expect(before.messages).toEqual({ dead: 0, waiting: stored.messages.length });
    expect(after.messages).toEqual({ dead: 0, waiting: 0 });
  });

  it('takes back what was set aside', () => {
    expect(before.aside.length).toBeGreaterThan(0);
    expect(after.aside).toEqual([]);
  });

  it('has the states that the logs say, folded anew, under the configuration that was pushed last', async () => {
    const { referrals, configs } = stage.stores;
    const { config, version, appliedPush, pushedAt } = await configs.inForce();
    expect(appliedPush).toBe(pushedAt);
    let folded = 0;
    for (const referralId of await referralIds(stage)) {
      const { stored: kept, log } = await referrals.loadLog(referralId);
      // Of what expires the log is gone first.
      if (log.length === 0) continue;
      folded += 1;
      const events = log.map(({ event }) => event);
      expect(kept?.state).toEqual(JSON.parse(JSON.stringify(foldReferral(referralId, events, config))));
      if (kept?.wakeAt !== null) expect(kept?.config).toBe(version);
    }
    expect(folded).toBeGreaterThan(20);
  });

  it('goes on with its alerts: some end, some come, and what was found when stays', () => {
    const [open, resolved] = [false, true].map((isOver) =>
      [...before.alerts].filter(([, { resolvedAt }]) => (resolvedAt !== null) === isOver),
    ) as [[string, unknown][], [string, unknown][]];
    expect(open.length * resolved.length).toBeGreaterThan(0);
    expect(open.some(([key]) => after.alerts.get(key)?.resolvedAt !== null)).toBe(true);
    expect([...after.alerts.keys()].some((key) => !before.alerts.has(key))).toBe(true);
    for (const [key, { since, atRiskAt, openedAt }] of before.alerts) {
      const now = after.alerts.get(key);
      // One that came again is another episode.
      if (now?.since !== since) continue;
      expect([key, now.atRiskAt ?? null]).toEqual([key, atRiskAt ?? now.atRiskAt ?? null]);
      expect([key, now.openedAt ?? null]).toEqual([key, openedAt ?? now.openedAt ?? null]);
    }
  });

  it('makes and sends what was planned, queued or claimed, and notes what SES tells of what was sent', () => {
    const underWay = [...before.mails.values()].filter((job) => !ended(job));
    expect(underWay.length).toBeGreaterThan(0);
    for (const { mailId } of underWay) expect(after.mails.get(mailId)).toSatisfy(ended);
    const untold = [...before.mails.values()].filter((job) => job.status === 'sent' && job.sesSendAt === undefined);
    expect(untold.some(({ mailId }) => after.mails.get(mailId)?.sesDeliveryAt !== undefined)).toBe(true);
  });

  it('sends no mail twice, and no urgent alert that somebody was mailed', () => {
    const sent = stage.sent.map(({ tags }) => tags.mailId?.[0] ?? '');
    expect(sent.length).toBeGreaterThan(20);
    expect(new Set(sent).size).toBe(sent.length);
    expect(sent.filter((mailId) => before.mails.get(mailId)?.status === 'sent')).toEqual([]);
    const urgent = ({ mails }: Pick<Held, 'mails'>, ids: Iterable<string>): string[] =>
      [...ids].flatMap((id) =>
        (mails.get(id)?.urgent ?? []).map((ref) => `${mails.get(id)?.personId} ${JSON.stringify(ref)}`),
      );
    const told = urgent(
      before,
      [...before.mails.values()].filter(({ status }) => status === 'sent').map(({ mailId }) => mailId),
    );
    expect(told.length).toBeGreaterThan(0);
    expect(urgent(after, sent).filter((ref) => told.includes(ref))).toEqual([]);
  });

  it('says in the next digests what the last ones said as something that was said', () => {
    const digests = (held: Held, ids: (job: MailJob) => boolean): MailJob[] =>
      [...held.mails.values()]
        .filter((job) => job.kind === 'coordinator_digest' && job.status === 'sent' && ids(job))
        .sort((a, b) => a.dueAt - b.dueAt);
    let repeated = 0;
    for (const [personId, own] of Map.groupBy(
      digests(before, () => true),
      (job) => job.personId,
    )) {
      const last = before.contents.get(own.at(-1)?.mailId ?? '');
      const [first] = digests(after, (job) => job.personId === personId && !before.mails.has(job.mailId));
      const next = after.contents.get(first?.mailId ?? '');
      if (!last || !next) continue;
      const named = new Set(mailRows(last).map(({ referralId, kind }) => `${referralId} ${kind}`));
      for (const { referralId, kind, state, marks } of mailRows(next)) {
        if (!named.has(`${referralId} ${kind}`) || marks.includes('reopened')) continue;
        repeated += 1;
        expect([referralId, kind, state]).not.toEqual([referralId, kind, 'new']);
      }
    }
    expect(repeated).toBeGreaterThan(0);
  });

  it('writes the reports of the next week and month, and leaves those that are written', async () => {
    const { config } = await stage.stores.configs.inForce();
    const due = reportPeriods(config.directory.organization.timeZone, stored.now, stage.time.now());
    expect(new Set(due.map(({ kind }) => kind))).toEqual(new Set(['weekly', 'monthly']));
    const finished = (await stage.stores.reports.finishedPeriods()).map(({ kind, period }) => `${kind} ${period}`);
    expect(finished).toEqual(expect.arrayContaining(due.map(({ kind, name }) => `${kind} ${name}`)));
    expect(before.reports.size).toBeGreaterThan(0);
    for (const [key, report] of before.reports) expect(after.reports.get(key)).toEqual(report);
  });

  it('can explain every referral', async () => {
    const { client, names, time } = stage;
    for (const referralId of await referralIds(stage)) {
      const history = await historyInTables({ client, names }, referralId, time.now());
      expect(explanationText(explain(history ?? expect.fail(referralId)), 80)).toContain(referralId);
    }
  });

  it('takes in what lies in quarantine, once it is sent again', () => {
    expect(replayed.sent).toBeGreaterThan(0);
    expect(replayed.takenIn).toBeGreaterThanOrEqual(replayed.sent);
  });

  it('finds what is refused again where it lies: its id is the same', () => {
    expect(wrong.sent).toBeGreaterThan(3);
    expect(wrong.standings).toEqual(Array(wrong.sent).fill('refused_again'));
  });

  it('lets go of what waited once its referral is named, and knows the names that were noted', async () => {
    expect(after.waiting.length).toBeLessThan(before.waiting.length);
    // All that came since says a name that was noted before, or since.
    expect(await stage.stores.unmatched.heldBetween(stored.now, stage.time.now() + DAY_MS)).toEqual([]);
  });

  it('removes what was retired, and retires what has been closed long enough', () => {
    const retired = before.retired.filter((key) => !before.expiring.includes(key));
    expect(retired.length).toBeGreaterThan(0);
    expect(after.expiring).toEqual(expect.arrayContaining(retired));
    expect(after.retired.length).toBeGreaterThan(before.retired.length);
  });
});
