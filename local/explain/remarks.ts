import type { Config } from '../../shared/contracts/config.ts';
import type { LoopEvent } from '../../shared/contracts/event.ts';
import { formatInstant, type Instant, parseInstant } from '../../shared/contracts/instant.ts';
import type { ReferralState } from '../../shared/contracts/state.ts';
import type { AppointmentEffect } from '../../shared/domain/referral/appointments.ts';
import type { Facts } from '../../shared/domain/referral/facts.ts';
import type { Timeline } from '../../shared/domain/referral/timeline.ts';

/**
 * The rules at work on an event that its effects alone don't show: why a no-show starts nothing, of which appointment a
 * visit was. Instants stand in them as ISO 8601 UTC.
 */
export function remarksOn(
  event: LoopEvent,
  { facts, timeline, state }: { facts: Facts; timeline: Timeline; state: ReferralState },
  { directory }: Config,
): string[] {
  const again = facts.restated.get(event);
  if (again)
    return [`says again what ${event.entity} said on ${formatInstant(again.time)}: changes nothing, counts nowhere`];
  const undone = facts.undone.find((each) => each.event === event);
  if (undone) return [`undone by the visit of ${formatInstant(undone.by.time)}: counts as if it had never been sent`];
  if (facts.notesBefore.some((each) => each === event)) {
    return ['this note is dated before the order: it is of another referral and closes nothing'];
  }
  if (timeline.news.some((each) => each === event)) {
    return [`news on a referral that ended as ${timeline.end?.reason}: it belongs to another one`];
  }
  switch (event.type) {
    case 'contact.attempted':
      return contactRemarks(event);
    case 'referral.declined':
      return event.data.reason === 'other' ? ['a reason of their own, or none, counts as other'] : [];
    case 'appointment.scheduled':
    case 'appointment.rescheduled':
    case 'appointment.cancelled':
    case 'appointment.no_show':
      return effectRemarks(timeline.appointments.effectOf(event));
    case 'visit.arrived':
    case 'visit.completed': {
      const undoes = facts.undone.filter(({ by }) => by === event).map((each) => ending(each.event));
      return [
        ...undoes.map((text) => `undoes the ${text}`),
        ...visitRemarks(event, timeline.appointments.effectOf(event)),
      ];
    }
    case 'referral.closed':
      return event.data.reason === 'unspecified' ? ['no known reason was given: counts as unspecified'] : [];
    case 'alert.acknowledged':
      return ['holds up to the level that the alert had then'];
    case 'alert.snoozed':
      return snoozeRemarks(event, state);
    case 'referral.received':
      return beforeLive(event.time, directory.organization.liveFrom);
    default:
      return [];
  }
}

function contactRemarks({ data }: LoopEvent<'contact.attempted'>): string[] {
  const { channel, outcome, nextAttemptAt } = data;
  const own = [channel === 'other' ? 'channel' : null, outcome === 'other' ? 'outcome' : null].filter(Boolean);
  return [
    ...(own.length === 0
      ? []
      : [`${own.length === 1 && own[0] === 'outcome' ? 'an' : 'a'} ${own.join(' and ')} of their own counts as other`]),
    ...(outcome === 'wrong_number' ? ['a wrong number is no attempt, though it stops first_attempt'] : []),
    ...(outcome === 'declined' ? ['the patient said no: the referral is to be closed unless something changes'] : []),
    ...(nextAttemptAt == null ? [] : [`the next attempt is promised for ${nextAttemptAt}`]),
  ];
}

function effectRemarks(effect: AppointmentEffect | null): string[] {
  switch (effect?.is) {
    case 'restatement':
      return ['says again what was: it books nothing'];
    case 'former_slot': {
      const slot = effect.startsAt === null ? 'a slot' : `the slot of ${formatInstant(effect.startsAt)}`;
      const counts = effect.counts ? 'counts as one in the figures' : 'left before it began: counts nowhere';
      return [`this no-show belongs to ${slot}, which was moved or replaced: it starts nothing, ${counts}`];
    }
    case 'loss':
      return effect.over.map((id) => `${id} is over: its time has passed and nothing was heard of it`);
    case 'void':
      return [`that appointment was ${STATUS[effect.status] ?? effect.status} before: changes nothing`];
    default:
      return [];
  }
}

const STATUS: Record<string, string> = { no_show: 'missed', completed: 'kept' };

function visitRemarks({ data }: LoopEvent<'visit.arrived' | 'visit.completed'>, effect: AppointmentEffect | null) {
  if (data.appointmentId != null || effect?.is !== 'visit') return [];
  return [effect.appointmentId === null ? 'of no appointment that is known' : `of appointment ${effect.appointmentId}`];
}

function snoozeRemarks({ time, data }: LoopEvent<'alert.snoozed'>, { marks }: ReferralState): string[] {
  const mark = marks.find(({ at, kind, until }) => at === time && kind === data.kind && until !== null);
  if (!mark || mark.until === null || mark.until >= (parseInstant(data.until) ?? 0)) return [];
  return [`capped by the policy: hidden until ${formatInstant(mark.until)}`];
}

function ending({ type, time }: LoopEvent): string {
  return `${type === 'appointment.no_show' ? 'no-show' : 'cancellation'} of ${formatInstant(time)}`;
}

function beforeLive(receivedAt: Instant, liveFrom: string | undefined): string[] {
  const live = liveFrom === undefined ? null : parseInstant(liveFrom);
  if (live === null || receivedAt >= live) return [];
  return [`what was due before ${liveFrom} is history: it has no alert`];
}
