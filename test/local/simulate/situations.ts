import type { CloudEvent } from '../../../local/simulate/chronicle.ts';
import type { Simulation } from '../../../local/simulate/simulate.ts';
import { DAY_MS, HOUR_MS } from '../../../shared/contracts/duration.ts';
import {
  CLOSE_REASON_CLASS,
  CLOSE_REASONS,
  CONTACT_CHANNELS,
  CONTACT_OUTCOMES,
  DECLINE_REASONS,
} from '../../../shared/contracts/vocabulary.ts';
import { instant } from './tally.ts';

/** Situations that a simulation must bring about, found in what it sends. */

/** Fields of the data of all event types, as far as situations ask for them. */
type Data = Partial<Record<string, string>>;
const dataOf = (event: CloudEvent) => event.data as Data;
/** A call promised as null isn't promised. */
const promisedBy = (event: CloudEvent) => dataOf(event).nextAttemptAt ?? undefined;
const time = ({ time: text }: CloudEvent) => instant(text);
const startOf = (event: CloudEvent) => instant(dataOf(event).startsAt ?? '');
const idOf = (event: CloudEvent) => dataOf(event).appointmentId;
const isBooking = ({ type }: CloudEvent) => type === 'appointment.scheduled' || type === 'appointment.rescheduled';
const isVisit = ({ type }: CloudEvent) => type.startsWith('visit.');
const is = (type: string) => (event: CloudEvent) => event.type === type;
const isUnknown = (words: readonly string[], word: string | null | undefined) =>
  typeof word === 'string' && !words.includes(word);

/** One referral's events in the fold's order, and what has been before and comes after one of them. */
type Story = readonly CloudEvent[];
type InStory = (event: CloudEvent, before: Story, after: Story) => boolean;

/** Whether there is an event of which a condition holds. */
const some =
  (holds: InStory) =>
  (story: Story): boolean =>
    story.some((event, index) => holds(event, story.slice(0, index), story.slice(index + 1)));

const lastBooking = (before: Story, id: string | undefined) =>
  before.findLast((event) => isBooking(event) && idOf(event) === id);
const ended = (before: Story, classes: readonly string[]) => {
  const end = before.findLast(({ type }) => ['referral.closed', 'referral.reopened'].includes(type));
  const reason = end && (dataOf(end).reason as keyof typeof CLOSE_REASON_CLASS);
  return reason !== undefined && classes.includes(CLOSE_REASON_CLASS[reason]);
};
/** A booking or restatement of a routine referral's visit well after the promised four weeks. */
const isLate = (event: CloudEvent, before: Story) => {
  const received = before.find(is('referral.received'));
  return isBooking(event) && received !== undefined && startOf(event) > time(received) + 32 * DAY_MS;
};
/** A booking again as it was, after something happened to the appointment. */
const restatedAfter =
  (happened: (event: CloudEvent, booking: CloudEvent) => boolean): InStory =>
  (event, before) => {
    if (!isBooking(event) || startOf(event) > time(event)) return false;
    const first = before.findIndex(
      (one) => isBooking(one) && idOf(one) === idOf(event) && startOf(one) === startOf(event),
    );
    return first >= 0 && before.slice(first + 1).some((one) => happened(one, event));
  };

