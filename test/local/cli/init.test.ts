import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { firstConfig } from '../../../local/cli/init.ts';
import { type Given, READERS } from '../../../local/cli/init-answers.ts';
import { askAnswers } from '../../../local/cli/init-ask.ts';
import { defaultPolicy } from '../../../local/packs/packs.ts';
import { checkConfig } from '../../../shared/contracts/config-check.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { loopwatch } from './loopwatch.ts';

const folder = temporaryFolder();

const FLAGS = {
  '--name': 'Example Health',
  '--time-zone': 'America/Chicago',
  '--sender': 'loopwatch@example.org',
  '--coordinator': 'Ada Example <ada@example.org>',
  '--site': 'main=Main Clinic',
};
/** The command line of `init`, with some flags changed or, where undefined, left out. */
const init = (name: string, changes: Record<string, string | undefined> = {}, more: string[] = []) => {
  const flags = Object.entries({ ...FLAGS, ...changes }).flatMap(([flag, value]) => (value ? [flag, value] : []));
  return loopwatch(['init', join(folder, name), ...flags, ...more]);
};
const read = (name: string, file: string) => JSON.parse(readFileSync(join(folder, name, file), 'utf8'));

describe('loopwatch init', () => {
  it('writes a configuration that is valid without a warning, and says what is next', async () => {
    const { code, stdout, stderr } = await init('first', {}, ['--site', 'hill']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const commands = stdout.split('\n').filter((line) => line.startsWith('  npx loopwatch'));
    expect(commands.map((line) => line.split(' ').slice(4, 6).join(' '))).toEqual([
      'config validate',
      'config holidays',
      'config holidays',
      'dialect draft',
    ]);
    expect(stdout).toContain('\n  {"defaults":{"timeZone":"America/Chicago"},"senders":[]}\n');
    const validated = await loopwatch(['config', 'validate', join(folder, 'first')]);
    expect(validated).toMatchObject({ code: 0, stdout: `${join(folder, 'first')}: valid, no warnings\n` });
    expect(read('first', 'policy.json')).toEqual(defaultPolicy());
    expect(read('first', 'directory.json')).toMatchObject({
      organization: { name: 'Example Health', timeZone: 'America/Chicago', allowedDomains: ['example.org'] },
      sites: [
        { id: 'main', name: 'Main Clinic', timeZone: 'America/Chicago' },
        { id: 'hill', name: 'hill' },
      ],
      people: [{ name: 'Ada Example', email: 'ada@example.org', role: 'coordinator' }],
    });
  });

  it('takes sites with commas, and says which id each got', async () => {
    const { code, stdout } = await init('several', { '--site': 'Hill Clinic, river=River Clinic,' }, [
      '--site',
      'lake',
    ]);
    expect(code).toBe(0);
    expect(read('several', 'directory.json').sites).toMatchObject([
      { id: 'hill-clinic', name: 'Hill Clinic' },
      { id: 'river', name: 'River Clinic' },
      { id: 'lake', name: 'lake' },
    ]);
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain(': hill-clinic (Hill Clinic), river (River Clinic), lake digests');
  });

  it('prints lines of 80 columns, but for commands, which are copied', async () => {
    const { stdout } = await init('wide', { '--site': 'Hill Clinic, River Clinic, Lake Clinic, Mountain Clinic' });
    const broken = stdout.split('\n').filter((line) => !/npx loopwatch|wide/.test(line));
    expect(Math.max(...broken.map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it('says in a pipe which options are missing, and writes nothing', async () => {
    const { code, stdout, stderr } = await init('missing', { '--sender': undefined, '--site': undefined });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('nobody can be asked here, and these are missing: --sender, --site');
    expect(readdirSync(folder)).not.toContain('missing');
  });

  it.each([
    ['an offset for a time zone', { '--time-zone': 'EST' }, '--time-zone EST: never has daylight saving time'],
    ['two domains', { '--domain': 'example.org, example.com' }, 'expected one domain; more go into directory.json'],
    [
      'two coordinators',
      { '--coordinator': 'Ada <ada@example.org>, Bo <bo@example.org>' },
      'expected one coordinator; more of them go into directory.json',
    ],
    [
      'a coordinator without an address',
      { '--coordinator': 'Ada' },
      '--coordinator Ada: expected an e-mail address, as in Ada Example <ada@example.org>',
    ],
    ['no address', { '--sender': 'loopwatch' }, '--sender loopwatch: expected an e-mail address'],
    ['no domain', { '--domain': 'example' }, '--domain example: expected a domain such as example.org'],
    ['a coordinator elsewhere', { '--coordinator': 'ada@example.com' }, 'expected an address at example.org'],
    ['an operations mailbox elsewhere', { '--operations': 'ops@example.com' }, '; --domain names another domain'],
    ['an id with a space', { '--site': 'r 2=River' }, '--site r 2: expected an id without spaces'],
    ['a site without an id', { '--site': '=Main' }, '--site expected a site as id=name'],
    ['an empty name', { '--name': ' ' }, '--name expected the name of the organization'],
  ])('refuses %s', async (_, changes, words) => {
    const { code, stderr } = await init('refused', changes);
    expect(code).toBe(2);
    expect(stderr).toContain(words);
    expect(readdirSync(folder)).not.toContain('refused');
  });

  it('spells a time zone as it is usually spelled', () => {
    expect(READERS.timeZone('america/new_york')).toBe('America/New_York');
    expect(READERS.timeZone('UTC')).toBe('UTC');
  });

  it('refuses one id for two sites', async () => {
    const { code, stderr } = await init('refused', {}, ['--site', 'main=Another']);
    expect(code).toBe(2);
    expect(stderr).toContain('--site main: expected another id for the second site');
  });

  it('replaces no file', async () => {
    mkdirSync(join(folder, 'there'));
    writeFileSync(join(folder, 'there', 'directory.json'), 'mine');
    const { code, stderr } = await init('there');
    expect(code).toBe(1);
    expect(stderr).toContain('directory.json; nothing was written');
    expect(readdirSync(join(folder, 'there'))).toEqual(['directory.json']);
    expect(readFileSync(join(folder, 'there', 'directory.json'), 'utf8')).toBe('mine');
  });
});

describe('On a terminal', () => {
  /** What somebody who types these lines is asked, told and understood as. */
  async function dialogue(typed: string[], given: Given = {}, zone = 'America/Denver') {
    const asked: string[] = [];
    const told: string[] = [];
    const ask = async (question: string) => {
      asked.push(question);
      const line = typed.shift();
      if (line === undefined) throw new Error(`nothing is typed for ${question}`);
      return line;
    };
    const answers = await askAnswers(given, zone, ask, (line) => told.push(line));
    return { asked, told, answers };
  }

  it('it asks for all, offers what can be guessed, and asks again', async () => {
    const { asked, told, answers } = await dialogue([
      ...['', 'Example Health', 'EST', '', 'loopwatch@example.org', ''],
      ...['ada@example.com', 'Ada <ada@example.org>', 'ops@example.com', ''],
      ...['', 'main=Main Clinic', 'main', 'r 2=River', 'Hill Clínic', ''],
    ]);
    expect(asked.slice(2, 4)).toEqual(Array(2).fill('Time zone, such as America/New_York [America/Denver]: '));
    expect(asked).toContain('Domain that mail may go to [example.org]: ');
    expect(told.map((line) => line.trim())).toEqual([
      'expected the name of the organization',
      'EST: never has daylight saving time; expected a region such as America/New_York, or UTC',
      'ada@example.com: expected an address at example.org, where mail may go; --domain names another domain',
      'ops@example.com: expected an address at example.org, where mail may go; --domain names another domain',
      'expected a site as id=name, such as main=Main Clinic',
      'id main: Main Clinic',
      'main: expected another id for the second site',
      'r 2: expected an id without spaces',
      'id hill-clinic: Hill Clínic',
    ]);
    expect(answers).toEqual({
      name: 'Example Health',
      timeZone: 'America/Denver',
      sender: 'loopwatch@example.org',
      domain: 'example.org',
      coordinator: { name: 'Ada', email: 'ada@example.org' },
      operations: 'ada@example.org',
      sites: [
        { id: 'main', name: 'Main Clinic' },
        { id: 'hill-clinic', name: 'Hill Clínic' },
      ],
    });
    expect(checkConfig(firstConfig(answers))).toMatchObject({ problems: [], warnings: [] });
  });

  it('it takes several sites at once, and says the id that was made of each', async () => {
    const given = { name: 'Example', timeZone: 'UTC', sender: 'l@example.org', domain: 'example.org' };
    const typed = ['ada@example.org', '', 'Hill Clinic, river=River Clinic', 'lake, Hill Clinic', 'lake', ''];
    const { told, answers } = await dialogue(typed, given);
    expect(answers.sites.map(({ id }) => id)).toEqual(['hill-clinic', 'river', 'lake']);
    expect(told).toEqual([
      '  id hill-clinic: Hill Clinic',
      '  id river: River Clinic',
      '  hill-clinic: expected another id for the second site',
      '  id lake: lake',
    ]);
  });

  it('it asks for nothing that an option says', async () => {
    const given = { name: 'Example', timeZone: 'UTC', sender: 'l@example.org', domain: 'example.org', site: ['main'] };
    const { asked, answers } = await dialogue(['ada@example.org', 'ops@example.org'], given);
    expect(asked).toEqual([
      'A coordinator, who calls patients, as Name <address>: ',
      'Address for operations mail [ada@example.org]: ',
    ]);
    expect(firstConfig(answers).directory.organization.operationsMailbox).toBe('ops@example.org');
  });

  it('it offers no time zone where the machine has none, and asks until there is one', async () => {
    const given = { name: 'Example', sender: 'l@example.org', domain: 'example.org', site: ['main'] };
    const typed = ['', 'America/Chicago', 'ada@example.org', ''];
    const { asked, told } = await dialogue(typed, given, '');
    expect(asked.slice(0, 2)).toEqual(Array(2).fill('Time zone, such as America/New_York: '));
    expect(told).toEqual(['  expected a time zone such as America/New_York']);
  });
});
