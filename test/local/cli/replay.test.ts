import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { message, organization, received } from '../../chaos/organization.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { loopwatch } from './loopwatch.ts';

const folder = temporaryFolder();
beforeAll(() => {
  const { policy, directory } = organization();
  writeFileSync(join(folder, 'policy.json'), JSON.stringify(policy));
  writeFileSync(join(folder, 'directory.json'), JSON.stringify(directory));
  const { body } = message('R-1', 'referral.received', '2026-03-02T14:00:00Z', received('stat'));
  writeFileSync(join(folder, 'events.ndjson'), body);
});

describe('a replay', () => {
  it('makes its mails and reports from any folder', async () => {
    const args = ['events.ndjson', '--config', '.', '--until', '2026-03-09T11:00:00Z', '--out', 'out', '--json'];
    const { code, stdout, stderr } = await loopwatch(['replay', ...args], folder, {}, folder);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const { mailsByKind } = JSON.parse(stdout);
    expect(mailsByKind).toMatchObject({ coordinator_digest: 5, urgent_alert: 2 });
    const report = readFileSync(join(folder, 'out', 'weekly', '2026-W10', 'organization.json'), 'utf8');
    expect(JSON.parse(report).received).toEqual({ n: 1, prior: 0 });
  });

  it('runs to the end of the day of the last arrival, and says what it refused and what it left out', async () => {
    const later = message('R-1', 'contact.attempted', '2026-03-05T23:30:00Z', {
      channel: 'phone',
      outcome: 'voicemail',
    });
    const old = later.body.replace('2026-03-05', '1999-12-31');
    const lines = [readFileSync(join(folder, 'events.ndjson'), 'utf8'), later.body, '{"specversion": "1.0"}', old];
    writeFileSync(join(folder, 'more.ndjson'), lines.join('\n'));
    const args = ['replay', 'more.ndjson', '--config', '.', '--out', 'out-more'];
    const { stdout } = await loopwatch(args, folder, {}, folder);
    expect(stdout).toContain('1 referral, ');
    expect(stdout).toContain('by 2026-03-06T05:00:00.000Z: out-more');
    expect(stdout).toContain('Refused: 2 invalid; out-more/quarantine.ndjson says why.');
    const stopped = await loopwatch([...args, '--until', '2026-03-03T00:00:00Z'], folder, {}, folder);
    expect(stopped.stdout).toContain('3 messages would arrive after that, and had no part in it.');
  });

  it('fails if mails could not be sent, says how many, and still writes its files', async () => {
    const args = ['events.ndjson', '--config', '.', '--until', '2026-03-03T13:00:00Z', '--out', 'failed', '--json'];
    const nowhere = { SES_ENDPOINT: 'http://127.0.0.1:1' };
    const { code, stdout, stderr } = await loopwatch(['replay', ...args], folder, nowhere, folder);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^loopwatch: messages failed however often they were tried: \d in mail-jobs\n$/);
    expect(JSON.parse(stdout)).toMatchObject({
      referrals: 1,
      mails: 0,
      undone: { 'mail-jobs': expect.any(Number) },
    });
    expect(readFileSync(join(folder, 'failed', 'referrals.ndjson'), 'utf8')).toContain('R-1');
  });
});
