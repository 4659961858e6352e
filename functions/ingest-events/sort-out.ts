import { subjectKindOf } from '../../shared/contracts/event.ts';
import type { Instant } from '../../shared/contracts/instant.ts';
import type { Refusal } from '../../shared/contracts/refusal.ts';
import type { AcceptedEvent } from '../../shared/intake/cloudevents.ts';
import { addressed } from '../../shared/intake/dialects/translated-event.ts';
import { logFailure } from '../../shared/platform/failure.ts';
import type { LastingError } from '../../shared/platform/lasting-error.ts';
import type { Log } from '../../shared/platform/logger.ts';
import type { TimeSource } from '../../shared/platform/time-source.ts';
import type { Failures } from './failures.ts';
import type { Progress, ReceivedEvent } from './ingest-referral.ts';
import { notePassedOver, type PassedOver } from './note-passed-over.ts';
import type { Part, Received } from './read-record.ts';
import { tie } from './tie.ts';
import type { Afterwards, TieDeps, Tied, Untied } from './tying.ts';

/** What a batch holds, sorted by what has to be done with it. */
export interface Sorted {
  groups: Map<string, ReceivedEvent[]>;
  others: Exclude<Received, { member: unknown } | { passedOver: unknown }>[];
  afterwards: Afterwards[];
}

type Deps = Omit<TieDeps, 'now' | 'onUnreadable'> & { time: TimeSource; log: Log };

const NO_KEY = 'nothing in it says which referral it is about';
const NO_KEY_NEEDED = { outcome: 'passed_over', why: 'no key' } as const;

/** Finds the referrals of what came in other dialects, and groups events by their referral. */
export async function sortOut(
  received: readonly Received[],
  deps: Deps,
  failures: Failures,
  progress: Progress,
): Promise<Sorted> {
  const sorted: Sorted = { groups: new Map(), others: [], afterwards: [] };
  const untied: Untied[] = [];
  const passedOver: PassedOver[] = [];
  for (const each of received) {
    if ('member' in each) untied.push(each);
    else if ('passedOver' in each) passedOver.push(each.passedOver);
    else if ('refusal' in each || subjectKindOf(each.accepted.event) !== 'referral') sorted.others.push(each);
    else group(sorted, { ...each, ...loggedOf(each.accepted, each.arrivedAt, each.isTranslated) });
  }
  try {
    for (const each of await sortTied(untied, sorted, deps, failures, progress)) passedOver.push(each);
  } catch (error) {
    for (const { record } of untied) failures.add(record, error);
  }
  notePassedOver(passedOver, deps.log);
  progress.counts.passedOver += passedOver.length;
  return sorted;
}

function group({ groups }: Sorted, received: ReceivedEvent): void {
  const { subject } = received.logged.event;
  const own = groups.get(subject);
  if (own) own.push(received);
  else groups.set(subject, [received]);
}

/** @returns what has no key and needs none */
async function sortTied(
  untied: readonly Untied[],
  sorted: Sorted,
  deps: Deps,
  failures: Failures,
  { counts }: Progress,
): Promise<PassedOver[]> {
  const unreadable: LastingError[] = [];
  const onUnreadable = (error: LastingError): void => void unreadable.push(error);
  const now = deps.time.now();
  const { tied, keyless, afterwards, failed, held, taken } = await tie(untied, { ...deps, now, onUnreadable });
  for (const error of unreadable) await logFailure(deps.log, 'ITEM_UNREADABLE', error);
  for (const [record, reason] of failed) failures.add(record, reason);
  for (const each of tied) {
    const { events, refused } = eventsOf(each);
    for (const event of events) group(sorted, event);
    sorted.others.push(...refused);
  }
  sorted.afterwards = afterwards;
  counts.held += held;
  if (taken > 0) deps.log.warn('KEYS_OF_ANOTHER_REFERRAL', { keys: taken });
  const isNeeded = ({ member }: Untied): boolean => member.needsReferral;
  sorted.others.push(...keyless.filter(isNeeded).map(keylessOf));
  return keyless.filter((each) => !isNeeded(each)).map(({ member }) => ({ ...member, ...NO_KEY_NEEDED }));
}

/** The events of a member whose referral is known now; in most cases all of them. */
function eventsOf({ record, referralId, what }: Tied): {
  events: ReceivedEvent[];
  refused: (Part & { refusal: Refusal })[];
} {
  const { arrivedAt, dialect, position } = what;
  const isOwn = 'member' in what;
  const words = isOwn ? what.member.unmapped : what.unmapped;
  const from = isOwn ? { attributes: what.attributes } : { attributes: {}, place: { file: what.file, position } };
  const out: ReturnType<typeof eventsOf> = { events: [], refused: [] };
  // A status or a time zone is no field of an event: it is noted with the first that is taken.
  let left = words.filter(({ field }) => !what.events.some(({ type }) => field.startsWith(`${type}.`)));
  for (const event of what.events) {
    const part: Part = {
      record,
      arrivedAt,
      dialect,
      position,
      ...from,
      body: JSON.stringify({ ...event, subject: referralId }),
    };
    const read = addressed(event, referralId, arrivedAt);
    if ('refusal' in read) out.refused.push({ ...part, refusal: { ...read.refusal, dialect } });
    else {
      const { logged, unmapped } = loggedOf(read, arrivedAt, true);
      const { type } = logged.event;
      const own = [...words.filter(({ field }) => field.startsWith(`${type}.`)), ...left];
      left = [];
      const named = new Set(own.map(({ field }) => field));
      out.events.push({ ...part, logged, unmapped: [...own, ...unmapped.filter(({ field }) => !named.has(field))] });
    }
  }
  return out;
}

function loggedOf(
  { event, sent, unmapped }: AcceptedEvent,
  arrivedAt: Instant,
  isTranslated: boolean,
): Pick<ReceivedEvent, 'logged' | 'unmapped'> {
  const logged = { event, arrivedAt, sent, ...(isTranslated && { isTranslated }) };
  return { logged, unmapped: unmapped.map((field) => ({ field })) };
}

function keylessOf(untied: Untied): Part & { refusal: Refusal } {
  const { record, attributes, arrivedAt, dialect, position, events } = untied;
  const refusal: Refusal = { reason: 'unmatched', detail: NO_KEY, dialect };
  return { record, attributes, arrivedAt, dialect, position, body: JSON.stringify(events), refusal };
}
