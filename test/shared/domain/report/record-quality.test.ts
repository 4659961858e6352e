import { describe, expect, it } from 'vitest';
import type { ReportFigures } from '../../../../shared/contracts/report.ts';
import type { ReferralState } from '../../../../shared/contracts/state.ts';
import { nearDuplicates } from '../../../../shared/domain/report/near-duplicates.ts';
import { isNpi } from '../../../../shared/domain/report/npi.ts';
import { at } from '../../../builders/instants.ts';
import { reportsOver, weekDue } from '../../../builders/reports.ts';

describe('an NPI', () => {
  it('is ten digits, the last of which checks the others', () => {
    // The example of the Centers for Medicare & Medicaid Services: 123456789 has the check digit 3.
    expect(isNpi('1234567893')).toBe(true);
    for (const wrong of [
      '1234567890',
      '1234567894',
      '2134567893',
      '123456789',
      '12345678930',
      '123456789X',
      '',
      ' 1234567893',
    ]) {
      expect(isNpi(wrong)).toBe(false);
    }
  });

  it('is found to be wrong if any one digit is changed or two neighbours are swapped', () => {
    const digits = [...'1234567893'].map(Number);
    digits.forEach((digit, index) => {
      const changed = digits.with(index, (digit + 1) % 10).join('');
      expect(isNpi(changed), changed).toBe(false);
    });
    expect(isNpi('1324567893')).toBe(false);
  });
});

type Practice = { id: string; name: string; aliases?: string[] };

/** Pairs of names found, each of a practice of its own unless said otherwise. */
function pairs(names: readonly string[] | Record<string, string[]>, practices: Practice[] = []): [string, string][] {
  const byId = Array.isArray(names)
    ? names.map((name, index) => [`p${index}`, [name]] as const)
    : Object.entries(names);
  const sets = new Map(byId.map(([id, own]) => [id, new Set(own as string[])]));
  return namesOf(nearDuplicates(sets, new Map(practices.map((practice) => [practice.id, practice]))));
}

const namesOf = (found: ReportFigures['audit']['nearDuplicates']) =>
  found.map((pair) => pair.map(({ name }) => name) as [string, string]);

describe('practice names that read like one', () => {
  it.each([
    ['Oak Street Family Medicine', 'Oak Street Family Medicine LLC'],
    ['Oak Street Family Medicine', 'OAK STREET FAMILY MED.'],
    ['Oak Street Family Medicine', 'Family Medicine, Oak Street'],
    ['Oak Street Family Medicine', 'Oak Streeet Family Medicine'],
    ['Lakeside Pediatric', 'Lakeside Pediatirc'],
    ['Brook Clinic', 'Broook Clinic'],
    ['St. Elsewhere Medical Center', 'Saint Elsewhere Medical Ctr'],
    ['Praxis für Kinder', 'Praxis fur Kinder'],
    ["Children's Clinic of the Valley", 'Childrens Clinic Valley'],
  ])('%s and %s', (one, other) => {
    expect(pairs([one, other])).toEqual([[one, other].sort()]);
  });

  it.each([
    ['Oak Street Family Medicine', 'Elm Street Family Medicine'],
    ['Practice 1', 'Practice 2'],
    ['Building A Cardiology', 'Building B Cardiology'],
    ['North Clinic', 'South Clinic'],
    ['Ibex', 'Ibes'],
    ['Lakeside', 'Lakesdie'],
    ['Lakeside Pediatrics', 'Lakeside Podiatry Clinic'],
    ['Unit 1234567', 'Unit 1234568'],
    // Nothing but little words and titles says nothing.
    ['The MD', 'LLC'],
  ])('are not %s and %s', (one, other) => {
    expect(pairs([one, other])).toEqual([]);
  });

  it('are of two practices: figures count by id, so two names of one id harm none', () => {
    expect(pairs({ p1: ['Echidna Medical', 'Echidna Med'] })).toEqual([]);
    expect(pairs({ p1: ['Echidna Medical'], p2: ['Echidna Med'] })).toEqual([['Echidna Med', 'Echidna Medical']]);
  });

  it('exclude two that the directory knows as one practice, whatever ids they come under', () => {
    const known = { id: 'p1', name: 'Riverside Family Medicine', aliases: ['Riverside Fam Med'] };
    expect(pairs({ p1: ['Riverside Family Medicine'], p9: ['Riverside Fam Med'] }, [known])).toEqual([]);
    expect(pairs({ p1: ['Riverside Family Medicine'], p9: ['Riverside Fam Med'] })).toHaveLength(1);
  });

  it('include those with the same letters divided into words differently', () => {
    expect(pairs(['North Side Clinic', 'Northside Clinic'])).toEqual([['North Side Clinic', 'Northside Clinic']]);
  });

  it('are listed in order, by the first of two and then by the second', () => {
    expect(pairs(['Yak Inc', 'Yak', 'Yak PC', 'Lynx PC', 'Lynx'])).toEqual([
      ['Lynx', 'Lynx PC'],
      ['Yak', 'Yak Inc'],
      ['Yak', 'Yak PC'],
      ['Yak Inc', 'Yak PC'],
    ]);
  });

  it('include one name under two ids, known to the directory or not, until it is an alias', () => {
    const names = new Map(['p2', 'p10'].map((id) => [id, new Set(['Lynx Pediatrics'])]));
    const pair = [
      { id: 'p10', name: 'Lynx Pediatrics' },
      { id: 'p2', name: 'Lynx Pediatrics' },
    ];
    const known = (practice: Practice) => nearDuplicates(names, new Map([[practice.id, practice]]));
    expect(nearDuplicates(names, new Map())).toEqual([pair]);
    expect(known({ id: 'p2', name: 'Lynx Pediatrics' })).toEqual([pair]);
    expect(known({ id: 'p2', name: 'Lynx', aliases: ['Lynx Pediatrics'] })).toEqual([]);
  });

  it('are found among thousands', () => {
    const names = Array.from(
      { length: 3000 },
      (_, index) => `Practice by the ${index % 2 === 0 ? 'oak' : 'river'} ${index}`,
    );
    expect(pairs(names)).toEqual([]);
  });
});

