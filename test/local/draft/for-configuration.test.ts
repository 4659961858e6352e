import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type KnownWords, knownWords } from '../../../local/draft/known-words.ts';
import { dialectsSchema } from '../../../shared/contracts/dialects.ts';
import { sampleConfig } from '../../builders/config.ts';
import { loopwatch } from '../cli/loopwatch.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { draftOf, said } from './drafted.ts';

describe('the draft for a configuration', () => {
  const folder = temporaryFolder();
  const known = (): KnownWords => {
    const { policy, directory } = sampleConfig();
    const [site] = directory.sites;
    const [practice] = directory.practices;
    if (!site || !practice) throw new Error('the sample has sites and practices');
    const sites = [
      ...[
        { ...site, id: 'hill', name: 'Hill Clinic' },
        { ...site, id: 'river', name: 'River Clinic' },
      ],
      ...[
        { ...site, id: 'e1', name: 'Example' },
        { ...site, id: 'e2', name: 'Example' },
      ],
    ];
    const practices = [{ ...practice, id: 'oak', name: 'Oak Practice', aliases: ['Oak Lane'] }];
    const organization = { ...directory.organization, timeZone: 'America/Denver', sensitiveSpecialties: ['psych'] };
    return knownWords({ policy, directory: { ...directory, organization, sites, practices } });
  };
  const HEAD = 'Ref No,Created,Department,Location,Practice';
  const rows = (...of: string[]): string =>
    [HEAD, ...of.flatMap((each, i) => [`R-${i}a,02/23/2026,${each}`, `R-${i}b,02/23/2026,${each}`])].join('\n');
  const drafted = (text: string) => draftOf({ 'referrals_20260302.csv': text }, known());

  it('takes its ids by name whatever their case and spaces, its specialties and its zone', () => {
    const { sender, dialects, remarks } = drafted(
      rows('PSYCH,Hill clinic ,Oak  practice', 'Behavioral Health,RIVER-CLINIC,oak lane'),
    );
    expect(dialects.defaults).toEqual({ timeZone: 'America/Denver' });
    expect(sender?.crosswalks).toEqual({
      specialty: { PSYCH: 'psych', 'Behavioral Health': 'behavioral_health' },
      site: { 'Hill clinic': 'hill', 'RIVER-CLINIC': 'river' },
      practice: { 'Oak  practice': 'oak', 'oak lane': 'oak' },
    });
    expect(said(remarks)).toContain("Times are read in America/Denver, the organization's zone.");
    expect(remarks).not.toContain('crosswalks.site');
  });

  it('asks about sites that it lacks or has twice, and names no practice that it lacks', () => {
    const { sender, remarks, printed } = drafted(rows('psych,Mill Clinic,Elm Practice', 'psych,Example,oak'));
    expect(sender?.crosswalks).toEqual({
      specialty: { psych: 'psych' },
      site: { 'Mill Clinic': 'Mill Clinic', Example: 'Example' },
    });
    expect(said(remarks)).toContain(
      'crosswalks.site: on the right of Example, Mill Clinic put an id of directory.json, such as hill, river, e1, or add the site there.',
    );
    expect(remarks + printed.join('')).not.toMatch(/Elm/);
  });

  it('is printed into the folder that it is read from', async () => {
    const config = join(folder, 'own-config');
    cpSync('config/sample', config, { recursive: true });
    cpSync('config/default/policy.json', join(config, 'policy.json'));
    writeFileSync(join(config, 'dialects.json'), '');
    writeFileSync(join(folder, 'nightly_20260302.csv'), rows('psych,Main,Oak'));
    const run = await loopwatch(['dialect', 'draft', join(folder, 'nightly_20260302.csv'), '--config', config]);
    expect(run.code).toBe(0);
    expect(dialectsSchema.parse(JSON.parse(run.stdout)).senders[0]?.crosswalks).toMatchObject({
      site: { Main: 'main' },
    });
    const without = await loopwatch(['dialect', 'draft', join(folder, 'nightly_20260302.csv'), '--config', folder]);
    expect(without.code).toBe(1);
    expect(without.stderr).toContain('expected a file policy.json in');
  });
});
