import type { Chance } from './long-chance.ts';
import { DAY, HOUR, iso } from './time.ts';

/** What happens to one referral of a long organization, from its receipt to its end or to no end at all. */

export interface Happening {
  time: number;
  type: string;
  data: Record<string, unknown>;
  entity?: string;
}

const LEAKS = [
  'completed_elsewhere',
  'scheduled_elsewhere',
  'referrer_redirected',
  'patient_declined',
  'unreachable',
  'wait_too_long',
  'no_capacity',
  'out_of_network',
  'cost',
  'declined_by_specialist',
];
const OTHER_ENDS = ['converted_econsult', 'resolved_by_referrer', 'duplicate', 'deceased', 'moved', 'test'];
const DECLINES = ['misdirected', 'incomplete', 'out_of_criteria', 'not_accepting', 'coverage', 'other'];
const PAUSES = ['awaiting_information', 'awaiting_authorization', 'patient_requested', 'medical_hold'];

export interface Care {
  /** Nobody cares in time, so that a week of such referrals stands out. */
  neglected: boolean;
  /** Offices are told and notes acknowledged as a rule, not by chance. */
  thorough: boolean;
}

export function courseFrom(receivedAt: number, { neglected, thorough }: Care, chance: Chance): Happening[] {
  const story: Happening[] = [];
  let now = receivedAt;
  const slowness = neglected ? 4 : 1;
  const later = (low: number, high: number) => {
    now = Math.floor(now + chance.between(low, high) * slowness * DAY);
    return now;
  };
  const tell = (type: string, data: Record<string, unknown> = {}, entity?: string) =>
    story.push({ time: now, type, data, ...(entity !== undefined && { entity }) });
  const toldOffice = (about: string, share: number) => {
    if (chance.happens(thorough ? 0.97 : share))
      story.push({ time: now + chance.whole(0, 90) * HOUR, type: 'referrer.notified', data: { about } });
  };
  const close = (reason: string) => {
    const evidence = chance.one([{ evidence: 'document/1' }, { evidence: 'call' }, {}, { evidence: null }]);
    tell('referral.closed', { reason, ...evidence });
    toldOffice('closed', 0.5);
  };

  if (chance.happens(0.06)) {
    later(0.1, 0.6);
    close(chance.one([...LEAKS, ...OTHER_ENDS])); // before anybody did anything
    return story;
  }
  if (answer() === 'turned away') return story;
  attempts();
  if (chance.happens(0.12)) pause();
  const seen = chance.happens(0.72) && book();
  if (seen) note();
  else endUnseen();
  if (chance.happens(0.05)) reopen();
  return story;

  function answer(): 'turned away' | 'goes on' {
    if (chance.happens(0.14)) {
      later(0.2, 4);
      tell('referral.declined', { reason: chance.one(DECLINES) });
      toldOffice('declined', 0.5);
      later(0.2, 9);
      if (chance.happens(0.2)) {
        close('declined_by_specialist');
        return 'turned away';
      }
      if (chance.happens(0.6)) tell(chance.one(['referral.rerouted', 'referral.accepted']));
    } else if (chance.happens(0.75)) {
      later(0.1, 3);
      tell('referral.accepted');
    }
    return 'goes on';
  }

  function attempts(): void {
    const tries = chance.whole(0, 3);
    for (let i = 0; i < tries; i++) {
      later(0.1, 3);
      const outcome = chance.one(['voicemail', 'no_answer', 'reached', 'reached', 'declined', 'sent']);
      tell('contact.attempted', { channel: chance.one(['phone', 'phone', 'letter', 'portal', 'sms']), outcome });
      if (outcome === 'reached') return;
    }
  }

  function pause(): void {
    later(0, 2);
    tell('referral.paused', { reason: chance.one(PAUSES) });
    if (!chance.happens(0.7)) return;
    later(1, 8);
    tell('referral.resumed');
  }

  /** Books until the patient is seen or somebody gives up. Returns whether the patient was seen. */
  function book(): boolean {
    for (let n = 1; n <= 3; n++) {
      later(0.2, 6);
      const appointmentId = `A${n}`;
      const entity = `Appointment/${n}`;
      const startsAt = Math.ceil((now + chance.between(1, 24) * DAY) / HOUR) * HOUR;
      const type = n > 1 && chance.happens(0.3) ? 'appointment.rescheduled' : 'appointment.scheduled';
      tell(type, { appointmentId, startsAt: iso(startsAt) }, entity);
      toldOffice('scheduled', 0.6);
      if (chance.happens(0.08)) continue; // booked again while the old one stands
      if (chance.happens(0.12)) {
        now = Math.floor(chance.between(now, startsAt));
        tell('appointment.cancelled', { appointmentId, by: chance.one(['patient', 'practice', 'system']) }, entity);
      } else {
        now = startsAt + chance.whole(0, 3) * HOUR;
        if (chance.happens(0.2)) {
          tell('appointment.no_show', { appointmentId }, entity);
          toldOffice('no_show', 0.6);
        } else {
          if (chance.happens(0.3)) tell('visit.arrived', { appointmentId });
          if (chance.happens(0.1)) return false; // what came of it nobody said
          tell('visit.completed', chance.happens(0.8) ? { appointmentId } : {});
          return true;
        }
      }
      if (chance.happens(0.35)) break;
    }
    if (chance.happens(0.6)) {
      later(2, 20);
      close(chance.one(['no_show_not_rescheduled', 'cancelled_not_rescheduled', 'completed_elsewhere']));
    }
    return false;
  }

  function note(): void {
    if (chance.happens(0.1)) close('completed_in_network');
    if (!chance.happens(thorough ? 0.97 : 0.75)) {
      if (chance.happens(0.3)) later(20, 60);
      if (chance.happens(0.3)) close(chance.one(['completed_in_network', 'expired_admin', 'completed_elsewhere']));
      return;
    }
    later(0, chance.one([3, 12, 25]));
    if (chance.happens(0.2)) tell('note.signed');
    tell('note.received', { documentId: 'D1' });
    later(0, 6);
    if (chance.happens(thorough ? 0.97 : 0.6)) tell('note.acknowledged');
    if (chance.happens(0.5)) close('completed_in_network');
  }

  function endUnseen(): void {
    if (story.some(({ type }) => type === 'referral.closed') || chance.happens(0.25)) return;
    later(2, 45);
    const fate = chance.next();
    if (fate < 0.08)
      tell('note.received'); // an outside specialist sends nothing but the note
    else if (fate < 0.19) tell('referral.cancelled', { by: chance.one(['referrer', 'patient', 'system']) });
    else if (fate < 0.31) close('expired_admin');
    else close(chance.one(fate < 0.45 ? OTHER_ENDS : LEAKS));
  }

  function reopen(): void {
    later(1, 10);
    tell('referral.reopened');
    if (!chance.happens(0.5)) return;
    later(1, 10);
    close(chance.one([...LEAKS, 'expired_admin']));
  }
}
