import { quarantineIdOf } from '../../functions/ingest-events/quarantine-item.ts';
import { type Received, readRecord, settingOf } from '../../functions/ingest-events/read-record.ts';
import type { Untied } from '../../functions/ingest-events/tying.ts';
import { REFUSAL_REASONS } from '../../shared/contracts/vocabulary.ts';
import { eventSort } from '../../shared/store/keys.ts';
import { toRecord } from '../memory-stage/memory-queue.ts';
import type { FuzzMessage } from './messages.ts';
import type { FuzzPlan } from './plan.ts';
import type { Finding, Played } from './play.ts';

type Where = (received: Received, message: FuzzMessage) => string;

/**
 * Where each member of messages in other dialects is: in a log, in quarantine, held, passed over, or nowhere.
 * @returns the findings, and counts by where
 */
export async function dialectWhereabouts(
  { stage }: Played,
  { config, translated }: Pick<FuzzPlan, 'config' | 'translated'>,
): Promise<{ findings: Finding[]; counts: Record<string, number> }> {
  const where = await whereIn(stage);
  const counts: Record<string, number> = {};
  const findings: Finding[] = [];
  for (const [index, message] of translated.entries()) {
    const { body, sentAt, attributes = {} } = message;
    const record = toRecord({ id: String(index), body, attributes, sentAt, visibleAt: sentAt, receives: 1 });
    // What can't be read came back, and was found there.
    const members = await readRecord(record, async () => settingOf(config)).catch(() => []);
    for (const received of members) {
      const found = where(received, message);
      counts[found] = (counts[found] ?? 0) + 1;
      if (found === 'lost')
        findings.push({ kind: 'lost', detail: 'a member, neither in a log nor in quarantine', body });
    }
  }
  return { findings, counts };
}

async function whereIn({ dynamo, names, stores }: Played['stage']): Promise<Where> {
  const events = new Set(dynamo.items(names.referrals).map(({ sk }) => sk?.S));
  const operations = dynamo.items(names.operations);
  const others = new Set(operations.flatMap(({ pk, sk }) => (pk?.S === 'feeds' ? [`feeds ${sk?.S}`] : [sk?.S])));
  const refused = new Map<string, string>();
  for (const reason of REFUSAL_REASONS) {
    for (const { quarantineId, body } of await stores.quarantine.list(reason)) {
      refused.set(quarantineId, reason);
      // An event that was refused once its referral was known is kept with that.
      const event = eventIn(body);
      if (event !== null) refused.set(sortOf(event), reason);
    }
  }
  const ids = operations.flatMap(({ pk }) => /^unmatched#(.+)$/.exec(pk?.S ?? '')?.[1] ?? []);
  const waiting = (await stores.unmatched.find(ids)).flatMap((each) => each.events);
  const held = new Set(waiting.map(sortOf));
  const inQuarantine = (text: string, { position }: Received, { body, attributes = {} }: FuzzMessage): string => {
    const place = position === null ? (attributes.position ?? null) : String(position);
    // Of some bodies nothing is kept; then the whole of it tells them apart.
    return refused.get(quarantineIdOf(text || body, attributes.file ?? null, place)) ?? 'lost';
  };
  const ofMember: (received: Untied, message: FuzzMessage) => string = (received, message) => {
    const { keys, needsReferral } = received.member;
    if (keys.referralId === null && keys.others.length === 0) {
      return needsReferral ? inQuarantine(JSON.stringify(received.events), received, message) : 'passed over';
    }
    const places = received.events.map((event) => {
      if (events.has(sortOf(event))) return 'taken in';
      if (held.has(sortOf(event))) return 'held';
      return refused.get(sortOf(event)) ?? inQuarantine(JSON.stringify(event), received, message);
    });
    return places.find((place) => place === 'lost') ?? places[0] ?? 'names only';
  };
  return (received, message) => {
    if ('passedOver' in received) return 'passed over';
    if ('member' in received) return ofMember(received, message);
    if ('refusal' in received) return inQuarantine(received.body, received, message);
    const { event } = received.accepted;
    const isTaken = [eventSort(event), `feeds ${event.subject}`].some((sort) => events.has(sort) || others.has(sort));
    return isTaken ? 'taken in' : inQuarantine(received.body, received, message);
  };
}

/** Null: a refused body is something else. */
function eventIn(body: string): Readonly<Record<string, unknown>> | null {
  try {
    const { source, id } = JSON.parse(body) ?? {};
    return typeof source === 'string' && typeof id === 'string' ? { source, id } : null;
  } catch {
    return null;
  }
}

const sortOf = ({ source, id }: Readonly<Record<string, unknown>>): string =>
  eventSort({ source: String(source), id: String(id) });
