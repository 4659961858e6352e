import { describe, expect, it } from 'vitest';
import { type KnownWords, knownWords } from '../../../local/draft/known-words.ts';
import { sampleConfig } from '../../builders/config.ts';
import { draft, draftOf, emitsBy, STATES, said } from './drafted.ts';

/** Three rows, of which two are alike, below some names beside the referral's id and when it came in. */
const table = (names: string, ...cells: string[]): string =>
  [`Ref No,Created,${names}`, ...[0, 0, 1].map((which, i) => `R-${i},02/23/2026,${cells[which] ?? cells[0]}`)].join(
    '\n',
  );

describe('columns that the draft finds', () => {
  const read = (text: string, known: KnownWords | null = null) => {
    const { csv } = draftOf({ 'referrals_20260302.csv': text }, known);
    return csv?.kind === 'states' ? csv.emit[0]?.data : undefined;
  };

  it.each([
    ['priority', ['Prio', 'Pri', 'PRIORITY_CD', 'Urgent', 'Triage Level']],
    ['specialty', ['Spec', 'Modality', 'Service Line', 'Svc Line', 'DeptName']],
    ['site', ['Where', 'Branch', 'Clinic Location', 'Fac']],
    ['practice.id', ['Ref Office', 'Ordering Provider', 'Ref Phys', 'Requested By']],
    ['patient.id', ['Chart', 'Chart #', 'Pt ID', 'Med Rec', 'Medical Record No', 'EMPI']],
  ])('by name: %s', (field, names) => {
    for (const name of names) expect([name, read(table(name, 'x', 'y'))?.[field]]).toEqual([name, name]);
  });

  it.each(['State since', 'Last Changed', 'Status Date', 'LastMod', 'Status As Of', 'Touched', 'Last Touch'])(
    'by name: when a row was changed, %s',
    (name) => {
      const { csv } = draft(table(`Status,${name}`, 'Closed,02/24/2026 09:10', 'New,02/25/2026 09:10'));
      expect(emitsBy(csv, 'Status')).toEqual([['referral.closed', name, ['Closed']]]);
    },
  );

  it.each(['Ref Stat', 'Referral Status', 'Dispo', 'Ref Sts'])('by name: how far it has come, %s', (name) => {
    const { csv } = draft(table(`${name},Appt Stat,Appt Dt,STAT`, 'CLSD,CKO,02/24/2026,Y', 'NEW,N/S,02/25/2026,N'));
    expect(emitsBy(csv, name)).toMatchObject([['referral.closed', 'exportedAt', ['CLSD']]]);
    expect(emitsBy(csv, 'Appt Stat')).toMatchObject([
      ['visit.completed', 'Appt Dt', ['CKO']],
      ['appointment.no_show', 'Appt Dt', ['N/S']],
    ]);
    expect(emitsBy(csv, 'STAT')).toEqual([]);
  });

  it('by the words for priorities, and by the ids and names of the configuration', () => {
    const { policy, directory } = sampleConfig();
    const [site] = directory.sites;
    const [practice] = directory.practices;
    if (!site || !practice) throw new Error('the sample has sites and practices');
    const known = knownWords({ policy, directory });
    const text = table('A,B,C', `STAT,${site.name},${practice.name}`, `Routine,${site.id},${practice.id}`);
    expect(read(text, known)).toEqual({ priority: 'A', site: 'B', 'practice.id': 'C', 'practice.name': 'C' });
    expect(read(text)).toEqual({ priority: 'A' });
    expect(said(draftOf({ 'referrals_20260302.csv': text }, known).remarks)).toContain(
      'Column B is taken for the site: its values are in directory.json.',
    );
    // Low and high may be anything.
    expect(read(table('Risk', 'low', 'high'))).toBeUndefined();
  });
});

describe('columns that the draft does not find', () => {
  it('are said one by one, with those that may have them', () => {
    const { remarks } = draft(
      table('Klass,Own No,Patient Name,DOB', 'P1,a,Example A,02/29/1960', 'P2,b,Example B,03/29/1960'),
    );
    const [, todo = ''] = said(remarks).split('What you have to look at');
    expect(todo).toContain(
      'No column was found for the priority, so each referral counts as routine, the urgent ones too. Columns that it doesn\'t read, of which one may be it: Klass, Own No. Name it in data of referral.received, as "priority".',
    );
    for (const what of ['the specialty', 'the site', 'the practice that refers', "the patient's id"])
      expect(todo).toContain(`No column was found for ${what}, so`);
    expect(todo).toContain('No column of statuses was found, so nothing says that a patient was seen');
    expect(todo).not.toMatch(/Patient Name|DOB/);
    expect(said(draft(STATES).remarks)).not.toContain('No column was found');
  });

  it('are none in a file of events in which no referral comes in', () => {
    const { remarks } = draft(
      'Event Id,Ref No,Event Type,Event Date\n1,R-1,No show,2026-03-03 10:00\n2,R-1,No show,2026-03-03 11:00\n',
    );
    expect(remarks).not.toContain('No column was found');
  });

  it('may have dates in a form that nobody knows', () => {
    const { csv, remarks } = draft(
      [
        'Ref No,Date Received,Visit,Phone',
        '1,24th of March 2026,Tue 24.3.2026,555-010-0199',
        '2,1st of April 2026,Wed 1.4.2026,555-010-0198',
      ].join('\n'),
    );
    expect(csv).toMatchObject({ emit: [{ time: 'FILL IN: received' }] });
    expect(said(remarks)).toContain(
      'in place of "FILL IN: received". Columns that it doesn\'t read, of which one may be it: Date Received, Visit.',
    );
    expect(said(remarks)).toContain("Date Received, Visit may be dates, in a form that the draft doesn't know");
    expect(said(remarks)).toContain('Not tried yet: no row can be read before "FILL IN: received" has its column.');
    expect(remarks).not.toMatch(/March|24\.3/);
  });
});
