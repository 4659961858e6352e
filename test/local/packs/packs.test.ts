import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { validateConfig } from '../../../local/cli/config.ts';
import { defaultPolicy, PACKS } from '../../../local/packs/packs.ts';
import { packFiles } from '../../../local/packs/write.ts';
import type { ClockRule, Policy } from '../../../shared/contracts/config.ts';
import { checkConfig } from '../../../shared/contracts/config-check.ts';
import type { ClockKind, Priority } from '../../../shared/contracts/vocabulary.ts';

const folder = join(import.meta.dirname, '..', '..', '..', 'config');
const json = (path: string) => JSON.parse(readFileSync(join(folder, path), 'utf8')) as unknown;

interface Traits {
  priority: Priority;
  specialty?: string;
  tags?: string[];
}

/**
 * The rule that applies to a referral: most fields, then the later one. Written again, independently of the product.
 */
function ruleFor(policy: Policy, kind: ClockKind, traits: Traits): ClockRule | undefined {
  const matching = (policy.versions[0]?.rules ?? []).filter(
    ({ match, clocks }) =>
      clocks[kind] &&
      (!match.priority || match.priority.includes(traits.priority)) &&
      (!match.specialty || match.specialty.includes(traits.specialty ?? '')) &&
      (!match.tags || match.tags.some((tag) => traits.tags?.includes(tag))),
  );
  const most = Math.max(...matching.map(({ match }) => Object.keys(match).length));
  return matching.findLast(({ match }) => Object.keys(match).length === most)?.clocks[kind];
}

const target = (name: string, kind: ClockKind, traits: Traits) => {
  const rule = ruleFor(name === 'default' ? defaultPolicy() : (PACKS[name]?.() as Policy), kind, traits);
  return rule?.target ? `${rule.target.value} ${rule.target.unit}` : 'off';
};

describe('committed packs', () => {
  it.each([...packFiles()])('%s is as its definition says', (path, text) => {
    expect(readFileSync(join(folder, path), 'utf8')).toBe(text);
  });

  it('are the only files in the folder', () => {
    expect(readdirSync(join(folder, 'packs')).sort()).toEqual(Object.keys(PACKS).sort());
  });

  it('are versions of different names: mails, reports and `explain` tell them apart by these', () => {
    const versions = [defaultPolicy(), ...Object.values(PACKS).map((pack) => pack())].flatMap((each) => each.versions);
    expect(new Set(versions.map(({ version }) => version)).size).toBe(versions.length);
  });

  it.each([...packFiles().keys()])('%s is valid with the sample directory', (path) => {
    const check = checkConfig({ policy: json(path), directory: json('sample/directory.json') });
    expect(check).toMatchObject({ problems: [], warnings: [] });
  });
});

