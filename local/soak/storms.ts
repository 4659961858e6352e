import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../shared/contracts/duration.ts';
import type { Instant } from '../../shared/contracts/instant.ts';
import type { Random } from '../simulate/random.ts';
import { FAIR, type Service, type Weather } from './fault-layer.ts';

/** A time in which much goes wrong. */
export interface Storm {
  from: Instant;
  to: Instant;
  weather: Weather;
}

const STORMS_A_WEEK = 2;
/** Something goes wrong at all times: a few calls of a thousand. */
const USUAL: Weather = { ...FAIR, rate: 0.002 };
const LONGEST_HOURS = 6;

/** The storms of some weeks, earliest first. Every other begins in the hours in which digests are made. */
export function stormsOf(from: Instant, to: Instant, random: Random): Storm[] {
  const count = Math.max(2, Math.round(((to - from) / (7 * DAY_MS)) * STORMS_A_WEEK));
  const storms = Array.from({ length: count }, (_, index): Storm => {
    const lasts = random.int(2, LONGEST_HOURS * 4) * 15 * MINUTE_MS;
    const anywhere = random.between(from, to - lasts);
    const day = Math.floor(anywhere / DAY_MS) * DAY_MS;
    const begins = index % 2 === 0 ? anywhere : Math.max(from, day + random.between(10, 13) * HOUR_MS);
    return { from: begins, to: Math.min(to, begins + lasts), weather: weatherOf(random) };
  });
  return storms.sort((a, b) => a.from - b.from);
}

function weatherOf(random: Random): Weather {
  const kind = random.weighted({ noise: 5, outage: 2, config: 1, dark: 1 });
  const storm = { ...FAIR, jitter: true };
  switch (kind) {
    case 'noise':
      return { ...storm, rate: random.between(0.005, 0.2), configRate: 0.02 };
    case 'outage':
      return { ...storm, rate: 0.01, down: [random.pick<Service>(['dynamodb', 'sqs', 'ses'])] };
    case 'config':
      return { ...storm, rate: 0.01, configRate: 0.6 };
    case 'dark':
      return { ...storm, down: ['dynamodb', 'sqs', 'ses'] };
  }
}

/** What goes wrong at an instant: nothing before the first storm and after the last. */
export function weatherAt(storms: readonly Storm[], at: Instant): Weather {
  const storm = storms.find(({ from, to }) => at >= from && at <= to);
  if (storm) return storm.weather;
  const [first, last] = [storms[0], storms.at(-1)];
  return first && last && at > first.from && at < last.to ? USUAL : FAIR;
}
