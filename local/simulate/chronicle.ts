import type * as z from 'zod';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../shared/contracts/duration.ts';
import type { EVENT_DATA, EventType } from '../../shared/contracts/event.ts';
import { formatInstant, type Instant } from '../../shared/contracts/instant.ts';
import type { Priority } from '../../shared/contracts/vocabulary.ts';
import { type LocalTime, localTime } from './local-time.ts';
import type { Specialty } from './organization.ts';
import { driftedTo, type Profile, type SitePlan } from './profile.ts';
import type { Random } from './random.ts';
import { SOURCES } from './sources.ts';
import { inWordsOfTheirOwn } from './words.ts';

/** An event as it is sent: CloudEvents 1.0, structured mode. */
export interface CloudEvent {
  specversion: '1.0';
  id: string;
  source: string;
  type: string;
  subject: string;
  time: string;
  recordedtime?: string;
  entity?: string;
  data: object;
}

/** An event, when it happened and when it reaches the queue: its `recordedtime`, else its `time`. */
export interface Delivery {
  at: Instant;
  arrival: Instant;
  event: CloudEvent;
}

export type DataSent<T extends EventType> = z.input<(typeof EVENT_DATA)[T]>;

export interface Referral {
  id: string;
  number: number;
  receivedAt: Instant;
  practiceId: string;
  site: SitePlan;
  specialty: Specialty;
  priority: Priority;
}

/** The period that is simulated. */
export interface Times {
  from: Instant;
  until: Instant;
}

/** How long people take, relative to a routine referral. */
const PACE: Record<Priority, number> = { routine: 1, urgent: 0.35, asap: 0.2, stat: 0.15 };

/** Records the events of one referral. `now` is the current instant of its story. */
export class Chronicle {
  readonly deliveries: Delivery[] = [];
  readonly referral: Referral;
  readonly random: Random;
  readonly local: LocalTime;
  readonly profile: Profile;
  /** The end of the simulation. */
  readonly until: Instant;
  readonly pace: number;
  now: Instant;
  /** Message number of the scheduling system. It counts on from one digit to two, which text orders the other way. */
  #message: number;

  constructor(referral: Referral, random: Random, profile: Profile, until: Instant) {
    this.referral = referral;
    this.random = random;
    this.local = localTime(referral.site.zone);
    this.profile = profile;
    this.until = until;
    const drift = driftedTo(referral.receivedAt, referral.site.pace ?? [1, 1], until);
    this.pace = PACE[referral.priority] * profile.ways.pace * drift;
    this.now = referral.receivedAt;
    this.#message = 6 + (referral.number % 4);
  }

  /**
   * Adds an event at `now` (or `at`) and returns its id. A few use words of the sender's own. The scheduling system
   * numbers its messages and stamps them to the minute.
   */
  say<T extends EventType>(
    type: T,
    data: DataSent<T>,
    options: { at?: Instant; entity?: string; source?: string; lag?: number } = {},
  ): string {
    const source = options.source ?? sourceOf(type);
    const numbered = source === SOURCES.scheduling;
    if (numbered) this.#message += 1;
    const serial = String(this.deliveries.length + 1).padStart(2, '0');
    const id = numbered ? String(this.#message) : `${this.referral.id}-${serial}`;
    this.deliveries.push(
      deliver({
        id,
        source,
        type,
        subject: this.referral.id,
        at: options.at ?? this.now,
        lag: options.lag ?? recordingLag(this.random),
        ...(numbered ? { stampedTo: MINUTE_MS } : {}),
        data: inWordsOfTheirOwn(type, data, this.random),
        ...(options.entity === undefined ? {} : { entity: options.entity }),
      }),
    );
    return id;
  }

  /** Lets working time pass: a random time whose median is `hours` for a routine referral. */
  work(hours: number, spread = 0.9): void {
    this.now = this.later(hours, spread);
  }

  /** The instant at which a random working time as in `work` has passed since `now`. */
  later(hours: number, spread = 0.9): Instant {
    return this.local.afterWork(this.now, this.random.skewed(hours * 60 * this.pace, spread));
  }

  /** Lets days pass, whatever the priority, and up to three working hours. */
  wait(days: number): void {
    this.now = this.local.afterWork(this.now + days * DAY_MS, this.random.int(0, 180));
  }

  /** Whether people do what usually they do with the given probability. */
  keeps(share: number): boolean {
    return this.random.chance(1 - (1 - share) * this.profile.ways.lapses);
  }

  /** Whether something goes wrong that usually does with the given probability. */
  lapses(share: number): boolean {
    return this.random.chance(share * this.profile.ways.lapses);
  }

  /** Takes back all events but the first `count`. */
  dropFrom(count: number): void {
    this.deliveries.length = count;
  }

  /** Notifies the referring office, mostly in time for the `referrer_update` clock and sometimes late or never. */
  notify(about: DataSent<'referrer.notified'>['about'], share = 0.75): void {
    if (this.keeps(share)) this.say('referrer.notified', { about }, { at: this.later(5, 1) });
    else if (this.keeps(0.85)) this.say('referrer.notified', { about }, { at: this.later(36, 0.6) });
  }
}

/**
 * Puts an event into the form in which it is sent. It is recorded `lag` milliseconds after it happened. Its `time` is cut
 * to whole units of `stampedTo` milliseconds, by default seconds; recorded then, it has no `recordedtime`.
 */
export function deliver(fact: {
  id: string;
  source: string;
  type: EventType;
  subject: string;
  at: Instant;
  lag: number;
  stampedTo?: number;
  data: object;
  entity?: string;
}): Delivery {
  const cut = (instant: Instant, unit: number) => Math.floor(instant / unit) * unit;
  const at = cut(fact.at, fact.stampedTo ?? 1000);
  const arrival = cut(fact.at, 1000) + fact.lag;
  return {
    at,
    arrival,
    event: {
      specversion: '1.0',
      id: fact.id,
      source: fact.source,
      type: fact.type,
      subject: fact.subject,
      time: formatInstant(at),
      ...(arrival > at ? { recordedtime: formatInstant(arrival) } : {}),
      ...(fact.entity === undefined ? {} : { entity: fact.entity }),
      data: fact.data,
    },
  };
}

/** How long after it happened an event is recorded, in milliseconds: mostly minutes, often hours, sometimes days. */
export function recordingLag(random: Random): number {
  const seconds = random.weighted({ none: 12, minutes: 66, hours: 17, day: 4, days: 1 });
  const longest = { none: 0, minutes: 12 * MINUTE_MS, hours: 5 * HOUR_MS, day: DAY_MS, days: 4 * DAY_MS }[seconds];
  return Math.floor((longest * random.next()) / 1000) * 1000;
}

function sourceOf(type: EventType): string {
  if (type.startsWith('appointment.') || type.startsWith('visit.')) return SOURCES.scheduling;
  if (type.startsWith('contact.')) return SOURCES.outreach;
  if (type.startsWith('note.')) return SOURCES.documents;
  if (type.startsWith('alert.')) return 'urn:example:loopwatch';
  return SOURCES.records;
}
