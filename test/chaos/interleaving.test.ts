import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { detectReferral } from '../../functions/detect-breaches/detect-referral.ts';
import { contentOf } from '../../functions/send-mail/content.ts';
import type { GatherContext } from '../../functions/send-mail/kinds/kind.ts';
import type { Instant } from '../../shared/contracts/instant.ts';
import type { Alert } from '../../shared/contracts/state.ts';
import { holdingAt } from '../../shared/domain/alert/detect.ts';
import { listedUntil } from '../../shared/domain/alert/listed.ts';
import { nextWake } from '../../shared/domain/alert/wake-up.ts';
import { mailIdOf } from '../../shared/domain/mail/mail-id.ts';
import { urgentPeriod } from '../../shared/domain/mail/schedule.ts';
import { foldReferral } from '../../shared/domain/referral/fold.ts';
import { silentLog } from '../../shared/platform/logger.ts';
import { unpackAlerts } from '../../shared/store/alert-record.ts';
import type { MailJob } from '../../shared/store/mail-store.ts';
import { project } from '../../shared/store/projection.ts';
import type { LoggedEvent, ReferralStore } from '../../shared/store/referral-store.ts';
import { alertsIn, mailJob } from '../builders/stored.ts';
import { MemoryReferralStore } from '../doubles/memory-stores.ts';
import { at, message, organization, QUARTER, received } from './organization.ts';
import { backoff, inTurns, logged, untilDone } from './turns.ts';

/** Ingest, detection and mail on one referral, their calls in any order that the scheduler thinks of. */

const CONFIG = organization();
const VERSION = 'in-force';
const MONDAY = at('2026-03-02T18:15:00Z');
const RUNS = { numRuns: 500 };

/** The first clocks are due at 18:20, between the two runs. */
const EVENTS: LoggedEvent[] = [
  message('R-1', 'referral.received', '2026-03-02T14:20:00Z', received('stat')),
  message('R-1', 'referral.declined', '2026-03-02T14:30:00Z', { reason: 'incomplete' }),
  message('R-1', 'event.retracted', '2026-03-02T14:40:00Z', { source: 'urn:test', id: 'referral.declined' }),
  message('R-1', 'contact.attempted', '2026-03-02T15:00:00Z', { channel: 'phone', outcome: 'no_answer' }),
  message('R-1', 'referral.paused', '2026-03-02T16:00:00Z', { reason: 'awaiting_information' }),
  message('R-1', 'referral.resumed', '2026-03-02T16:01:00Z'),
  message('R-1', 'referral.updated', '2026-03-02T18:00:00Z', { priority: 'urgent' }),
].map(logged);

/** The run that finds the first breach, and what makes the next one write its alert again. */
const FOUND = MONDAY + QUARTER;
const ACKNOWLEDGED = logged(
  message('R-1', 'alert.acknowledged', '2026-03-02T18:31:00Z', { kind: 'acceptance', by: 'c1' }),
);

/** Each worker's batch: some of the events, so that batches overlap and miss some. */
const batches = fc.array(fc.shuffledSubarray(EVENTS, { minLength: 1 }), { minLength: 1, maxLength: 3 });
const runsFrom = (first: Instant) => fc.array(fc.constantFrom(first, first + QUARTER), { maxLength: 3 });

const ingest = (store: ReferralStore, incoming: LoggedEvent[], now: Instant = MONDAY) =>
  untilDone(() => project('R-1', incoming, { store, config: CONFIG, version: VERSION, now: () => now, backoff }));
const detect = (referrals: ReferralStore, run: Instant) =>
  untilDone(() => detectReferral('R-1', { config: CONFIG, version: VERSION, run }, { referrals, backoff }));

