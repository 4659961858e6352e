import { SETTLED_MS } from '../../functions/detect-breaches/sweep-config.ts';
import { MINUTE_MS } from '../../shared/contracts/duration.ts';
import { formatInstant, type Instant, parseInstant } from '../../shared/contracts/instant.ts';
import { plural } from '../../shared/mail/format-time.ts';
import { systemTime } from '../../shared/platform/time-source.ts';
import { type ConfigInForce, type ConfigPush, shardsOf } from '../../shared/store/config-store.ts';
import { type SweepProgress, shardName } from '../../shared/store/config-sweep-store.ts';
import { dynamoStores } from '../../shared/store/dynamo-stores.ts';
import { SiteTime } from '../explain/times.ts';
import { asidesIn } from '../operate/asides.ts';
import { bold, field, green, red, thousands, yellow } from './columns.ts';
import { onStage } from './on-stage.ts';
import type { Print } from './print.ts';

export interface StatusOptions {
  stage: string;
  json?: boolean;
  verbose?: boolean;
}

/** What `config status --json` prints. */
export interface ConfigStatus {
  stage: string;
  asOf: string;
  /** The organization's. */
  timeZone: string;
  version: string;
  pushedAt: string;
  /** When the stage got its first configuration: nothing is owed for the time before. */
  since: string;
  sweep: SweepStatus;
  /** The last pushes, latest first, and who pushed: null if that isn't known. */
  pushes: { version: string; pushedAt: string; by: string | null }[];
  /** Referrals that can't be read, folded or looked at. */
  setAside: { count: number; referralIds?: string[]; unreadable?: number };
}

/** How far the sweep has come that folds and detects every referral in the due index under a new configuration. */
type SweepStatus =
  | { is: 'swept' }
  /** It hasn't begun; the first detection run after that instant begins it. */
  | { is: 'waiting'; after: string }
  /** Referrals that it has folded, and the shards of the due index: how many there are, and at whose end it is. */
  | { is: 'sweeping'; referrals: number; shards: number; shardsEnded: number };

interface Sweep {
  progress: SweepProgress;
  /** The referrals that are set aside. */
  setAside: readonly string[];
  /** Notes of such that can't be read. */
  unreadable?: number;
}

/** Ids name patients' referrals, so they are printed only if asked for, and not more than a person can look at. */
const MOST_IDS = 20;
/** Who pushed what before that is in the table. */
const MOST_PUSHES = 10;
const RUNBOOKS = 'docs/runbooks.md';
/** After so long somebody should look why no run has begun the sweep: two runs were due. */
const OVERDUE_MS = 30 * MINUTE_MS;

/** `loopwatch config status --stage S`: which configuration is in force, and how far the sweep under it has come. */
export async function stageConfigStatus(options: StatusOptions, print: Print): Promise<void> {
  const { stage, json = false, verbose = false } = options;
  const status = await onStage(stage, ['operations'], async ({ client, names }) => {
    const { configs, sweeps, setAsides } = dynamoStores(client, names);
    const inForce = await configs.inForce();
    const [progress, asides, pushes] = await Promise.all([
      sweeps.load(inForce.pushedAt),
      asidesIn(setAsides),
      configs.pushes(),
    ]);
    const { referralIds: setAside, unreadable } = asides;
    return statusOf(stage, inForce, { progress, setAside, unreadable, pushes }, { now: systemTime.now(), verbose });
  });
  print(json ? JSON.stringify(status) : statusText(status));
}

export function statusOf(
  stage: string,
  inForce: Pick<ConfigInForce, 'version' | 'config' | 'pushedAt' | 'appliedPush' | 'since' | 'shardCounts'>,
  { pushes = [], ...sweep }: Sweep & { pushes?: ConfigPush[] },
  { now, verbose }: { now: Instant; verbose: boolean },
): ConfigStatus {
  const { setAside, unreadable = 0 } = sweep;
  return {
    stage,
    asOf: formatInstant(now),
    timeZone: inForce.config.directory.organization.timeZone,
    version: inForce.version,
    pushedAt: formatInstant(inForce.pushedAt),
    since: formatInstant(inForce.since),
    pushes: pushes.slice(0, MOST_PUSHES).map(({ version, pushedAt, by }) => ({
      version,
      pushedAt: formatInstant(pushedAt),
      by,
    })),
    sweep: sweepOf(inForce, sweep),
    setAside: {
      count: setAside.length,
      ...(verbose && { referralIds: setAside.slice(0, MOST_IDS) }),
      ...(unreadable > 0 && { unreadable }),
    },
  };
}

