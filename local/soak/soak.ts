import { DAY_MS } from '../../shared/contracts/duration.ts';
import { type Instant, parseInstant } from '../../shared/contracts/instant.ts';
import { MemoryStage } from '../memory-stage/memory-stage.ts';
import { Random } from '../simulate/random.ts';
import { simulate } from '../simulate/simulate.ts';
import { type Compared, compare } from './compare.ts';
import { type Fault, FaultLayer } from './fault-layer.ts';
import { outcomeOf } from './outcome.ts';
import { stormsOf } from './storms.ts';
import { type Happened, playWeeks, type SoakMessage, type Weeks } from './weeks.ts';

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

/** Plays the weeks of a seed twice, once with its faults, and compares what they leave. */
export async function soak(options: { referrals: number; weeks: number; seed: number }): Promise<Soaked> {
  const weeks = weeksOf(options);
  const calm = await MemoryStage.open(weeks.from, { rendersMail: false });
  await playWeeks(calm, weeks, null);
  const random = new Random(options.seed, 1);
  let stage: MemoryStage | null = null;
  const faults = new FaultLayer(new Random(options.seed, 2), {
    now: () => stage?.time.now() ?? 0,
    onKilled: (name) => stage?.endProcess(name),
  });
  stage = await MemoryStage.open(weeks.from, { between: faults, rendersMail: false });
  const storms = stormsOf(weeks.from + 2 * DAY_MS, weeks.until - CALM_DAYS * DAY_MS, random);
  const happened = await playWeeks(stage, weeks, { faults, storms, random });
  const compared = compare(await outcomeOf(calm), await outcomeOf(stage), happened);
  return { ...compared, faults: faults.counts, happened, referrals: options.referrals, mails: stage.sent.length };
}
