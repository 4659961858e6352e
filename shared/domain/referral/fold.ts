import type { Config, Directory, PolicyVersion } from '../../contracts/config.ts';
import { ALERT_EVENT_TYPES, type LoopEvent } from '../../contracts/event.ts';
import { type Instant, parseInstant } from '../../contracts/instant.ts';
import type { AlertMark, Attempts, ReferralState } from '../../contracts/state.ts';
import type { Actor, Stage } from '../../contracts/vocabulary.ts';
import { calendarOf } from '../time/calendar.ts';
import { clocksOf } from './clocks.ts';
import { effectiveEvents } from './event-order.ts';
import { lacks, type ReferralFields, ruleFields } from './fields.ts';
import { pausesOf } from './pauses.ts';
import { matchedFields, versionAt } from './policy.ts';
import { type Timeline, timelineOf } from './timeline.ts';

const isMark = (event: LoopEvent): event is LoopEvent<(typeof ALERT_EVENT_TYPES)[number]> =>
  (ALERT_EVENT_TYPES as readonly string[]).includes(event.type);

/** The events of a log that a fold walks: those in force in order, of these all but alert events, of these the facts. */
export function factsOf(log: readonly LoopEvent[]): { effective: LoopEvent[]; heard: LoopEvent[]; facts: LoopEvent[] } {
  const effective = effectiveEvents(log);
  const heard = effective.filter((event) => !isMark(event));
  return { effective, heard, facts: heard.filter(({ type }) => type !== 'event.retracted') };
}

/**
 * Folds a referral's log into its state: whatever order, batching or repetition the events arrived in.
 * @param log every accepted event of the referral, in any order
 */
export function foldReferral(referralId: string, log: readonly LoopEvent[], config: Config): ReferralState {
  const { effective, heard, facts } = factsOf(log);
  const timeline = timelineOf(facts);
  const base = {
    referralId,
    stage: stageOf(timeline),
    facts: facts.length,
    logged: log.length,
    firstEventAt: facts[0]?.time ?? null,
    lastEventAt: heard.at(-1)?.time ?? null,
    marks: marksOf(effective),
  };
  if (timeline.received === null) return { ...base, ...NOTHING_KNOWN };
  const version = versionAt(config.policy, timeline.received.at);
  return { ...base, ...knownOf(timeline, facts, version, config.directory) };
}

type Known = Omit<
  ReferralState,
  'referralId' | 'stage' | 'facts' | 'logged' | 'firstEventAt' | 'lastEventAt' | 'marks'
>;

/** Until its `referral.received` comes a referral has no dimensions, end, clocks or attempts. */
const NOTHING_KNOWN: Known = {
  receivedAt: null,
  policyVersion: null,
  priority: null,
  specialty: null,
  site: null,
  practiceId: null,
  practiceName: null,
  providerNpi: null,
  hasProvider: false,
  patientId: null,
  initials: null,
  orderedAt: null,
  payer: null,
  tags: [],
  coordinatorId: null,
  liaisonId: null,
  endedAt: null,
  endReason: null,
  hasEvidence: false,
  clocks: [],
  pauses: [],
  active: [],
  noShows: [],
  completed: [],
  declines: [],
  attempts: { made: 0, phoneDays: 0, letters: 0 },
  lastAttemptAt: null,
  missing: [],
  incompleteAtReceipt: false,
  reachedAt: null,
  bookedAt: null,
  seenAt: null,
  noteAt: null,
};