describe('in any order of their calls', () => {
  it('ingest and detection leave the state of all events, its alerts, and a wake-up in time', () =>
    fc.assert(
      fc.asyncProperty(fc.scheduler(), batches, runsFrom(MONDAY), async (scheduler, incoming, instants) => {
        const store = new MemoryReferralStore();
        const slow = inTurns(store, scheduler);
        await scheduler.waitFor(
          Promise.all([...incoming.map((batch) => ingest(slow, batch)), ...instants.map((run) => detect(slow, run))]),
        );
        const { stored, log } = await store.loadLog('R-1');
        const distinct = [...new Set(incoming.flat())];
        expect(log).toHaveLength(distinct.length);
        const events = distinct.map(({ event }) => event);
        expect(stored?.state).toEqual(foldReferral('R-1', events, CONFIG));
        await expectAlertsInTime(store, MONDAY + 2 * QUARTER);
      }),
      RUNS,
    ));

  it('detections for different instants leave what holds, and a wake-up in time', () =>
    fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.subarray(EVENTS.slice(1)),
        runsFrom(MONDAY),
        async (scheduler, more, instants) => {
          const store = new MemoryReferralStore();
          await ingest(store, [...EVENTS.slice(0, 1), ...more]);
          const slow = inTurns(store, scheduler);
          const all = [MONDAY, MONDAY + QUARTER, ...instants];
          await scheduler.waitFor(Promise.all(all.map((run) => detect(slow, run))));
          await expectAlertsInTime(store, MONDAY + 2 * QUARTER);
        },
      ),
      RUNS,
    ));

  it('two urgent mails report a breach once, also while detection writes its alert', () =>
    fc.assert(
      fc.asyncProperty(fc.scheduler(), runsFrom(FOUND), fc.boolean(), async (scheduler, instants, isMarked) => {
        const store = new MemoryReferralStore();
        await ingest(store, EVENTS.slice(0, 1));
        await detect(store, FOUND);
        if (isMarked) await ingest(store, [ACKNOWLEDGED], FOUND);
        const slow = inTurns(store, scheduler);
        const jobs = await Promise.all([FOUND, FOUND + QUARTER].map((run) => urgentJob(store, run)));
        const contents = await scheduler.waitFor(
          Promise.all([
            Promise.all(jobs.map((job) => contentOf('urgent_alert', job, contextOf(job, slow)))),
            ...instants.map((run) => detect(slow, run)),
          ]).then(([all]) => all),
        );
        const told = contents.flatMap(({ content }) =>
          content === null ? [] : content.sections.flatMap(({ rows }) => rows),
        );
        const kinds = told.flatMap((row) => [row, ...row.also].map(({ kind }) => kind));
        const marks = (await alertsIn(store, 'R-1')).flatMap(({ alert, urgentMail }) =>
          urgentMail === null ? [] : [[alert.kind, urgentMail.is]],
        );
        expect(kinds.toSorted()).toEqual(marks.map(([kind]) => kind).toSorted());
        expect(marks.map(([, is]) => is)).toEqual(marks.map(() => expect.stringMatching(/^mail:/)));
        // What detection has found acknowledged meanwhile needs no urgent mail any more.
        expect(kinds).toContain('first_attempt');
        if (!isMarked) expect(kinds).toContain('acceptance');
        expect(await store.pendingUrgent()).toEqual([]);
      }),
      RUNS,
    ));
});

const recipient = CONFIG.directory.people.find(({ id }) => id === 'c1') as (typeof CONFIG.directory.people)[number];
/** An urgent mail reads neither the operations table nor dead letters. */
const contextOf = ({ dueAt: asOf }: MailJob, referrals: ReferralStore): GatherContext => ({
  ...({} as GatherContext),
  ...{ recipient, config: CONFIG, version: VERSION, asOf, referrals, backoff, log: silentLog },
});

/** After the run at `next` the open alerts are those that hold, and the referral is woken before any other does. */
async function expectAlertsInTime(store: MemoryReferralStore, next: Instant): Promise<void> {
  await detect(store, next);
  const stored = await store.load('R-1');
  if (!stored) throw new Error('the referral is gone');
  const alerts = unpackAlerts(stored);
  const open = alerts.filter(({ alert }) => alert.resolvedAt === null).map(({ alert }) => alert);
  const named = (all: readonly Pick<Alert, 'kind' | 'instance' | 'level' | 'dueAt'>[]) =>
    all.map(({ kind, instance, level, dueAt }) => `${kind} ${instance} ${level} ${dueAt}`).toSorted();
  expect(named(open)).toEqual(named(holdingAt(stored.state, CONFIG, next)));
  const wake = nextWake(
    stored.state,
    CONFIG,
    next,
    listedUntil(
      alerts.map(({ alert }) => alert),
      stored.state,
    ),
  );
  if (wake !== null) expect(stored.wakeAt ?? Number.POSITIVE_INFINITY).toBeLessThanOrEqual(wake);
}

/** A mail that was planned at a run for all that was pending then. */
async function urgentJob(store: MemoryReferralStore, run: Instant): Promise<MailJob> {
  const pending = (await alertsIn(store, 'R-1')).filter(({ urgentMail }) => urgentMail?.is === 'pending');
  const period = urgentPeriod(run);
  const mailId = mailIdOf('urgent_alert', recipient.id, period);
  return mailJob(mailId, {
    ...period,
    kind: 'urgent_alert',
    personId: recipient.id,
    status: 'claimed',
    urgent: pending.map(({ alert: { referralId, kind, instance, since } }) => ({ referralId, kind, instance, since })),
  });
}
