import type { Config } from '../../shared/contracts/config.ts';
import { meantSpecialty } from '../../shared/contracts/config-check-specialties.ts';
import { DAY_MS } from '../../shared/contracts/duration.ts';
import { formatInstant, formatOptionalInstant, type Instant, parseInstant } from '../../shared/contracts/instant.ts';
import type { QuarantineRow, ReferralRow } from '../../shared/contracts/output.ts';
import type { AlertKind } from '../../shared/contracts/vocabulary.ts';
import { liveFrom } from '../../shared/domain/alert/live-from.ts';
import { byCodePoint } from '../../shared/domain/code-point.ts';
import { directoryIds } from '../../shared/domain/mail/directory-ids.ts';
import { dailyMails, nextDigestAt } from '../../shared/domain/mail/schedule.ts';
import { unheardClocks } from '../../shared/domain/referral/unheard.ts';
import type { UnmappedCode } from '../../shared/store/unmapped-store.ts';
import { crosswalkOf, wordFor } from '../dialects/words-for.ts';
import { type Arrival, endOfDay, saidArrivals } from '../pipeline/input.ts';
import type { InputLine } from '../pipeline/input-files.ts';
import { type Unit, unitOf } from '../pipeline/place.ts';
import { isWaiting } from '../pipeline/read-out.ts';
import type { Session } from '../pipeline/session.ts';
import { countBy, type Summary } from '../pipeline/write-out.ts';
import { exampleOfAny, isOpen } from './example-referral.ts';
import { type Nobodys, nobodysOf } from './nobodys.ts';
import type { NotRead } from './not-read.ts';

/** What `replay --json` prints: `summary.json` and what a person wants to know next. */
export interface ReplaySummary extends Summary {
  /** Messages that would arrive after `until`. */
  afterUntil: number;
  /** The end of the day of the last arrival, if some lie after `until`. */
  allBy: string | null;
  /** Events, heartbeats and what waits for its referral: whether anything came in. */
  tookIn: boolean;
  open: number;
  openByStage: Record<string, number>;
  openBreaches: number;
  openBreachesByKind: Record<string, number>;
  /** How many people got mails, by kind. */
  mailedByKind: Record<string, number>;
  /** Clocks of which nothing that came says when they are met, with how many are overdue. */
  unheard: Record<string, number>;
  /** Open referrals of which a clock was due before `liveFrom` and runs still: reports count it, and no mail tells of it. */
  history: number;
  /** The first of what was refused, and what its position counts. */
  firstRefused: (QuarantineRow & { unit: Unit })[];
  /** What was passed over, by kind and why, the most frequent first. */
  passedOver: PassedOver[];
  /** What of folders wasn't read: by ending, `no ending`, `folder` or `empty`. */
  notRead: NotRead;
  nobodys: Nobodys;
  /** Specialties that no rule, route or sensitive specialty has, and one that is nearly written so has. */
  strangeSpecialties: StrangeSpecialty[];
  /** What waits until a referral is known by one of its keys: the others that are unmatched have none. */
  waiting: number;
  /** Referrals of which only later events have come. */
  orphans: number;
  /** The first of them. */
  orphanIds: string[];
  /** Codes for which the sender's entry of `dialects.json` has no word, the most frequent first. */
  codes: UnmappedCode[];
  /** Other words of senders that no list has, by field. */
  ownWords: Record<string, number>;
  /** In how many rows and messages a field is absent that a default stands for, the most frequent first. */
  lacking: Record<string, number>;
  /** When the next digest would come, if nobody has got one since the last arrival and something is open. */
  nextDigestAt: string | null;
  /** Of the organization. */
  timeZone: string;
  /** A referral whose history is worth explaining. */
  example: string | null;
  /** Warnings of the configuration, a line each. */
  warnings: string[];
}

export interface Replayed {
  session: Session;
  config: Config;
  /** What was read of the files. */
  lines: readonly InputLine[];
  arrivals: readonly Arrival[];
  notRead: NotRead;
  /** What could not even be read, with its line. */
  unreadable: readonly QuarantineRow[];
  until: Instant;
  /** Of the organization. */
  timeZone: string;
  warnings: string[];
}

