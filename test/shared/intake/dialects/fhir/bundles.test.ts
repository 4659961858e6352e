import { describe, expect, it } from 'vitest';
import { wordless } from '../../../../../shared/intake/wordless.ts';
import {
  appointment,
  bundle,
  contextOf,
  fault,
  only,
  order,
  type Resource,
  task,
  translate,
  whyNothing,
} from './resources.ts';

/** Bodies: Bundles and what is in them, lists, NDJSON, whose they are, and what of a refused one is kept. */

const outcomes = (body: unknown, ...context: Parameters<typeof contextOf>) =>
  translate(body, contextOf(...context)).map((each) =>
    each.outcome === 'passed_over' ? `${each.position} ${each.kind}: ${each.why}` : `${each.position} ${each.outcome}`,
  );
const NO_KIND = 'kind that says nothing here';

describe('a Bundle', () => {
  it.each(['searchset', 'collection', 'batch', 'transaction', 'message', 'history'])('of type %s is read', (type) => {
    expect(outcomes(bundle([{ resourceType: 'Patient' }, order()], { type }))).toEqual([
      `1 Patient: ${NO_KIND}`,
      '2 translated',
    ]);
  });

  it('of another type, without one, or without entries is not', () => {
    expect(whyNothing(bundle([order()], { type: 'document' }))).toBe('type document');
    expect(fault(bundle([order()], { type: 'x' }))).toMatch(/^invalid: type: expected searchset, collection/);
    expect(fault(bundle([order()], { type: undefined }))).toMatch(/^invalid: type: missing, expected/);
    expect(whyNothing(bundle([], { type: 'searchset' }))).toBe('no entries');
  });

  it('in a Bundle is read, with what the outer one says', () => {
    const inner = bundle([task({ meta: undefined }), { entry: 1, resource: bundle([order()]) }]);
    const outer = bundle([{ entry: 1, resource: inner }, order({ id: 'r2' })], { timestamp: '2026-03-04T15:00:00Z' });
    expect(outcomes(outer)).toEqual(['1 translated', '2 translated', '3 translated']);
    expect(outcomes({ ...outer, timestamp: undefined })).toEqual(['1 refused', '2 translated', '3 translated']);
  });

  it.each([
    ['Servicerequest', 'ServiceRequest'],
    ['SERVICEREQUEST', 'ServiceRequest'],
    ['ServiceRequests', 'ServiceRequest'],
    ['Documentreference', 'DocumentReference'],
    ['BUNDLE', 'Bundle'],
  ])('says which kind was probably meant by %s', (resourceType, meant) => {
    expect(whyNothing({ ...order(), resourceType })).toBe(`${NO_KIND}; did you mean ${meant}?`);
  });

  it.each(['DeviceRequest', 'SupplyRequest', 'AppointmentResponse', 'CommunicationRequest', 'Flag'])(
    'takes %s for no misspelling',
    (resourceType) => {
      expect(whyNothing({ ...order(), resourceType })).toBe(NO_KIND);
    },
  );

  it('refuses a kind in small letters with the one that was probably meant', () => {
    expect(fault({ ...order(), resourceType: 'servicerequest' })).toBe(
      'invalid: resourceType: expected the name of a FHIR resource; did you mean ServiceRequest?',
    );
  });

  it('gives its timestamp where a resource has none of its own', () => {
    const [member] = translate(bundle([task({ meta: {} })], { timestamp: '2026-03-07T01:00:00+01:00' }));
    expect(member).toMatchObject({
      recordedAt: Date.parse('2026-03-07T00:00:00Z'),
      facts: [{ time: Date.parse('2026-03-07T00:00:00Z') }],
    });
  });

  it('has entries that delete, that are empty, that are no entries, and that are resources themselves', () => {
    const entries = [
      { request: { method: 'DELETE', url: 'Appointment/a1' } },
      { request: { method: 'delete', url: 'https://server.example/Task?identifier=1' }, resource: task() },
      { fullUrl: 'https://server.example/Encounter/e1' },
      { request: { method: 'GET', url: '/x' } },
      'text',
      { ...order(), search: { mode: 'match' } },
    ];
    expect(outcomes(bundle([], { entry: entries }))).toEqual([
      '1 Appointment: request DELETE',
      '2 Task: request DELETE',
      '3 Encounter: no resource',
      '4 entry: no resource',
      '5 refused',
      '6 translated',
    ]);
    expect(outcomes(bundle([], { entry: { resource: order() } }))).toEqual(['1 translated']);
  });

  it('of over 5,000 members is too large', () => {
    const many = (count: number) => bundle(Array.from({ length: count }, () => ({ resourceType: 'Patient' })));
    expect(translate(many(5000))).toHaveLength(5000);
    expect(only(many(5001))).toMatchObject({
      outcome: 'refused',
      reason: 'too_large',
      detail: 'over 5,000 members',
      kept: '',
    });
  });

  it('loses one member to a fault in it, and no other', () => {
    const odd = [order({ status: 'inactive' }), { resourceType: 5 }, { resourceType: 'Not a kind' }, appointment()];
    expect(translate(bundle([order(), ...odd])).map(({ outcome }) => outcome)).toEqual([
      'translated',
      'refused',
      'refused',
      'refused',
      'translated',
    ]);
  });
});

