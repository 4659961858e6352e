import type { OfficeUpdate } from '../../contracts/mail.ts';
import { ALERT_KINDS, type AlertKind, PRIORITIES, type Priority, type Stage } from '../../contracts/vocabulary.ts';
import { officeNews } from './office-update.ts';

const CALLED_BACK = ['to_contact', 'to_schedule', 'to_rebook', 'declined', 'scheduled', 'awaiting_note'] as const;
const OPEN = [...CALLED_BACK, 'to_close'] as const;
const NOT_BOOKED = ['to_contact', 'declined', 'to_rebook'] as const;

/**
 * The stages in which an alert of a kind can be open. They follow from what stops a clock and from the order in which
 * stages are decided (docs/domain.md#3-1, docs/domain.md#4-2):
 * - `to_rebook` doesn't imply a booking that we saw: a cancellation of an unknown appointment leads there too, so
 *   clocks that a booking stops can still run in it;
 * - reaching the patient stops `first_attempt` and `reached`, so neither runs in `to_schedule` or `to_close`;
 * - a decline or a no-show dated after the note starts its clock in `loop_closed`, a decline after the visit in
 *   `awaiting_note`;
 * - `note`, `acknowledge` and `referrer_update` outlive the referral.
 */
export const POSSIBLE_STAGES = {
  acceptance: ['to_contact', 'to_schedule', 'to_rebook', 'to_close'],
  first_attempt: NOT_BOOKED,
  reached: NOT_BOOKED,
  scheduled: ['to_contact', 'to_schedule', 'declined', 'to_rebook', 'to_close'],
  visit: ['to_contact', 'to_schedule', 'declined', 'to_rebook', 'scheduled', 'to_close'],
  rebook: ['to_rebook', 'loop_closed', 'to_close'],
  reroute: ['declined', 'scheduled', 'to_rebook', 'awaiting_note', 'loop_closed', 'to_close'],
  note: ['awaiting_note', 'closed'],
  acknowledge: ['loop_closed', 'closed'],
  referrer_update: [...OPEN, 'loop_closed', 'closed'],
  attendance_unknown: ['scheduled'],
  silence: OPEN,
  unassigned: OPEN,
  orphan: ['awaiting_referral'],
  incomplete: OPEN,
  booked_late: ['scheduled'],
  callback: CALLED_BACK,
  news_after_end: ['closed'],
} as const satisfies Record<AlertKind, readonly Stage[]>;

/** How soon: stat work is done now, urgent work today, routine work by the due date beside the sentence. */
type Pace = 'routine' | 'urgent' | 'now';
const WHEN = { routine: '', urgent: ' today', now: ' now' } as const satisfies Record<Pace, string>;

/** One sentence with `{when}` in it, or one for each pace if they differ in more than that. */
type Wording = string | Record<Pace, string>;

/** Whatever is overdue: a patient who has said no isn't called, booked or sent elsewhere. */
const SAID_NO = 'Close the referral{when} as declined by the patient{tell}.';

/** Who tells the office has to know what. */
const TELL = 'Tell the referring office{when} that {news}.';

