import { describe, expect, it } from 'vitest';
import { bundle, contextOf, order, type Resource, translate, translated } from './resources.ts';

/** The fields of a referral: where an order has them, and what stands for those that it lacks. */

const fieldsOf = (fields: Resource, settings?: Resource) => translated(order(fields), contextOf(settings));
const dataOf = (fields: Resource, settings?: Resource) => fieldsOf(fields, settings).facts[0]?.data;

/** The referral of an order in a Bundle with others. */
function amongOthers(fields: Resource, others: Resource[], settings?: Resource) {
  const members = translate(bundle([...others, order(fields)]), contextOf(settings));
  const member = members.find(({ outcome }) => outcome === 'translated');
  if (member?.outcome !== 'translated') throw new Error(`expected an order: ${JSON.stringify(members)}`);
  return member.facts[0]?.data ?? {};
}

const LAKESIDE = {
  resourceType: 'Organization',
  id: 'o1',
  name: 'Lakeside Clinic',
  identifier: [{ system: 'urn:x', value: 'LC' }],
};
const DOCTOR = {
  resourceType: 'Practitioner',
  id: 'd1',
  name: [{ family: 'Sample', given: ['Test'] }],
  identifier: [{ system: 'http://hl7.org/fhir/sid/us-npi', value: '1234567893' }],
};
const ROLE = {
  resourceType: 'PractitionerRole',
  id: 'pr1',
  practitioner: { reference: 'Practitioner/d1' },
  organization: { reference: 'Organization/o1' },
  location: [{ reference: 'Location/l1' }],
};

