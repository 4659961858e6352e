import type { Config, Directory, PolicyVersion } from '../../contracts/config.ts';
import { DAY_MS } from '../../contracts/duration.ts';
import { type EventAbout, isAbout, type LoopEvent } from '../../contracts/event.ts';
import { type Instant, parseInstant } from '../../contracts/instant.ts';
import type { AlertMark, ReferralState } from '../../contracts/state.ts';
import type { SiteCalendar } from '../time/calendar.ts';
import { attemptsOf } from './attempts.ts';
import { clocksOf } from './clocks.ts';
import { factsOf } from './facts.ts';
import { lacks, type ReferralFields, ruleFields } from './fields.ts';
import { pausesOf } from './pauses.ts';
import { matchedFields, versionAt } from './policy.ts';
import { stageOf } from './stage.ts';
import { type Timeline, timelineOf } from './timeline.ts';

/**
 * Folds a referral's log into its state, in whatever order, batches or repetition the events arrived.
 * @param log every accepted event of the referral, in any order
 */
export function foldReferral(referralId: string, log: readonly LoopEvent[], config: Config): ReferralState {
  const sorted = factsOf(log, config.directory);
  const { effective, heard, facts, notesBefore, calendar } = sorted;
  const timeline = timelineOf(sorted);
  // Also those that a visit undid since: the referral has been known from the first on.
  const told = heard.filter((event) => isAbout(event, 'referral'));
  const firstEventAt = told[0]?.time ?? null;
  const version = versionAt(config.policy, timeline.received?.at ?? firstEventAt ?? 0);
  const stage = stageOf(timeline);
  const base = {
    referralId,
    stage,
    facts: facts.length,
    logged: log.length,
    firstEventAt,
    lastEventAt: heard.at(-1)?.time ?? null,
    lastEvent: stage === 'awaiting_referral' ? lastEventOf(told) : null,
    marks: marksOf(effective, version),
  };
  if (timeline.received === null) return { ...base, ...NOTHING_KNOWN };
  const known = knownOf(timeline, version, config.directory, calendar);
  return { ...base, ...known, noteBeforeReferral: notesBefore.length > 0 };
}

function lastEventOf(told: readonly LoopEvent[]): ReferralState['lastEvent'] {
  const last = told.at(-1);
  return last ? { source: last.source, type: last.type, at: last.time } : null;
}

type Known = Omit<
  ReferralState,
  'referralId' | 'stage' | 'facts' | 'logged' | 'firstEventAt' | 'lastEventAt' | 'lastEvent' | 'marks'
>;

/** A referral has no fields, end, clocks or attempts until its `referral.received` comes. */
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
  over: [],
  visitLostAt: null,
  reopenedAt: null,
  declines: [],
  attempts: { made: 0, phoneDays: 0, letters: 0, wrongNumbers: 0 },
  lastAttemptAt: null,
  lastNumberWrong: false,
  callbackAt: null,
  missing: [],
  incompleteAtReceipt: false,
  reachedAt: null,
  bookedAt: null,
  seenAt: null,
  noteAt: null,
  laterNotes: [],
  noteBeforeReferral: false,
  newsAfterEnd: null,
};

function knownOf(
  timeline: Timeline,
  version: PolicyVersion,
  directory: Directory,
  calendar: SiteCalendar,
): Omit<Known, 'noteBeforeReferral'> {
  const { fields, appointments } = timeline;
  const { practice } = fields;
  const [noteAt = null, ...laterNotes] = timeline.notes;
  const pauses = pausesOf(timeline.pauseTurns, version.pauseCaps);
  return {
    receivedAt: timeline.received?.at ?? null,
    policyVersion: version.version,
    ...ruleFields(fields),
    tags: fields.tags ?? [],
    practiceId: practice?.id ?? null,
    practiceName: practice?.name || null,
    providerNpi: practice?.providerNpi || null,
    hasProvider: Boolean(practice?.providerNpi || practice?.providerName),
    patientId: fields.patient?.id ?? null,
    initials: fields.patient?.initials ?? null,
    orderedAt: fields.orderedAt ?? null,
    coordinatorId: fields.coordinatorId ?? null,
    liaisonId: fields.liaisonId ?? null,
    endedAt: timeline.end?.at ?? null,
    endReason: timeline.end?.reason ?? null,
    hasEvidence: timeline.end?.hasEvidence ?? false,
    clocks: clocksOf(timeline, version, directory, pauses),
    pauses,
    active: appointments.active,
    noShows: appointments.noShows,
    completed: appointments.startsOf('completed'),
    over: appointments.startsOf('over'),
    visitLostAt: timeline.visitLostAt,
    reopenedAt: timeline.reopenedAt,
    declines: timeline.declines,
    ...attemptsOf(timeline.attempts, calendar),
    callbackAt: timeline.callbackAt,
    missing: missingOf(fields, version),
    incompleteAtReceipt: missingOf(atReceipt(timeline), version).length > 0,
    reachedAt: timeline.first.reached,
    bookedAt: timeline.first.booked,
    seenAt: timeline.first.seen,
    noteAt,
    laterNotes,
    newsAfterEnd: newsOf(timeline),
  };
}

/** When the first and the last thing was heard that belongs to another referral. Null: nothing was. */
function newsOf({ news }: Timeline): ReferralState['newsAfterEnd'] {
  const [first, last] = [news[0], news.at(-1)];
  return first && last ? { firstAt: first.time, lastAt: last.time } : null;
}

/** The fields as the first `referral.received` left them: what came with it, or before it by the sender's clock. */
function atReceipt({ received, fieldChanges }: Timeline): ReferralFields {
  return fieldChanges.find(({ place }) => place === received?.place)?.fields ?? {};
}

/** The fields that the policy requires of such a referral and that it lacks. */
function missingOf(fields: ReferralFields, version: PolicyVersion): string[] {
  const matching = (version.required ?? []).filter(({ match }) => matchedFields(match, ruleFields(fields)) !== null);
  const required = new Set(matching.flatMap((rule) => rule.fields));
  return [...required].filter((field) => lacks(fields, field));
}

/** The latest acknowledgement and the latest snooze of each alert that was named, or of all. */
function marksOf(events: readonly LoopEvent[], { snoozeCapDays }: PolicyVersion): AlertMark[] {
  const latest = new Map<string, AlertMark>();
  for (const event of events.filter((each) => isAbout(each, 'alert'))) {
    const { kind, by } = event.data;
    const instance = event.data.instance ?? null;
    const until = hiddenUntil(event, snoozeCapDays * DAY_MS);
    const key = `${event.type} ${kind} ${instance}`;
    latest.delete(key);
    latest.set(key, { kind, instance, at: event.time, by, until });
  }
  return [...latest.values()];
}

/** Until when a mark hides its alert, for so many ms at most; null if it doesn't. */
function hiddenUntil(event: EventAbout<'alert'>, capMs: number): Instant | null {
  switch (event.type) {
    case 'alert.acknowledged':
      return null;
    case 'alert.snoozed':
      return Math.min(parseInstant(event.data.until) ?? event.time, event.time + capMs);
  }
}
