import { DAY_MS } from '../../shared/contracts/duration.ts';
import type { Instant } from '../../shared/contracts/instant.ts';
import type { Chronicle } from './chronicle.ts';
import type { Overload } from './profile.ts';
import { mark } from './steps.ts';

/** What happens to a story where there is too much to do: it comes to a halt, is interrupted, and its alerts are put off. */
export function overload(story: Chronicle, { dropped, flapping, marked }: Overload): void {
  const { random } = story;
  if (random.chance(dropped)) story.dropFrom(1 + Math.floor(story.deliveries.length * random.next() ** 1.5));
  const end = endOf(story);
  if (random.chance(flapping)) interrupt(story, end);
  if (random.chance(marked)) putOff(story, end);
}

/** When it first ended; else the end of the period. */
function endOf({ deliveries, until }: Chronicle): Instant {
  const ends = deliveries.filter(({ event }) => ENDS.includes(event.type)).map(({ at }) => at);
  return Math.min(until, ...ends);
}
const ENDS = ['referral.closed', 'referral.cancelled', 'referral.voided'];

/** Up to six pauses of some working hours, each begun and ended in working time. */
function interrupt(story: Chronicle, end: Instant): void {
  const { random, local } = story;
  let at = story.referral.receivedAt + random.between(4, 40) * DAY_MS;
  for (let pause = 0; pause < 6; pause += 1) {
    at = local.afterWork(at, random.int(0, 500));
    const resumed = local.afterWork(at, random.int(30, 700));
    if (resumed >= end) return;
    story.say('referral.paused', { reason: 'awaiting_information' }, { at });
    story.say('referral.resumed', {}, { at: resumed });
    at = resumed + random.between(1, 7) * DAY_MS;
  }
}

const PUT_OFF = [
  'scheduled',
  'reached',
  'first_attempt',
  'visit',
  'referrer_update',
  'note',
  'rebook',
  'silence',
] as const;

/** One to three alerts, most of them lately. */
function putOff(story: Chronicle, end: Instant): void {
  const { random, local } = story;
  const from = story.referral.receivedAt + 2 * DAY_MS;
  for (let left = random.int(1, 3); left > 0; left -= 1) {
    const at = local.afterWork(end - random.next() ** 2 * Math.max(0, end - from), 0);
    mark(story, random.pick(PUT_OFF), at);
  }
}
