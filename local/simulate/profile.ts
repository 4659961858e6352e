import type { Person, Practice } from '../../shared/contracts/config.ts';
import { DAY_MS } from '../../shared/contracts/duration.ts';
import type { Priority } from '../../shared/contracts/vocabulary.ts';

/** What makes one simulated organization differ from another. The generator is the same for all. */

/** What a simulated organization can be like, other than usual: profiles.ts says what each is for. */
export const LIKENESSES = ['swamped', 'calm', 'small'] as const;
export type Likeness = (typeof LIKENESSES)[number];

/** A figure at the start and at the end of the period; it changes over the last 12 weeks. */
export type Drift = readonly [first: number, last: number];

export interface SitePlan {
  id: string;
  zone: string;
  /** Of all referrals, relative to the other sites. */
  share: number;
  /** Share of appointments that the patient misses. */
  noShow: Drift;
  /** How long its people take, relative to the organization's; without it as long. */
  pace?: Drift;
  escalateTo?: string;
  fallback?: string;
}

/** Somebody who works there. */
export type Colleague = Omit<Person, 'id' | 'role' | 'name' | 'email' | 'away'> & {
  /** Days from the end of the simulation, and the number of the deputy. */
  away?: { from: number; to: number; deputy: number } | undefined;
};

export interface Staff {
  coordinators: readonly Colleague[];
  liaisons: readonly Colleague[];
  leaders: readonly Colleague[];
}

/** How work gets done. 1 is as usual. */
export interface Ways {
  /** How long people take. */
  pace: number;
  /** How long patients wait for the first free date. */
  wait: number;
  /** How often something is forgotten, comes late or can't be reached. */
  lapses: number;
  /** How often patients say no, are turned away, aren't covered or go elsewhere. */
  losses: number;
  /** How often a referral is paused before anybody calls. */
  pauses: number;
}

/** What too much work does to referrals, each as the share of them that it happens to. */
export interface Overload {
  /** From some step on nobody goes on with it. */
  dropped: number;
  /** It is paused for hours, again and again. */
  flapping: number;
  /** Somebody acknowledges or snoozes some of its alerts. */
  marked: number;
}

export interface Profile {
  /** Referrals and weeks unless others are asked for. */
  size: { referrals: number; weeks: number };
  sites: readonly SitePlan[];
  practices: readonly Practice[];
  staff: Staff;
  updatesBy: 'coordinator' | 'liaison';
  priorities: Readonly<Record<Priority, number>>;
  ways: Ways;
  overload?: Overload;
  /** Refused lines, and the fewest referrals whose events come without them. */
  refused: number;
  orphans: number;
  /** Hours after which a feed without events is quiet, however often it says that it is alive; by its source. */
  eventsEveryHours: Readonly<Record<string, number>>;
  /** How many days before the end a feed's heartbeats and events stop, by its source. */
  quietDays: Readonly<Record<string, { heartbeats: number; events: number }>>;
}

const DRIFT_MS = 12 * 7 * DAY_MS;

/** The value of a figure that drifts, `until` being the end of the period. */
export function driftedTo(instant: number, [first, last]: Drift, until: number): number {
  const elapsed = Math.min(1, Math.max(0, 1 - (until - instant) / DRIFT_MS));
  return first + (last - first) * elapsed;
}
