import { isDeepStrictEqual } from 'node:util';
import { rebuildReferral } from '../../functions/detect-breaches/rebuild-referral.ts';
import { DAY_MS, MINUTE_MS } from '../../shared/contracts/duration.ts';
import type { Instant } from '../../shared/contracts/instant.ts';
import { alertRow, byAlert, referralRow } from '../../shared/domain/export-rows.ts';
import { LastingError } from '../../shared/platform/lasting-error.ts';
import { unpackAlerts } from '../../shared/store/alert-record.ts';
import { REFERRAL, referralIdOf } from '../../shared/store/keys.ts';
import { explain } from '../explain/explanation.ts';
import { type History, historyInTables } from '../explain/history.ts';
import { explanationText } from '../explain/text.ts';
import type { MemoryStage } from '../memory-stage/memory-stage.ts';
import { Random } from '../simulate/random.ts';
import { type Damage, damageReferral } from './damage.ts';
import { dialectWhereabouts } from './dialect-whereabouts.ts';
import type { FuzzMessage } from './messages.ts';
import type { FuzzPlan } from './plan.ts';
import { type Finding, type Played, play, unmade, whereabouts } from './play.ts';

/** What came of a fuzz. */
export interface Fuzzed {
  findings: Finding[];
  /** Fuzzed messages by where they are: taken in, or the reason for which they were refused. */
  messages: Record<string, number>;
  /** Members of messages in other dialects, likewise. */
  members: Record<string, number>;
  referrals: number;
  mails: Record<string, number>;
  reports: number;
  explained: number;
  /** Referrals that are set aside at the end, and those that were damaged. */
  setAside: number;
  damaged: number;
  rebuilt: Record<string, number>;
}

const DAMAGE_STREAM = 1;

/** Plays a plan with everything that is in it, and compares what it must not touch with the same weeks without the fuzz. */
export async function fuzz(plan: FuzzPlan, onPhase: (done: string) => void = () => {}): Promise<Fuzzed> {
  const good = [...plan.clean, ...plan.victims];
  const reference = await play(plan, good);
  onPhase('played without the fuzz');
  const damages: Damage[] = [];
  const played = await play(plan, [...good, ...plan.fuzz, ...plan.translated], (stage) =>
    damageAll(plan, stage, damages),
  );
  onPhase('played with it');
  const { stage } = played;
  const now = stage.time.now();
  const found = await whereabouts(played, plan.fuzz);
  const members = await dialectWhereabouts(played, plan);
  const findings = [...played.findings, ...found.findings, ...members.findings, ...(await unmade(played, plan))];
  findings.push(...(await harmed(plan.cleanIds, reference, played, plan, now)));
  const setAside = (await stage.stores.setAsides.all()).length;
  const { counts: rebuilt, findings: unrebuilt } = await rebuildAll(damages, reference, played, now);
  findings.push(...unrebuilt);
  onPhase('compared and rebuilt');
  const ids = referralIds(stage);
  const unreadable = new Set(damages.filter(({ ofLog }) => ofLog).map(({ referralId }) => referralId));
  findings.push(...(await unexplained(ids, unreadable, stage)));
  return {
    findings,
    messages: found.counts,
    members: members.counts,
    referrals: ids.length,
    mails: countsOf(stage.sent.map(({ tags }) => tags.kind?.[0] ?? '')),
    reports: (await stage.stores.reports.finishedPeriods()).length,
    explained: ids.length,
    setAside,
    damaged: damages.length,
    rebuilt,
  };
}

/** The fewest fuzzed messages found with which a kind of finding still comes, in a bounded number of tries. */
export async function smallest(plan: FuzzPlan, kind: Finding['kind'], tries = 40): Promise<FuzzMessage[]> {
  let left = [
    ...plan.fuzz.map((message) => ({ message, isTranslated: false })),
    ...plan.translated.map((message) => ({ message, isTranslated: true })),
  ];
  const only = (isTranslated: boolean, of: typeof left): FuzzMessage[] =>
    of.filter((each) => each.isTranslated === isTranslated).map(({ message }) => message);
  let parts = 2;
  for (let count = 0; count < tries && left.length > 1 && parts <= left.length; count += 1) {
    const size = Math.ceil(left.length / parts);
    let isSmaller = false;
    for (let part = 0; part < parts && !isSmaller; part += 1) {
      const without = [...left.slice(0, part * size), ...left.slice((part + 1) * size)];
      const { findings } = await fuzz({ ...plan, fuzz: only(false, without), translated: only(true, without) });
      if (!findings.some((finding) => finding.kind === kind)) continue;
      left = without;
      isSmaller = true;
    }
    parts = isSmaller ? Math.max(2, parts - 1) : parts * 2;
  }
  return left.map(({ message }) => message);
}