describe('fields of a referral', () => {
  it('are taken from the order', () => {
    const fields = {
      priority: 'urgent',
      performerType: { coding: [{ system: 'http://nucc.org/provider-taxonomy', code: '207RC0000X' }] },
      locationReference: [{ reference: 'https://server.example/fhir/Location/north' }],
      requester: { reference: 'Organization/o1', display: 'Lakeside' },
    };
    expect(fieldsOf(fields).missing).toEqual([]);
    expect(dataOf(fields)).toEqual({
      priority: 'urgent',
      specialty: '207RC0000X',
      site: 'north',
      practice: { id: 'o1', name: 'Lakeside' },
      patient: { id: 'p1' },
      orderedAt: '2026-03-02T15:30:00.000Z',
    });
  });

  it('that it lacks are the sender’s defaults, else unknown, and are said to be missing', () => {
    const settings = { fields: { specialty: 'cardiology', site: 'main' } };
    expect(fieldsOf({ subject: undefined }, settings).missing).toEqual([
      'referral.received.priority',
      'referral.received.specialty',
      'referral.received.site',
      'referral.received.practice.id',
      'referral.received.patient.id',
    ]);
    expect(dataOf({ subject: undefined, authoredOn: '2026-03-02' }, settings)).toEqual({
      priority: 'routine',
      specialty: 'cardiology',
      site: 'main',
      practice: { id: 'unknown' },
      patient: { id: 'unknown' },
      orderedAt: '2026-03-02',
    });
  });

  it('go through the sender’s crosswalks; what has no entry is as sent, and noted', () => {
    const fields = {
      priority: 'P3',
      code: { coding: [{ system: 'urn:codes', code: 'CARD' }] },
      locationReference: { reference: 'Location/N-4' },
      requester: { reference: 'Organization/o1' },
    };
    const crosswalks = {
      specialty: { 'urn:codes|card': 'cardiology' },
      site: { 'location/n-4': 'north' },
      practice: { O1: { id: 'p-17', name: 'Ann Example Family' } },
    };
    expect(dataOf(fields, { crosswalks })).toMatchObject({
      priority: 'routine',
      specialty: 'cardiology',
      site: 'north',
      practice: { id: 'p-17', name: 'Ann Example Family' },
    });
    expect(fieldsOf(fields, { crosswalks }).unmapped).toEqual([{ field: 'referral.received.priority', value: 'P3' }]);
    expect(fieldsOf(fields).unmapped).toEqual([
      { field: 'referral.received.priority', value: 'P3' },
      { field: 'referral.received.specialty', value: 'CARD' },
      { field: 'referral.received.site', value: 'N-4' },
      { field: 'referral.received.practice', value: 'o1' },
    ]);
    expect(dataOf({ priority: 'P3' }, { crosswalks: { priority: { p3: 'asap' } } })).toMatchObject({
      priority: 'asap',
    });
  });

  it('don’t change what identifies an event when a crosswalk does', () => {
    const fields = { performer: [{ reference: 'Organization/a' }, { reference: 'Organization/b' }], priority: 'P3' };
    const corrected = { crosswalks: { site: { b: 'north' }, priority: { P3: 'stat' } } };
    expect(dataOf(fields, corrected)).toMatchObject({ site: 'north', priority: 'stat' });
    expect(fieldsOf(fields, corrected).facts.map(({ values }) => values)).toEqual(
      fieldsOf(fields).facts.map(({ values }) => values),
    );
  });

  it('name the organization of the requester’s role, and who it is, within the body', () => {
    const requester = { reference: 'PractitionerRole/pr1' };
    expect(amongOthers({ requester }, [ROLE, DOCTOR, LAKESIDE]).practice).toEqual({
      id: 'o1',
      name: 'Lakeside Clinic',
      providerNpi: '1234567893',
      providerName: 'Test Sample',
    });
    expect(amongOthers({ requester }, []).practice).toEqual({ id: 'pr1' });
    expect(amongOthers({ requester: { reference: 'Practitioner/d1' } }, [DOCTOR]).practice).toMatchObject({ id: 'd1' });
    expect(amongOthers({ requester: { reference: 'Patient/p1' } }, []).practice).toEqual({ id: 'unknown' });
    const crosswalks = { practice: { 'urn:x|LC': 'p-9' } };
    expect(amongOthers({ requester }, [ROLE, LAKESIDE], { crosswalks }).practice).toMatchObject({ id: 'p-9' });
  });

  it('follow a contained role; the id of what is contained means nothing, its identifier does', () => {
    const contained = [
      { ...ROLE, id: 'role', organization: { reference: '#org' }, practitioner: undefined },
      { ...LAKESIDE, id: 'org' },
    ];
    const practice = amongOthers({ contained, requester: { reference: '#role' } }, []).practice;
    expect(practice).toMatchObject({ id: 'LC', name: 'Lakeside Clinic' });
  });

  it('see the site in the place of the performer’s role', () => {
    expect(amongOthers({ performer: { reference: 'PractitionerRole/pr1' } }, [ROLE]).site).toBe('l1');
    expect(amongOthers({ performer: { reference: 'Patient/p1' } }, []).site).toBe('unknown');
  });

  it('have a payer where the body has the coverage', () => {
    const coverage = {
      resourceType: 'Coverage',
      id: 'c1',
      payor: [{ reference: 'Organization/pay', display: 'Payer' }],
    };
    const insurance = [{ reference: 'Coverage/c1' }];
    expect(amongOthers({ insurance }, [coverage]).payer).toBe('pay');
    expect(amongOthers({ insurance }, [coverage], { crosswalks: { payer: { pay: 'medicaid' } } }).payer).toBe(
      'medicaid',
    );
    expect(amongOthers({ insurance }, [])).not.toHaveProperty('payer');
  });

  it('are never the words of a concept or a narrative', () => {
    const fields = { code: { text: 'Chest pain' }, text: { div: 'Chest pain' }, note: [{ text: 'Chest pain' }] };
    expect(JSON.stringify(fieldsOf(fields))).not.toContain('Chest');
  });

  it('of a Bundle with several versions of an organization are those of the last one, in any order', () => {
    const versions = ['2026-01-01', '2026-02-01'].map((lastUpdated, index) => ({
      ...LAKESIDE,
      meta: { lastUpdated: `${lastUpdated}T00:00:00Z` },
      name: `Name ${index}`,
    }));
    const requester = { reference: 'Organization/o1' };
    for (const others of [versions, [...versions].reverse()]) {
      expect(amongOthers({ requester }, others).practice).toMatchObject({ name: 'Name 1' });
    }
  });
});
