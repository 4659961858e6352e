import { describe, expect, it } from 'vitest';
import {
  appointment,
  bundle,
  contextOf,
  note,
  order,
  type Resource,
  task,
  translate,
  translated,
} from './resources.ts';

/** The forms of a reference, and what a referral is found by. */

const UUID = '5b1d2a52-8c1e-4b6e-9f3a-0d7c2b9a1e11';
const focusOn = (focus: Resource) => task({ basedOn: undefined, focus });
const DIRECT = { referralId: 'r1', others: ['ServiceRequest/r1', 'Task/x1'] };

describe('a reference to an order', () => {
  it.each([
    ['ServiceRequest/r1'],
    ['ServiceRequest/r1/_history/4'],
    ['https://server.example/fhir/R4/ServiceRequest/r1'],
    ['https://server.example/fhir/R4/ServiceRequest/r1/_history/4'],
    [' ServiceRequest/r1 '],
    ['servicerequest/r1'],
    ['https://server.example/fhir/R4/SERVICEREQUEST/r1/_history/4'],
  ])('%s is ServiceRequest/r1', (reference) => {
    expect(translated(task({ basedOn: [{ reference }] })).keys).toEqual(DIRECT);
    expect(translated(focusOn({ reference })).keys).toEqual(DIRECT);
  });

  it.each([
    [{ reference: `urn:uuid:${UUID}` }, UUID],
    [{ reference: UUID }, UUID],
    [{ reference: `urn:uuid:${UUID}`, type: 'serviceRequest' }, UUID],
    [{ reference: `urn:uuid:${UUID}`, type: 'Servicerequest' }, UUID],
  ])('%o names the order even if the body doesn’t have it', (reference, id) => {
    expect(translated(task({ basedOn: reference })).keys.referralId).toBe(id);
  });

  it('by urn:uuid is the resource with that fullUrl: by its id, or by the fullUrl’s for want of one', () => {
    const fullUrl = `urn:uuid:${UUID}`;
    const keysOf = (resource: Resource) =>
      translate(bundle([{ entry: 1, fullUrl, resource }, task({ basedOn: { reference: fullUrl } })])).map((each) =>
        each.outcome === 'translated' ? each.keys : each,
      );
    expect(keysOf(order())).toEqual([
      { referralId: 'r1', others: ['ServiceRequest/r1', `ServiceRequest/${UUID}`] },
      DIRECT,
    ]);
    expect(keysOf(order({ id: undefined }))).toEqual([
      { referralId: UUID, others: [`ServiceRequest/${UUID}`] },
      { referralId: UUID, others: [`ServiceRequest/${UUID}`, 'Task/x1'] },
    ]);
  });

  it('takes the id of a fullUrl that is an address or a word', () => {
    const idOf = (fullUrl: string) =>
      translate(bundle([{ entry: 1, fullUrl, resource: order({ id: undefined }) }])).map((each) =>
        each.outcome === 'translated' ? each.keys.referralId : each,
      );
    expect(idOf('https://server.example/fhir/ServiceRequest/r5')).toEqual(['r5']);
    expect(idOf('r6')).toEqual(['r6']);
  });

  it('by identifier alone is looked up', () => {
    const identifier = { system: 'urn:oid:1.8', value: 'A-1' };
    const key = 'ServiceRequest?identifier=urn:oid:1.8|A-1';
    expect(translated(task({ basedOn: { identifier } })).keys).toEqual({ referralId: null, others: [key, 'Task/x1'] });
    const conditional = { reference: 'ServiceRequest?identifier=urn%3Aoid%3A1.8|A-1' };
    expect(translated(focusOn(conditional)).keys).toEqual({ referralId: null, others: [key, 'Task/x1'] });
  });

  it('where an identifier is the referral’s id is looked up, unless it or the body has that identifier', () => {
    const context = contextOf({ identifierSystems: ['urn:oid:1.8'] });
    const identifier = { system: 'urn:oid:1.8', value: 'A-1' };
    const key = 'ServiceRequest?identifier=urn:oid:1.8|A-1';
    expect(translated(task(), context).keys).toEqual({ ...DIRECT, referralId: null });
    expect(translated(task({ basedOn: { reference: 'ServiceRequest/r1', identifier } }), context).keys).toEqual({
      referralId: 'A-1',
      others: ['ServiceRequest/r1', key, 'Task/x1'],
    });
    const [, inBody] = translate(bundle([order({ identifier }), task()]), context);
    expect(inBody).toMatchObject({ keys: { referralId: 'A-1', others: ['ServiceRequest/r1', key, 'Task/x1'] } });
    const [, without] = translate(bundle([order(), task()]), context);
    expect(without).toMatchObject({ keys: DIRECT });
    const [, unreadable] = translate(bundle([order({ status: 'inactive', identifier }), task()]), context);
    expect(unreadable).toMatchObject({ keys: { ...DIRECT, referralId: null } });
  });

  it('that is contained is found by its identifiers: its id is another order’s elsewhere', () => {
    const contained = [{ ...order({ identifier: { system: 'urn:oid:1.8', value: 'A-1' } }), id: 'o' }];
    const body = task({ contained, basedOn: { reference: '#o' } });
    const key = 'ServiceRequest?identifier=urn:oid:1.8|A-1';
    expect(translated(body).keys).toEqual({ referralId: null, others: [key, 'Task/x1'] });
    expect(translated(body, contextOf({ identifierSystems: ['urn:oid:1.8'] })).keys.referralId).toBe('A-1');
  });

  it('in basedOn goes before one in focus; of two the first counts', () => {
    const two = [{ reference: 'ServiceRequest/r1' }, { reference: 'ServiceRequest/r2' }];
    expect(translated(task({ basedOn: two, focus: { reference: 'ServiceRequest/r3' } })).keys).toEqual(DIRECT);
  });

  it('to a laboratory order in the body is left for the referral beside it', () => {
    const lab = order({ id: 'lab', category: { coding: [{ system: 'http://snomed.info/sct', code: '108252007' }] } });
    const both = [{ reference: 'ServiceRequest/lab' }, { reference: 'ServiceRequest/r1' }];
    const [, member] = translate(bundle([lab, appointment({ basedOn: both })]));
    expect(member).toMatchObject({ keys: { referralId: 'r1' } });
  });

  it('never is one to a patient', () => {
    const keys = translated(
      note({ related: [{ reference: 'Patient/p1' }], subject: { reference: 'Patient/p1' } }),
    ).keys;
    expect(keys).toEqual({ referralId: null, others: [] });
  });
});
