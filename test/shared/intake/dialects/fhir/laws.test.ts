import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EVENT_DATA } from '../../../../../shared/contracts/event.ts';
import { eventId } from '../../../../../shared/intake/dialects/event-id.ts';
import { splitFhir } from '../../../../../shared/intake/dialects/fhir/split.ts';
import type { Translated } from '../../../../../shared/intake/dialects/member.ts';
import {
  appointment,
  bundle,
  call,
  contextOf,
  encounter,
  LOINC_CONSULT,
  note,
  order,
  type Resource,
  report,
  task,
  translate,
} from './resources.ts';

/** What holds of any body. */

const STATUSES = [
  'active',
  'on-hold',
  'revoked',
  'completed',
  'accepted',
  'in-progress',
  'rejected',
  'failed',
  'booked',
  'noshow',
  'arrived',
  'cancelled',
  'finished',
  'final',
  'preliminary',
  'current',
  'entered-in-error',
  'inactive',
];
const MAKERS = [order, task, appointment, encounter, note, report, call];
const fields = fc.record(
  {
    id: fc.constantFrom('a', 'b', 'c'),
    status: fc.constantFrom(...STATUSES),
    meta: fc.record({
      lastUpdated: fc.constantFrom('2026-03-04T15:00:00Z', '2026-03-04', '2026-03-05T01:00:00'),
      versionId: fc.constantFrom('1', '2', 'x'),
    }),
    code: fc.constantFrom(LOINC_CONSULT, undefined),
    basedOn: fc.constantFrom([{ reference: 'ServiceRequest/a' }], { reference: 'urn:uuid:a' }, [
      { identifier: { value: 'A' } },
    ]),
    requester: fc.constantFrom({ reference: 'Organization/o' }, { reference: 'urn:uuid:o' }),
  },
  { requiredKeys: ['id'] },
);
const resource = fc.tuple(fc.constantFrom(...MAKERS), fields).map(([make, each]) => make(each));
const ORGANIZATION = {
  entry: 1,
  fullUrl: 'urn:uuid:o',
  resource: { resourceType: 'Organization', id: 'o', name: 'Lakeside' },
};

const withoutPosition = (members: readonly Translated[]) =>
  members.map(({ position: _, ...rest }) => JSON.stringify(rest)).sort();
const idsOf = (members: readonly Translated[]) =>
  members.flatMap((each) =>
    each.outcome === 'translated' ? each.facts.map((fact) => eventId(each.sender, each.sequence, fact)) : [],
  );

describe('translating FHIR', () => {
  it('gives facts that the contract takes, and the same ones every time', () => {
    fc.assert(
      fc.property(fc.array(resource, { maxLength: 6 }), (resources) => {
        const members = translate(bundle([...resources, ORGANIZATION]));
        expect(idsOf(translate(bundle([...resources, ORGANIZATION])))).toEqual(idsOf(members));
        for (const each of members) {
          if (each.outcome !== 'translated') continue;
          expect(each.facts.length).toBeGreaterThan(0);
          for (const { type, data } of each.facts) EVENT_DATA[type].parse(data);
        }
      }),
    );
  });

  it('doesn’t depend on how members are joined, split and ordered', () => {
    fc.assert(
      fc.property(fc.array(resource, { minLength: 1, maxLength: 6 }), fc.infiniteStream(fc.nat()), (some, order) => {
        const resources: Resource[] = [...some, ORGANIZATION.resource];
        const shuffled = resources
          .map((each) => ({ each, at: order.next().value }))
          .sort((a, b) => a.at - b.at)
          .map(({ each }) => each);
        const lines = (list: Resource[]) => list.map((each) => JSON.stringify(each)).join('\n');
        const alone = withoutPosition(resources.flatMap((each) => translate(each)));
        expect(withoutPosition(translate(resources))).toEqual(alone);
        expect(withoutPosition(translate(lines(shuffled)))).toEqual(alone);
        expect(withoutPosition(splitFhir(lines(shuffled)).flatMap(({ text }) => translate(text)))).toEqual(alone);
      }),
    );
  });

  it('doesn’t depend on the order of a Bundle’s entries', () => {
    fc.assert(
      fc.property(
        fc.shuffledSubarray(
          [order(), task(), appointment(), note(), ORGANIZATION, order({ id: 'r1', priority: 'stat' })],
          { minLength: 6 },
        ),
        (entries) => {
          expect(withoutPosition(translate(bundle(entries)))).toEqual(
            withoutPosition(
              translate(
                bundle([order(), task(), appointment(), note(), ORGANIZATION, order({ id: 'r1', priority: 'stat' })]),
              ),
            ),
          );
        },
      ),
    );
  });

  it('says an order’s receipt again with the same id, whatever its version', () => {
    const idOf = (each: Resource) => idsOf(translate(each))[0];
    const later = order({
      meta: { versionId: '8', lastUpdated: '2026-04-01T00:00:00Z' },
      priority: 'stat',
      status: 'revoked',
    });
    expect(idOf(later)).toBe(idOf(order()));
    expect(idsOf(translate(later))[1]).not.toBe(idsOf(translate(order()))[1]);
  });
});

