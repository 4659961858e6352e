import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../shared/contracts/duration.ts';
import { formatInstant, type Instant } from '../../shared/contracts/instant.ts';
import type { Chronicle, DataSent } from './chronicle.ts';
import { isWorkday } from './local-time.ts';
import { mark } from './steps.ts';

/** Appointments as the scheduling system tells of them: booked, moved, stated again, marked missed by a nightly run. */

export interface Booking {
  id: string;
  startsAt: Instant;
  /** How it was told last. */
  type: 'appointment.scheduled' | 'appointment.rescheduled';
  data: DataSent<'appointment.scheduled'> & { previousAppointmentId?: string };
}

export const entity = ({ id }: { id: string }) => ({ entity: `Appointment/${id}` });

/** The median number of days to the first free date. */
const LEAD_DAYS = { routine: 17, urgent: 2.2, asap: 0.6, stat: 0.5 };
/** About how many days after the receipt the visit is promised. */
const PROMISED_DAYS = { routine: 28, urgent: 4, asap: 1, stat: 1 };

export function slot(story: Chronicle, from: Instant): Instant {
  const { random, local } = story;
  let day =
    local.day(from) + Math.floor(random.skewed(LEAD_DAYS[story.referral.priority] * story.profile.ways.wait, 0.6));
  while (!isWorkday(day)) day += 1;
  const startsAt = local.at(day, 8 * 60 + 30 * random.int(0, 16));
  return startsAt > from + HOUR_MS ? startsAt : slot(story, from + DAY_MS / 4);
}

/** @param number tells the appointments of a referral apart */
export function book(story: Chronicle, number: number): Booking {
  const { random, referral } = story;
  const startsAt = slot(story, story.now);
  const late = startsAt > referral.receivedAt + PROMISED_DAYS[referral.priority] * DAY_MS;
  const told = { id: `A-${referral.number}-${number}`, startsAt, patientChoice: random.chance(late ? 0.25 : 0.05) };
  const booking = random.chance(0.02) ? correctedAtOnce(story, told) : tell(story, 'appointment.scheduled', told);
  if (late && random.chance(0.12)) mark(story, 'booked_late');
  if (random.chance(0.06)) restate(story, booking, story.now);
  return booking;
}

interface Told {
  id: string;
  startsAt: Instant;
  patientChoice?: boolean;
  previousAppointmentId?: string;
}

function tell(
  story: Chronicle,
  type: Booking['type'],
  { id, startsAt, patientChoice = false, ...rest }: Told,
  options: { at?: Instant; lag?: number } = {},
): Booking {
  const choice = patientChoice ? { patientChoice } : {};
  const data = { appointmentId: id, startsAt: formatInstant(startsAt), ...rest, ...choice };
  story.say(type, data, { ...options, ...entity({ id }) });
  return { id, startsAt, type, data };
}

interface Click {
  at: Instant;
  lag: number;
}

/** Two clicks within a minute. Their messages say the same `time`, and sometimes the same `recordedtime` too. */
function withinAMinute({ now, random }: Chronicle): [Click, Click] {
  const at = Math.floor(now / MINUTE_MS) * MINUTE_MS + random.int(1, 20) * 1000;
  const lag = random.int(60, 600) * 1000;
  const later = random.int(5, 35) * 1000;
  return [
    { at, lag },
    { at: at + later, lag: random.chance(0.25) ? lag - later : lag },
  ];
}

/** A slip: the wrong date is booked, and the right one within the same minute. */
function correctedAtOnce(story: Chronicle, told: Told): Booking {
  const [first, second] = withinAMinute(story);
  const type = story.random.chance(0.5) ? 'appointment.rescheduled' : 'appointment.scheduled';
  tell(story, 'appointment.scheduled', { ...told, startsAt: told.startsAt + 7 * DAY_MS }, first);
  return tell(story, type, told, second);
}

/** Some appointments are moved, most of them days ahead, some on the day, before or after they were to start. */
export function move(story: Chronicle, booking: Booking, round: number): Booking {
  const { random, local } = story;
  if (!random.chance(0.09)) return booking;
  const onTheDay = random.chance(0.3);
  if (onTheDay) story.now = Math.max(story.now, booking.startsAt + random.int(-240, 90) * MINUTE_MS);
  else {
    story.now = local.afterWork(story.now + random.next() * (booking.startsAt - story.now - HOUR_MS), 0);
    if (story.now >= booking.startsAt) story.now = booking.startsAt - HOUR_MS;
  }
  const next = moved(story, booking, round);
  const endOfDay = local.at(local.day(booking.startsAt), 18 * 60 + random.int(0, 20));
  // The run at the end of the day still has the list of the morning.
  if (onTheDay && next.startsAt > endOfDay && random.chance(0.6)) {
    story.say('appointment.no_show', { appointmentId: booking.id }, { at: endOfDay, ...entity(booking) });
  }
  if (next.id !== booking.id && random.chance(0.12)) {
    restate(story, booking, random.chance(0.8) ? booking.startsAt : story.now);
  }
  return next;
}

function moved(story: Chronicle, booking: Booking, round: number): Booking {
  const { random } = story;
  const way = random.weighted({ keepsId: 45, newId: 40, anew: 15 });
  const next = {
    id: way === 'keepsId' ? booking.id : `A-${story.referral.number}-${round * 10 + 1}`,
    startsAt: slot(story, Math.max(story.now, booking.startsAt)),
    patientChoice: random.chance(0.5),
  };
  if (way === 'keepsId') return tell(story, 'appointment.rescheduled', next);
  if (way === 'newId') {
    // Without the previous one it replaces all that are active.
    const previous = random.chance(0.8) ? { previousAppointmentId: booking.id } : {};
    return tell(story, 'appointment.rescheduled', { ...next, ...previous });
  }
  const [first, second] = withinAMinute(story);
  story.say('appointment.cancelled', { appointmentId: booking.id, by: 'patient' }, { ...first, ...entity(booking) });
  return tell(story, 'appointment.scheduled', next, second);
}

/** A nightly run states an appointment again as it was told, a few days after `from`. Some add that the patient chose. */
export function restate(story: Chronicle, { type, data, ...booking }: Booking, from: Instant): void {
  const { random, local } = story;
  const at = local.at(local.day(from) + random.int(1, 3), 2 * 60 + random.int(0, 59));
  const choice = random.chance(0.1) ? { patientChoice: true } : {};
  story.say(type, { ...data, ...choice }, { at, ...entity(booking) });
}

/** Another provider's appointment takes the place of one that nobody cancels and that has no outcome. */
export function changeProvider(story: Chronicle, round: number): Booking {
  story.work(6);
  return book(story, round * 10 + 5);
}
