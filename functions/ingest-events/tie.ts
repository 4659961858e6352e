import { createHash } from 'node:crypto';
import type { SQSRecord } from 'aws-lambda';
import { DAY_MS } from '../../shared/contracts/duration.ts';
import { settleEach } from '../../shared/platform/concurrency.ts';
import type { Unmatched } from '../../shared/store/unmatched-store.ts';
import { keysOf, Names } from './names.ts';
import { placeOf } from './quarantine-item.ts';
import { noteFailure, type TieDeps, type Tied, type Tying, type Untied } from './tying.ts';

const HELD_AT_ONCE = 4;

/**
 * Finds the referrals of translated members: by the referral's own id, else by what its sender's other names stand for. A
 * member with a referral names its other keys; what waited for one of these is tied with it. A member without one waits.
 *
 * Who waits notes that first and looks at its keys again after that; who names a key does that first and looks for who
 * waits after that. So one of two at once finds the other. A name stays open until what waited for it is in the log.
 */
export async function tie(untied: readonly Untied[], deps: TieDeps): Promise<Tying> {
  const tying: Tying = { tied: [], afterwards: [], keyless: [], failed: new Map(), held: 0, taken: 0 };
  const names = new Names(deps, tying);
  await names.load(untied);
  const left = new Set(untied);
  const withKey = membersByKey(untied);
  for (let found = names.tiedOf(untied); found.length > 0; ) {
    await letGo(found.filter(isRedelivered), deps, tying);
    for (const each of found) {
      left.delete(each.what);
      tying.tied.push(each);
    }
    await names.give(found);
    // Those of which a key is known only since then.
    const next = found.flatMap(({ what }) => keysOf(what).flatMap((key) => withKey.get(key) ?? []));
    found = names.tiedOf(new Set(next.filter((each) => left.has(each))));
  }
  const keyed = [...left].filter(({ member }) => member.keys.others.length > 0);
  tying.keyless.push(...[...left].filter(({ member }) => member.keys.others.length === 0));
  await wait(keyed, names, deps, tying);
  tying.afterwards.reverse();
  return tying;
}

function membersByKey(untied: readonly Untied[]): Map<string, Untied[]> {
  const members = new Map<string, Untied[]>();
  for (const each of untied) {
    for (const key of keysOf(each)) {
      const own = members.get(key);
      if (own) own.push(each);
      else members.set(key, [each]);
    }
  }
  return members;
}

/** Whoever held it before may have died before he saw that it is named. One with its referral's own id is never held. */
const isRedelivered = ({ record, what }: { record: SQSRecord; what: Untied }): boolean =>
  Number(record.attributes?.ApproximateReceiveCount) > 1 && what.member.keys.referralId === null;

/** Lets go of what was held by somebody who died since. */
async function letGo(
  tied: readonly (Tied & { what: Untied })[],
  { unmatched, onUnreadable }: TieDeps,
  tying: Tying,
): Promise<void> {
  const ids = tied.map(({ what }) => idOf(what));
  const held = new Map((await unmatched.find(ids, onUnreadable)).map((each) => [each.id, each]));
  for (const { record, referralId, what } of tied) {
    const own = held.get(idOf(what));
    if (own) tying.afterwards.push({ record, referralId, run: () => unmatched.release(own) });
  }
}

/** Holds members, but for those of which a key was named meanwhile. */
async function wait(untied: readonly Untied[], names: Names, deps: TieDeps, tying: Tying): Promise<void> {
  const kept = new Map<Untied, Unmatched>();
  const holding = await settleEach(untied, HELD_AT_ONCE, async (each) => {
    deps.inTime?.();
    kept.set(each, await deps.unmatched.hold(unmatchedOf(each)));
  });
  const held = untied.filter((each, index) => !noteFailure(tying, each.record, holding[index]));
  await names.load(held, true);
  const found = names.tiedOf(held);
  tying.held += held.length - found.length;
  for (const each of found) {
    tying.tied.push(each);
    const own = kept.get(each.what) as Unmatched;
    tying.afterwards.push({ ...each, run: () => deps.unmatched.release(own) });
  }
  await names.give(found);
}

/** A hash of what it says and its keys: said again, it is the same. */
const idOf = ({ member: { sender, keys }, events }: Untied): string =>
  createHash('sha256')
    .update(JSON.stringify([sender, keys.others, events]))
    .digest('hex')
    .slice(0, 32);

function unmatchedOf(untied: Untied): Unmatched {
  const { member, dialect, events, arrivedAt } = untied;
  const { sender, kind, keys, unmapped, unmatchedDays } = member;
  return {
    id: idOf(untied),
    sender,
    dialect,
    kind,
    arrivedAt,
    until: arrivedAt + unmatchedDays * DAY_MS,
    ...placeOf(untied),
    keys: [...keys.others],
    events: [...events],
    unmapped: [...unmapped],
  };
}
