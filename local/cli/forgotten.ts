import { type Instant, parseInstant } from '../../shared/contracts/instant.ts';
import type { AlertRow } from '../../shared/contracts/output.ts';
import type { AlertKind, Priority } from '../../shared/contracts/vocabulary.ts';
import { byCodePoint } from '../../shared/domain/code-point.ts';
import type { ReadOut } from '../pipeline/read-out.ts';

/** A patient to whom a promise is broken. */
export interface Forgotten {
  referralId: string;
  kind: AlertKind;
  priority: Priority;
  specialty: string;
  /** What did not happen. */
  story: string;
  /** When it was due. */
  since: Instant;
}

/** What did not happen, the most telling first. */
export const STORIES: readonly [AlertKind, string][] = [
  ['first_attempt', 'nobody has called'],
  ['rebook', 'a visit was missed and not rebooked'],
  ['note', 'seen, and no note came back'],
  ['reroute', 'declined and sent nowhere else'],
  ['scheduled', 'no visit is booked'],
  ['reached', 'called and not reached'],
  ['acknowledge', 'a note came back and nobody read it'],
  ['acceptance', 'nobody has accepted it'],
  ['visit', 'not seen yet'],
];
const MOST = 3;

/** Told in fewer mails, it may be mended tomorrow. */
const FEWEST_MAILS = 3;

/** Up to three patients, each forgotten in another way, whose open breach mails have told again and again: the latest. */
export function forgottenIn({ alerts, mails, referrals }: ReadOut): Forgotten[] {
  const keys = mails.flatMap(({ rows }) => rows.map(keyOf));
  const told = Map.groupBy(keys, (key) => key);
  const byId = new Map(referrals.map((row) => [row.referralId, row]));
  const open = alerts
    .filter((alert) => alert.openedAt !== null && alert.resolvedAt === null && alert.dueAt !== null)
    .filter((alert) => (told.get(keyOf(alert))?.length ?? 0) >= FEWEST_MAILS)
    .sort((a, b) => byCodePoint(b.dueAt ?? '', a.dueAt ?? ''));
  const found: Forgotten[] = [];
  for (const [kind, story] of STORIES) {
    const isNew = ({ referralId }: AlertRow) => !found.some((other) => other.referralId === referralId);
    const alert = open.find((each) => each.kind === kind && isNew(each));
    const { priority, specialty } = byId.get(alert?.referralId ?? '') ?? {};
    const since = parseInstant(alert?.dueAt ?? '');
    if (found.length < MOST && alert && priority && since !== null) {
      found.push({ referralId: alert.referralId, kind, priority, specialty: specialty ?? '', story, since });
    }
  }
  return found;
}

const keyOf = ({ referralId, kind }: { referralId: string; kind: string }): string => `${referralId} ${kind}`;
