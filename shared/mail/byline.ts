import { type MailContent, receiverIn } from '../contracts/mail.ts';
import { formatTime } from './format-time.ts';
import { clip } from './names.ts';

/** Whose mail it is, who receives it in their stead, and as of when. */
export function bylineOf(content: MailContent): string {
  const { recipient, receivedBy, asOf } = content;
  const instead = receivedBy ? `, who is away; sent to ${clip(receivedBy.name)}` : '';
  return `For ${clip(recipient.name)}${instead}, as of ${formatTime(asOf, recipient.timeZone)}`;
}

/** For the end of a mail that somebody receives for somebody else; else none. */
export function insteadOf(content: MailContent): string[] {
  if (!content.receivedBy) return [];
  const [owner, reader] = [clip(content.recipient.name), clip(receiverIn(content).name)];
  return [`This mail comes to ${reader} in place of ${owner}, who is away: where it says "you", it means ${owner}.`];
}
