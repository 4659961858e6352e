import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { detectReferral } from '../../functions/detect-breaches/detect-referral.ts';
import type { Config } from '../../shared/contracts/config.ts';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../shared/contracts/duration.ts';
import type { Instant } from '../../shared/contracts/instant.ts';
import { holdingAt } from '../../shared/domain/alert/detect.ts';
import { listedUntil } from '../../shared/domain/alert/listed.ts';
import { isForUrgentMail } from '../../shared/domain/alert/urgent.ts';
import { nextWake } from '../../shared/domain/alert/wake-up.ts';
import { identityOf } from '../../shared/domain/referral/event-order.ts';
import { foldReferral } from '../../shared/domain/referral/fold.ts';
import { unpackAlerts } from '../../shared/store/alert-record.ts';
import type { Written } from '../../shared/store/conditional-write.ts';
import type { VersionedConfig } from '../../shared/store/fold-log.ts';
import { project } from '../../shared/store/projection.ts';
import type { LoggedEvent, ReferralStore, StoredAlert, StoredReferral } from '../../shared/store/referral-store.ts';
import { MemoryReferralStore, memoryStores } from '../doubles/memory-stores.ts';
import { at, message, organization, QUARTER, received } from './organization.ts';
import { backoff, inTurns, logged, untilDone } from './turns.ts';
import { mailUrgently, type Told } from './urgent-mails.ts';

/**
 * Everybody who writes the one item of a referral (ingest, detection, the sweep under a new configuration, the planner,
 * urgent mails), their calls in any order that the scheduler thinks of.
 */

/** Every clock escalates an hour after its due: what was detected before the push is no longer enough. */
function escalatingSooner(): Config {
  const config = structuredClone(organization());
  for (const { clocks } of config.policy.versions.flatMap(({ rules }) => rules)) {
    for (const clock of Object.values(clocks)) clock.escalateAfter = { value: 1, unit: 'hours' };
  }
  return config;
}

/** The first clocks are due at 18:20. */
const FOUND = at('2026-03-02T18:30:00Z');
const LAST = FOUND + 2 * HOUR_MS;
const NEXT = FOUND + QUARTER;
const RUNS = [FOUND, NEXT];
/** Shortly after either run, and that long a worker may take: workers at once have no other differences in time. */
const NOWS = RUNS.map((run) => run + MINUTE_MS);
const LAGS = [0, 1, 30 * SECOND_MS];

const RECEIVED = logged(message('R-1', 'referral.received', '2026-03-02T14:20:00Z', received('stat')));
const EVENTS: LoggedEvent[] = [
  message('R-1', 'referral.received', '2026-03-02T14:20:00Z', received('stat')),
  message('R-1', 'alert.acknowledged', '2026-03-02T18:31:00Z', { kind: 'acceptance', by: 'c1' }),
  message('R-1', 'referral.paused', '2026-03-02T18:32:00Z', { reason: 'awaiting_information' }),
  message('R-1', 'referral.resumed', '2026-03-02T18:33:00Z'),
  message('R-1', 'contact.attempted', '2026-03-02T18:34:00Z', { channel: 'phone', outcome: 'no_answer' }),
  message('R-1', 'referral.closed', '2026-03-02T18:35:00Z', { reason: 'moved', evidence: 'letter' }),
  message('R-1', 'event.retracted', '2026-03-02T18:36:00Z', { source: 'urn:test', id: 'referral.closed' }),
].map(logged);

/** Counts what is written of the item, and notes which urgent mails claim which episodes of alerts. */
class RecordingStore extends MemoryReferralStore {
  writes = 0;
  readonly claims = new Map<string, Set<string>>();

  override async save(...args: Parameters<MemoryReferralStore['save']>): Promise<Written> {
    return this.#counted(await super.save(...args));
  }

  override async settleUrgent(read: StoredReferral, alerts: Uint8Array, stillPending: boolean): Promise<Written> {
    const written = this.#counted(await super.settleUrgent(read, alerts, stillPending));
    if (written === 'conflict') return written;
    for (const { alert, urgentMail } of unpackAlerts({ state: read.state, alerts })) {
      if (!urgentMail?.is.startsWith('mail:')) continue;
      const episode = episodeOf(alert);
      this.claims.set(episode, (this.claims.get(episode) ?? new Set()).add(urgentMail.is));
    }
    return written;
  }

  #counted(written: Written): Written {
    if (written === 'written') this.writes += 1;
    return written;
  }
}

const episodeOf = ({ kind, instance, since }: StoredAlert['alert']): string => `${kind} ${instance} ${since}`;

/** Who works on the referral at once. Who is late goes on with the configuration before the push. */
interface Workers {
  now: Instant;
  batches: { events: LoggedEvent[]; lag: number; isLate: boolean }[];
  runs: { run: Instant; isLate: boolean }[];
  plans: Instant[];
}

const workers = (isLate: fc.Arbitrary<boolean>): fc.Arbitrary<Workers> => {
  const events = fc.shuffledSubarray(EVENTS, { minLength: 1, maxLength: 3 });
  return fc.record({
    now: fc.constantFrom(...NOWS),
    batches: fc.array(fc.record({ events, lag: fc.constantFrom(...LAGS), isLate }), { maxLength: 3 }),
    runs: fc.array(fc.record({ run: fc.constantFrom(...RUNS), isLate }), { maxLength: 3 }),
    plans: fc.subarray(RUNS),
  });
};

