import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import type { MemoryStage } from '../../local/memory-stage/memory-stage.ts';
import type { LoopEvent } from '../../shared/contracts/event.ts';
import type { RefusalReason } from '../../shared/contracts/vocabulary.ts';
import { byCodePoint } from '../../shared/domain/code-point.ts';
import { practiceFactsOf } from '../../shared/domain/practice/facts.ts';
import type { Item } from '../../shared/store/dynamo.ts';
import { DynamoQuarantineDesk } from '../../shared/store/dynamo-quarantine-desk.ts';
import { eventSort, practiceKey } from '../../shared/store/keys.ts';
import { configPushKey, setAsideKey } from '../../shared/store/operations-keys.ts';
import type { FinishedPeriod } from '../../shared/store/report-store.ts';
import { Table } from '../../shared/store/table.ts';
import type { Unmatched } from '../../shared/store/unmatched-store.ts';
import { after, json, keyOf, type Reader, said, unzipped } from './reader.ts';

const current: Reader = async (item, { stores }) => {
  const { progress, ...inForce } = await stores.configs.inForce();
  const [last] = await stores.configs.pushes();
  return {
    read: { ...inForce, ...progress, pushedBy: last && { by: last.by, at: last.pushedAt } },
    said: { ...said(item), shardCounts: [...(item.shardCounts as Set<number>)] },
  };
};

const configuration: Reader = async (item, { stores }) => ({
  read: await stores.configs.get(String(item.sk)),
  said: unzipped(item.config),
});

const push: Reader = async (item, { stores }) => {
  const found = (await stores.configs.pushes()).find(({ pushedAt }) => pushedAt === item.pushedAt);
  return { read: found && { ...found, ...configPushKey(found.pushedAt, found.version) }, said: item };
};

const sweep: Reader = async (item, { stores }) => ({
  read: await stores.sweeps.load(Number(after(item.pk))),
  said: said(item),
});

/** One that was taken back is no longer named; set aside again it has the same key. */
const setAside: Reader = async (item, { stores }) => {
  const key = setAsideKey(String(item.referralId), String(item.sk).includes('#') ? String(item.by) : null);
  const found = (await stores.setAsides.all()).find(({ id }) => id === key.sk);
  return {
    read: { key, isNamed: found !== undefined, ...found },
    said: {
      key: keyOf(item),
      ...(item.takenBackAt === undefined ? { isNamed: true, ...said(item) } : { isNamed: false }),
    },
  };
};

const deskOf = ({ client, names }: MemoryStage) => new DynamoQuarantineDesk(new Table(client, names.operations));

const quarantined: Reader = async (item, stage) => {
  const entry = { reason: item.reason as RefusalReason, quarantineId: String(item.sk) };
  const { body, chunks, ...rest } = said(item);
  // What is being discarded has no body any more; what a long one says is read of its pieces.
  const kept = item.discardedAt === undefined ? body : null;
  const isLong = chunks !== undefined;
  const read = await deskOf(stage).get(entry);
  return {
    read: { ...read, body: isLong ? null : await deskOf(stage).body(entry) },
    said: { ...rest, body: isLong ? null : kept },
  };
};

/** What parts of something say together, in the order of their keys. */
const joined = (parts: readonly Item[], attribute: string): Buffer =>
  Buffer.concat(
    parts.toSorted((a, b) => byCodePoint(String(a.sk), String(b.sk))).map((part) => part[attribute] as Uint8Array),
  );

/** The pieces of one body say it together. */
const piece: Reader = async (item, stage, others) => {
  const [reason, quarantineId = ''] = after(item.pk).split('#') as [RefusalReason, string];
  return {
    read: await deskOf(stage).body({ reason, quarantineId }),
    said: gunzipSync(
      joined(
        others.filter(({ pk }) => pk === item.pk),
        'chunk',
      ),
    ).toString(),
  };
};

const refused: Reader = async (item, stage, others) => {
  const [reason, quarantineId] = [after(item.pk) as RefusalReason, String(item.sk)];
  const { arrivedAt, refusedAt, refusedAgainAt } = item as Record<string, number>;
  const count = async (at: number, by: 'arrivedAt' | 'refusedAt') =>
    (await stage.stores.quarantine.countBetween(at, at + 1, by))[reason] ?? 0;
  const isKept = others.some(({ pk, sk }) => pk === `quarantine#${reason}` && sk === quarantineId);
  const entry = isKept ? await deskOf(stage).get({ reason, quarantineId }) : null;
  return {
    read: {
      isCounted: (await count(arrivedAt ?? 0, 'arrivedAt')) > 0 && (await count(refusedAt ?? 0, 'refusedAt')) > 0,
      refusedAgainAt: isKept ? entry?.refusedAgainAt : refusedAgainAt,
    },
    said: { isCounted: true, refusedAgainAt },
  };
};

const unmapped: Reader = async (item, { stores }) => {
  const { field, arrivedAt, value } = item as { field: string; arrivedAt: number; value?: string };
  const counts = await stores.unmapped.countByField(arrivedAt, arrivedAt + 1);
  const codes = await stores.unmapped.codesBetween(arrivedAt, arrivedAt + 1);
  const isNamed = codes.some((code) => code.field === field && code.value === value);
  return { read: { isCounted: field in counts, isNamed }, said: { isCounted: true, isNamed: value !== undefined } };
};

const alias: Reader = async (item, { stores }) => ({
  read: await stores.aliases.get(String(item.sender), String(item.key)),
  said: said(item),
});

