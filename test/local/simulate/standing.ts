import type { Simulation } from '../../../local/simulate/simulate.ts';
import type { LoopEvent } from '../../../shared/contracts/event.ts';
import type { Instant } from '../../../shared/contracts/instant.ts';
import type { ReferralState } from '../../../shared/contracts/state.ts';
import { type Holding, holdingAt } from '../../../shared/domain/alert/detect.ts';
import { foldReferral } from '../../../shared/domain/referral/fold.ts';
import { ownersOf } from '../../../shared/domain/referral/owners.ts';
import { readCloudEvent, replayArrival } from '../../../shared/intake/cloudevents.ts';

/** Where one referral stands at an instant: its state, whose it is, and the alerts that hold. */
export interface Standing {
  state: ReferralState;
  coordinatorId: string | null;
  liaisonId: string | null;
  alerts: Holding[];
}

/** Where all referrals of a simulation stand at an instant, by what had arrived: the fold and the alerts, without mail. */
export function standingsAt({ lines, policy, directory }: Simulation, now: Instant): Standing[] {
  const config = { policy, directory };
  return [...logsOf(lines, now)].map(([referralId, log]) => {
    const state = foldReferral(referralId, log, config);
    return {
      state,
      ...ownersOf(state, directory),
      alerts: holdingAt(state, config, now),
    };
  });
}

function logsOf(lines: readonly string[], now: Instant): Map<string, LoopEvent[]> {
  const seen = new Set<string>();
  const accepted = lines.flatMap((line) => {
    const arrival = replayArrival(line);
    if (arrival === null || arrival > now) return [];
    const read = readCloudEvent(line, arrival);
    if ('refusal' in read) return [];
    const key = `${read.event.subject} ${read.event.source} ${read.event.id}`;
    if (seen.has(key) || !read.event.subject.startsWith('R-')) return [];
    seen.add(key);
    return [read.event];
  });
  return Map.groupBy(accepted, ({ subject }) => subject);
}

/** The alerts of a referral that are breached or escalated. */
export const breachesOf = ({ alerts }: Standing): Holding[] => alerts.filter(({ level }) => level !== 'at_risk');
