import { Temporal } from 'temporal-polyfill';
import { parseInstant } from '../../shared/contracts/instant.ts';
import type { MailRow } from '../../shared/contracts/output.ts';

const MOST_OF_ID = 40;

/**
 * A name for a mail's files, without its ending: when it was sent in the organization's time zone, its kind, whose it is,
 * and the beginning of its hash. Names sort by time, are no longer than 110 characters and have none that a file system
 * refuses or takes for another: ids come from other systems.
 * @param taken the names given so far, in lower case; it gets the new one
 */
export function mailFileName(
  { mailId, kind, forPersonId, sentAt }: Pick<MailRow, 'mailId' | 'kind' | 'forPersonId' | 'sentAt'>,
  timeZone: string,
  taken: Set<string>,
): string {
  const local = Temporal.Instant.fromEpochMilliseconds(parseInstant(sentAt) ?? 0).toZonedDateTimeISO(timeZone);
  const time = local.toPlainTime().toString({ smallestUnit: 'minute' }).replace(':', '');
  const person = forPersonId.replace(/[^A-Za-z0-9@._-]+/g, '_').slice(0, MOST_OF_ID);
  const name = (hash: string): string => `${local.toPlainDate().toString()}-${time}-${kind}-${person}-${hash}`;
  const hash = mailId.slice('2026-03-02-'.length);
  const short = name(hash.slice(0, 8));
  const unique = taken.has(short.toLowerCase()) ? name(hash) : short;
  taken.add(unique.toLowerCase());
  return unique;
}