const unmatched: Reader = async (item, { stores }) => {
  const held = unzipped(item.held) as Unmatched;
  return { read: (await stores.unmatched.find([held.id]))[0], said: held };
};

const unmatchedDay: Reader = async (item, { stores }) => {
  const at = Number(item.arrivedAt);
  const found = (await stores.unmatched.heldBetween(at, at + 1)).find(({ id }) => id === item.sk);
  return { read: found, said: { id: item.sk, ...said(item) } };
};

/** Its key is a hash: what it stands for is known from what waits. */
const waiting: Reader = async (item, { stores }, others) => {
  const content = others.find(({ pk }) => pk === `unmatched#${item.sk}`);
  const { sender, keys } = unzipped(content?.held) as Unmatched;
  const found = await Promise.all(keys.map((key) => stores.unmatched.waitingFor(sender, key)));
  const pointers = others.filter(({ pk, sk }) => String(pk).startsWith('waiting#') && sk === item.sk);
  return {
    read: found.filter((held) => held.some(({ id }) => id === item.sk)).length,
    said: pointers.length,
  };
};

const feed: Reader = async (item, { stores }) => {
  const name = String(item.sk);
  return { read: (await stores.feeds.heard([name])).get(name), said: { heartbeatAt: item.lastHeardAt } };
};

const feedEvents: Reader = async (item, { stores }) => {
  const times = Object.entries(said(item)).map(([name, at]): [string, unknown] => [after(name, ':'), at]);
  const heard = await stores.feeds.heard(times.map(([name]) => name));
  return {
    read: Object.fromEntries(times.map(([name]) => [name, heard.get(name)?.lastEventAt])),
    said: Object.fromEntries(times),
  };
};

const feedTypes: Reader = async (item, { stores }) => {
  const types = Object.keys(said(item));
  const heard = await stores.feeds.heard(types.map((type) => after(type, ' ')));
  const read = [...heard].flatMap(([name, times]) => (times.types ?? []).map((type) => `${type} ${name}`));
  return { read: read.sort(), said: types.sort() };
};

const practiceEvent: Reader = async (item, { stores }, others) => {
  const own = others.filter(({ pk }) => pk === item.pk).map((each) => JSON.parse(String(each.event)) as LoopEvent);
  const kept = JSON.parse(String(item.event)) as LoopEvent;
  const [facts] = await stores.practices.facts([kept.subject]);
  return {
    read: { facts, pk: practiceKey(kept.subject), sk: eventSort(kept) },
    said: { facts: practiceFactsOf(kept.subject, own), ...keyOf(item) },
  };
};

const mail: Reader = async (item, { stores }) => {
  const mailId = String(item.mailId);
  const isFound = (await stores.mails.dueOn(mailId.slice(0, 10))).some((job) => job.mailId === mailId);
  return { read: { ...(await stores.mails.get(mailId)), isFound }, said: { ...said(item), isFound: true } };
};

/** All parts of a content say it together. */
const mailContent: Reader = async (item, { stores }, others) => ({
  read: await stores.mails.frozen(after(item.pk)),
  said: json(
    brotliDecompressSync(
      joined(
        others.filter(({ pk }) => pk === item.pk),
        'content',
      ),
    ),
  ),
});

const report: Reader = async (item, { stores }) => {
  const [kind, period = ''] = after(item.pk).split('#') as [FinishedPeriod['kind'], string];
  return {
    read: await stores.reports.get({ kind, period, scope: String(item.sk) }),
    said: { report: unzipped(item.report), charts: item.charts },
  };
};

const reportRun: Reader = async (item, { stores }) => ({
  read: (await stores.reports.finishedPeriods()).find(
    ({ kind, period }) => kind === item.kind && period === item.period,
  ),
  said: said(item),
});

const reportAttempt: Reader = async (item, { stores }) => ({
  read: await stores.reports.latestAttempt(),
  said: said(item),
});

/** By kind, as docs/data-model.md names it. */
export const OPERATIONS_READERS: Readonly<Record<string, Reader>> = {
  'operations config current': current,
  'operations config <version>': configuration,
  'operations config-pushes <when it was pushed>#<version>': push,
  'operations sweep#<when it was pushed> progress': sweep,
  'operations set-aside <hash of referral>': setAside,
  'operations set-aside <hash of referral>#<function>': setAside,
  'operations quarantine#<reason> <hash of body and place>': quarantined,
  'operations quarantine-body#<reason>#<hash of body and place> <number>': piece,
  'operations refused#<reason> <hash of body and place>': refused,
  'operations unmapped#<UTC date> <hash of subject, source and id>#<field>': unmapped,
  'operations alias#<hash of sender and key> referral': alias,
  'operations unmatched#<hash of what it says> content': unmatched,
  'operations unmatched-day#<UTC date> <hash of what it says>': unmatchedDay,
  'operations waiting#<hash of sender and key> <hash of what it says>': waiting,
  'operations feeds <feed>': feed,
  'operations feed-events last': feedEvents,
  'operations feed-events types': feedTypes,
  'operations practice#<hash of practice> 2#event#<hash of source and id>': practiceEvent,
  'operations mail#<UTC date> <mail>': mail,
  'operations report#<kind>#<period> <scope>': report,
  'operations report-runs <kind>#<period>': reportRun,
  'operations report-attempt latest': reportAttempt,
  'operations mail-content#<mail> content': mailContent,
  'operations mail-content#<mail> part#<hash>#<number>': mailContent,
};
