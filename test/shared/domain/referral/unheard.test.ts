import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EVENT_TYPES, isAbout } from '../../../../shared/contracts/event.ts';
import { foldReferral } from '../../../../shared/domain/referral/fold.ts';
import { unheardClocks } from '../../../../shared/domain/referral/unheard.ts';
import { sampleDirectory, samplePolicy } from '../../../builders/config.ts';
import { accepted } from '../../../builders/events.ts';
import { histories } from '../../../builders/histories.ts';

const policy = samplePolicy();
const config = { policy, directory: sampleDirectory() };
const TYPES = EVENT_TYPES.filter((type) => isAbout({ type }, 'referral'));

const kindsOf = (...types: string[]) => unheardClocks(new Set(types), policy).map(({ kind }) => kind);

describe('Clocks that nothing says are met', () => {
  it('are those of an export that says bookings and visits and nothing of the specialty, calls and notes', () => {
    const said = ['referral.received', 'appointment.scheduled', 'appointment.no_show', 'visit.completed'];
    expect(unheardClocks(new Set(said), policy)).toEqual([
      { kind: 'acceptance', waitsFor: ['referral.accepted', 'referral.declined'], stopsAtVisit: true },
      { kind: 'first_attempt', waitsFor: ['contact.attempted'], stopsAtVisit: true },
      { kind: 'reached', waitsFor: ['contact.attempted'], stopsAtVisit: true },
      { kind: 'note', waitsFor: ['note.received'], stopsAtVisit: false },
      { kind: 'referrer_update', waitsFor: ['referrer.notified', 'note.received'], stopsAtVisit: false },
    ]);
  });

  it('are only those that something starts', () => {
    expect(kindsOf('appointment.offered')).toEqual([]);
    expect(kindsOf('visit.completed')).toEqual(['note']);
  });

  it('are only those that the policy has', () => {
    const off = { ...policy, versions: policy.versions.map((version) => ({ ...version, rules: [] })) };
    expect(unheardClocks(new Set(['referral.received']), off)).toEqual([]);
    const target = null;
    const rules = [
      { match: {}, clocks: { visit: { target }, note: { target: { value: 1, unit: 'hours' as const } } } },
    ];
    const some = { ...policy, versions: policy.versions.map((version) => ({ ...version, rules })) };
    expect(unheardClocks(new Set(['referral.received', 'visit.completed']), some).map(({ kind }) => kind)).toEqual([
      'note',
    ]);
  });

  it('law: events of the types that are said never stop them, but for those that book or see the patient', () => {
    const seed = 20_261_129;
    let found = 0;
    fc.assert(
      fc.property(fc.subarray(TYPES), histories('R-1', { maxEvents: 20 }), (said, history) => {
        const types = new Set<string>(said);
        const unheard = unheardClocks(types, policy).filter(({ stopsAtVisit }) => !stopsAtVisit);
        const kinds = new Set<string>(unheard.map(({ kind }) => kind));
        const events = history.filter(({ event }) => types.has(event.type)).map(({ event }) => accepted(event));
        const own = foldReferral('R-1', events, config).clocks.filter(({ kind }) => kinds.has(kind));
        found += own.length;
        expect(own.filter(({ stoppedAt }) => stoppedAt !== null)).toEqual([]);
      }),
      { seed, numRuns: 1000 },
    );
    expect(found).toBeGreaterThan(100);
  });
});
