import { DAY_MS } from '../../shared/contracts/duration.ts';
import { type Instant, parseInstant } from '../../shared/contracts/instant.ts';
import { MemoryStage } from '../memory-stage/memory-stage.ts';
import { Random } from '../simulate/random.ts';
import { simulate } from '../simulate/simulate.ts';
import { type Compared, compare } from './compare.ts';
import { type Fault, FaultLayer } from './fault-layer.ts';
import { outcomeOf } from './outcome.ts';
import type { OpenStage, SoakStage } from './soak-stage.ts';
import { stormsOf } from './storms.ts';
import { type Happened, playWeeks, type SoakMessage, type Trouble, type Weeks } from './weeks.ts';

/** What came of weeks with faults. */
export interface Soaked extends Compared {
  faults: Partial<Record<Fault, number>>;
  happened: Happened;
  referrals: number;
  mails: number;
}

const WEEK_MS = 7 * DAY_MS;
/** At the end nothing goes wrong, so that what was late is done and another digest is made of it. */
const CALM_DAYS = 9;

/** Weeks of a simulated organization, none of whose input is refused. */
export function weeksOf({ referrals, weeks, seed }: { referrals: number; weeks: number; seed: number }): Weeks {
  const { events, directory, policy, until } = simulate({ referrals, weeks, seed, faults: 0 });
  const messages = events.map((event): SoakMessage => {
    const sentAt = parseInstant(event.recordedtime ?? event.time) as Instant;
    return { body: JSON.stringify(event), sentAt, subject: event.subject };
  });
  return {
    config: { directory, policy },
    messages: messages.sort((a, b) => a.sentAt - b.sentAt),
    from: until - weeks * WEEK_MS,
    until,
  };
}

/** A stage in memory, whose mails say nothing: what they would say is compared as it was frozen. */
const inMemory: OpenStage = (start, between) =>
  MemoryStage.open(start, { ...(between && { between }), rendersMail: false });

/**
 * Plays the weeks of a seed twice, once with its faults, and compares what they leave.
 * @param open makes the stage on which faults happen; without them the weeks are played in memory, wherever that is
 */
export async function soak(
  options: { referrals: number; weeks: number; seed: number },
  open: OpenStage = inMemory,
): Promise<Soaked> {
  const weeks = weeksOf(options);
  const calm = await played(weeks, null, () => inMemory(weeks.from));
  const random = new Random(options.seed, 1);
  let stage: SoakStage | null = null;
  const faults = new FaultLayer(new Random(options.seed, 2), {
    now: () => stage?.time.now() ?? 0,
    onKilled: (name) => stage?.endProcess(name),
  });
  const storms = stormsOf(weeks.from + 2 * DAY_MS, weeks.until - CALM_DAYS * DAY_MS, random);
  const rough = await played(weeks, { faults, storms, random }, async () => {
    stage = await open(weeks.from, faults);
    return stage;
  });
  const compared = compare(calm.outcome, rough.outcome, rough.happened);
  const { happened, mails } = rough;
  return { ...compared, faults: faults.counts, happened, referrals: options.referrals, mails };
}

async function played(weeks: Weeks, trouble: Trouble | null, open: () => Promise<SoakStage>) {
  const stage = await open();
  try {
    const happened = await playWeeks(stage, weeks, trouble);
    return { happened, outcome: await outcomeOf(stage), mails: stage.sent.length };
  } finally {
    await stage.close();
  }
}