describe('the default pack', () => {
  it.each<[ClockKind, string, string, string]>([
    ['acceptance', '4 business_hours', '1 business_days', '2 business_days'],
    ['first_attempt', '4 business_hours', '1 business_days', '2 business_days'],
    ['reached', '1 business_days', '2 business_days', '5 business_days'],
    ['scheduled', '1 business_days', '3 business_days', '8 business_days'],
    ['visit', '24 hours', '96 hours', '28 calendar_days'],
    ['rebook', '1 business_days', '2 business_days', '7 business_days'],
    ['reroute', '1 business_days', '2 business_days', '7 business_days'],
    ['referrer_update', '1 business_days', '1 business_days', '2 business_days'],
    ['note', '24 hours', '72 hours', '14 calendar_days'],
    ['acknowledge', 'off', 'off', 'off'],
  ])('has the targets of docs/domain.md#5-22 for %s', (kind, stat, urgent, routine) => {
    expect(target('default', kind, { priority: 'stat' })).toBe(stat);
    expect(target('default', kind, { priority: 'asap' })).toBe(stat);
    expect(target('default', kind, { priority: 'urgent' })).toBe(urgent);
    expect(target('default', kind, { priority: 'routine' })).toBe(routine);
  });

  it('warns a day before and escalates after five, except rebook and the routine scheduled and note', () => {
    const warnings = new Map<string, string>();
    for (const priority of ['routine', 'urgent', 'stat'] as const) {
      for (const kind of Object.keys(defaultPolicy().versions[0]?.rules[0]?.clocks ?? {}) as ClockKind[]) {
        const rule = ruleFor(defaultPolicy(), kind, { priority });
        const before = rule?.warnAtStart ? 'start' : `${rule?.warnBefore?.value} ${rule?.warnBefore?.unit}`;
        warnings.set(`${priority} ${kind}`, `${before}, ${rule?.escalateAfter?.value} ${rule?.escalateAfter?.unit}`);
      }
    }
    const others = [...warnings].filter(([, warning]) => warning !== '24 hours, 5 calendar_days');
    expect(Object.fromEntries(others)).toEqual({
      'routine scheduled': '3 calendar_days, 5 calendar_days',
      'routine note': '7 calendar_days, 14 calendar_days',
      'routine rebook': 'start, 5 calendar_days',
      'urgent rebook': 'start, 5 calendar_days',
      'stat rebook': 'start, 5 calendar_days',
    });
  });
});

describe('ready packs', () => {
  it.each<[string, ClockKind, Traits, string]>([
    ['behavioral-health', 'visit', { priority: 'routine', specialty: 'behavioral_health' }, '10 business_days'],
    ['behavioral-health', 'visit', { priority: 'routine', specialty: 'cardiology' }, '28 calendar_days'],
    ['behavioral-health', 'visit', { priority: 'stat', specialty: 'behavioral_health' }, '24 hours'],
    ['imaging', 'note', { priority: 'routine', specialty: 'imaging' }, '2 business_days'],
    ['imaging', 'note', { priority: 'stat', specialty: 'imaging' }, '4 hours'],
    ['surgery', 'note', { priority: 'routine', specialty: 'general_surgery' }, '7 calendar_days'],
    ['rehabilitation', 'acknowledge', { priority: 'routine', specialty: 'physical_therapy' }, '14 calendar_days'],
    ['rehabilitation', 'acknowledge', { priority: 'routine', specialty: 'cardiology' }, 'off'],
    ['suspected-cancer', 'visit', { priority: 'routine', tags: ['suspected-cancer'] }, '14 calendar_days'],
    ['suspected-cancer', 'reached', { priority: 'routine', tags: ['suspected-cancer'] }, '2 business_days'],
    ['suspected-cancer', 'visit', { priority: 'urgent', tags: ['suspected-cancer'] }, '96 hours'],
    ['california-dmhc', 'visit', { priority: 'routine' }, '15 business_days'],
    ['california-dmhc', 'visit', { priority: 'urgent' }, '48 hours'],
    ['california-dmhc', 'visit', { priority: 'urgent', tags: ['prior-authorization'] }, '96 hours'],
    ['federal-exchange', 'visit', { priority: 'routine' }, '30 business_days'],
    ['maryland', 'visit', { priority: 'routine' }, '30 calendar_days'],
    ['maryland', 'visit', { priority: 'urgent' }, '72 hours'],
  ])('%s gives %s for %o: %s', (name, kind, traits, expected) => {
    expect(target(name, kind, traits)).toBe(expected);
  });

  it('are all described on the page about them', () => {
    const page = readFileSync(join(folder, 'README.md'), 'utf8');
    for (const name of Object.keys(PACKS)) expect(page).toContain(`\`${name}\``);
  });
});

describe('the sample', () => {
  it('is not a configuration by itself, and the message says what is missing', async () => {
    const printed: string[] = [];
    const print = (line: string) => printed.push(line);
    expect(await validateConfig(join(folder, 'sample'), { json: false, print, now: 0 })).toBe(1);
    expect(printed[0]).toContain('policy.json: expected a file policy.json');
  });
});
