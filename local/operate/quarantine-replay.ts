import { setTimeout as sleep } from 'node:timers/promises';
import { quarantineIdOf } from '../../functions/ingest-events/quarantine-item.ts';
import { readRecord, settingOf } from '../../functions/ingest-events/read-record.ts';
import type { RefusalReason } from '../../shared/contracts/vocabulary.ts';
import { dialectOf } from '../../shared/intake/dialect-of.ts';
import { unwrap } from '../../shared/intake/envelope.ts';
import { plural } from '../../shared/mail/format-time.ts';
import { cached } from '../../shared/platform/cached.ts';
import { chunksOf, forEach } from '../../shared/platform/concurrency.ts';
import type { QuarantineEntry } from '../../shared/store/dynamo-quarantine-desk.ts';
import { wrap } from '../cli/columns.ts';
import type { Print } from '../cli/print.ts';
import { madeRecord } from '../dialects/made-record.ts';
import { sendMessages } from '../stand-ins/send-messages.ts';
import { Counting } from './counting.ts';
import { deskOf } from './quarantine-list.ts';
import { assertSelected, type Selection, selected, standingOf } from './quarantine-selection.ts';
import { configOf, isTakenIn } from './taken-in.ts';
import { onTarget, type Target } from './target.ts';

/**
 * `loopwatch quarantine replay`: sends refused messages again.
 *
 * Nothing leaves the quarantine by this, so nothing can be lost. A message is marked as sent again before it is: if this
 * ends in between, the mark says too much, and the same command does it again. Ingest takes a message twice without
 * harm; if it refuses one again for the same reason, it finds the item, as its id is made from body and place, and notes
 * that there. Only what is found where ingest puts what it takes is marked as taken in, and not sent any more.
 */
export interface ReplayOptions extends Selection {
  stage?: string;
  dryRun?: boolean;
  /** For how many seconds to look whether ingest takes them. */
  wait: number;
  json?: boolean;
}

export interface Replayed {
  dryRun: boolean;
  sent: number;
  /** Known to be taken in, now or before. */
  takenIn: number;
  refusedAgain: number;
  /** Sent, and it isn't known yet what became of them. */
  open: number;
  /** Left alone: being discarded, or refused for another reason since. */
  leftAlone: number;
  /** SQS never takes these: too large, or with characters that it doesn't allow. */
  notSent: number;
  /** Only of a dry run: why the intake of this release would refuse some, by reason. */
  wouldRefuse: Partial<Record<RefusalReason, number>>;
}

const AT_ONCE = 10;
/** Beyond so many it isn't waited for what becomes of them. */
const MOST_FOLLOWED = 500;
const LOOK_EVERY_MS = 1_000;

/** Sends again what is selected, and says what became of it. */
export async function replayQuarantine(options: ReplayOptions, print: Print): Promise<void> {
  const { stage, dryRun = false, wait, json = false, ...selection } = options;
  assertSelected(selection);
  const replayed = await onTarget(stage, (target) => replay(target, selection, { dryRun, wait }));
  print(json ? JSON.stringify(replayed) : wrap(replayText(replayed).split(' '), 80).join('\n'));
}

/** What `replayQuarantine` does, without a word. @throws whatever a call throws; doing it again is safe */
export async function replay(
  target: Target,
  selection: Selection,
  { dryRun, wait }: { dryRun: boolean; wait: number },
): Promise<Replayed> {
  const done: Replayed = {
    ...{ dryRun, sent: 0, takenIn: 0, refusedAgain: 0, open: 0, leftAlone: 0, notSent: 0 },
    wouldRefuse: {},
  };
  const counting = new Counting(dryRun ? 'looked at' : 'sent again');
  const sent: QuarantineEntry[] = [];
  for await (const page of selected(deskOf(target), selection)) {
    for (const entries of chunksOf(page, AT_ONCE)) {
      const went = await (dryRun ? tryEach(entries, target, done) : sendEach(entries, target, done));
      done.sent += went.length;
      // Beyond that it is only known how many there are.
      if (sent.length <= MOST_FOLLOWED) sent.push(...went);
      counting.show(done.sent);
    }
  }
  counting.end();
  if (!dryRun) await follow(sent, target, done, wait);
  done.open = dryRun ? 0 : done.open + done.sent - sent.length;
  return done;
}

