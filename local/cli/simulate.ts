import { formatInstant, type Instant } from '../../shared/contracts/instant.ts';
import type { Likeness } from '../simulate/profile.ts';
import { sizeOf } from '../simulate/profiles.ts';
import { type Simulation, simulate } from '../simulate/simulate.ts';
import { writeSimulation } from '../simulate/write.ts';
import type { Print } from './print.ts';

export interface SimulateOptions {
  like?: Likeness;
  /** Without them as many as an organization like that has. */
  referrals?: number;
  weeks?: number;
  seed: number;
  out: string;
  until: Instant;
  json?: boolean;
}

/** Invents an organization and its events, writes both, and prints how many there are. */
export function writeEvents(options: SimulateOptions, print: Print): void {
  const simulation = simulate({ ...options, ...sizeOf(options) });
  const { file, config } = writeSimulation(simulation, options.out);
  const written = { file, config, until: formatInstant(options.until), ...countsOf(simulation) };
  if (options.json) print(JSON.stringify(written));
  else print(`${written.events} events of ${written.referrals} referrals: ${file}, configuration: ${config}`);
}

function countsOf({ events, lines }: Simulation) {
  const received = new Set(events.filter(({ type }) => type === 'referral.received').map(({ subject }) => subject));
  return { referrals: received.size, events: events.length, refused: lines.length - events.length };
}