/** In one referral's events. */
export const IN_STORIES: Record<string, (story: Story) => boolean> = {
  'a booking stated again, unchanged': some(
    (event, before) =>
      isBooking(event) && JSON.stringify(lastBooking(before, idOf(event))?.data) === JSON.stringify(event.data),
  ),
  'a booking stated again after it was missed': some(
    restatedAfter((one, booking) => one.type === 'appointment.no_show' && idOf(one) === idOf(booking)),
  ),
  'a booking stated again after another replaced it': some(
    restatedAfter((one, booking) => dataOf(one).previousAppointmentId === idOf(booking)),
  ),
  'a booking stated again after it was cancelled': some(
    restatedAfter((one, booking) => one.type === 'appointment.cancelled' && idOf(one) === idOf(booking)),
  ),
  'a cancelled appointment reinstated before its start': some(
    (event, before) =>
      isBooking(event) &&
      startOf(event) > time(event) &&
      before.findLast((one) => idOf(one) === idOf(event))?.type === 'appointment.cancelled',
  ),
  'a no-show of a start that was moved before it, the id kept': some((event, before) => {
    const booking = lastBooking(before, idOf(event));
    return is('appointment.no_show')(event) && booking !== undefined && startOf(booking) > time(event);
  }),
  'a no-show of a start that was moved after it had passed': some((event, before) => {
    if (!is('appointment.no_show')(event)) return false;
    const move = before.findLast(is('appointment.rescheduled'));
    const old = before.find((one) => isBooking(one) && idOf(one) === idOf(event));
    return move !== undefined && old !== undefined && startOf(old) <= time(move) && startOf(move) > time(event);
  }),
  'a no-show of a replaced appointment': some(
    (event, before) =>
      is('appointment.no_show')(event) && before.some((one) => dataOf(one).previousAppointmentId === idOf(event)),
  ),
  'an arrival after a no-show': some(
    (event, before) =>
      is('visit.arrived')(event) &&
      before.some(
        (one) => is('appointment.no_show')(one) && time(event) - time(one) < HOUR_MS && idOf(one) === idOf(event),
      ),
  ),
  'a visit without an id after a no-show': some(
    (event, before) =>
      isVisit(event) &&
      !idOf(event) &&
      before.some((one) => is('appointment.no_show')(one) && time(event) - time(one) < HOUR_MS),
  ),
  'a completed visit after a no-show, without an arrival': some(
    (event, before) =>
      is('visit.completed')(event) &&
      before.findLast((one) => idOf(one) === idOf(event) && !isBooking(one))?.type === 'appointment.no_show',
  ),
  'an arrival whose outcome never comes': some(
    (event, _before, after) =>
      is('visit.arrived')(event) && after.every((one) => !one.type.startsWith('visit.') && !isBooking(one)),
  ),
  'a visit without an appointment id': some((event) => isVisit(event) && !idOf(event)),
  'a missed appointment beside an older one without outcome': some(
    (event, before) =>
      is('appointment.no_show')(event) &&
      before.some(
        (one, index) =>
          is('appointment.scheduled')(one) &&
          idOf(one) !== idOf(event) &&
          startOf(one) < time(event) &&
          before.slice(index + 1).every((other) => idOf(other) !== idOf(one) && !is('appointment.rescheduled')(other)),
      ),
  ),
  'a wrong number': some((event) => dataOf(event).outcome === 'wrong_number'),
  'a wrong number last': some(
    (event, _before, after) => dataOf(event).outcome === 'wrong_number' && !after.some(is('contact.attempted')),
  ),
  'a promised call that was made': some((event, _before, after) => {
    const next = after.find(is('contact.attempted'));
    const promised = promisedBy(event);
    return promised !== undefined && next !== undefined && time(next) <= instant(promised);
  }),
  'a promised call that came late': some((event, _before, after) => {
    const next = after.find(is('contact.attempted'));
    const promised = promisedBy(event);
    return promised !== undefined && next !== undefined && time(next) > instant(promised) + HOUR_MS;
  }),
  'a promised call that nobody made': some((event, _before, after) => {
    const promised = promisedBy(event);
    const last = Math.max(...after.map(time));
    return (
      promised !== undefined &&
      last > instant(promised) + DAY_MS &&
      !after.some((one) => is('contact.attempted')(one) || isBooking(one))
    );
  }),
  'a patient who declined, closed within days': some(
    (event, _before, after) =>
      dataOf(event).outcome === 'declined' &&
      after.some((one) => dataOf(one).reason === 'patient_declined' && time(one) < time(event) + 7 * DAY_MS),
  ),
  'a patient who declined, closed weeks later': some(
    (event, _before, after) =>
      dataOf(event).outcome === 'declined' &&
      after.some((one) => dataOf(one).reason === 'patient_declined' && time(one) > time(event) + 7 * DAY_MS),
  ),
  'a patient who declined, not closed': some(
    (event, _before, after) =>
      dataOf(event).outcome === 'declined' && !after.some((one) => is('referral.closed')(one) || isBooking(one)),
  ),
  'a patient who declined after a missed or cancelled appointment': some(
    (event, before) => dataOf(event).outcome === 'declined' && before.some(isBooking),
  ),
  'a patient who thinks better of it': some(
    (event, _before, after) => dataOf(event).outcome === 'declined' && after.some(isBooking),
  ),
  'two events of the same minute in the order of recording, not of ids': some((event, before) => {
    const last = before.at(-1);
    return (
      last !== undefined &&
      last.source === event.source &&
      time(last) === time(event) &&
      last.id > event.id &&
      recorded(last) < recorded(event)
    );
  }),
  'two events of the same minute recorded at the same second': some((event, before) => {
    const last = before.at(-1);
    return (
      last !== undefined &&
      last.source === event.source &&
      time(last) === time(event) &&
      recorded(last) === recorded(event)
    );
  }),
  'an appointment moved by a cancellation and a booking of the same minute': some((event, before) => {
    const last = before.at(-1);
    return isBooking(event) && last !== undefined && is('appointment.cancelled')(last) && time(last) === time(event);
  }),
  'numeric ids of one digit and of two': (story) =>
    story.some(({ id }) => /^\d$/.test(id)) && story.some(({ id }) => /^\d\d$/.test(id)),
  'a closing without a reason': some((event) => is('referral.closed')(event) && dataOf(event).reason == null),
  'a closing with a reason of their own': some(
    (event) => is('referral.closed')(event) && isUnknown(CLOSE_REASONS, dataOf(event).reason),
  ),
  'a refusal without a reason': some((event) => is('referral.declined')(event) && dataOf(event).reason == null),
  'a refusal with a reason of their own': some(
    (event) => is('referral.declined')(event) && isUnknown(DECLINE_REASONS, dataOf(event).reason),
  ),
  'a contact by a channel of their own': some(
    (event) => is('contact.attempted')(event) && isUnknown(CONTACT_CHANNELS, dataOf(event).channel),
  ),
  'a contact with an outcome of their own': some(
    (event) => is('contact.attempted')(event) && isUnknown(CONTACT_OUTCOMES, dataOf(event).outcome),
  ),
  'a note dated days before the order': some(
    (event, _before, after) =>
      is('note.received')(event) &&
      after.some((one) => {
        const ordered = instant(dataOf(one).orderedAt ?? '') || time(one);
        return is('referral.received')(one) && time(event) < Math.min(ordered, time(one)) - 2 * DAY_MS;
      }),
  ),
  'a note dated hours before the order': some(
    (event, _before, after) =>
      is('note.received')(event) &&
      after.some((one) => is('referral.received')(one) && time(event) > time(one) - DAY_MS),
  ),
  'an order known by its date alone': some((event) => /^\d{4}-\d\d-\d\d$/.test(dataOf(event).orderedAt ?? '')),
  'a booking or visit after an end of class exclusion': some(
    (event, before) => (isBooking(event) || isVisit(event)) && ended(before, ['exclusion']),
  ),
  'a booking or visit after an end of class other care': some(
    (event, before) => (isBooking(event) || isVisit(event)) && ended(before, ['other_care']),
  ),
  'a booking or visit after an end of class exclusion or other care': some(
    (event, before) => (isBooking(event) || isVisit(event)) && ended(before, ['exclusion', 'other_care']),
  ),
  'a note after a closing as duplicate, entered in error or test': some(
    (event, before) => is('note.received')(event) && ended(before, ['exclusion']),
  ),
  'a note after an end of class other care': some(
    (event, before) => is('note.received')(event) && ended(before, ['other_care']),
  ),
  'a duplicate that names the referral that goes on': some((event) => dataOf(event).duplicateOf !== undefined),
  'all alerts acknowledged': some((event) => is('alert.acknowledged')(event) && dataOf(event).kind === 'all'),
  'all alerts snoozed': some((event) => is('alert.snoozed')(event) && dataOf(event).kind === 'all'),
  'one alert snoozed': some((event) => is('alert.snoozed')(event) && dataOf(event).kind !== 'all'),
  'a snooze for longer than 30 days': some(
    (event) => is('alert.snoozed')(event) && instant(dataOf(event).until ?? '') > time(event) + 30 * DAY_MS,
  ),
  'a note alert acknowledged at risk, and breached after that': some((event, before, after) => {
    const seen = before.find(is('visit.completed'));
    return (
      is('alert.acknowledged')(event) &&
      ['note', 'all'].includes(dataOf(event).kind ?? '') &&
      seen !== undefined &&
      time(event) > time(seen) + 8 * DAY_MS &&
      time(event) < time(seen) + 14 * DAY_MS &&
      !before.some(is('note.received')) &&
      after.some((one) => time(one) > time(seen) + 16 * DAY_MS) &&
      !after.some(is('note.received'))
    );
  }),
  'a late booking that nobody says the patient chose': some(
    (event, before, after) =>
      isLate(event, before) && !after.some((one) => dataOf(one).patientChoice) && !dataOf(event).patientChoice,
  ),
  'a late booking that the patient chose': some(
    (event, before) => isLate(event, before) && Boolean(dataOf(event).patientChoice),
  ),
  'a late booking whose restatement says that the patient chose': some(
    (event, before) =>
      isLate(event, before) &&
      Boolean(dataOf(event).patientChoice) &&
      before.some((one) => isBooking(one) && !dataOf(one).patientChoice && startOf(one) === startOf(event)),
  ),
};