describe('a body', () => {
  it('is a resource, a list or NDJSON; positions count on from its own', () => {
    const lines = [order(), task(), { resourceType: 'Patient' }].map((each) => JSON.stringify(each));
    const counted = (first: number) => [
      `${first} translated`,
      `${first + 1} translated`,
      `${first + 2} Patient: ${NO_KIND}`,
    ];
    for (const body of [lines.join('\n'), `\uFEFF\r\n${lines.join('\r\n\r\n')}\r\n`, `[${lines.join(',')}]`]) {
      expect(outcomes(body)).toEqual(counted(1));
      expect(outcomes(body, {}, { position: 41 })).toEqual(counted(41));
    }
  });

  it('of NDJSON loses the lines that are none', () => {
    expect(outcomes(`{"resourceType":\n${JSON.stringify(order())}\n5`)).toEqual([
      '1 refused',
      '2 translated',
      '3 refused',
    ]);
  });

  it.each([
    ['<ServiceRequest/>', 'malformed: not JSON: it is XML'],
    ['{\n"resourceType": "Bundle"\n"type": "searchset"\n}', 'malformed: not JSON: wrong from line 3, column 1 on'],
    ['{"resourceType":"Bundle",\n"entry":[{}', 'malformed: not JSON: ends in the middle, so it was cut off'],
    ['', 'malformed: not JSON: empty'],
    ['7', 'malformed: expected a FHIR resource, a JSON object'],
    ['null', 'malformed: expected a FHIR resource, a JSON object'],
    ['{}', 'malformed: resourceType: missing, so not a FHIR resource'],
    ['{"resourceType":"../x"}', 'invalid: resourceType: expected the name of a FHIR resource'],
  ])('%j is refused: %s', (body, detail) => {
    expect(fault(body)).toBe(detail);
  });
});

describe('the sender of a body', () => {
  const senders = [
    { name: 'north', match: { endpoint: 'https://north.example' }, role: 'referring' },
    { name: 'south', match: { endpoint: ['https://south.example', 'https://south.example/2'] } },
  ];
  const message = (endpoint: string) =>
    bundle([task(), { resourceType: 'MessageHeader', source: { endpoint } }], { type: 'message' });
  const senderOf = (body: unknown, sender: string | null = null) => {
    const [first] = translate(body, contextOf({}, { senders, sender }));
    return first && 'sender' in first ? first.sender : null;
  };

  it('is named by the attribute, else by the message’s header, else nobody', () => {
    expect(senderOf(message('https://south.example/2'))).toBe('south');
    expect(senderOf(message('https://south.example/2'), 'north')).toBe('north');
    expect(senderOf(message('https://south.example/2'), 'nobody')).toBe('south');
    expect(senderOf(message('https://elsewhere.example'))).toBe('fhir:/');
    expect(senderOf(task())).toBe('fhir:/');
    expect(senderOf(task(), 'north')).toBe('north');
  });
});