interface Wanted {
  entry: QuarantineEntry;
  body: string;
}

/** Those of some entries that are to be sent, with their bodies; marks those that were taken in meanwhile. */
async function wantedOf(entries: readonly QuarantineEntry[], target: Target, done: Replayed): Promise<Wanted[]> {
  const desk = deskOf(target);
  const wanted = await forEach(entries, AT_ONCE, async (entry): Promise<Wanted[]> => {
    switch (standingOf(entry)) {
      case 'taken_in':
        done.takenIn += 1;
        return [];
      case 'elsewhere':
      case 'being_discarded':
        done.leftAlone += 1;
        return [];
      case 'refused':
      case 'sent_again':
      case 'refused_again': {
        const body = await desk.body(entry);
        if (body === null) {
          done.leftAlone += 1;
          return [];
        }
        // Of some input nothing may be kept.
        if (body === '') {
          done.leftAlone += 1;
          return [];
        }
        if (!(await isTakenIn(body, attributesOf(entry, body), target.tables))) return [{ entry, body }];
        if (!done.dryRun) await desk.markTaken(entry, target.now);
        done.takenIn += 1;
        return [];
      }
    }
  });
  return wanted.flat();
}

/** What intake of this release says to each. @returns those that would be sent */
async function tryEach(
  entries: readonly QuarantineEntry[],
  target: Target,
  done: Replayed,
): Promise<QuarantineEntry[]> {
  const wanted = await wantedOf(entries, target, done);
  const setting = cached(async () => settingOf(await configOf(target.tables)), Number.POSITIVE_INFINITY, {
    now: () => target.now,
  });
  for (const { entry, body } of wanted) {
    const read = await readRecord(madeRecord(body, attributesOf(entry, body), target.now), setting);
    for (const each of read) {
      if (!('refusal' in each)) continue;
      const { reason } = each.refusal;
      done.wouldRefuse[reason] = (done.wouldRefuse[reason] ?? 0) + 1;
    }
  }
  return wanted.map(({ entry }) => entry);
}

/** Marks and sends each. @returns those that SQS took */
async function sendEach(
  entries: readonly QuarantineEntry[],
  target: Target,
  done: Replayed,
): Promise<QuarantineEntry[]> {
  const desk = deskOf(target);
  const wanted = await wantedOf(entries, target, done);
  const marked = await forEach(wanted, AT_ONCE, async (each) => {
    const isMarked = (await desk.markReplayed(each.entry, target.now)) === 'written';
    if (!isMarked) done.leftAlone += 1;
    return isMarked ? [each] : [];
  });
  const outgoing = marked.flat();
  if (outgoing.length === 0) return [];
  const messages = outgoing.map(({ entry, body }) => ({ body, attributes: attributesOf(entry, body) }));
  const { rejected } = await sendMessages(target.sqs, await target.queueUrl('referral-events'), messages);
  const refused = new Set(rejected.map(({ index }) => index));
  done.notSent += refused.size;
  return outgoing.filter((_, index) => !refused.has(index)).map(({ entry }) => entry);
}

/**
 * The attributes with which a message is sent again: where it comes from, so that it has the same id if it is refused
 * again, and how it is to be read. What a member said is an event by now, and needs neither dialect nor sender.
 */
function attributesOf({ dialect, file, position, sender, exportedAt }: QuarantineEntry, body: string) {
  const isEvent = dialect === 'cloudevents' || dialectOf(unwrap(body, {}).body, undefined) === 'cloudevents';
  const said = isEvent ? {} : { dialect, sender, exportedAt };
  const all = {
    file,
    position: position === null ? null : placeOf(dialect === 'csv' && !isEvent, body, position),
    ...said,
  };
  return Object.fromEntries(
    Object.entries(all).flatMap(([name, value]) => (value === null || value === '' ? [] : [[name, value]])),
  ) as Record<string, string>;
}