const recorded = (event: CloudEvent) => instant(event.recordedtime ?? event.time);

type Directory = Simulation['directory'];
const absences = ({ people }: Directory) =>
  people.flatMap(({ away = [], ...person }) => away.map((absence) => ({ person, ...absence })));

/** In the directory. */
export const IN_DIRECTORIES: Record<string, (directory: Directory, until: number) => boolean> = {
  'a site closed at noon': ({ sites }) =>
    sites.some(({ hours }) => JSON.stringify(hours ?? {}).includes('"12:00"],["13:00"')),
  'a site open until midnight': ({ sites }) => sites.some(({ hours }) => JSON.stringify(hours ?? {}).includes('24:00')),
  'a holiday that falls on a workday of the period': ({ sites }, until) =>
    sites.some(({ holidays = [] }) =>
      holidays.some((date) => Date.parse(date) < until && Date.parse(date) > until - 70 * DAY_MS),
    ),
  'a coordinator whose deputy is there': (directory) =>
    absences(directory).some(({ deputyId }) => !absences(directory).some(({ person }) => person.id === deputyId)),
  'a coordinator whose deputy is away': (directory) =>
    absences(directory).some(({ from, to, deputyId }) =>
      absences(directory).some((other) => other.person.id === deputyId && other.from <= to && other.to >= from),
    ),
  'a digest at another time than 07:00': ({ people }) => people.some(({ digestAt = '07:00' }) => digestAt !== '07:00'),
  'somebody with the holidays of a site': ({ people }) => people.some(({ holidaysOf }) => holidaysOf !== undefined),
  'a feed that must send events': ({ feeds = [] }) =>
    feeds.some(({ eventsEveryHours }) => eventsEveryHours !== undefined),
  'a sensitive specialty in another case': ({ organization }) =>
    organization.sensitiveSpecialties.includes('Behavioral_Health'),
  'alerts from a day within the period on': ({ organization: { liveFrom } }, until) =>
    liveFrom !== undefined && instant(liveFrom) < until && instant(liveFrom) > until - 70 * DAY_MS,
};
