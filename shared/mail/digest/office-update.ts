import type { Config } from '../../contracts/config.ts';
import type { DigestRow, MailContent, OfficeUpdate } from '../../contracts/mail.ts';
import type { Stage } from '../../contracts/vocabulary.ts';
import { nameOf } from '../names.ts';
import { briefDeclineWords, briefEndWords, declineWords, endWords } from './end-reason-wording.ts';

/** What a referring office is told of its referral, and who is asked to. */

/** Who is asked to tell the office: the reader, or somebody else, by name. If nobody can be found, the reader is. */
export function updateAskedOf(
  { officeUpdate }: Pick<DigestRow, 'officeUpdate'>,
  { recipient }: Pick<MailContent, 'recipient'>,
  { directory }: Pick<Config, 'directory'>,
): 'reader' | { name: string } {
  // Mails of before this was recorded asked their reader.
  const askedOf = officeUpdate?.askedOf ?? null;
  return askedOf === null || askedOf === recipient.id ? 'reader' : { name: nameOf(directory.people, askedOf) };
}

/** What the office is told, after "that". Null: in that stage there is nothing to tell. */
export function officeNews(stage: Stage, update?: OfficeUpdate): string | null {
  switch (stage) {
    case 'to_contact':
      return 'the patient has not been reached';
    case 'to_schedule':
      return 'the patient is reached and a date is being found';
    case 'to_rebook':
      return 'the visit was missed or cancelled';
    case 'declined':
      return `the referral was ${declineWords(update?.declineReason ?? null)}`;
    case 'scheduled':
      return 'a visit is booked';
    case 'awaiting_note':
      return 'the patient was seen and the note is to come';
    case 'loop_closed':
      return 'something has happened since the consult note';
    case 'to_close':
      return 'the patient said no';
    case 'closed':
      return `the referral was ${endWords(update?.endReason ?? null)}`;
    case 'voided':
    case 'awaiting_referral':
      return null;
  }
}

/** The same in a list, after a colon. */
export function briefOfficeNews(stage: Stage, update?: OfficeUpdate): string | null {
  if (stage === 'closed') return briefEndWords(update?.endReason ?? null);
  if (stage === 'declined') return briefDeclineWords(update?.declineReason ?? null);
  return officeNews(stage, update);
}

/** Who tells the office what, for a reader who isn't asked to. Null: there is nothing to tell. */
export function toldBy(name: string, stage: Stage, update?: OfficeUpdate): string | null {
  const news = officeNews(stage, update);
  return news === null ? null : `Nothing to do: ${name} tells the referring office that ${news}.`;
}
