import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HOUR_MS } from '../../../shared/contracts/duration.ts';
import { receivedData, sent } from '../../builders/events.ts';
import { quarantined } from '../../builders/stored.ts';
import { loopwatch } from './loopwatch.ts';
import { MONDAY, type OperatedStage, operatedStage, SECRET, widest } from './operated-stage.ts';

const ID = 'a'.repeat(32);

let stage: OperatedStage;
const onStage = (...args: string[]) => stage.onStage(...args);

beforeAll(async () => {
  stage = await operatedStage();
});

afterAll(() => stage.stack.standIns.stop());

describe('loopwatch quarantine', () => {
  const body = JSON.stringify(sent('referral.received', MONDAY, receivedData({ patient: { id: SECRET } })));

  it('says if nothing was refused', async () => {
    expect(await onStage('quarantine', 'list')).toEqual({
      code: 0,
      stdout: 'stage local: nothing waits in the quarantine\n',
      stderr: '',
    });
  });

  it('lists what was refused by reason, the newest first and as much as fits, and no body', async () => {
    const detail = `data.channel: ${'a long detail '.repeat(10)}`;
    for (let item = 0; item < 20; item += 1) {
      const quarantineId = item.toString(16).padStart(2, '0').padEnd(32, '0');
      const place = { file: 'events.ndjson', position: item };
      await stage.stores.quarantine.add(
        quarantined(quarantineId, { ...place, detail, arrivedAt: MONDAY + item * HOUR_MS, body }),
      );
    }
    await stage.stores.quarantine.add(
      quarantined(ID, { reason: 'malformed', detail: 'not JSON', body: `\u001b[2J${SECRET}` }),
    );
    const { code, stdout } = await onStage('quarantine', 'list');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^stage local: 21 refused\n {2}invalid +20\n {2}malformed +1\n/);
    expect(stdout).toContain('1300000000  2026-03-03 09:00  invalid         events.ndjson:19');
    expect(stdout).toMatch(/15 older: --limit N lists more/);
    expect(stdout).not.toContain(SECRET);
    expect(widest(stdout)).toBeLessThanOrEqual(80);
    expect(stdout.split('\n').length).toBeLessThanOrEqual(24);
    const { stdout: json } = await onStage('quarantine', 'list', '--reason', 'malformed', '--json');
    expect(JSON.parse(json)).toMatchObject({
      stage: 'local',
      counts: { malformed: 1 },
      items: [{ id: ID, detail: 'not JSON', standing: 'refused' }],
      more: 0,
    });
  });

  it('shows a body on request, laid out, and nothing of it commands a terminal', async () => {
    const { stdout } = await onStage('quarantine', 'show', '1300');
    expect(stdout).toContain('place      events.ndjson:19');
    expect(stdout).toContain("Body. It is about a patient: don't copy it");
    expect(stdout).toContain(`"patient": {\n      "id": "${SECRET}"`);
    expect((await onStage('quarantine', 'show', ID)).stdout).toContain(`\\u001b[2J${SECRET}`);
  });

  it.each([
    [['show', 'ffff'], 1, 'nothing in the quarantine has this id'],
    [['show', 'R-1'], 2, 'expected an id as `npx loopwatch quarantine list` shows it'],
    [['replay'], 2, 'say which: their ids, or --reason'],
    [['discard', '1300', '--reason', 'invalid', '--yes'], 2, 'give ids or --reason, not both'],
    [['discard', '1300'], 2, 'add --yes if you are sure, or --dry-run to look first'],
  ] as const)('refuses %j', async (args, code, message) => {
    const { stderr, ...rest } = await onStage('quarantine', ...args);
    expect(rest).toEqual({ code, stdout: '' });
    expect(stderr).toContain(message);
  });

  it('says beforehand what it would send, and sends it with its place', async () => {
    const dry = await onStage('quarantine', 'replay', '--reason', 'invalid', '--dry-run');
    expect(dry.stdout).toBe(
      'Would send 20 messages again. The intake of this release can read all of them;\nthe referrals they name may still refuse some.\n',
    );
    const { stdout } = await onStage('quarantine', 'replay', '1300', '--wait', '0');
    expect(stdout).toContain("Sent 1 message again. Of 1 it isn't known yet");
    const list = await onStage('quarantine', 'list', '--limit', '1');
    expect(list.stdout).toContain('[sent again, not known to be taken in] data.channel');
  });

  it('discards what it was told to', async () => {
    expect((await onStage('quarantine', 'discard', '--reason', 'invalid', '--dry-run')).stdout).toBe(
      'Would discard 20 messages for good.\n',
    );
    expect((await onStage('quarantine', 'discard', '--reason', 'invalid', '--yes')).stdout).toBe(
      'Discarded 20 messages.\n',
    );
    expect((await onStage('quarantine', 'discard', '--reason', 'invalid', '--yes')).stdout).toBe(
      'Nothing to discard.\n',
    );
    expect(await stage.stores.quarantine.list('malformed')).toHaveLength(1);
  });

  it('says if the stage is not deployed', async () => {
    const { env } = stage;
    const { code, stderr } = await loopwatch(['quarantine', 'list', '--stage', 'other'], undefined, env);
    expect(code).toBe(1);
    expect(stderr).toContain('no table loopwatch-other-operations in this account and region: deploy the stage first');
    const { stderr: noQueue } = await loopwatch(['dlq', 'list', '--stage', 'other'], undefined, env);
    expect(noQueue).toContain('no queue loopwatch-other-referral-events-dlq in this account and region');
  });

  it('says what to do if no demo is running', async () => {
    const { code, stderr } = await loopwatch(['quarantine', 'list']);
    expect(code).toBe(1);
    expect(stderr).toContain(
      'start one with `npx loopwatch demo` in another terminal, or name a deployed stage with --stage',
    );
  });
});
