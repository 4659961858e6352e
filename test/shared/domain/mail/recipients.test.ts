import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Directory, Person } from '../../../../shared/contracts/config.ts';
import type { Instant } from '../../../../shared/contracts/instant.ts';
import { receiverOf, recipientOf } from '../../../../shared/domain/mail/recipients.ts';
import { at, config, coordinator, days, liaison, MONDAY } from '../../mail/builders.ts';

type Away = NonNullable<Person['away']>;

const directoryOf = (people: Person[], sites: Partial<Directory['sites'][number]>[] = []): Directory => {
  const { directory } = config();
  const site = { id: 'north', name: 'North', timeZone: 'America/New_York' };
  return { ...directory, people, sites: sites.map((over) => ({ ...site, ...over })) };
};
const june = (deputyId: string, from = '01', to = '14'): Away => [
  { from: `2026-06-${from}`, to: `2026-06-${to}`, deputyId },
];
const MIDJUNE = at('2026-06-10T11:00:00Z');
const receiver = (directory: Directory, personId = 'ada', instant: Instant = MIDJUNE): string | undefined =>
  receiverOf({ kind: 'coordinator_digest', personId }, directory, instant)?.id;

describe('the recipient of a mail', () => {
  const directory = directoryOf([coordinator(), liaison()]);

  test("is the directory's person of that id, or nobody", () => {
    expect(recipientOf({ kind: 'coordinator_digest', personId: 'c1' }, directory)?.id).toBe('c1');
    expect(recipientOf({ kind: 'coordinator_digest', personId: 'gone' }, directory)).toBeNull();
    expect(receiverOf({ kind: 'coordinator_digest', personId: 'gone' }, directory, MONDAY)).toBeNull();
  });

  test('is the mailbox for operations, even if a person has that id', () => {
    const somebody = coordinator({ id: 'operations', email: 'somebody@example.org', away: june('c1') });
    const people = directoryOf([coordinator(), somebody]);
    const to = (kind: 'operations' | 'urgent_alert') => recipientOf({ kind, personId: 'operations' }, people)?.email;
    expect(to('operations')).toBe('operations@example.org');
    expect(to('urgent_alert')).toBe('somebody@example.org');
    expect(receiverOf({ kind: 'operations', personId: 'operations' }, people, MIDJUNE)?.email).toBe(
      'operations@example.org',
    );
  });
});