/** A stage with one referral, breached and due for urgent mail, and its configuration in force. */
async function stageWith(configs: readonly Config[]) {
  const stores = { ...memoryStores(), referrals: new RecordingStore() };
  const versions: VersionedConfig[] = [];
  for (const [index, config] of configs.entries()) {
    versions.push({ config, version: await stores.configs.push(config, FOUND + index) });
  }
  expect(new Set(versions.map(({ version }) => version)).size, 'configurations that differ').toBe(configs.length);
  const [before, inForce] = [versions[0], versions.at(-1)] as [VersionedConfig, VersionedConfig];
  const ingest = (store: ReferralStore, events: LoggedEvent[], now: Instant, config: VersionedConfig) =>
    untilDone(() => project('R-1', events, { store, ...config, now: () => now, backoff }));
  const detect = (referrals: ReferralStore, run: Instant, config: VersionedConfig) =>
    untilDone(() => detectReferral('R-1', { ...config, run }, { referrals, backoff }));
  await ingest(stores.referrals, [RECEIVED], FOUND - HOUR_MS, before);
  await detect(stores.referrals, FOUND, before);
  return { stores, before, inForce, ingest, detect };
}

async function expectAllKept(
  configs: readonly Config[],
  { now, batches, runs, plans }: Workers,
  scheduler: fc.Scheduler,
) {
  const { stores, before, inForce, ingest, detect } = await stageWith(configs);
  const store = stores.referrals;
  const slow = inTurns(store, scheduler);
  const slowStores = { ...stores, referrals: slow, mails: inTurns(stores.mails, scheduler) };
  // At the next run nobody is left who works with the configuration before.
  const of = (isLate: boolean, instant: Instant) => (isLate && instant < NEXT ? before : inForce);
  const working = Promise.all([
    Promise.all(plans.map((run) => mailUrgently(run, slowStores))),
    ...batches.map(({ events, lag, isLate }) => ingest(slow, events, now + lag, of(isLate, now))),
    ...runs.map(({ run, isLate }) => detect(slow, run, of(isLate, run))),
  ]);
  const [told] = await scheduler.waitFor(working);
  await detect(store, LAST, inForce);

  const { stored, log } = await store.loadLog('R-1');
  if (stored === null) throw new Error('the referral is gone');
  const sent = [
    ...new Set([RECEIVED, ...batches.flatMap(({ events }) => events)].map(({ event }) => identityOf(event))),
  ];
  expect(log.map(({ event }) => identityOf(event)).toSorted()).toEqual(sent.toSorted());
  expectFolded(stored, log, inForce);
  expect(stored.version, 'every write counts').toBe(store.writes);
  expectFound(stored, inForce.config);
  await expectMailedOnce(stored, store, told.flat());
}

/** The state is what the log gives under the configuration in force. */
function expectFolded(stored: StoredReferral, log: readonly LoggedEvent[], { config, version }: VersionedConfig): void {
  const events = log.map(({ event }) => event);
  expect(stored.state).toEqual(foldReferral('R-1', events, config));
  expect(stored.config).toBe(version);
  expect(stored.arrivedAt).toBe(Math.max(...log.map(({ arrivedAt }) => arrivedAt)));
}

/** The open alerts are those that hold, and the referral is woken before any other does. */
function expectFound(stored: StoredReferral, config: Config): void {
  const alerts = unpackAlerts(stored).map(({ alert }) => alert);
  const named = (all: readonly { kind: string; instance: number; level: string; dueAt: Instant }[]) =>
    all.map(({ kind, instance, level, dueAt }) => `${kind} ${instance} ${level} ${dueAt}`).toSorted();
  const open = alerts.filter(({ resolvedAt }) => resolvedAt === null);
  expect(named(open)).toEqual(named(holdingAt(stored.state, config, LAST)));
  const wake = nextWake(stored.state, config, LAST, listedUntil(alerts, stored.state)) ?? Number.POSITIVE_INFINITY;
  expect(stored.wakeAt ?? Number.POSITIVE_INFINITY).toBeLessThanOrEqual(wake);
}

/** Each urgent alert is in one mail, still waits for one, or can wait for a digest. */
async function expectMailedOnce(stored: StoredReferral, store: RecordingStore, told: readonly Told[]): Promise<void> {
  const claimed = [...store.claims].flatMap(([episode, mails]) =>
    [...mails].map((mail) => `${mail} ${episode.split(' ')[0]}`),
  );
  expect(told.map(({ mailId, kind }) => `mail:${mailId} ${kind}`).toSorted()).toEqual(claimed.toSorted());
  for (const [episode, mails] of store.claims) expect([...mails], episode).toHaveLength(1);
  const urgent = unpackAlerts(stored).filter(
    ({ alert }) => alert.resolvedAt === null && isForUrgentMail(alert, stored.state),
  );
  for (const { alert, urgentMail } of urgent) {
    if (urgentMail !== null) expect(urgentMail.to).toBe('c1');
    const claims = [...(store.claims.get(episodeOf(alert)) ?? [])];
    expect(claims).toEqual(urgentMail?.is.startsWith('mail:') ? [urgentMail.is] : []);
  }
  const waits = unpackAlerts(stored).some(({ urgentMail }) => urgentMail?.is === 'pending');
  expect(await store.pendingUrgent()).toEqual(waits ? ['R-1'] : []);
}

const RUNS_OF_LAW = { numRuns: 500 };

describe('whatever writes the item of a referral, in any order of their calls', () => {
  it('no event, alert or urgent mail is lost or doubled', () =>
    fc.assert(
      fc.asyncProperty(fc.scheduler(), workers(fc.constant(false)), (scheduler, each) =>
        expectAllKept([organization()], each, scheduler),
      ),
      RUNS_OF_LAW,
    ));

  it('nor while a new configuration is swept and some still work with the one before', () =>
    fc.assert(
      fc.asyncProperty(fc.scheduler(), workers(fc.boolean()), (scheduler, each) =>
        expectAllKept([organization(), escalatingSooner()], each, scheduler),
      ),
      RUNS_OF_LAW,
    ));
});