const STEPS: { [K in AlertKind]: Record<(typeof POSSIBLE_STAGES)[K][number], Wording> } = {
  acceptance: {
    to_contact: 'Have the specialty accept or decline{when}; nobody has reached the patient either.',
    to_schedule: 'Have the specialty accept or decline{when}; the patient is waiting for a date.',
    to_rebook: 'Have the specialty accept or decline{when}, then rebook the visit.',
    to_close: SAID_NO,
  },
  first_attempt: {
    to_contact: 'Call the patient{when}; nobody has yet.',
    declined: 'Settle{when} where this declined referral goes, then make the first call.',
    to_rebook: 'Call the patient{when} about the missed or cancelled visit; nobody has called at all.',
  },
  reached: {
    to_contact: {
      routine: 'Reach the patient: another time of day, then a letter or portal message.',
      urgent: 'Reach the patient today; with no answer, ask the referring office for another number.',
      now: 'Reach the patient now; with no answer, phone the referring office.',
    },
    declined: 'Tell the patient{when} that the referral was declined, and what happens next.',
    to_rebook: 'Reach the patient{when}; the visit fell through and nobody has spoken to them.',
  },
  scheduled: {
    to_contact: 'Reach the patient{when} and book in the same call.',
    to_schedule: 'Book the visit{when}; the patient has been reached.',
    declined: 'Reroute this declined referral{when}, so that a visit can be booked.',
    to_rebook: 'Book a visit{when}; the one on record was missed or cancelled.',
    to_close: SAID_NO,
  },
  visit: {
    to_contact: 'Reach the patient{when} and offer the earliest opening; the wait has reached its limit.',
    to_schedule: 'Book the earliest opening{when}; the wait has reached its limit.',
    declined: 'Find a specialist{when} who can see the patient soon; this one declined.',
    to_rebook: 'Rebook into the earliest opening{when}; the wait has reached its limit.',
    scheduled: 'Check the booked visit{when}; if it is still to come, ask the site for an earlier opening.',
    to_close: SAID_NO,
  },
  rebook: {
    to_rebook: 'Call the patient{when} to rebook the missed or cancelled visit.',
    loop_closed: 'The note is here: rebook the missed or cancelled visit{when}, or close the referral.',
    to_close: SAID_NO,
  },
  reroute: {
    declined: 'Find another specialist{when}, or agree with the referring office how this ends.',
    scheduled: 'Ask the site{when} whether the booked visit stands; the referral was declined.',
    to_rebook: 'Settle{when} who takes this declined referral before anyone rebooks the visit.',
    awaiting_note: 'Record{when} who took this declined referral; the patient has been seen.',
    loop_closed: 'Record{when} where this declined referral went; the note is already here.',
    to_close: SAID_NO,
  },
  note: {
    awaiting_note: 'Ask the specialist{when} for the consult note.',
    closed: 'Ask the specialist{when} for the consult note; it is owed though the referral is closed.',
  },
  acknowledge: {
    loop_closed: 'Ask the referring office{when} to confirm that it has the consult note.',
    closed: 'Ask the referring office{when} to confirm the consult note of this closed referral.',
  },
  referrer_update: {
    to_contact: TELL,
    to_schedule: TELL,
    to_rebook: TELL,
    declined: TELL,
    scheduled: TELL,
    awaiting_note: TELL,
    loop_closed: 'Tell the referring office{when} what has happened since the consult note.',
    closed: TELL,
    to_close: 'Tell the referring office{when} that the patient said no, then close the referral.',
  },
  attendance_unknown: {
    scheduled: 'Ask the site{when} whether the patient came, and record it.',
  },
  silence: {
    to_contact: 'Contact the patient again{when}; nothing has been recorded lately.',
    to_schedule: 'Offer the patient a date{when}; nothing has happened since they were reached.',
    to_rebook: 'Offer the patient a new date{when}; nothing has happened since the visit fell through.',
    declined: 'Chase the reroute{when}; nothing has happened since the referral was declined.',
    scheduled: 'Ask the site{when} what became of the visit; nothing has been recorded since.',
    awaiting_note: 'Chase the consult note{when}; nothing has been heard since the visit.',
    to_close: SAID_NO,
  },
  unassigned: {
    to_contact: 'Name a coordinator{when}; the patient is waiting for a call.',
    to_schedule: 'Name a coordinator{when}; the patient is waiting for a date.',
    to_rebook: 'Name a coordinator{when}; the patient is waiting for a new date.',
    declined: 'Name a coordinator{when}; the referral was declined.',
    scheduled: 'Name a coordinator{when}; a visit is booked and nobody follows it.',
    awaiting_note: 'Name a coordinator{when}; the patient was seen and nobody chases the note.',
    to_close: 'Name a coordinator{when}; the patient said no and nobody closes the referral.',
  },
  orphan: {
    awaiting_referral: 'Find out why the referral itself has not arrived; only events about it have.',
  },
  incomplete: {
    to_contact: 'Get the missing details{when} before you call the patient.',
    to_schedule: 'Get the missing details{when} before you book the visit.',
    to_rebook: 'Get the missing details{when} before you rebook the visit.',
    declined: 'Get the missing details{when} before the referral is rerouted.',
    scheduled: 'Get the missing details{when} before the booked visit.',
    awaiting_note: 'Get the missing details{when}; the patient was seen without them.',
    to_close: SAID_NO,
  },
  booked_late: {
    scheduled: 'Ask the site{when} for an earlier opening; the visit is booked later than promised.',
  },
  callback: {
    to_contact: 'Call the patient{when} as promised.',
    to_schedule: 'Call the patient{when} as promised, and book in the same call.',
    to_rebook: 'Call the patient{when} as promised, and rebook in the same call.',
    declined: 'Call the patient{when} as promised, and say that the referral was declined and what happens next.',
    scheduled: 'Call the patient{when} as promised; a visit is booked.',
    awaiting_note: 'Call the patient{when} as promised; the visit is over, the note is still to come.',
  },
  news_after_end: {
    closed: 'Find{when} the referral that this news belongs to; this one is closed.',
  },
};