describe('no body crashes it', () => {
  const survives = (body: string) => {
    for (const each of translate(body)) {
      if (each.outcome === 'refused') expect(['malformed', 'invalid', 'too_large']).toContain(each.reason);
    }
  };
  const odd: fc.Arbitrary<unknown> = fc.oneof(
    fc.constantFrom(
      null,
      '',
      '\uD800',
      '__proto__',
      'toString',
      -1,
      1e300,
      true,
      [],
      [[]],
      {},
      'urn:uuid:',
      '#',
      '#x',
      'Task/',
      '/',
      '2026-13-01',
      '2026-01-01T99:00:00Z',
      '2026-01-01T00:00:00+99:00',
    ),
    fc.string({ unit: 'binary', maxLength: 20 }),
    fc.jsonValue(),
  );

  it('of bytes or JSON of any form', () => {
    fc.assert(fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.json(), fc.json({ maxDepth: 20 })), survives));
  });

  it('of a resource with odd values in its fields', () => {
    const names = [
      'id',
      'meta',
      'status',
      'intent',
      'code',
      'category',
      'basedOn',
      'focus',
      'subject',
      'requester',
      'performer',
      'authoredOn',
      'start',
      'end',
      'period',
      'executionPeriod',
      'businessStatus',
      'statusReason',
      'context',
      'recipient',
      'medium',
      'contained',
      'identifier',
      'extension',
      'replaces',
      'class',
      'appointment',
      'insurance',
      'occurrencePeriod',
      '__proto__',
      'constructor',
    ];
    const change = fc.dictionary(fc.constantFrom(...names), odd, { maxKeys: 5, noNullPrototype: true });
    const entry = fc.dictionary(
      fc.constantFrom('fullUrl', 'request', 'resource', 'search', 'resourceType', '__proto__'),
      odd,
      { noNullPrototype: true },
    );
    const around = fc.dictionary(fc.constantFrom('type', 'timestamp', 'entry', 'meta'), odd, {
      maxKeys: 2,
      noNullPrototype: true,
    });
    fc.assert(
      fc.property(resource, change, fc.array(entry, { maxLength: 3 }), around, (each, fields, entries, outer) => {
        survives(JSON.stringify({ ...each, ...fields }));
        survives(JSON.stringify({ ...bundle([{ ...each, ...fields }, ...entries]), ...outer }));
        survives(JSON.stringify({ ...bundle([{ ...each, ...fields }], { type: 'history' }), ...outer }));
      }),
      { numRuns: 300 },
    );
  });

  it('of a body that is cut short, or has a byte changed', () => {
    const whole = JSON.stringify(bundle([order(), task(), note()]));
    fc.assert(
      fc.property(fc.nat(whole.length), fc.string({ unit: 'binary', maxLength: 3 }), (at, text) => {
        survives(whole.slice(0, at));
        survives(whole.slice(0, at) + text + whole.slice(at + text.length));
      }),
    );
  });

  it.each([
    ['lists in lists', '['.repeat(100_000) + ']'.repeat(100_000)],
    [
      'objects in a field',
      `{"resourceType":"Task","id":"1","status":"x","focus":${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}}`,
    ],
    [
      'lists in contained',
      `{"resourceType":"Task","id":"1","status":"x","contained":[${'['.repeat(100_000)}${']'.repeat(100_000)}]}`,
    ],
    [
      'Bundles in Bundles',
      `${'{"resourceType":"Bundle","type":"batch","entry":[{"resource":'.repeat(5000)}{}${'}]}'.repeat(5000)}`,
    ],
    ['a field of 10 MB', JSON.stringify(task({ id: 'x'.repeat(1e7) }))],
    ['half a million lines', 'x\n'.repeat(500_000)],
    ['broken lines', `${JSON.stringify(task())}\n${'{x\n'.repeat(50_000)}`],
  ])('of %s', (_name, body) => {
    survives(body);
  });

  it('and 5,000 members of one kind and name take no time that grows by their square', () => {
    const many = (id: (index: number) => string) =>
      bundle(Array.from({ length: 5000 }, (_, index) => task({ id: id(index) })));
    expect(translate(many(() => 'same'))).toHaveLength(5000);
    expect(translate(many(String))).toHaveLength(5000);
  });

  it('a sender’s words are not in what is said of a fault', () => {
    fc.assert(
      fc.property(
        resource,
        fc.constantFrom('status', 'authoredOn', 'basedOn', 'start', 'id', 'performer'),
        (each, field) => {
          for (const member of translate({ ...each, [field]: 'Jo Secret' }, contextOf())) {
            if (member.outcome === 'refused') expect(member.detail).not.toContain('Secret');
            if (member.outcome === 'passed_over') expect(member.why).not.toContain('Secret');
          }
        },
      ),
    );
  });
});
