import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { unmappedOf, unmatchedOf } from '../../../../shared/domain/mail/operations-input.ts';
import { config } from '../../mail/builders.ts';
import { code, held } from '../../mail/operations-samples.ts';

/** What the operations mail says of input in other dialects. */

const { directory } = config();
const CAP = 50;

describe('what waits for its referral', () => {
  test('is counted by sender, most first, with its most frequent kinds', () => {
    const waiting = [
      ...held('hub', 'Appointment', 2),
      ...held('epic', 'ADT^A04', 1),
      ...held('epic', 'SIU^S12', 3),
      ...held('epic', 'MDM^T02', 2),
      ...held('epic', 'ORU^R01', 1),
      ...held('clinic', 'row', 2),
    ];
    expect(unmatchedOf(waiting, CAP)).toEqual({
      senders: [
        { sender: 'epic', count: 7, kinds: ['SIU^S12', 'MDM^T02', 'ADT^A04'] },
        { sender: 'clinic', count: 2, kinds: ['row'] },
        { sender: 'hub', count: 2, kinds: ['Appointment'] },
      ],
      more: 0,
      count: 11,
    });
  });

  test('is nothing if nothing does', () => {
    expect(unmatchedOf([], CAP)).toBeNull();
  });

  test('is named or counted, whatever the cap, and the same in any order', () => {
    const waiting = fc.array(fc.record({ sender: fc.constantFrom(...'abcdef'), kind: fc.constantFrom(...'xyz') }));
    fc.assert(
      fc.property(waiting, fc.integer({ min: 1, max: 8 }), (all, cap) => {
        const said = unmatchedOf(all, cap);
        expect(unmatchedOf(all.toReversed(), cap)).toEqual(said);
        const { senders, more, count: total } = said ?? { senders: [], more: 0, count: 0 };
        expect(total).toBe(all.length);
        expect(senders.length).toBeLessThanOrEqual(cap);
        expect(senders.length + more).toBe(new Set(all.map(({ sender }) => sender)).size);
        for (const { sender, count } of senders)
          expect(count).toBe(all.filter((each) => each.sender === sender).length);
      }),
    );
  });
});

describe('codes without an entry', () => {
  test('are named in the order in which they come, and counted beyond the cap', () => {
    const codes = [code('specialty', 'CARD', 9), code('priority', 'Q', 2), code('payer', 'P-1', 1)];
    expect(unmappedOf(codes, directory, 2)).toEqual({
      codes: [
        { field: 'referral.received.specialty', value: 'CARD', count: 9 },
        { field: 'referral.received.priority', value: 'Q', count: 2 },
      ],
      more: 1,
    });
  });

  test('are none that the directory knows: what goes through as it was sent is right', () => {
    const known = [code('site', 'north'), code('practice', 'p1'), code('practice.id', 'p1')];
    expect(unmappedOf(known, directory, CAP)).toBeNull();
    const codes = [code('site', 'p1'), code('practice', 'north'), code('specialty', 'north')];
    expect(unmappedOf([...known, ...codes], directory, CAP)?.codes.map(({ field, value }) => [field, value])).toEqual(
      codes.map(({ field, value }) => [field, value]),
    );
  });

  test('are none that there are not', () => {
    expect(unmappedOf([], directory, CAP)).toBeNull();
  });
});