const FIRST_REFUSED = 3;
const FEW_ORPHANS = 3;

/** Sums up a replay for a person. Reads the session's tables, so they must be up. */
export async function replaySummary(replayed: Replayed): Promise<ReplaySummary> {
  const { session, config, lines, arrivals, unreadable, notRead, until, timeZone, warnings } = replayed;
  const { out, summary } = session;
  const last = arrivals.reduce((latest, { arrivedAt }) => Math.max(latest, arrivedAt), until);
  const afterUntil = arrivals.filter(({ arrivedAt }) => arrivedAt > until).length;
  const refused = out.quarantine.filter(({ reason }) => reason !== 'unmatched');
  const open = out.referrals.filter(isOpen);
  const orphans = out.referrals.filter(({ stage }) => stage === 'awaiting_referral');
  const openBreaches = out.alerts.filter(({ openedAt, resolvedAt }) => openedAt !== null && resolvedAt === null);
  return {
    ...summary,
    afterUntil,
    allBy: afterUntil > 0 ? formatInstant(endOfDay(last, timeZone)) : null,
    tookIn: summary.events > 0 || out.log.length > 0 || refused.length < out.quarantine.length,
    open: open.length,
    openByStage: countBy(open, ({ stage }) => stage),
    openBreaches: openBreaches.length,
    openBreachesByKind: countBy(openBreaches, ({ kind }) => kind),
    mailedByKind: mailedByKind(session),
    unheard: unheardOf(out.log, openBreaches, config),
    history: open.filter((referral) => isHistory(referral, liveFrom(config))).length,
    firstRefused: refused.slice(0, FIRST_REFUSED).map((row) => ({
      ...row,
      unit: unreadable.includes(row) ? 'line' : unitOf(row.file ?? '', row.dialect),
    })),
    passedOver: passedOverIn(lines, until),
    notRead,
    nobodys: nobodysOf(out.referrals, config.directory),
    strangeSpecialties: strangeSpecialties(out.referrals, config),
    waiting: out.quarantine.filter(isWaiting).length,
    orphans: orphans.length,
    orphanIds: orphans.slice(0, FEW_ORPHANS).map(({ referralId }) => referralId),
    ...(await unmappedOf(replayed)),
    lacking: lackingIn(lines, until),
    nextDigestAt: formatOptionalInstant(nextDigest(replayed)),
    timeZone,
    example: exampleOfAny(out),
    warnings,
  };
}

/** What means nothing here, and how often. */
export interface PassedOver {
  /** In words of its dialect: `SIU^S12`. */
  kind: string;
  why: string;
  n: number;
}

function passedOverIn(lines: readonly InputLine[], until: Instant): PassedOver[] {
  const all = lines.filter(({ arrivesAt }) => (arrivesAt ?? until) <= until).flatMap((line) => line.passedOver ?? []);
  return [...Map.groupBy(all, ({ kind, why }) => JSON.stringify([kind, why])).values()]
    .map((same) => ({ ...(same[0] as Omit<PassedOver, 'n'>), n: same.length }))
    .sort((a, b) => b.n - a.n);
}

const isHistory = ({ clocks }: ReferralRow, live: Instant): boolean =>
  clocks.some(({ netDueAt, stoppedAt, outcome }) => {
    const isOwed = stoppedAt === null && (outcome === 'missed' || outcome === 'running');
    return isOwed && (parseInstant(netDueAt) ?? live) < live;
  });

function unheardOf(
  log: Session['out']['log'],
  overdue: readonly { kind: AlertKind }[],
  { policy }: Config,
): Record<string, number> {
  const kinds = new Set<string>(
    unheardClocks(new Set(log.map(({ event: { type } }) => type)), policy).map(({ kind }) => kind),
  );
  return countBy(
    overdue.filter(({ kind }) => kinds.has(kind)),
    ({ kind }) => kind,
  );
}

/** A specialty of referrals, and the word of the configuration that it seems to mean. */
export interface StrangeSpecialty {
  value: string;
  meant: string;
  n: number;
}