function knownOf(timeline: Timeline, facts: readonly LoopEvent[], version: PolicyVersion, directory: Directory): Known {
  const { fields: dimensions, appointments } = timeline;
  const { practice } = dimensions;
  const pauses = pausesOf(facts, version.pauseCaps);
  return {
    receivedAt: timeline.received?.at ?? null,
    policyVersion: version.version,
    ...ruleFields(dimensions),
    tags: dimensions.tags ?? [],
    practiceId: practice?.id ?? null,
    practiceName: practice?.name || null,
    providerNpi: practice?.providerNpi || null,
    hasProvider: Boolean(practice?.providerNpi || practice?.providerName),
    patientId: dimensions.patient?.id ?? null,
    initials: dimensions.patient?.initials ?? null,
    orderedAt: dimensions.orderedAt ?? null,
    coordinatorId: dimensions.coordinatorId ?? null,
    liaisonId: dimensions.liaisonId ?? null,
    endedAt: timeline.end?.at ?? null,
    endReason: timeline.end?.reason ?? null,
    hasEvidence: timeline.end?.hasEvidence ?? false,
    clocks: clocksOf(timeline, version, directory, pauses),
    pauses,
    active: appointments.active,
    noShows: appointments.startsOf('no_show'),
    completed: appointments.startsOf('completed'),
    declines: timeline.declines,
    ...attemptsOf(facts, dimensions.site ?? null, directory),
    missing: missingOf(dimensions, version),
    incompleteAtReceipt: missingOf(atReceipt(timeline), version).length > 0,
    reachedAt: timeline.first.reached,
    bookedAt: timeline.first.booked,
    seenAt: timeline.first.seen,
    noteAt: timeline.first.note,
  };
}

/** Where a referral stands: the first row that holds (domain contract, section 3). */
function stageOf(timeline: Timeline): Stage {
  if (timeline.voided) return 'voided';
  if (timeline.received === null) return 'awaiting_referral';
  if (timeline.end !== null) return 'closed';
  if (timeline.first.note !== null) return 'loop_closed';
  if (timeline.first.seen !== null) return 'awaiting_note';
  if (timeline.appointments.active.length > 0) return 'scheduled';
  if (timeline.appointments.lost) return 'to_rebook';
  if (timeline.answer === 'referral.declined') return 'declined';
  if (timeline.first.reached !== null) return 'to_schedule';
  return 'to_contact';
}

const ACTS_NEXT: Record<Stage, Actor> = {
  voided: 'nobody',
  awaiting_referral: 'operations',
  closed: 'nobody',
  loop_closed: 'nobody',
  awaiting_note: 'coordinator',
  scheduled: 'site',
  to_rebook: 'coordinator',
  declined: 'liaison',
  to_schedule: 'coordinator',
  to_contact: 'coordinator',
};

export function actsNext(stage: Stage): Actor {
  return ACTS_NEXT[stage];
}

/** Received, and neither voided nor closed nor its loop closed. */
export function isOpen({ receivedAt, stage }: Pick<ReferralState, 'receivedAt' | 'stage'>): boolean {
  return receivedAt !== null && stage !== 'voided' && stage !== 'closed' && stage !== 'loop_closed';
}

function attemptsOf(
  facts: readonly LoopEvent[],
  site: string | null,
  directory: Directory,
): { attempts: Attempts; lastAttemptAt: Instant | null } {
  const calendar = calendarOf(directory, site);
  const made = facts.filter((event) => event.type === 'contact.attempted');
  const phoned = made.filter(({ data }) => data.channel === 'phone');
  return {
    attempts: {
      made: made.length,
      phoneDays: new Set(phoned.map(({ time }) => calendar.dayOf(time))).size,
      letters: made.filter(({ data }) => data.channel === 'letter' || data.channel === 'portal').length,
    },
    lastAttemptAt: made.at(-1)?.time ?? null,
  };
}

/** The dimensions that the first `referral.received` left: what came in with it, or before it by the sender's clock. */
function atReceipt({ received, fieldChanges: dimensionChanges }: Timeline): ReferralFields {
  return dimensionChanges.find(({ place }) => place === received?.place)?.dimensions ?? {};
}

function missingOf(dimensions: ReferralFields, version: PolicyVersion): string[] {
  const matching = (version.required ?? []).filter(
    ({ match }) => matchedFields(match, ruleFields(dimensions)) !== null,
  );
  const fields = new Set(matching.flatMap(({ fields }) => fields));
  return [...fields].filter((field) => lacks(dimensions, field));
}

/** The latest acknowledgement and the latest snooze of each alert that was named. */
function marksOf(events: readonly LoopEvent[]): AlertMark[] {
  const latest = new Map<string, AlertMark>();
  for (const event of events.filter(isMark)) {
    const { kind, by } = event.data;
    const instance = event.data.instance ?? null;
    const until = event.type === 'alert.snoozed' ? parseInstant(event.data.until) : null;
    latest.set(`${event.type} ${kind} ${instance}`, { kind, instance, at: event.time, by, until });
  }
  return [...latest.values()];
}