describe('who receives the mail of somebody who is away', () => {
  const bo = coordinator({ id: 'bo' });
  const cy = coordinator({ id: 'cy' });
  const ada = (away: Away, routes: Person['routes'] = [{ site: 'north' }]) => coordinator({ id: 'ada', away, routes });
  const north = { fallbackCoordinatorId: 'cy' };

  test('is their deputy, on the first day and on the last, by their own time zone', () => {
    const directory = directoryOf([ada(june('bo')), bo]);
    // Midnight in New York is 04:00 UTC.
    const on = (instant: string) => receiver(directory, 'ada', at(instant));
    expect(on('2026-06-01T03:59:00Z')).toBe('ada');
    expect(on('2026-06-01T04:00:00Z')).toBe('bo');
    expect(on('2026-06-15T03:59:00Z')).toBe('bo');
    expect(on('2026-06-15T04:00:00Z')).toBe('ada');
  });

  test('is their deputy for ever where the absence has no end', () => {
    const directory = directoryOf([ada([{ from: '2026-06-01', to: '9999-12-31', deputyId: 'bo' }]), bo]);
    expect(receiver(directory, 'ada', at('2026-05-31T12:00:00Z'))).toBe('ada');
    expect(receiver(directory, 'ada', at('2099-01-01T12:00:00Z'))).toBe('bo');
  });

  test('is the deputy of the entry listed first where two overlap', () => {
    expect(receiver(directoryOf([ada([...june('bo'), ...june('cy', '10', '20')]), bo, cy]))).toBe('bo');
  });

  test.each<[string, Directory, string]>([
    ['the deputy is away too', directoryOf([ada(june('bo')), { ...bo, away: june('cy') }, cy], [north]), 'cy'],
    ['nobody has the deputy\u2019s id', directoryOf([ada(june('gone')), bo, cy], [north]), 'cy'],
    ['the deputy has another role', directoryOf([ada(june('l1')), liaison(), cy], [north]), 'cy'],
    ['they are their own deputy', directoryOf([ada(june('ada')), cy], [north]), 'cy'],
    [
      'there is no site in their routes',
      directoryOf([ada(june('gone'), [{ specialty: 'x' }]), cy], [north]),
      'operations',
    ],
    ['they have no routes', directoryOf([ada(june('gone'), []), cy], [north]), 'operations'],
    ['the site is gone', directoryOf([ada(june('gone')), cy], []), 'operations'],
    ['the site has no fallback', directoryOf([ada(june('gone')), cy], [{}]), 'operations'],
    [
      'the fallback is they themselves',
      directoryOf([ada(june('gone'))], [{ fallbackCoordinatorId: 'ada' }]),
      'operations',
    ],
    ['the fallback is away', directoryOf([ada(june('gone')), { ...cy, away: june('bo') }, bo], [north]), 'operations'],
    [
      'the first site of their routes is gone',
      directoryOf([ada(june('gone'), [{ site: 'gone' }, { site: 'north' }]), cy], [north]),
      'operations',
    ],
    [
      'only the first site of their routes counts',
      directoryOf(
        [ada(june('gone'), [{ specialty: 'x' }, { site: 'south' }, { site: 'north' }]), bo, cy],
        [north, { id: 'south', fallbackCoordinatorId: 'bo' }],
      ),
      'bo',
    ],
  ])('where %s', (_, directory, expected) => {
    expect(receiver(directory)).toBe(expected);
  });
});

describe('for any directory', () => {
  const IDS = ['p0', 'p1', 'p2', 'p3'];
  const date = fc.integer({ min: 1, max: 9 }).map((day) => `2026-06-0${day}`);
  const absences = fc.array(fc.record({ from: date, to: date, deputyId: fc.constantFrom(...IDS, 'gone') }), {
    maxLength: 2,
  });
  const people = fc.tuple(
    ...IDS.map((id) =>
      fc
        .record({
          away: absences,
          role: fc.constantFrom<Person['role']>('coordinator', 'coordinator', 'liaison'),
          timeZone: fc.constantFrom('America/New_York', 'Asia/Tokyo', 'Pacific/Kiritimati'),
          routes: fc.array(fc.record({ site: fc.constantFrom('north', 'south') }), { maxLength: 2 }),
        })
        .map((over) => coordinator({ id, ...over })),
    ),
  );
  const fallbacks = fc.tuple(fc.constantFrom(...IDS), fc.constantFrom(...IDS));
  const instants = fc
    .integer({ min: 0, max: 10 * 24 })
    .map((hour) => at('2026-06-01T00:00:00Z') + (hour * days(1)) / 24);

  const isAway = ({ away = [], timeZone }: Person, instant: Instant): boolean => {
    const today = new Intl.DateTimeFormat('sv-SE', { timeZone }).format(instant);
    return away.some(({ from, to }) => from <= today && today <= to);
  };

  test('nobody who is away receives mail, and who is there receives their own', () => {
    const property = fc.property(
      people,
      fallbacks,
      instants,
      fc.constantFrom(...IDS),
      (all, [north, south], now, id) => {
        const sites = [{ fallbackCoordinatorId: north }, { id: 'south', fallbackCoordinatorId: south }];
        const directory = directoryOf(all, sites);
        const own = all.find((person) => person.id === id) as Person;
        const found = receiver(directory, id, now);
        const other = all.find((person) => person.id === found);
        // One step: a deputy whom the person names, or a fallback; never a deputy's deputy.
        const named = own.away?.map(({ deputyId }) => deputyId) ?? [];
        expect(isAway(own, now) ? [...named, north, south, 'operations'] : [id]).toContain(found);
        expect(other !== undefined && isAway(other, now)).toBe(false);
      },
    );
    fc.assert(property, { numRuns: 1_000 });
  });
});
