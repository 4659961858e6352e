import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { loadConfig } from '../../local/cli/config.ts';
import type { Config } from '../../shared/contracts/config.ts';
import type { Instant } from '../../shared/contracts/instant.ts';
import { replayArrival } from '../../shared/intake/cloudevents.ts';
import type { Arrival } from './organization.ts';

const FOLDER = fileURLToPath(new URL('../streams/', import.meta.url));

/** A recorded stream: it stays what it is when the simulator learns something new. */
export interface Stream {
  config: Config;
  /** In order of arrival. */
  arrivals: Arrival[];
  until: Instant;
}

/** What `simulate --referrals N --weeks 10 --seed 1` wrote in November 2026, up to where that run ended. */
export async function recordedStream(referrals: 1000 | 4000): Promise<Stream> {
  const text = gunzipSync(readFileSync(`${FOLDER}organization-${referrals}.ndjson.gz`)).toString();
  const arrivals = text
    .split('\n')
    .filter((line) => line !== '')
    .map((body) => ({ body, arrivedAt: replayArrival(body) }));
  // A line that doesn't say when it arrived came with the one before it.
  let last: Instant = arrivals.find(({ arrivedAt }) => arrivedAt !== null)?.arrivedAt ?? 0;
  const dated = arrivals.map(({ body, arrivedAt }) => {
    last = arrivedAt ?? last;
    return { body, arrivedAt: last };
  });
  return {
    config: await loadConfig(`${FOLDER}config`),
    arrivals: dated.toSorted((a, b) => a.arrivedAt - b.arrivedAt),
    until: Date.parse('2026-06-01T11:30:00.000Z'),
  };
}
