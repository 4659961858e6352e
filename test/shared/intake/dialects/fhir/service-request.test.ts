import { describe, expect, it } from 'vitest';
import { contextOf, fault, order, translated, typesAndTimes, typesOf, UPDATED, whyNothing } from './resources.ts';

/** The rows of an order: received, changed, and where it stands. */

const WRITTEN = '2026-03-02T15:30:00.000Z';
const CHANGED = '2026-03-04T15:00:00.000Z';
const NEW = { authoredOn: UPDATED };

describe('an order', () => {
  it('is received when it was written, and changed when a later version was', () => {
    const { facts, keys, sequence, recordedAt } = translated(order());
    expect(typesAndTimes(facts)).toEqual([
      ['referral.received', WRITTEN],
      ['referral.updated', CHANGED],
      ['referral.resumed', CHANGED],
    ]);
    expect(facts[1]?.data).toEqual(facts[0]?.data);
    expect(facts.map(({ isSaidAgain = false }) => isSaidAgain)).toEqual([true, false, false]);
    expect(facts.map(({ row }) => row)).toEqual([
      'ServiceRequest, any status',
      'ServiceRequest, over a minute after authoredOn',
      'ServiceRequest active',
    ]);
    expect(new Set(facts.map(({ entity }) => entity))).toEqual(new Set(['ServiceRequest/r1']));
    expect({ keys, sequence, recordedAt }).toEqual({
      keys: { referralId: 'r1', others: ['ServiceRequest/r1'] },
      sequence: '7',
      recordedAt: Date.parse(UPDATED),
    });
  });

  it.each([
    ['active', NEW, ['referral.received']],
    ['active', { authoredOn: '2026-03-04T14:59:00Z' }, ['referral.received']],
    ['active', { authoredOn: '2026-03-04T14:58:59Z' }, ['referral.received', 'referral.updated', 'referral.resumed']],
    ['on-hold', NEW, ['referral.received', 'referral.paused']],
    ['on-hold', {}, ['referral.received', 'referral.updated', 'referral.paused']],
    ['revoked', NEW, ['referral.received', 'referral.cancelled']],
    ['revoked', {}, ['referral.received', 'referral.updated', 'referral.cancelled']],
    ['completed', NEW, ['referral.received']],
    ['completed', {}, ['referral.received', 'referral.updated']],
    ['entered-in-error', {}, ['referral.voided']],
  ])('%s %o gives %j', (status, fields, types) => {
    expect(typesOf(order({ status, ...fields }))).toEqual(types);
  });

  it('says who cancelled and why it waits with what needs no crosswalk', () => {
    expect(translated(order({ status: 'revoked', ...NEW })).facts[1]?.data).toEqual({ by: 'referrer' });
    expect(translated(order({ status: 'on-hold', ...NEW })).facts[1]?.data).toEqual({ reason: 'awaiting_information' });
  });

  it('without authoredOn is received now, and its changes are not lost', () => {
    const { facts } = translated(order({ authoredOn: undefined }));
    expect(typesAndTimes(facts).slice(0, 2)).toEqual([
      ['referral.received', CHANGED],
      ['referral.updated', CHANGED],
    ]);
  });

  it.each([
    [{ status: 'draft' }, {}, 'status draft'],
    [{ status: 'unknown' }, {}, 'status unknown'],
    [{ intent: 'plan' }, {}, 'intent plan, not in intents'],
    [{ intent: 'a plan for Roe' }, {}, 'intent ?, not in intents'],
    [{ intent: undefined }, {}, 'intent missing, not in intents'],
    [{ category: [sct('108252007')] }, {}, 'category or code not among referrals'],
    [{ code: sct('363679005') }, {}, 'category or code not among referrals'],
    [{ code: sct('1') }, { referrals: { exclude: ['1'] } }, 'category or code not among referrals'],
    [{ code: sct('1') }, { referrals: { include: ['2'] } }, 'category or code not among referrals'],
  ])('%o with %o means nothing: %s', (fields, settings, why) => {
    expect(whyNothing(order(fields), settings)).toBe(why);
  });

  it('is a referral if the sender says so, whatever the standard has', () => {
    expect(typesOf(order({ intent: 'plan', ...NEW }), { intents: ['plan'] })).toEqual(['referral.received']);
    const lab = order({ category: sct('108252007'), code: sct('1'), ...NEW });
    expect(typesOf(lab, { referrals: { include: ['http://snomed.info/sct|1'] } })).toEqual(['referral.received']);
  });

  it.each([
    [
      { status: 'inactive', intent: 'plan' },
      'status: expected draft, active, on-hold, revoked, completed, entered-in-error or unknown',
    ],
    [
      { status: undefined },
      'status: missing, expected draft, active, on-hold, revoked, completed, entered-in-error or unknown',
    ],
    [{ authoredOn: 'yesterday' }, 'authoredOn: expected a FHIR date or dateTime'],
    [{ authoredOn: '2026-02-30' }, 'authoredOn: expected a FHIR date or dateTime'],
    [{ performer: ['North'] }, 'performer.0: found text, expected an object'],
    [{ id: undefined }, 'id: missing, and no fullUrl in its place'],
    [{ meta: undefined, authoredOn: undefined }, 'meta.lastUpdated: missing, expected when this was written'],
    [{ meta: undefined, status: 'revoked' }, 'meta.lastUpdated: missing, expected when this was written'],
  ])('%o is refused: %s', (fields, detail) => {
    expect(fault(order(fields))).toBe(`invalid: ${detail}`);
  });

  it('is named by the identifier of the first of the sender’s systems that it has', () => {
    const identifier = [
      { system: 'urn:oid:1.9', value: 'B-2' },
      { system: 'urn:oid:1.8', value: 'A-1' },
      { value: 'plain' },
    ];
    const others = [
      'ServiceRequest/r1',
      'ServiceRequest?identifier=urn:oid:1.9|B-2',
      'ServiceRequest?identifier=urn:oid:1.8|A-1',
      'ServiceRequest?identifier=|plain',
    ];
    const named = (identifierSystems: string[]) =>
      translated(order({ identifier }), contextOf({ identifierSystems })).keys;
    expect(named(['urn:oid:1.7', 'urn:oid:1.8', 'urn:oid:1.9'])).toEqual({ referralId: 'A-1', others });
    expect(named(['urn:oid:1.7'])).toEqual({ referralId: 'r1', others });
  });
});

function sct(code: string) {
  return { coding: [{ system: 'http://snomed.info/sct', code }] };
}