const countsOf = (names: readonly string[]): Record<string, number> =>
  Object.fromEntries([...Map.groupBy(names, (name) => name)].map(([name, { length }]) => [name, length]).sort());

function referralIds(stage: MemoryStage): string[] {
  const items = stage.dynamo.items(stage.names.referrals);
  return items.filter(({ sk }) => sk?.S === REFERRAL).map(({ pk }) => referralIdOf(pk?.S ?? ''));
}

async function damageAll({ seed, victimIds }: FuzzPlan, stage: MemoryStage, damages: Damage[]): Promise<void> {
  const random = new Random(seed, DAMAGE_STREAM);
  const { client, names, dynamo } = stage;
  for (const referralId of victimIds) {
    const items = dynamo.items(names.referrals);
    const damage = await damageReferral(referralId, { client, table: names.referrals, items }, random);
    if (damage !== null) damages.push(damage);
  }
}

/** Referrals that no fuzzed message names and nobody damaged, and that aren't as they are without the fuzz. */
async function harmed(
  ids: readonly string[],
  reference: Played,
  played: Played,
  plan: FuzzPlan,
  now: Instant,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const referralId of ids) {
    const [before, after] = await Promise.all(
      [reference, played].map(({ stage }) => rowsOf(referralId, stage, plan, now)),
    );
    if (!isDeepStrictEqual(before, after)) findings.push({ kind: 'harmed', detail: referralId });
  }
  return findings;
}

async function rowsOf(referralId: string, { stores }: MemoryStage, { config }: FuzzPlan, now: Instant) {
  const stored = await stores.referrals.load(referralId);
  if (stored === null) return null;
  const alerts = unpackAlerts(stored).map(({ alert }) => alertRow(alert, stored.state, config.directory));
  return { referral: referralRow(stored.state, config.directory, now), alerts: alerts.sort(byAlert) };
}

/** Makes every damaged referral anew, and lets detection look: each whose log is whole is what it would be. */
async function rebuildAll(
  damages: readonly Damage[],
  reference: Played,
  { stage }: Played,
  now: Instant,
): Promise<{ counts: Record<string, number>; findings: Finding[] }> {
  const outcomes: string[] = [];
  const findings: Finding[] = [];
  const { stores } = stage;
  const inForce = await stores.configs.inForce();
  for (const { referralId, ofLog, what } of damages) {
    const outcome = await rebuildReferral(
      referralId,
      { ...inForce, now: now + MINUTE_MS },
      { ...stores, backoff: async () => {} },
    ).catch((error: unknown) => {
      if (ofLog && error instanceof LastingError) return 'its log is damaged';
      findings.push({ kind: 'not rebuilt', detail: `${referralId}, ${what}: ${String(error)}` });
      return 'failed';
    });
    outcomes.push(outcome);
  }
  await stage.run('detect-breaches', now + DAY_MS).catch((error: unknown) => {
    findings.push({ kind: 'run failed', detail: `detect-breaches after a rebuild: ${String(error)}` });
  });
  for (const { referralId, ofLog, what } of damages.filter(({ ofLog }) => !ofLog)) {
    const [before, after] = await Promise.all(
      [reference.stage, stage].map(async ({ stores: { referrals } }) => (await referrals.load(referralId))?.state),
    );
    if (!ofLog && !isDeepStrictEqual(before, after))
      findings.push({ kind: 'not rebuilt', detail: `${referralId}, ${what}` });
  }
  return { counts: countsOf(outcomes), findings };
}

/** So many are explained with the mails that named them: that reads every mail of the weeks anew. */
const WITH_MAILS = 100;

/** Referrals on which `explain` fails. */
async function unexplained(
  ids: readonly string[],
  unreadable: ReadonlySet<string>,
  { client, names, time, stores }: MemoryStage,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  const { config } = await stores.configs.inForce();
  const now = time.now();
  const every = Math.ceil(ids.length / WITH_MAILS);
  const historyOf = async (referralId: string, index: number): Promise<History | null> => {
    if (index % every === 0) return historyInTables({ client, names }, referralId, now);
    const { stored, log } = await stores.referrals.loadLog(referralId);
    if (stored === null) return null;
    const alerts = unpackAlerts(stored).map(({ alert }) => alertRow(alert, stored.state, config.directory));
    return { referralId, log, alerts, mails: [], config, now };
  };
  for (const [index, referralId] of ids.entries()) {
    if (unreadable.has(referralId)) continue;
    try {
      const history = await historyOf(referralId, index);
      if (history === null) throw new Error('it is not there');
      const explanation = explain(history);
      for (const all of [true, false]) explanationText(explanation, 80, all);
    } catch (error) {
      findings.push({
        kind: 'not explained',
        detail: `${referralId}: ${error instanceof Error ? error.stack : error}`,
      });
    }
  }
  return findings;
}
