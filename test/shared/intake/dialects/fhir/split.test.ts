import { describe, expect, it } from 'vitest';
import { readFieldsOf, withoutNarrative } from '../../../../../shared/intake/dialects/fhir/narrative.ts';
import { splitFhir } from '../../../../../shared/intake/dialects/fhir/split.ts';
import { appointment, bundle, note, order, report, task, translate } from './resources.ts';

/** Files of many messages, and what leaves a house. */

describe('splitFhir', () => {
  const [first, second] = [JSON.stringify(order()), JSON.stringify(bundle([task(), appointment()]))];
  it('gives lines and elements with their numbers; a Bundle stays whole', () => {
    expect(splitFhir(`${first}\n\n${second}\n`)).toEqual([
      { position: 1, text: first },
      { position: 3, text: second },
    ]);
    expect(splitFhir(`[${first}, ${second}]`)).toEqual([
      { position: 1, text: first },
      { position: 2, text: second },
    ]);
    const pretty = JSON.stringify(JSON.parse(second), null, 2);
    expect(splitFhir(pretty)).toEqual([{ position: 1, text: pretty }]);
  });

  it('gives elements around one that is too deep to be written, and that one cut', () => {
    const deep = `${first.slice(0, -1)},"unread":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
    const [before, cut, after] = splitFhir(`[${first},${deep},${first}]`);
    expect([before?.text, after?.text]).toEqual([first, first]);
    expect(cut?.text.length).toBeLessThan(1_000);
    expect(translate(cut?.text)).toEqual(translate(first));
  });

  it('keeps what can’t be read, to be refused where it is read', () => {
    expect(splitFhir(`${first}\n{"a":\n`)).toEqual([
      { position: 1, text: first },
      { position: 2, text: '{"a":' },
    ]);
    expect(splitFhir('{\n"a":\n')).toEqual([{ position: 1, text: '{\n"a":' }]);
    expect(splitFhir('[]')).toEqual([]);
  });
});

describe('withoutNarrative', () => {
  const secret = 'Words about a patient';
  const wordy = [
    { ...order(), text: { div: secret }, note: [{ text: secret }], patientInstruction: secret },
    {
      ...note(),
      description: secret,
      content: [{ attachment: { contentType: 'application/pdf', data: secret, url: 'https://server.example/b' } }],
    },
    { ...report(), conclusion: secret, presentedForm: [{ data: secret }] },
    { ...appointment(), comment: secret, description: secret },
    { resourceType: 'Communication', payload: [{ contentString: secret }] },
    { resourceType: 'Binary', data: secret },
    { ...task(), code: { text: secret }, contained: [{ resourceType: 'Organization', text: { div: secret } }] },
  ];

  it('leaves out what people wrote, and files, at any depth', () => {
    expect(JSON.stringify(withoutNarrative(bundle(wordy)))).not.toContain(secret);
    expect(JSON.stringify(wordy)).toContain(secret);
  });

  it('keeps what translation reads', () => {
    for (const body of [bundle(wordy), ...wordy]) {
      expect(translate(withoutNarrative(body))).toEqual(translate(body));
    }
  });

  it('and what is kept of a refused resource say what the whole says', () => {
    const contained = [
      { resourceType: 'Patient', id: 'p', identifier: [{ value: 'M-1' }] },
      { resourceType: 'PractitionerRole', id: 'r', organization: { reference: '#o' } },
      { resourceType: 'Organization', id: 'o', name: 'Lakeside' },
    ];
    const [patient, requester] = [{ reference: '#p' }, { reference: '#r' }];
    const extension = [{ url: 'urn:x/Appointment.replaces', valueReference: { reference: 'Appointment/a0' } }];
    const bodies = [...wordy, order({ contained, requester, subject: patient }), appointment({ extension })];
    for (const body of bodies.filter(({ resourceType }) => resourceType !== 'Binary')) {
      expect(translate(readFieldsOf(body))).toEqual(
        translate(body).map((each) => expect.objectContaining({ outcome: each.outcome })),
      );
      if (translate(body)[0]?.outcome === 'translated') expect(translate(readFieldsOf(body))).toEqual(translate(body));
    }
  });

  it('keeps lists of data, and cuts what is too deep', () => {
    expect(withoutNarrative({ provision: { data: [{ meaning: 'x' }] } })).toEqual({
      provision: { data: [{ meaning: 'x' }] },
    });
    const deep = JSON.parse(`${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`);
    expect(JSON.stringify(withoutNarrative(deep)).length).toBeLessThan(1000);
  });
});
