import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Config } from '../../../shared/contracts/config.ts';
import type { Scope } from '../../../shared/contracts/report.ts';
import type { ClockKind } from '../../../shared/contracts/vocabulary.ts';
import { targetText } from '../../../shared/mail/report/targets.ts';
import { config } from './builders.ts';
import { goodWeek, reportContent } from './report-samples.ts';

type Version = Config['policy']['versions'][number];
type Rule = Version['rules'][number];

const PACK = JSON.parse(readFileSync(new URL('../../../config/default/policy.json', import.meta.url), 'utf8'));

const textOf = (kind: ClockKind, settings: Config, scope: Scope = {}) =>
  targetText(kind, reportContent(goodWeek(), { scope }), settings);
const withPolicy = (policy: Config['policy']): Config => ({ ...config(), policy });

/** A policy in force at the report, of these rules for the note. */
function ofRules(...rules: [match: Rule['match'], value: number | null, unit?: 'hours' | 'calendar_days'][]): Config {
  const [version] = config().policy.versions as [Version];
  const made = rules.map(([match, value, unit = 'calendar_days']): Rule => {
    const target = value === null ? null : { value, unit };
    return { match, clocks: { note: { target } } } as Rule;
  });
  return withPolicy({ versions: [{ ...version, rules: made }] });
}

describe('the target beside a name', () => {
  test('is that of routine referrals, with those that differ by priority', () => {
    const kinds = ['first_attempt', 'reached', 'visit', 'rebook', 'referrer_update', 'acknowledge'] as const;
    expect(kinds.map((kind) => textOf(kind, withPolicy(PACK)))).toEqual([
      'within 2 business days; urgent 1; ASAP and stat 4 business hours',
      'within 5 business days; urgent 2; ASAP and stat 1',
      'within 28 days; urgent 96 hours; ASAP and stat 24 hours',
      'within 7 business days; urgent 2; ASAP and stat 1',
      'within 2 business days; urgent, ASAP and stat 1',
      null,
    ]);
  });

  test('is one for all where they don’t differ, and names who has one where not all have', () => {
    expect(textOf('note', ofRules([{}, 14]))).toBe('within 14 days');
    expect(textOf('note', ofRules([{}, 1, 'hours']))).toBe('within 1 hour');
    expect(textOf('note', ofRules([{ priority: ['stat'] }, 2]))).toBe('stat within 2 days');
    expect(textOf('note', ofRules([{}, 14], [{ priority: ['stat'] }, null]))).toBe('within 14 days');
  });

  test('is that of the report’s own specialty or site, and says where some of it have others', () => {
    const settings = ofRules([{}, 14], [{ specialty: ['cardiology'] }, 7], [{ site: ['south'], payer: ['any'] }, 3]);
    expect(textOf('note', settings)).toBe('within 14 days, others for some');
    expect(textOf('note', settings, { specialty: 'cardiology', site: 'north' })).toBe('within 7 days');
    expect(textOf('note', settings, { specialty: 'allergy', site: 'south' })).toBe('within 14 days, others for some');
    expect(textOf('note', settings, { specialty: 'allergy', site: 'north' })).toBe('within 14 days');
  });

  test('is that of the version in force when the report was made', () => {
    const [early] = ofRules([{}, 14]).policy.versions as [Version];
    const [late] = ofRules([{}, 7]).policy.versions as [Version];
    const versions = (from: string) => [early, { ...late, version: 'next', effectiveFrom: from }];
    expect(textOf('note', withPolicy({ versions: versions('2026-03-10T00:00:00.000Z') }))).toBe('within 14 days');
    expect(textOf('note', withPolicy({ versions: versions('2026-03-01T00:00:00.000Z') }))).toBe('within 7 days');
  });
});
