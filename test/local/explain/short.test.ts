import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { explain } from '../../../local/explain/explanation.ts';
import { folded } from '../../../local/explain/fold.ts';
import type { History } from '../../../local/explain/history.ts';
import { explanationText } from '../../../local/explain/text.ts';
import { defaultPolicy } from '../../../local/packs/packs.ts';
import type { AlertRow } from '../../../shared/contracts/output.ts';
import { sampleDirectory } from '../../builders/config.ts';
import { accepted, receivedData, sent } from '../../builders/events.ts';
import { histories } from '../../builders/histories.ts';
import { at } from '../../builders/instants.ts';
import { logged } from '../../builders/stored.ts';

const config = { policy: defaultPolicy(), directory: sampleDirectory() };
const historyOf = (log: History['log'], now: string, more: Partial<History> = {}): History => ({
  ...{ referralId: 'R-1', log, alerts: [], mails: [], config, now: at(now) },
  ...more,
});
const call = (time: string) => sent('contact.attempted', time, { channel: 'phone', outcome: 'no_answer' });
const alert: AlertRow = {
  ...{ referralId: 'R-1', kind: 'reached', instance: 1, level: 'escalated', dueAt: '2026-03-09T21:00:00.000Z' },
  ...{ atRiskAt: '2026-03-08T21:00:00.000Z', openedAt: '2026-03-09T21:15:00.000Z' },
  ...{ escalatedAt: '2026-03-14T21:15:00.000Z', resolvedAt: null, resolution: null },
  ...{ coordinatorId: null, liaisonId: null },
};

/** A routine referral of 2 March with a call on each of ten days, which reached nobody. */
const LONG = historyOf(
  [
    sent('referral.received', '03-02 14:00', receivedData()),
    ...Array.from({ length: 10 }, (_, day) => call(`03-${String(day + 3).padStart(2, '0')} 14:00`)),
  ].map((event) => logged(event)),
  '03-16 14:00',
  {
    alerts: [alert, { ...alert, kind: 'first_attempt', resolvedAt: '2026-03-10T14:15:00.000Z', resolution: 'stopped' }],
  },
);

const sectionOf = (text: string, title: string): string[] => {
  const lines = text.split('\n');
  const from = lines.findIndex((line) => line.startsWith(title));
  const end = lines.indexOf('', from);
  return lines.slice(from + 1, end === -1 ? undefined : end);
};

describe('what explain says first', () => {
  it('is what is open, by when it was due, and what comes next', () => {
    const text = explanationText(explain(LONG), 80);
    expect(text.indexOf('\nNow\n')).toBeLessThan(text.indexOf('\nEvents,'));
    expect(sectionOf(text, 'Now')).toEqual([
      '  acceptance        overdue since Wed 4 Mar 2026, 17:00 EST (11 d 16 h)',
      '  reached           overdue since Mon 9 Mar 2026, 17:00 EDT (6 d 17 h),',
      '                    escalated since Sat 14 Mar 2026, 17:15 EDT',
      '  scheduled         overdue since Thu 12 Mar 2026, 17:00 EDT (3 d 17 h)',
      '  visit             due Tue 31 Mar 2026, 00:00 EDT, in 14 d 14 h',
      '  next              Tue 17 Mar 2026, 17:00 EDT: scheduled escalates',
    ]);
  });

  it('names alerts that no clock has, and who knows of them', () => {
    const known = sent('alert.acknowledged', '03-16 13:00', { kind: 'silence', by: 'coordinator-1' });
    const silence = { ...alert, kind: 'silence', level: 'breached', escalatedAt: null } satisfies AlertRow;
    const log = [...LONG.log, logged(known)];
    const lines = sectionOf(explanationText(explain({ ...LONG, log, alerts: [silence] }), 120), 'Now');
    expect(lines).toContain(
      '  silence           breached since Mon 9 Mar 2026, 17:15 EDT, acknowledged by coordinator-1',
    );
  });

  it('is that nothing is open of a referral of which nothing is', () => {
    const ends = [
      sent('referral.closed', '03-13 14:00', { reason: 'patient_declined' }),
      sent('referrer.notified', '03-13 15:00', { about: 'closed' }),
    ];
    const log = [...LONG.log, ...ends.map((event) => logged(event))];
    expect(sectionOf(explanationText(explain({ ...LONG, alerts: [], log }), 80), 'Now')).toEqual(['  nothing is open']);
  });
});