function strangeSpecialties(referrals: Session['out']['referrals'], config: Config): StrangeSpecialty[] {
  const meantBy = meantSpecialty(config);
  return Object.entries(countBy(referrals, ({ specialty }) => specialty ?? ''))
    .flatMap(([value, n]) => {
      const meant = value === '' ? null : meantBy(value);
      return meant === null ? [] : [{ value, meant, n }];
    })
    .sort((a, b) => b.n - a.n);
}

function mailedByKind({ out: { mails } }: Session): Record<string, number> {
  const once = new Map(mails.map(({ kind, recipient }) => [JSON.stringify([kind, recipient]), kind]));
  return countBy([...once.values()], (kind) => kind);
}

/** Asks only for the days on which something arrived: there may be years between them. */
async function unmappedOf({
  session,
  config,
  arrivals,
  until,
}: Replayed): Promise<Pick<ReplaySummary, 'codes' | 'ownWords'>> {
  const { unmapped } = session.pipeline.stores;
  const arrived = arrivals.filter(({ arrivedAt }) => arrivedAt <= until);
  const days = new Set(arrived.map(({ arrivedAt }) => Math.floor(arrivedAt / DAY_MS) * DAY_MS));
  const codes = new Map<string, UnmappedCode>();
  const ownWords: Record<string, number> = {};
  for (const day of days) {
    for (const [field, n] of Object.entries(await unmapped.countByField(day, day + DAY_MS))) {
      ownWords[field] = (ownWords[field] ?? 0) + n;
    }
    for (const { field, value, n } of await unmapped.codesBetween(day, day + DAY_MS)) {
      const key = JSON.stringify([field, value]);
      codes.set(key, { field, value, n: n + (codes.get(key)?.n ?? 0) });
      ownWords[field] = (ownWords[field] ?? 0) - n;
    }
  }
  const isListed = directoryIds(config.directory);
  const words = Object.entries(ownWords).filter(([, n]) => n > 0);
  return {
    codes: [...codes.values()]
      .filter((code) => !isListed(code) && mayHaveEntry(code, config))
      .sort((a, b) => b.n - a.n || byCodePoint(a.field, b.field)),
    ownWords: Object.fromEntries(words.sort(([a, m], [b, n]) => n - m || byCodePoint(a, b))),
  };
}

function lackingIn(lines: readonly InputLine[], until: Instant): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { missing = [], arrivesAt } of lines) {
    if ((arrivesAt ?? until) > until) continue;
    for (const field of missing) counts[field] = (counts[field] ?? 0) + 1;
  }
  return Object.fromEntries(Object.entries(counts).sort(([a, m], [b, n]) => n - m || byCodePoint(a, b)));
}

/** No entry would help a practice that the directory lacks: it stands with what is unknown. */
const mayHaveEntry = (code: UnmappedCode, config: Config): boolean =>
  crosswalkOf(code.field) !== 'practice' || wordFor(code.field, code.value, config) !== code.value;

/** Null: there was one after the last arrival, or nothing is open that it could list. */
function nextDigest({ session, config, lines, until }: Replayed): Instant | null {
  if (!session.out.referrals.some(isOpen)) return null;
  // What doesn't say when it arrives, such as a file of no sender, is put at the end, and says nothing of a digest.
  const said = saidArrivals(lines).filter(({ at }) => at <= until);
  const last = said.reduce((latest, { at }) => Math.max(latest, at), said.length === 0 ? until : 0);
  const recipients = dailyMails(config.directory).filter(({ kind }) => kind !== 'operations');
  const next = (after: Instant): Instant[] =>
    recipients.flatMap(({ recipient }) => nextDigestAt(recipient, after) ?? []);
  // Before that nobody is mailed: the first digest may come at that very instant.
  const live = liveFrom(config) - 1;
  if (next(Math.max(last - 1, live)).some((due) => due <= until)) return null;
  const [first] = next(Math.max(until, live)).sort((a, b) => a - b);
  return first ?? null;
}

/** If everything was refused, says so on the error output and makes the command fail. Its output files stay. */
export function failForRefused({ tookIn, refused }: Pick<ReplaySummary, 'tookIn' | 'refused'>): void {
  if (tookIn || refused === 0) return;
  console.error('loopwatch: nothing was taken in: everything was refused');
  process.exitCode = 1;
}
