import { HOUR_MS } from '../../contracts/duration.ts';
import type { Instant } from '../../contracts/instant.ts';
import type { OperationsContent } from '../../contracts/mail.ts';
import { MAIL_KINDS, type MailKind } from '../../contracts/vocabulary.ts';
import { byCodePoint } from '../code-point.ts';

/** A mail and what became of it. */
export interface MailFate {
  kind: MailKind;
  personId: string;
  dueAt: Instant;
  status: string;
  /** When each of these happened, by SES. Absent: it didn't. */
  sesBounceAt?: Instant;
  sesComplaintAt?: Instant;
  sesRejectAt?: Instant;
}

type Undelivered = OperationsContent['undelivered'][number];

/**
 * Within this time it is mostly known what became of a mail: SES reports in minutes. Of a mail that turns out undeliverable
 * after the next operations mail, because its sender failed for a day, its person's next mail tells. The operations mail is
 * made at the same hour as most others, so it leaves what has just happened to the next one; otherwise a bounce that is
 * reported a minute later would be in neither.
 */
const SETTLED_MS = HOUR_MS;

const WHYS = ['bounced', 'complained', 'rejected', 'not_allowed'] as const satisfies readonly Undelivered['why'][];

/** Mails that turned out undelivered since the previous operations mail: by recipient, kind and why, most first. */
export function undeliveredSince(mails: readonly MailFate[], since: Instant | null, asOf: Instant): Undelivered[] {
  const after = (since ?? Number.NEGATIVE_INFINITY) - SETTLED_MS;
  const until = asOf - SETTLED_MS;
  const counted = new Map<string, Undelivered>();
  for (const mail of mails) {
    for (const why of WHYS) {
      const at = failedAt(mail, why);
      if (at === undefined || at <= after || at > until) continue;
      const { personId, kind } = mail;
      const key = JSON.stringify([personId, kind, why]);
      counted.set(key, { personId, kind, why, count: (counted.get(key)?.count ?? 0) + 1 });
    }
  }
  return [...counted.values()].sort(
    (a, b) =>
      b.count - a.count ||
      byCodePoint(a.personId, b.personId) ||
      MAIL_KINDS.indexOf(a.kind) - MAIL_KINDS.indexOf(b.kind) ||
      WHYS.indexOf(a.why) - WHYS.indexOf(b.why),
  );
}

/** When a mail failed in a given way. Undefined: it didn't. */
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
