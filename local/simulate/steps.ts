import { DAY_MS } from '../../shared/contracts/duration.ts';
import { formatInstant } from '../../shared/contracts/instant.ts';
import type { Chronicle, DataSent } from './chronicle.ts';

/** Steps that occur in many stories. */

/** Tries to reach the patient, up to `tries` times. Returns whether that succeeded. */
export function contact(story: Chronicle, tries: number, reachable: boolean): boolean {
  const { random } = story;
  for (let attempt = 1; attempt <= tries; attempt += 1) {
    story.work(attempt === 1 ? 4 : 8);
    const unanswered = unansweredAttempt(story, attempt);
    const reached = reachable && (random.chance(0.5) || attempt === tries);
    const next = random.chance(0.3) ? { nextAttemptAt: formatInstant(story.later(9)) } : {};
    story.say('contact.attempted', reached ? { channel: 'phone', outcome: 'reached' } : { ...unanswered, ...next });
    if (attempt === 2 && random.chance(0.06)) mark(story, 'reached');
    if (reached) return true;
  }
  return false;
}

function unansweredAttempt({ random }: Chronicle, attempt: number) {
  const channel = attempt >= 3 && random.chance(0.5) ? 'letter' : random.weighted({ phone: 80, portal: 12, sms: 8 });
  const outcome = channel === 'phone' ? random.weighted({ voicemail: 60, no_answer: 33, wrong_number: 7 }) : 'sent';
  return { channel, outcome } as const;
}

/** A coordinator acknowledges an alert, or snoozes it for three days. */
export function mark(story: Chronicle, kind: DataSent<'alert.acknowledged'>['kind']): void {
  const by = `coordinator-${story.random.int(1, 6)}`;
  const at = story.later(8);
  if (story.random.chance(0.5)) story.say('alert.acknowledged', { kind, by }, { at, lag: 0 });
  else story.say('alert.snoozed', { kind, until: formatInstant(at + 3 * DAY_MS), by }, { at, lag: 0 });
}

/** Closes the referral some working hours later and notifies the referring office. A few are reopened. */
export function close(story: Chronicle, reason: DataSent<'referral.closed'>['reason'], evidence?: string): void {
  const { random } = story;
  story.work(6);
  story.say('referral.closed', { reason, ...(evidence ? { evidence } : {}) });
  story.notify('closed', 0.65);
  if (random.chance(0.03)) {
    story.wait(random.int(2, 10));
    story.say('referral.reopened', { reason: 'referring office asked' });
    contact(story, 2, random.chance(0.5));
  }
}
