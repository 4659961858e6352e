import { DECLINE_REASONS } from '../../../contracts/vocabulary.ts';
import type { Fact } from '../member.ts';
import { type Case, type Outcome, shown } from './case.ts';
import { entityOf, keysOf } from './keys.ts';
import { noteFact } from './notes.ts';

/**
 * IHE's closed loop referral, 360X: OMG^O19 brings a referral and its outcome, OSU^O51 what becomes of it between. Who sends
 * an OSU^O51 decides what a cancellation means: the initiator takes its referral back, the recipient won't do it.
 */

/** ORC-1 of what answers a cancellation or asks for one. */
const ANSWERS = ['CR', 'DR', 'UC'];
const CANCELS = ['CA', 'DC'];

/** One order of OSU^O51. */
export function translateStatus(each: Case): Outcome {
  if (!each.is360x) return { passedOver: 'MSH-21 not 360X' };
  const control = each.code('ORC-1');
  const status = each.code('ORC-5');
  const by = `ORC-1 ${shown(control)}, ORC-5 ${shown(status)}`;
  if (ANSWERS.includes(control)) return { passedOver: by };
  const { side } = each.sender;
  const keys = keysOf(each, 'OSU');
  const entity = entityOf('Referral', keys.referralId ?? '', each);
  const isCancel = CANCELS.includes(control);
  const isWithdrawn = side === 'initiator' ? isCancel || status === 'CA' : side === undefined && isCancel;
  if (isWithdrawn) return { keys, facts: [withdrawn(each, entity, by)] };
  if (status === 'CA' || control === 'UA' || isCancel) return { keys, facts: [declined(each, entity, by)] };
  if (status === 'IP' || status === 'SC' || control === 'OK') {
    return { keys, facts: [each.fact('referral.accepted', { entity, by })] };
  }
  return { passedOver: by };
}

function withdrawn(each: Case, entity: string, by: string): Fact {
  const reason = each.codings('ORC-16')[0]?.code ?? '';
  const data = { by: 'referrer', ...(reason === '' ? {} : { reason }) };
  return each.fact('referral.cancelled', { entity, data, values: { reason }, by });
}

function declined(each: Case, entity: string, by: string): Fact {
  const codes = each.codings('ORC-16');
  const field = { field: 'referral.declined.reason', words: DECLINE_REASONS };
  const reason = each.crosswalks.word('decline', codes, field) ?? 'other';
  // Without any reason intake takes it for `other`, and counts that.
  const data = codes.length === 0 ? {} : { reason };
  return each.fact('referral.declined', { entity, data, values: { reason: codes[0]?.code ?? '' }, by });
}

/** ORC-5 of an outcome that is on its way: some of it is here, or the order is in work. */
const INTERIM = ['A', 'IP'];
/** ORC-1 that says by itself what becomes of the order. */
const DECIDED = ['NW', 'CA', 'DC', 'OC', 'HD', 'RL'];

/** The outcome of a referral as OMG^O19. The C-CDA beside it isn't read. Null: it brings none. */
export function translateReturn(each: Case): Outcome | null {
  const control = each.code('ORC-1');
  const status = each.code('ORC-5');
  if (DECIDED.includes(control) || !(status === 'CM' || INTERIM.includes(status))) return null;
  const keys = keysOf(each, 'OMG');
  const by = `360X, ORC-5 ${shown(status)}`;
  return { keys, facts: [noteFact(each, { keys, isFinal: status === 'CM', documentId: '', by })] };
}
