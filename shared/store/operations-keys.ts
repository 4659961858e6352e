import { formatInstant, type Instant } from '../contracts/instant.ts';
import type { RefusalReason } from '../contracts/vocabulary.ts';
import { shortHash } from './keys.ts';
import type { FinishedPeriod, ReportKey } from './report-store.ts';
import type { Key } from './table.ts';

/** Keys of the operations table. */

export { eventSort, practiceKey } from './keys.ts';

export const configKey = (version: string): Key => ({ pk: 'config', sk: version });
/** The pushes of configurations, by when they were. */
export const CONFIG_PUSHES = 'config-pushes';
export const configPushKey = (pushedAt: Instant, version: string): Key => ({
  pk: CONFIG_PUSHES,
  sk: `${formatInstant(pushedAt)}#${version}`,
});
/** How far the sweep under a configuration has come. */
export const sweepKey = (push: Instant): Key => ({ pk: `sweep#${push}`, sk: 'progress' });
/** The referrals that are set aside. */
export const SET_ASIDE = 'set-aside';
/** @param by which function met it; null: detection, or one whose work detection repeats */
export const setAsideKey = (referralId: string, by: string | null): Key => ({
  pk: SET_ASIDE,
  sk: `${shortHash([referralId])}${by === null ? '' : `#${by}`}`,
});
export const quarantineKey = (reason: RefusalReason, id: string): Key => ({ pk: `quarantine#${reason}`, sk: id });
/** The pieces of a body that is too long for its item. */
export const quarantineBodyKey = (reason: RefusalReason, id: string, piece: number): Key => ({
  pk: `quarantine-body#${reason}#${id}`,
  sk: String(piece).padStart(4, '0'),
});
/** That something was refused, without what: whoever counts reads these. */
export const refusedKey = (reason: RefusalReason, id: string): Key => ({ pk: `refused#${reason}`, sk: id });
/** The words of senders' own in the events that first arrived on a UTC date. */
export const unmappedDayKey = (date: string): string => `unmapped#${date}`;
export const unmappedKey = (
  date: string,
  { subject, source, id }: { subject: string; source: string; id: string },
  field: string,
): Key => ({ pk: unmappedDayKey(date), sk: `${shortHash([subject, source, id])}#${field}` });
/** Which referral a sender's own name for something stands for. */
export const aliasKey = (sender: string, key: string): Key => ({
  pk: `alias#${shortHash([sender, key])}`,
  sk: 'referral',
});
/** What a member says whose referral isn't known yet. */
export const unmatchedKey = (id: string): Key => ({ pk: `unmatched#${id}`, sk: 'content' });
/** The unmatched members that arrived on a UTC date, without what they say. */
export const unmatchedDayKey = (date: string): string => `unmatched-day#${date}`;
export const unmatchedMarkerKey = (date: string, id: string): Key => ({ pk: unmatchedDayKey(date), sk: id });
/** Which unmatched members wait for a key of a sender. */
export const waitingKey = (sender: string, key: string, id: string): Key => ({
  pk: `waiting#${shortHash([sender, key])}`,
  sk: id,
});
export const feedKey = (feed: string): Key => ({ pk: 'feeds', sk: feed });
/** When events of feeds last arrived: of all feeds in one item, so that a batch of several feeds' events costs one write. */
export const FEED_EVENTS: Key = { pk: 'feed-events', sk: 'last' };
/** Which types of event have come from feeds. Apart from `FEED_EVENTS`, whose every write costs as much as it is large. */
export const FEED_TYPES: Key = { pk: 'feed-events', sk: 'types' };
export const mailDayKey = (date: string): string => `mail#${date}`;
/** A mail's id begins with the UTC date on which its period came, so that the planner finds a day's mails together. */
export const mailKey = (mailId: string): Key => ({ pk: mailDayKey(mailId.slice(0, 10)), sk: mailId });
export const mailContentKey = (mailId: string): Key => ({ pk: `mail-content#${mailId}`, sk: 'content' });
/** A part of a content that is too long for one item. The hash of the whole keeps two senders' parts apart. */
export const mailPartKey = (mailId: string, hash: string, number: number): Key => ({
  pk: mailContentKey(mailId).pk,
  sk: `part#${hash}#${number}`,
});
export const reportKey = ({ kind, period, scope }: ReportKey): Key => ({
  pk: `report#${kind}#${period}`,
  sk:
    Buffer.byteLength(scope) <= MOST_SCOPE_BYTES
      ? scope
      : `${scope.slice(0, scope.indexOf('=') + 1)}#${shortHash([scope])}`,
});
/** A sort key has room for 1,024 bytes. Names were once taken in at any length. */
const MOST_SCOPE_BYTES = 512;
/** The latest run that set out to write reports: apart from what every run reads, so that an idle one doesn't read it. */
export const REPORT_ATTEMPT: Key = { pk: 'report-attempt', sk: 'latest' };
/** The periods of which all reports are stored, in one partition. */
export const reportRunKey = ({ kind, period }: Omit<FinishedPeriod, 'asOf'>): Key => ({
  pk: 'report-runs',
  sk: `${kind}#${period}`,
});
