import { type Received, readRecord, settingOf } from '../../functions/ingest-events/read-record.ts';
import { tie } from '../../functions/ingest-events/tie.ts';
import type { Untied } from '../../functions/ingest-events/tying.ts';
import { formatInstant, type Instant } from '../../shared/contracts/instant.ts';
import type { QuarantineRow } from '../../shared/contracts/output.ts';
import { directoryIds, type Places } from '../../shared/domain/mail/directory-ids.ts';
import type { Unmapped } from '../../shared/intake/dialects/member.ts';
import { placeOf } from '../pipeline/input.ts';
import type { InputLine, ReadingOptions } from '../pipeline/input-files.ts';
import type { Place } from '../pipeline/place.ts';
import { type Finding, findingOf } from './finding-senders.ts';
import { madeRecord } from './made-record.ts';
import { RememberedAliases, RememberedUnmatched } from './remembered.ts';

export const OUTCOMES = ['translated', 'passed over', 'refused', 'unmatched', 'crashed'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** An event that a member says. */
export interface SaidEvent {
  type: string;
  time: string;
  /** Which row of the mapping made it. Null: it came as an event. */
  row: string | null;
  data: unknown;
}

/** What became of a member of a message, had it been the only ones to be sent. */
export interface Tried extends Place {
  /** Of a line with several: which it is, from 1. Null: its place says it all. */
  entry: number | null;
  /** In words of its dialect: `SIU^S12`. */
  kind: string;
  sender: string | null;
  /** By what its entry of `dialects.json` was found, and what of the entry's `match` it doesn't meet. */
  found: Finding;
  outcome: Outcome;
  events: SaidEvent[];
  /** Null: it has none, or it isn't known. */
  referralId: string | null;
  /** How it was found: by its own id, or by which other key. */
  tiedBy: string | null;
  keys: readonly string[];
  /** Without the ids of the directory's sites and practices: they need no entry. */
  unmapped: readonly Unmapped[];
  missing: readonly string[];
  /** Why it was refused or passed over. */
  why: string | null;
}

/** Of a configuration what trying needs. */
export interface TryConfig {
  dialects?: ReadingOptions['config']['dialects'];
  directory: ReadingOptions['config']['directory'] & Partial<Places>;
}

/** Far enough ahead that nothing lies in the future: what is tried was written down at some time. */
const LATEST: Instant = Date.UTC(2100, 11, 31);

/**
 * What messages become, as intake would take them in, and to which of the referrals among them each belongs. Nothing is
 * stored.
 */
export async function tryMessages(
  lines: readonly InputLine[],
  { config, sender }: { config: TryConfig; sender?: string | undefined },
): Promise<Tried[]> {
  const { sites = [], practices = [] } = config.directory;
  const isInDirectory = directoryIds({ sites, practices });
  const read = await Promise.all(lines.map((line) => readLine(line, config)));
  const received = read.flatMap((each) => ('received' in each ? each.received : []));
  const untied = received.filter((each): each is Untied => 'member' in each);
  const aliases = new RememberedAliases();
  const { tied } = await tie(untied, { aliases, unmatched: new RememberedUnmatched(), now: 0 });
  const referralOf = new Map(tied.map(({ what, referralId }) => [what, referralId]));
  const tried = read.map(async (each): Promise<Tried[]> => {
    if (!('received' in each)) return [{ ...BLANK, ...placeIn(each.line), outcome: 'crashed', why: each.error }];
    const findingFor = findingOf(each.line, config, sender);
    return Promise.all(
      each.received.map(async (one) => {
        if (!('member' in one)) {
          const own = { ...BLANK, ...placeIn(each.line, one.position), ...plain(one) };
          return { ...own, found: findingFor(own.sender) };
        }
        const became = await translated(one, referralOf.get(one) ?? null, aliases);
        const unmapped = became.unmapped.filter((code) => !isInDirectory(code));
        return { ...placeIn(each.line, one.position), ...became, unmapped, found: findingFor(became.sender) };
      }),
    );
  });
  return (await Promise.all(tried)).flat();
}

/** What can't even be read: a file or a line in a wrong encoding. */
export const triedUnreadable = ({ file, position, dialect, reason, detail }: QuarantineRow): Tried => ({
  ...BLANK,
  ...{ file: file ?? '', position: position ?? 1, unit: 'line', entry: null },
  ...{ kind: dialect === 'csv' ? 'csv' : 'file', outcome: 'refused', why: `${reason}: ${detail}` },
});

const BLANK = {
  ...{ kind: '', sender: null, found: { by: null, unmet: null }, events: [], referralId: null, tiedBy: null },
  ...{ keys: [], unmapped: [], missing: [], why: null },
};

/** @param within where it stands, as intake counts: rows by lines, all else from its line's position on */
function placeIn(line: InputLine, within: number | null = null): Pick<Tried, keyof Place | 'entry'> {
  const place = placeOf(line);
  const { dialect } = line.attributes ?? {};
  if (within === null) return { ...place, entry: null };
  if (place.unit !== 'line' || dialect === 'csv') return { ...place, position: within, entry: null };
  return { ...place, entry: dialect === undefined ? within : within - line.position + 1 };
}

type Read = { line: InputLine; received: Received[] } | { line: InputLine; error: string };

async function readLine(line: InputLine, config: ReadingOptions['config']): Promise<Read> {
  const attributes = { ...line.attributes, file: line.file, position: String(line.position) };
  const record = madeRecord(line.body, attributes, line.arrivesAt ?? LATEST);
  try {
    return { line, received: await readRecord(record, async () => settingOf(config)) };
  } catch (error) {
    return { line, error: error instanceof Error ? `${error.name}: ${error.message}` : String(error) };
  }
}

function plain(received: Exclude<Received, Untied>): Pick<Tried, 'outcome' | 'kind'> & Partial<Tried> {
  if ('refusal' in received) {
    const { reason, detail, dialect } = received.refusal;
    return { outcome: 'refused', kind: dialect, why: `${reason}: ${detail}` };
  }
  if ('passedOver' in received) {
    const { kind, sender, why } = received.passedOver;
    return { outcome: 'passed over', kind, sender, why };
  }
  const { type, time, data, source, subject } = received.accepted.event;
  const event = { type, time: formatInstant(time), row: null, data };
  return { outcome: 'translated', kind: type, sender: source, events: [event], referralId: subject, tiedBy: 'subject' };
}

async function translated(
  { member, events }: Untied,
  referralId: string | null,
  aliases: RememberedAliases,
): Promise<Omit<Tried, keyof Place | 'entry' | 'found'>> {
  const { kind, sender, keys, unmapped, missing, facts, needsReferral } = member;
  const times = new Set(events.map(({ type, time }) => `${type} ${time}`));
  const said = facts
    .map(({ type, time, row, data }): SaidEvent => ({ type, time: formatInstant(time), row, data }))
    .filter(({ type, time }) => times.has(`${type} ${time}`));
  const known = await aliases.find(sender, keys.others);
  const isOwn = keys.referralId !== null;
  const tiedBy = isOwn
    ? "the referral's own id"
    : (known.find((alias) => alias.referralId === referralId)?.key ?? null);
  const isKeyless = referralId === null && keys.others.length === 0;
  const untied = isKeyless && !needsReferral ? 'passed over' : 'unmatched';
  const outcome = referralId === null ? untied : 'translated';
  const why = isKeyless ? 'nothing in it says which referral it is about' : null;
  return { ...{ kind, sender, outcome, events: said, referralId, tiedBy }, keys: keys.others, unmapped, missing, why };
}
