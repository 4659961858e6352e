import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { message, organization, received } from '../../chaos/organization.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { loopwatch } from './loopwatch.ts';

const folder = temporaryFolder();
const CONFIG = ['--config', '.'];
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
    expect(stdout).toContain('By Fri 6 Mar 2026, 00:00 EST; the files are in out-more\n');
    expect(stdout).toContain('Referrals   1, 1 open: to contact 1\n');
    expect(stdout).toContain(
      'Refused     2: invalid fields; the rest was taken in\n            more.ndjson line 3: id: missing',
    );
    expect(stdout).toContain('Digests     none is due since the last message; the next on Fri 6 Mar 2026,\n');
    expect(stdout).toContain('--until 2026-03-06T12:00:00Z shows it');
    expect(stdout).toContain('Next        npx loopwatch explain R-1 --from out-more\n');
    const stopped = await loopwatch([...args, '--until', '2026-03-03T13:00:00Z'], folder, {}, folder);
    expect(stopped.stdout).toContain('Left out    3 messages that came after that: --until 2026-03-06T05:00:00Z\n');
    expect(stopped.stdout).not.toContain('Digests');
  });

  it('names no digest of before the go-live as the next one', async () => {
    const { policy, directory } = organization();
    const later = { ...directory.organization, liveFrom: '2026-03-09T11:00:00Z' };
    mkdirSync(join(folder, 'later'), { recursive: true });
    writeFileSync(join(folder, 'later', 'policy.json'), JSON.stringify(policy));
    writeFileSync(join(folder, 'later', 'directory.json'), JSON.stringify({ ...directory, organization: later }));
    const args = ['replay', 'events.ndjson', '--config', 'later', '--out', 'out-later'];
    const { stdout } = await loopwatch(args, folder, {}, folder);
    expect(stdout).toContain('Mails       0\n');
    expect(stdout).toContain('--until 2026-03-09T11:00:00Z shows it');
    const shown = await loopwatch([...args, '--until', '2026-03-09T11:00:00Z'], folder, {}, folder);
    expect(shown.stdout).toContain('coordinator digest');
    expect(shown.stdout).not.toContain('Digests');
  });

  it('fails if nothing could be taken in, and says why', async () => {
    writeFileSync(join(folder, 'bad.ndjson'), 'nonsense\n{"specversion": "1.0"}\n');
    const { code, stdout, stderr } = await loopwatch(
      ['replay', 'bad.ndjson', ...CONFIG, '--out', 'bad'],
      folder,
      {},
      folder,
    );
    expect({ code, stderr }).toEqual({ code: 1, stderr: 'loopwatch: nothing was taken in: everything was refused\n' });
    expect(stdout).toContain('Nothing was taken in; the files are in bad\n');
    expect(stdout).toContain(
      'Refused     2: 1 not readable, 1 invalid fields\n            bad.ndjson line 1: not JSON: begins with neither {',
    );
  });

  it.each([
    ['mail', 'holds mail, and log.ndjson is missing, so no replay has written it; name another folder, or delete it'],
    ['policy.json', 'holds a configuration; name another folder'],
  ])('leaves a folder alone that holds %s of somebody else', async (name, message) => {
    const out = join(folder, `own-${name}`);
    mkdirSync(join(out, name), { recursive: true });
    writeFileSync(join(out, name, 'keep.txt'), 'mine');
    const { code, stderr } = await loopwatch(['replay', 'events.ndjson', ...CONFIG, '--out', out], folder, {}, folder);
    expect({ code, stderr }).toEqual({ code: 1, stderr: `loopwatch: --out ${out}: ${message}\n` });
    expect(readFileSync(join(out, name, 'keep.txt'), 'utf8')).toBe('mine');
  });

  it('replaces what an earlier replay has written, and nothing else', async () => {
    const args = ['replay', 'events.ndjson', ...CONFIG, '--until', '2026-03-03T13:00:00Z', '--out', 'again'];
    mkdirSync(join(folder, 'again'), { recursive: true });
    writeFileSync(join(folder, 'again', 'mine.txt'), 'mine');
    expect(await loopwatch(args, folder, {}, folder)).toMatchObject({ code: 0 });
    const files = readdirSync(join(folder, 'again', 'mail'));
    writeFileSync(join(folder, 'again', 'mail', '2026-02-02-0700-operations-a-person-1a2b3c4d.txt'), 'of a longer run');
    writeFileSync(join(folder, 'again', 'mail', 'notes.txt'), 'mine');
    mkdirSync(join(folder, 'again', 'weekly', '2026-W01'), { recursive: true });
    writeFileSync(join(folder, 'again', 'weekly', '2026-W01', 'organization.json'), 'of a longer run');
    writeFileSync(join(folder, 'again', 'weekly', 'own.json'), 'mine');
    expect(await loopwatch(args, folder, {}, folder)).toMatchObject({ code: 0 });
    expect(readdirSync(join(folder, 'again', 'mail'))).toEqual([...files, 'notes.txt'].sort());
    expect(readdirSync(join(folder, 'again', 'weekly'))).toEqual(['own.json']);
    expect(readFileSync(join(folder, 'again', 'mine.txt'), 'utf8')).toBe('mine');
    writeFileSync(join(folder, 'a-file'), '');
    const { stderr } = await loopwatch([...args.slice(0, -1), 'a-file'], folder, {}, folder);
    expect(stderr).toBe('loopwatch: --out a-file: is a file, expected a folder\n');
    const itself = await loopwatch(['replay', 'again', ...CONFIG, '--out', './again'], folder, {}, folder);
    expect(itself).toMatchObject({
      code: 1,
      stderr: 'loopwatch: --out ./again: is what is read; name another folder\n',
    });
  });

  it('takes the sender that is said, and else says how to say it; says what rows lack, and what midnight means', async () => {
    const { policy, directory } = organization();
    const emit = [{ type: 'referral.received', time: 'Created' }];
    const csv = { kind: 'states', subject: 'Ref', exportedAt: { fileName: '(\\d{8})' }, emit };
    const dialects = { defaults: { timeZone: 'America/New_York' }, senders: [{ name: 'nights', csv }] };
    const config = join(folder, 'of-nights');
    mkdirSync(config);
    for (const [name, part] of Object.entries({ policy, directory, dialects }))
      writeFileSync(join(config, `${name}.json`), JSON.stringify(part));
    writeFileSync(join(folder, 'export.csv'), 'Ref,Created\nR-7,2026-03-02 09:00\n');
    writeFileSync(join(folder, 'nights_20260302.csv'), 'Ref,Created\nR-8,2026-03-02 09:00\n');
    const args = ['replay', 'export.csv', '--config', 'of-nights', '--out', 'out-nights'];
    const without = await loopwatch(args, folder, {}, folder);
    expect(without.code).toBe(1);
    expect(without.stdout.replace(/\s+/g, ' ')).toContain(
      'dialects.json has nights: rename the file, or say --sender nights',
    );
    const said = await loopwatch([...args, '--sender', 'nights'], folder, {}, folder);
    expect([said.code, said.stderr]).toEqual([0, '']);
    expect(said.stdout).toContain('Referrals   1, 1 open');
    expect(said.stdout).toContain('Lacking     a default stands for priority 1 (counts as routine), ');
    expect(said.stdout).not.toContain('midnight');
    const dated = ['replay', 'nights_20260302.csv', ...args.slice(2), '--json'];
    const { lacking, warnings } = JSON.parse((await loopwatch(dated, folder, {}, folder)).stdout);
    expect(lacking).toMatchObject({ 'referral.received.priority': 1, 'referral.received.site': 1 });
    expect(warnings).toEqual([
      expect.stringMatching(
        /^nights_20260302\.csv: a day and no time in the name, so the export counts as made at midnight/,
      ),
    ]);
    const nobody = await loopwatch([...args, '--sender', 'days'], folder, {}, folder);
    expect(nobody.stderr).toContain('no sender days in dialects.json: expected one of nights');
  });

  it('refuses a stray file, and says of its neighbours what it says without it', async () => {
    const args = (out: string) => [...CONFIG, '--until', '2026-03-03T18:00:00Z', '--out', out, '--json'];
    const alone = await loopwatch(['replay', 'events.ndjson', ...args('alone')], folder, {}, folder);
    writeFileSync(join(folder, 'notes.txt'), 'Call the practice, again\n');
    const stray = await loopwatch(['replay', 'events.ndjson', 'notes.txt', ...args('stray')], folder, {}, folder);
    expect(stray.code).toBe(0);
    const [summary, without] = [stray, alone].map(({ stdout }) => JSON.parse(stdout));
    expect(summary.firstRefused).toContainEqual(expect.objectContaining({ file: 'notes.txt', position: 1 }));
    for (const { refused, refusedByReason, firstRefused, functions, wallSeconds, ...rest } of [summary])
      expect(without).toMatchObject(rest);
    expect(summary.refused).toBe(without.refused + 1);
  });

  it('refuses only the file that is in a wrong encoding', async () => {
    writeFileSync(join(folder, 'latin.csv'), Buffer.from('id,name\n1,Zo\xeb\n', 'latin1'));
    const args = ['replay', 'events.ndjson', 'latin.csv', ...CONFIG, '--out', 'mixed', '--json'];
    const { code, stdout } = await loopwatch(args, folder, {}, folder);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ referrals: 1, refused: 1, refusedByReason: { malformed: 1 } });
    expect(JSON.parse(readFileSync(join(folder, 'mixed', 'quarantine.ndjson'), 'utf8'))).toMatchObject({
      ...{ reason: 'malformed', dialect: 'csv', file: 'latin.csv', position: 2 },
      detail: expect.stringContaining('the file is not utf-8: a byte of line 2'),
    });
  });

  it('runs through no century, and says which line would make it', async () => {
    const { body } = message('R-0', 'referral.received', '2015-03-02T14:00:00Z', received('stat'));
    writeFileSync(join(folder, 'old.ndjson'), `${readFileSync(join(folder, 'events.ndjson'), 'utf8')}\n${body}\n`);
    const args = ['replay', 'old.ndjson', ...CONFIG, '--out', 'old', '--json'];
    const { code, stdout } = await loopwatch(args, folder, {}, folder);
    expect(code).toBe(0);
    const summary = JSON.parse(stdout);
    expect(summary).toMatchObject({ referrals: 2, events: 2 });
    expect(summary.warnings).toEqual([expect.stringContaining('the first is old.ndjson line 2 of 2015-03-02')]);
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
