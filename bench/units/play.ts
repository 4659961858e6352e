import { DAY_MS, MINUTE_MS } from '../../shared/contracts/duration.ts';
import type { Instant } from '../../shared/contracts/instant.ts';
import { type Arrival, BenchOrganization, type FunctionCall } from './organization.ts';
import type { Stream } from './stream.ts';
import { Tally } from './tally.ts';

const QUARTER_MS = 15 * MINUTE_MS;

/**
 * Plays a stream with every schedule at every quarter hour, idle or not.
 * @param batch messages that ingest gets at once: they wait until that many have arrived
 */
export async function play(
  { config, arrivals, until }: Stream,
  batch: number,
  onCall: (call: FunctionCall) => void = () => {},
): Promise<Tally> {
  const tally = new Tally();
  const organization = await BenchOrganization.open(config, (call) => {
    tally.add(call);
    onCall(call);
  });
  const first = arrivals[0]?.arrivedAt ?? until;
  await organization.begin(first);
  let waiting: Arrival[] = [];
  let next = 0;
  for (let at = Math.ceil(first / QUARTER_MS) * QUARTER_MS; at <= until; at += QUARTER_MS) {
    for (; (arrivals[next]?.arrivedAt ?? Number.POSITIVE_INFINITY) <= at; next += 1) {
      waiting.push(arrivals[next] as Arrival);
      if (waiting.length < batch) continue;
      await organization.ingest(waiting);
      waiting = [];
    }
    await tick(organization, at);
  }
  return tally;
}

/** Takes in whole histories, each referral's messages together, with no schedule running: the first day of a stage. */
export async function backfill({ config, arrivals, until }: Stream, batch: number): Promise<Tally> {
  const tally = new Tally();
  const organization = await BenchOrganization.open(config, (call) => tally.add(call));
  await organization.begin(until);
  const bySubject = Map.groupBy(arrivals, ({ body }) => /"subject":"([^"]*)"/.exec(body)?.[1]);
  const ordered = [...bySubject.values()].flat();
  for (let from = 0; from < ordered.length; from += batch) await organization.ingest(ordered.slice(from, from + batch));
  return tally;
}

/** A day of schedules for a stage that has taken in nothing. */
export async function idleDay({ config, until }: Stream): Promise<Tally> {
  const tally = new Tally();
  const organization = await BenchOrganization.open(config, (call) => tally.add(call));
  // From Saturday noon: few people get a digest.
  const from = until - 2 * DAY_MS;
  await organization.begin(from - DAY_MS);
  for (let at = Math.ceil(from / QUARTER_MS) * QUARTER_MS; at < from + DAY_MS; at += QUARTER_MS) {
    await tick(organization, at);
  }
  return tally;
}

async function tick(organization: BenchOrganization, at: Instant): Promise<void> {
  await organization.run('detect-breaches', at);
  await organization.run('write-reports', at);
  await organization.run('plan-mail', at);
  await organization.mail();
  if (at % DAY_MS === 0) await organization.run('retire-referrals', at);
}