function sweepOf(
  { pushedAt, appliedPush, shardCounts }: Pick<ConfigInForce, 'pushedAt' | 'appliedPush' | 'shardCounts'>,
  { progress }: Sweep,
): SweepStatus {
  if (appliedPush === pushedAt) return { is: 'swept' };
  if (Object.keys(progress.shards).length === 0) return { is: 'waiting', after: formatInstant(pushedAt + SETTLED_MS) };
  const shards = shardsOf(shardCounts);
  const ended = shards.filter((shard) => progress.shards[shardName(shard)] === 'end');
  return { is: 'sweeping', referrals: progress.swept, shards: shards.length, shardsEnded: ended.length };
}

/** The status as text for a terminal of 80 columns. */
export function statusText(status: ConfigStatus): string {
  const { stage, version, timeZone, pushedAt, since, setAside, pushes } = status;
  const [last, ...earlier] = pushes;
  const time = new SiteTime(timeZone);
  const add = (label: string, text: string): string[] => field(label, text, 80);
  return [
    `${bold(stage)}: version ${bold(version)} is in force`,
    ...add('pushed', pushedText(time.exact(pushedAt), last?.by)),
    ...add('first push', since === pushedAt ? 'this one' : time.exact(since)),
    ...add('sweep', sweepText(status, time)),
    ...add('set aside', setAsideText(setAside)),
    ...(setAside.referralIds?.length ? add('', setAside.referralIds.join(', ')) : []),
    ...earlier.flatMap((push, index) =>
      add(index === 0 ? 'before' : '', pushedText(`${push.version} ${time.exact(push.pushedAt)}`, push.by)),
    ),
  ].join('\n');
}

const pushedText = (what: string, by: string | null | undefined): string => (by ? `${what}, by ${by}` : what);

function sweepText({ sweep, setAside, asOf }: ConfigStatus, time: SiteTime): string {
  switch (sweep.is) {
    case 'swept':
      return green(
        `swept: all referrals in the due index are folded with it${setAside.count > 0 ? ', but those set aside' : ''}`,
      );
    case 'waiting':
      return waitingText(sweep.after, asOf, time);
    case 'sweeping': {
      const { referrals, shards, shardsEnded } = sweep;
      return yellow(
        `sweeping: ${thousands(referrals)} referral${referrals === 1 ? '' : 's'} so far, shards ${shardsEnded} of ${shards} at their end. The next detection run goes on.`,
      );
    }
  }
}

function waitingText(after: string, asOf: string, time: SiteTime): string {
  const late = (parseInstant(asOf) ?? 0) - (parseInstant(after) ?? 0);
  const begins = `begins with the first detection run after ${time.exact(after)}`;
  if (late >= OVERDUE_MS) {
    return red(`not begun. It ${begins}, and several were due since: see ${RUNBOOKS}#runs-failing`);
  }
  const soon = late < 0 ? '' : ', which comes with the next quarter hour';
  return yellow(`${begins}${soon}. Until then only referrals that come due or get an event follow it.`);
}

function setAsideText({ count, referralIds, unreadable = 0 }: ConfigStatus['setAside']): string {
  if (count === 0 && unreadable === 0) return 'none';
  if (count === 0)
    return red(`${plural(unreadable, 'note')} can not be read. What to do: ${RUNBOOKS}#referrals-set-aside.`);
  const besides = unreadable === 0 ? '' : ` ${plural(unreadable, 'note')} of such can not be read.`;
  const failed = `${plural(count, 'referral')} can not be read or computed on, and every detection run tries again.${besides} What to do: ${RUNBOOKS}#referrals-set-aside.`;
  if (!referralIds) return red(`${failed} --verbose names them.`);
  return red(count > MOST_IDS ? `${failed} The first ${MOST_IDS}:` : failed);
}
