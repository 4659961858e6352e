import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Caller, type Reach, stageAccess } from '../../../local/cli/stage-access.ts';
import { stageMailProblems } from '../../../local/cli/stage-mail.ts';
import { problemText } from '../../../shared/contracts/config-check.ts';
import { sampleConfig } from '../../builders/config.ts';

const OWN: Caller = { account: '111122223333', arn: 'arn:aws:sts::111122223333:assumed-role/operator/sample' };

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'loopwatch-stages-'));
  const mail = { identity: 'example.org', origin: 'new' };
  const write = (name: string, more: object) =>
    writeFileSync(join(folder, `${name}.json`), JSON.stringify({ mail, ...more }));
  write('here', { account: '111122223333', region: 'eu-central-1' });
  write('elsewhere', { account: '999988887777' });
  write('anywhere', {});
});
afterAll(() => rmSync(folder, { recursive: true }));

function reach() {
  const asked: object[] = [];
  const identify: Reach['identify'] = async (config) => {
    asked.push(config);
    return OWN;
  };
  return { asked, reach: { folder, identify } };
}

describe('the way to a stage', () => {
  it('leads to the region of its file, with credentials of its account, asked once', async () => {
    const { asked, reach: given } = reach();
    const { clientConfig, caller, settings } = await stageAccess('here', undefined, given);
    expect(clientConfig).toEqual({ region: 'eu-central-1' });
    expect(settings?.account).toBe(OWN.account);
    expect(await caller()).toEqual(OWN);
    expect(asked).toEqual([{ region: 'eu-central-1' }]);
  });

  it('is refused to credentials of another account, whatever is asked', async () => {
    await expect(stageAccess('elsewhere', undefined, reach().reach)).rejects.toThrow(
      'infra/stages/elsewhere.json is of account 999988887777, and these credentials are of 111122223333 (arn:aws:sts::111122223333:assumed-role/operator/sample): set AWS_PROFILE or log in to the other',
    );
    // An endpoint that isn't on this machine leads to AWS, too.
    await expect(stageAccess('elsewhere', 'https://vpce-1.example.org', reach().reach)).rejects.toThrow('999988887777');
  });

  it('asks nobody if the file names no account, until somebody wants to know', async () => {
    const { asked, reach: given } = reach();
    const { clientConfig, caller } = await stageAccess('anywhere', undefined, given);
    expect({ clientConfig, asked }).toEqual({ clientConfig: {}, asked: [] });
    expect(await caller()).toEqual(OWN);
  });

  it('needs the stage’s file, and names those that there are', async () => {
    await expect(stageAccess('other', undefined, reach().reach)).rejects.toThrow(
      'there is no file infra/stages/other.json, which says in which account and region the stage is; there are files of anywhere, elsewhere, here.',
    );
  });

  it('to a stand-in on this machine needs neither file nor account', async () => {
    const { settings, caller, clientConfig } = await stageAccess('other', 'http://127.0.0.1:1', reach().reach);
    expect(settings).toBeNull();
    expect(await caller()).toBeNull();
    expect(clientConfig.endpoint).toBe('http://127.0.0.1:1');
  });
});

describe('a configuration fits the mail identity of its stage', () => {
  function problemsOf(organization: object, identity = 'example.org') {
    const config = sampleConfig();
    Object.assign(config.directory.organization, organization);
    return stageMailProblems('dev', { mail: { identity } }, config).map(problemText);
  }

  it.each([
    ['loopwatch@example.org', 'example.org'],
    ['loopwatch@Example.ORG', 'example.org'],
    ['loopwatch@mail.example.org', 'example.org'],
    ['loopwatch@example.org', 'Loopwatch@example.org'],
  ])('if its sender is %s and the identity %s', (sender, identity) => {
    expect(problemsOf({ sender, allowedDomains: [] }, identity)).toEqual([]);
  });

  it.each([
    ['loopwatch@example.com', 'example.org'],
    ['loopwatch@notexample.org', 'example.org'],
    ['loopwatch@example.org', 'mail.example.org'],
    ['other@example.org', 'loopwatch@example.org'],
  ])('and not if it is %s and the identity %s', (sender, identity) => {
    const [problem, ...others] = problemsOf({ sender, allowedDomains: [] }, identity);
    expect(others).toEqual([]);
    expect(problem).toContain(`directory.json organization.sender`);
    expect(problem).toContain(JSON.stringify(sender));
    expect(problem).toContain(identity);
  });

  it('and not if it allows the addresses of nobody, unless it says so with an empty list', () => {
    const sender = 'loopwatch@example.org';
    expect(problemsOf({ sender, allowedDomains: ['elsewhere.example'] })).toEqual([
      expect.stringContaining('organization.allowedDomains'),
    ]);
    expect(problemsOf({ sender, allowedDomains: [] })).toEqual([]);
    const domain = sampleConfig().directory.people[0]?.email.split('@')[1]?.toUpperCase();
    expect(problemsOf({ sender, allowedDomains: [domain] })).toEqual([]);
  });
});