/** A referral can move on between the detection that found the alert and the mail. */
export const MOVED_ON = 'Look before you act: the referral has moved on since this was found.';

/**
 * What to do next about an alert of this kind, as one sentence.
 * @param update of a `referrer_update`: why the referral ended or was declined
 * @param teller who tells the office in the reader's place, by name; null: the reader does
 */
export function nextStep(
  kind: AlertKind,
  stage: Stage,
  priority: Priority | null,
  update?: OfficeUpdate,
  teller: string | null = null,
): string {
  const wordings: Partial<Record<Stage, Wording>> = STEPS[kind];
  // Whoever tells the office that the patient said no: the reader closes the referral.
  const isTold = kind === 'referrer_update' && stage === 'to_close' && teller !== null;
  const wording = isTold ? SAID_NO : wordings[stage];
  if (wording === undefined) return MOVED_ON;
  const pace = paceOf(priority);
  const sentence = (typeof wording === 'string' ? wording : wording[pace])
    .replace('{when}', WHEN[pace])
    .replace('{news}', officeNews(stage, update) ?? '');
  return withTeller(sentence, teller);
}

/**
 * A sentence with who tells the office in place of `{tell}`.
 * @param teller who is asked to in the reader's place, by name; null: the reader is
 */
export function withTeller(sentence: string, teller: string | null): string {
  if (!sentence.includes('{tell}')) return sentence;
  if (teller === null) return sentence.replace('{tell}', ' and tell the office');
  return `${sentence.replace('{tell}', '')} ${teller} tells the office.`;
}

/** How soon, as a word to put into a sentence: ` now`, ` today` or nothing. */
export const paceWord = (priority: Priority | null): string => WHEN[paceOf(priority)];

export interface NextStepCell {
  kind: AlertKind;
  stage: Stage;
  priority: Priority | null;
}

/** Every combination that can occur. A referral that hasn't arrived has no priority yet, every other has one. */
export const NEXT_STEP_CELLS: readonly NextStepCell[] = ALERT_KINDS.flatMap((kind) =>
  POSSIBLE_STAGES[kind].flatMap((stage) =>
    (stage === 'awaiting_referral' ? [null] : PRIORITIES).map((priority) => ({ kind, stage, priority })),
  ),
);

/** Asap is worked like stat: the policy gives both the same targets. */
function paceOf(priority: Priority | null): Pace {
  switch (priority) {
    case 'stat':
    case 'asap':
      return 'now';
    case 'urgent':
      return 'urgent';
    case 'routine':
    case null:
      return 'routine';
  }
}