/** By scope what is wrong with some referrals; in the directory `practice-1` is called First Practice. */
function audits(...referrals: Partial<ReferralState>[]): (scope?: string) => ReportFigures['audit'] {
  const sender = { practiceId: 'practice-1', practiceName: null, site: 'north' };
  const reports = reportsOver(
    weekDue(at('03-09 10:00')),
    referrals.map((over) => ({ ...sender, ...over })),
  );
  return (scope) => reports(scope).audit;
}

describe('the audit of a report', () => {
  it('compares what was sent with itself and with the names of the directory, heard or not', () => {
    const other = { practiceId: 'p-9', practiceName: 'First Practice LLC' };
    const pair = [['First Practice', 'First Practice LLC']];
    expect(namesOf(audits({}, other)().nearDuplicates)).toEqual(pair);
    expect(namesOf(audits({ practiceName: 'Lakeside' }, other)().nearDuplicates)).toEqual(pair);
    expect(namesOf(audits(other)().nearDuplicates)).toEqual(pair);
    const renamed = audits({ practiceName: 'Lakeside' }, { practiceId: 'p-9', practiceName: 'Lakeside Inc' });
    expect(namesOf(renamed().nearDuplicates)).toEqual([['Lakeside', 'Lakeside Inc']]);
  });

  it('has a pair in each scope in which one of the two was heard', () => {
    const audit = audits(
      { practiceId: 'p-1', practiceName: 'Lakeside' },
      { practiceId: 'p-2', practiceName: 'Lakeside Inc', site: 'west' },
      { practiceId: 'p-3', practiceName: 'Lynx' },
      { practiceId: 'p-4', practiceName: 'Lynx', site: 'cape' },
    );
    expect(namesOf(audit().nearDuplicates)).toEqual([
      ['Lakeside', 'Lakeside Inc'],
      ['Lynx', 'Lynx'],
    ]);
    expect(audit('site=north').nearDuplicates).toEqual(audit().nearDuplicates);
    expect(namesOf(audit('site=west').nearDuplicates)).toEqual([['Lakeside', 'Lakeside Inc']]);
    expect(namesOf(audit('site=cape').nearDuplicates)).toEqual([['Lynx', 'Lynx']]);
  });

  it('says of which ids a pair is: two systems that each gave the practice one', () => {
    const named = { practiceName: 'North Family Practice' };
    const audit = audits({ practiceId: 'p1', ...named }, { practiceId: 'p2', ...named });
    expect(audit().nearDuplicates).toEqual([
      [
        { id: 'p1', name: 'North Family Practice' },
        { id: 'p2', name: 'North Family Practice' },
      ],
    ]);
  });

  it('lists the referrals with a note of another one, in each of their scopes and in no order of arrival', () => {
    const early = { noteBeforeReferral: true };
    const audit = audits(
      { ...early, referralId: 'R-b' },
      { ...early, referralId: 'R-a', site: 'west' },
      { referralId: 'R-c' },
      { ...early, referralId: 'R-d', stage: 'voided' },
    );
    expect(audit().notesBeforeReferral).toEqual(['R-a', 'R-b']);
    expect(audit('site=west').notesBeforeReferral).toEqual(['R-a']);
    expect(audit('site=cape').notesBeforeReferral).toEqual([]);
  });

  it('counts the referrals that such a list has no room for', () => {
    const referrals = Array.from({ length: 5002 }, (_, index) => ({
      referralId: `R-${String(index).padStart(4, '0')}`,
      noteBeforeReferral: true,
    }));
    const { notesBeforeReferral, moreNotesBeforeReferral } = audits(...referrals)();
    expect([notesBeforeReferral.length, notesBeforeReferral.at(-1), moreNotesBeforeReferral]).toEqual([
      5000,
      'R-4999',
      2,
    ]);
  });
});