describe('what is kept of a refused member', () => {
  const secret = 'Words about a patient';
  const wordy: Resource = {
    text: { status: 'generated', div: secret },
    note: [{ text: secret }],
    patientInstruction: secret,
    reasonCode: [{ text: secret }],
    extension: [{ url: 'urn:x', valueString: secret }],
    subject: { reference: 'Patient/p1', display: secret },
    contained: [
      { resourceType: 'Patient', id: 'b', name: [{ family: secret }] },
      {
        resourceType: 'Organization',
        id: 'o',
        name: 'Lakeside',
        contact: secret,
        extension: [{ valueString: secret }],
      },
    ],
    code: { text: secret, coding: [{ code: '1', display: secret }] },
    identifier: [{ value: 'x', type: { text: secret }, assigner: { display: secret } }],
    basedOn: [{ reference: 'ServiceRequest/1', display: secret }],
    performer: [{ reference: 'Practitioner/2', display: secret }],
  };
  const keptOf = (body: unknown, ...context: Parameters<typeof contextOf>): Resource => {
    const member = translate(body, contextOf(...context)).find(({ outcome }) => outcome === 'refused');
    return member?.outcome === 'refused' && member.kept !== '' ? JSON.parse(member.kept) : {};
  };

  it('is the fields that are read, without words', () => {
    const kept = keptOf(order({ ...wordy, status: 'inactive' }));
    expect(JSON.stringify(kept)).not.toContain(secret);
    const contained = [
      { resourceType: 'Patient', id: 'b' },
      { resourceType: 'Organization', id: 'o', name: 'Lakeside' },
    ];
    const code = { coding: [{ code: '1' }] };
    const [identifier, performer] = [[{ value: 'x', type: {} }], [{ reference: 'Practitioner/2' }]];
    expect(kept).toEqual(order({ status: 'inactive', contained, code, identifier, performer }));
  });

  it('names who refers, unless that may be a patient', () => {
    const requesterOf = (requester: Resource) => keptOf(order({ status: 'x', requester, contained })).requester;
    const contained = [
      { resourceType: 'Patient', id: 'p' },
      { resourceType: 'Practitioner', id: 'd' },
    ];
    for (const reference of ['Practitioner/1', 'https://server.example/fhir/Organization/2', '#d']) {
      expect(requesterOf({ reference, display: 'Lakeside' })).toEqual({ reference, display: 'Lakeside' });
    }
    for (const reference of ['Patient/1', 'https://server.example/fhir/RelatedPerson/2', '#p', 'urn:uuid:1']) {
      expect(requesterOf({ reference, display: secret })).toEqual({ reference });
    }
    expect(requesterOf({ type: 'Patient', identifier: { value: '1' }, display: secret })).toEqual({
      ...{ type: 'Patient', identifier: { value: '1' } },
    });
  });

  it('is no more of a body that nobody took for FHIR', () => {
    const event = { specversion: '1.0', data: { resourceType: 'Patient', id: 'p', name: [{ family: secret }] } };
    const bodies = [event, bundle([order(wordy)]), [order(wordy), { other: order(wordy) }]];
    for (const body of bodies) expect(wordless(JSON.stringify(body))).not.toContain(secret);
    expect(JSON.parse(wordless(JSON.stringify(event)))).toEqual({
      ...event,
      data: { resourceType: 'Patient', id: 'p' },
    });
  });

  it('of an appointment is the one extension that is read', () => {
    const replaced = { url: 'urn:x/Appointment.replaces', valueReference: { reference: 'Appointment/a0' } };
    const kept = keptOf(
      appointment({ status: 'x', extension: [{ ...replaced, valueString: secret }], comment: secret }),
    );
    expect(kept).toEqual(appointment({ status: 'x', extension: [replaced] }));
  });

  it('with what its Bundle said, so that it says the same when it is sent again', () => {
    const endpoint = 'https://north.example';
    const senders = [{ name: 'north', match: { endpoint } }];
    const body = bundle(
      [
        { resourceType: 'MessageHeader', source: { endpoint } },
        {
          entry: 1,
          fullUrl: 'urn:uuid:u1',
          resource: task({ ...wordy, id: undefined, meta: undefined, status: 'inactive' }),
        },
      ],
      { type: 'message', timestamp: '2026-03-04T15:00:00Z' },
    );
    const kept = keptOf(body, {}, { senders });
    expect(JSON.stringify(kept)).not.toContain(secret);
    const [header, { resource, ...entry }] = kept.entry as [Resource, { resource: Resource }];
    const corrected = {
      ...kept,
      entry: [header, { ...entry, resource: { ...resource, code: undefined, status: 'accepted' } }],
    };
    const again = translate(corrected, contextOf({}, { senders }));
    expect(again.at(-1)).toMatchObject({ outcome: 'translated', sender: 'north', facts: [{ entity: 'Task/u1' }] });
  });

  it('is nothing where it can’t be read', () => {
    expect(only('{')).toMatchObject({ outcome: 'refused', kept: '' });
    expect(keptOf({ ...wordy })).toEqual({});
    expect(keptOf({ ...wordy, resourceType: 'A b' })).toEqual({
      resourceType: 'A b',
      identifier: [{ value: 'x', type: {} }],
    });
  });
});