/** A refused row is kept below its row of names, and that below a `sep=`: there its body begins so far above it. */
const placeOf = (isRow: boolean, body: string, position: number): string =>
  String(isRow ? Math.max(1, position - (/^sep=/i.test(body) ? 2 : 1)) : position);

/** Looks what becomes of what was sent, until all is known or the time is over. */
async function follow(sent: readonly QuarantineEntry[], target: Target, done: Replayed, wait: number): Promise<void> {
  const counting = new Counting('taken in or refused', sent.length);
  const rounds = sent.length > MOST_FOLLOWED ? 0 : Math.floor((wait * 1000) / LOOK_EVERY_MS);
  let open = sent;
  for (let round = 0; round < rounds && open.length > 0; round += 1) {
    await sleep(LOOK_EVERY_MS);
    const outcomes = await forEach(open, AT_ONCE, (entry) => outcomeOf(entry, target));
    done.takenIn += outcomes.filter((outcome) => outcome === 'taken_in').length;
    done.refusedAgain += outcomes.filter((outcome) => outcome === 'refused').length;
    open = open.filter((_, index) => outcomes[index] === null);
    counting.show(sent.length - open.length);
  }
  counting.end();
  done.open = open.length;
}

/** What became of a message that was sent again, noted on its item. Null: it isn't known yet. */
export async function outcomeOf(entry: QuarantineEntry, target: Target): Promise<'taken_in' | 'refused' | null> {
  const desk = deskOf(target);
  const now = await desk.get(entry);
  if (now?.refusedAgainAt !== undefined) return 'refused';
  const body = await desk.body(entry);
  if (body === null) return null;
  if (body !== '' && (await isTakenIn(body, attributesOf(entry, body), target.tables))) {
    await desk.markTaken(entry, target.now);
    return 'taken_in';
  }
  const { file, position } = entry;
  const others = await desk.startingWith(
    quarantineIdOf(body, file || null, position === null ? null : String(position)),
  );
  const other = others.find(
    ({ reason, quarantineId, refusedAt, refusedAgainAt }) =>
      (reason !== entry.reason || quarantineId !== entry.quarantineId) &&
      Math.max(refusedAt, refusedAgainAt ?? 0) >= (now?.replayedAt ?? 0),
  );
  if (other === undefined) return null;
  await desk.markRefusedAs(entry, other.reason);
  return 'refused';
}

function replayText(replayed: Replayed): string {
  const { dryRun, leftAlone, notSent } = replayed;
  return [
    ...(dryRun ? dryRunTexts(replayed) : outcomeTexts(replayed)),
    ...(notSent > 0 ? [`SQS doesn't take ${notSent}: too large, or with characters that it doesn't allow.`] : []),
    ...(leftAlone > 0 ? [`${leftAlone} left alone: discarded, or refused for another reason since.`] : []),
  ].join(' ');
}

function dryRunTexts({ sent, takenIn, wouldRefuse }: Replayed): string[] {
  const refusals = Object.entries(wouldRefuse).map(([reason, count]) => `${count} as ${reason}`);
  const prediction =
    refusals.length === 0
      ? 'The intake of this release can read all of them; the referrals they name may still refuse some.'
      : `The intake of this release would refuse ${refusals.join(', ')}.`;
  return [
    `Would send ${plural(sent, 'message')} again.`,
    ...(sent > 0 ? [prediction] : []),
    ...(takenIn > 0 ? [`${takenIn} taken in already, so not sent.`] : []),
  ];
}

function outcomeTexts({ sent, takenIn, refusedAgain, open }: Replayed): string[] {
  return [
    `Sent ${plural(sent, 'message')} again.`,
    ...(takenIn > 0 ? [`${takenIn} taken in, and marked so.`] : []),
    ...(refusedAgain > 0
      ? [`${refusedAgain} refused again, and kept: \`npx loopwatch quarantine list\` says why.`]
      : []),
    ...(open > 0
      ? [`Of ${open} it isn't known yet: in a few minutes, the same command sends only what wasn't taken in.`]
      : []),
  ];
}
