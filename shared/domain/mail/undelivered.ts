import { HOUR_MS } from '../../contracts/duration.ts';
import type { Instant } from '../../contracts/instant.ts';
import type { OperationsContent } from '../../contracts/mail.ts';
import { MAIL_KINDS, type MailKind } from '../../contracts/vocabulary.ts';
import { byCodePoint } from '../code-point.ts';

/** What is known of a mail and of what became of it. */
export interface MailFate {
  kind: MailKind;
  personId: string;
  dueAt: Instant;
  status: string;
  /** When SES was told so. Absent: it wasn't. */
  sesBounceAt?: Instant;
  sesComplaintAt?: Instant;
  sesRejectAt?: Instant;
}

type Undelivered = OperationsContent['undelivered'][number];

/**
 * A mail's end is known within this time: SES tells in minutes, and a sender that fails is tried for half an hour. The
 * operations mail is made at the hour at which most others are, so what has just happened is left to the next one;
 * otherwise a bounce that is told of a minute later would be in none.
 */
const SETTLED_AFTER = HOUR_MS;

const WHYS = ['bounced', 'complained', 'rejected', 'not_allowed'] as const satisfies readonly Undelivered['why'][];

/** Mails that did not arrive, as came out since the previous operations mail: by recipient, kind and why, most first. */
export function undeliveredSince(mails: readonly MailFate[], since: Instant | null, asOf: Instant): Undelivered[] {
  const after = (since ?? Number.NEGATIVE_INFINITY) - SETTLED_AFTER;
  const until = asOf - SETTLED_AFTER;
  const groups = new Map<string, Undelivered>();
  for (const mail of mails) {
    for (const why of WHYS) {
      const at = failedAt(mail, why);
      if (at === undefined || at <= after || at > until) continue;
      const { personId, kind } = mail;
      const key = JSON.stringify([personId, kind, why]);
      groups.set(key, { personId, kind, why, count: (groups.get(key)?.count ?? 0) + 1 });
    }
  }
  return [...groups.values()].sort(
    (a, b) =>
      b.count - a.count ||
      byCodePoint(a.personId, b.personId) ||
      MAIL_KINDS.indexOf(a.kind) - MAIL_KINDS.indexOf(b.kind) ||
      WHYS.indexOf(a.why) - WHYS.indexOf(b.why),
  );
}

/** When a mail failed in this way. Undefined: it didn't. */
function failedAt(mail: MailFate, why: Undelivered['why']): Instant | undefined {
  switch (why) {
    case 'bounced':
      return mail.sesBounceAt;
    case 'complained':
      return mail.sesComplaintAt;
    case 'rejected':
      return mail.sesRejectAt;
    case 'not_allowed':
      return mail.status === 'undeliverable' ? mail.dueAt : undefined;
  }
}
