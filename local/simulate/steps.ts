import { DAY_MS, MINUTE_MS } from '../../shared/contracts/duration.ts';
import { formatInstant, type Instant } from '../../shared/contracts/instant.ts';
import type { Chronicle, DataSent } from './chronicle.ts';
import { SOURCES } from './sources.ts';

/** Steps that occur in many stories. */

/** Tries to reach the patient, up to `tries` times. Returns whether that succeeded. */
export function contact(story: Chronicle, tries: number, reachable: boolean): boolean {
  const { random } = story;
  let promised: Instant | null = null;
  for (let attempt = 1; attempt <= tries; attempt += 1) {
    if (promised === null) story.work(attempt === 1 ? 4 : 8);
    else callBack(story, promised);
    const reached = reachable && (random.chance(0.5) || attempt === tries);
    promised = reached ? attempted(story, REACHED, 0.05) : attempted(story, unanswered(story, attempt), 0.3);
    if (attempt === 2 && random.chance(0.06)) mark(story, 'reached');
    if (reached) return true;
  }
  return false;
}

/** Lets the time pass up to the call that was promised: most come by then, the others a day or two late. */
function callBack(story: Chronicle, promised: Instant): void {
  const { random } = story;
  if (story.keeps(0.7)) {
    story.now = Math.max(story.now, promised - random.int(0, 25) * MINUTE_MS);
    return;
  }
  story.now = Math.max(story.now, promised);
  if (random.chance(0.15)) mark(story, 'callback');
  story.work(10);
}

const REACHED = { channel: 'phone', outcome: 'reached' } as const;

/** Returns when the next call was promised, which happens with the given probability. The portal is a feed of its own. */
function attempted(story: Chronicle, data: DataSent<'contact.attempted'>, promises = 0): Instant | null {
  const promised = story.random.chance(promises) ? story.later(9) : null;
  const next = promised === null ? {} : { nextAttemptAt: formatInstant(promised) };
  story.say('contact.attempted', { ...data, ...next }, data.channel === 'portal' ? { source: SOURCES.portal } : {});
  return promised;
}

function unanswered({ random }: Chronicle, attempt: number) {
  const channel = attempt >= 3 && random.chance(0.5) ? 'letter' : random.weighted({ phone: 80, portal: 12, sms: 8 });
  if (channel === 'phone') {
    return { channel, outcome: random.weighted({ voicemail: 60, no_answer: 33, wrong_number: 7 }) } as const;
  }
  const undeliverable = channel === 'sms' && random.chance(0.08);
  return { channel, outcome: undeliverable ? 'wrong_number' : 'sent' } as const;
}

/** The patient is reached and wants no appointment. */
export function refuse(story: Chronicle): void {
  story.work(5);
  attempted(story, { channel: story.random.weighted({ phone: 85, portal: 10, email: 5 }), outcome: 'declined' });
}

/**
 * A coordinator acknowledges an alert or snoozes it for three days; now and then for longer than any policy allows, or
 * all that the referral has.
 */
export function mark(
  story: Chronicle,
  kind: DataSent<'alert.acknowledged'>['kind'],
  at: Instant = story.later(8),
): void {
  const { random, profile } = story;
  const by = `coordinator-${random.int(1, profile.staff.coordinators.length)}`;
  const which = { kind: random.chance(0.2) ? ('all' as const) : kind, by };
  if (random.chance(0.5)) story.say('alert.acknowledged', which, { at, lag: 0 });
  else {
    const days = random.chance(0.1) ? 60 : 3;
    story.say('alert.snoozed', { ...which, until: formatInstant(at + days * DAY_MS) }, { at, lag: 0 });
  }
}

/** Closes the referral some working hours later and notifies the referring office. A few are reopened. */
export function close(story: Chronicle, reason: DataSent<'referral.closed'>['reason'], evidence?: string): void {
  const { random } = story;
  story.work(6);
  story.say('referral.closed', { reason, ...(evidence ? { evidence } : {}) });
  story.notify('closed', 0.65);
  if (story.lapses(0.03)) {
    story.wait(random.int(2, 10));
    story.say('referral.reopened', { reason: 'referring office asked' });
    contact(story, 2, random.chance(0.5));
  }
}