it('Of a voided referral nothing is open', () => {
  const log = [...LONG.log, logged(sent('referral.voided', '03-13 14:00', {}))];
  expect(sectionOf(explanationText(explain({ ...LONG, alerts: [], log }), 80), 'Now')).toEqual(['  nothing is open']);
});

describe('a long history', () => {
  const short = explanationText(explain(LONG), 80, false);

  it('is folded, and each fold says what it left out and how to see it', () => {
    expect(short.match(/.*--all.*/g)).toEqual([
      '  … 7 events in 21 lines left out; --all shows them',
      '  … how these dues came about is left out; --all shows it',
      '  … 1 open and 1 resolved left out; --all shows when each began and ended',
    ]);
    expect(sectionOf(short, 'Events').filter((line) => /^ {2}\w/.test(line))).toEqual([
      '  Mon 2 Mar 2026, 09:00 EST   referral.received',
      '  Tue 10 Mar 2026, 10:00 EDT  contact.attempted',
      '  Wed 11 Mar 2026, 10:00 EDT  contact.attempted',
      '  Thu 12 Mar 2026, 10:00 EDT  contact.attempted',
    ]);
  });

  it('has the arithmetic of the clocks that run, and one line for each of the others', () => {
    expect(short.match(/^ {4}target/gm)).toHaveLength(4);
    expect(short).toContain('  first_attempt     met, due Wed 4 Mar 2026, 17:00 EST\n');
    const late = [LONG.log[0], LONG.log[8], ...LONG.log.slice(8)].flatMap((each) => each ?? []);
    expect(explanationText(explain({ ...LONG, log: late }), 80, false)).toContain(
      '  first_attempt     missed, due Wed 4 Mar 2026, 17:00 EST, 5 d 16 h late\n',
    );
  });

  it('is whole with --all, and so is a short one without', () => {
    expect(explanationText(explain(LONG), 80, true)).not.toContain('--all');
    const brief = explain(historyOf(LONG.log.slice(0, 1), '03-02 15:00'));
    expect(explanationText({ ...brief, clocks: [] }, 80, false)).toBe(
      explanationText({ ...brief, clocks: [] }, 80, true),
    );
  });
});

it('A single block is never folded: the line that says so would be no shorter', () => {
  const blocks = ['a', 'b', 'c', 'd'].map((line) => [line]);
  expect(folded(blocks, 'events', { first: 1, last: 2 })).toEqual(['a', 'b', 'c', 'd']);
  expect(folded(blocks, 'events', { first: 0, last: 5 })).toEqual(['a', 'b', 'c', 'd']);
  expect(folded(blocks, 'events', { first: 1, last: 1 })).toEqual([
    'a',
    '  … 2 events in 2 lines left out; --all shows them',
    'd',
  ]);
});

describe('a warning', () => {
  const warns = (priority: 'stat' | 'routine') => {
    const received = sent('referral.received', '03-02 14:00', receivedData({ priority }));
    const text = explanationText(explain(historyOf([logged(received)], '03-02 15:00')), 200);
    return text.match(/(?<=warns {6}).*/g)?.[0];
  };

  it('that is longer than its clock runs begins with the clock, not before', () => {
    expect(warns('stat')).toMatch(
      /^at risk from its start \(it warns 1 d before the due: longer than it runs\), escalates after/,
    );
  });

  it('that is shorter says when it begins', () => {
    expect(warns('routine')).toMatch(/^at risk from Tue 3 Mar 2026, 17:00 EST, escalates after/);
  });
});

it('Every history fits 80 columns, long or folded', () => {
  fc.assert(
    fc.property(histories('R-1', { maxEvents: 25 }), fc.boolean(), (arriving, all) => {
      const log = arriving.map(({ event, arrivedAt }) => ({ event: accepted(event), arrivedAt }));
      const now = Math.max(...log.map(({ arrivedAt }) => arrivedAt));
      const lines = explanationText(explain({ ...historyOf(log, '03-02 15:00'), now }), 80, all).split('\n');
      expect(lines.filter((line) => line.length > 80)).toEqual([]);
    }),
    { numRuns: 200 },
  );
});
