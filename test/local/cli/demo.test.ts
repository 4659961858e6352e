import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { type DemoSummary, demoText } from '../../../local/cli/demo-summary.ts';
import { STORIES } from '../../../local/cli/forgotten.ts';
import type { Explanation } from '../../../local/explain/explanation.ts';
import { DEFAULT_UNTIL } from '../../../local/simulate/default-until.ts';
import { directoryOf, policyOf } from '../../../local/simulate/organization.ts';
import { parseInstant } from '../../../shared/contracts/instant.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { loopwatch, start } from './loopwatch.ts';

const home = temporaryFolder();
const README = join(import.meta.dirname, '..', '..', '..', 'README.md');

describe('loopwatch demo', () => {
  it('ends with 0 and a summary', async () => {
    const { code, stdout, stderr } = await loopwatch(['demo', '--referrals', '20', '--weeks', '3', '--exit', '--json']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const summary = JSON.parse(stdout) as DemoSummary;
    expect(summary.referrals).toBeGreaterThanOrEqual(20);
    expect(summary.refused).toBe(5);
    for (const part of [summary.byStage, summary.breachesByKind, summary.mailsByKind]) {
      expect(Object.keys(part).length).toBeGreaterThan(1);
    }
    expect(summary.cost.ingestPerEvent.write).toBeGreaterThan(1);

    const config = { directory: directoryOf(DEFAULT_UNTIL), policy: policyOf() };
    const shown = { verbose: false, weeks: 52, from: DEFAULT_UNTIL, config, staysUp: true };
    const large = {
      ...summary,
      ...{
        events: 1_234_567,
        referrals: 12_345,
        open: 12_345,
        openBreaches: 12_345,
        mails: 12_345,
        wallSeconds: 999.9,
      },
      inboxUrl: 'http://127.0.0.1:65535',
    };
    const lines = stripVTControlCharacters(demoText(large, shown)).split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(lines).toHaveLength(10);
    expect(lines[8]).toMatch(/^Inbox {2}http:\/\/127\.0\.0\.1:65535 /);
    const patients = summary.forgotten.map(({ referralId }) => referralId);
    expect(new Set(patients).size).toBe(3);
    for (const id of patients) expect(lines.join('\n')).toContain(`why: npx loopwatch explain ${id}`);

    const ended = stripVTControlCharacters(demoText(summary, { ...shown, staysUp: false }));
    expect(ended).not.toContain('npx loopwatch explain');

    const all = stripVTControlCharacters(demoText(large, { ...shown, verbose: true })).split('\n');
    expect(all.slice(0, 10)).toEqual(lines);
    expect(all.join('\n')).toContain('DynamoDB request units');
    expect(Math.max(...all.map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it('prints what the README shows', () => {
    const [, page = ''] = /```text\n(Loopwatch demo.*?)```/s.exec(readFileSync(README, 'utf8')) ?? [];
    const config = { directory: directoryOf(DEFAULT_UNTIL), policy: policyOf() };
    const forgotten = [
      ['R-000499', 'routine', 'gastroenterology', 'first_attempt', '2026-05-26T21:00:00Z'],
      ['R-000462', 'routine', 'orthopedics', 'rebook', '2026-05-28T21:00:00Z'],
      ['R-000535', 'urgent', 'behavioral_health', 'note', '2026-05-29T21:00:00Z'],
    ].map(([referralId = '', priority = '', specialty = '', kind = '', since = '']) => ({
      ...{ referralId, specialty, since: parseInstant(since) ?? 0 },
      ...{
        priority: priority as 'routine',
        kind: kind as 'rebook',
        story: STORIES.find(([of]) => of === kind)?.[1] ?? '',
      },
    }));
    const summary = {
      ...{ referrals: 630, open: 259, openBreaches: 389, mails: 513, wallSeconds: 0, forgotten },
      inboxUrl: 'http://127.0.0.1:42237',
    } as unknown as DemoSummary;
    const shown = { verbose: false, weeks: 52, from: DEFAULT_UNTIL, config, staysUp: true };
    const printed = stripVTControlCharacters(demoText(summary, shown)).replace('0.0 s', '… s');
    expect(page).toBe(`${printed}\n`);
  });

  it('stays up, takes in what ack and snooze send, and ends with 0 when interrupted', async () => {
    const demo = start(['demo', '--referrals', '8', '--weeks', '2', '--json'], home);
    const ended = new Promise<number | null>((resolve) => demo.once('exit', resolve));
    try {
      const { example, inboxUrl } = JSON.parse(await firstLine(demo.stdout)) as DemoSummary;
      expect((await fetch(inboxUrl ?? '')).ok).toBe(true);
      const explained = async () => {
        const { stdout } = await loopwatch(['explain', example ?? '', '--json'], home);
        return JSON.parse(stdout) as Explanation;
      };
      expect((await explained()).storedItem?.differs).toEqual({ foldedWith: [], inForce: [] });
      const open = (await explained()).alerts.find(
        ({ openedAt, resolvedAt }) => openedAt !== null && resolvedAt === null,
      );
      if (!open) return expect.unreachable('the example has an open breach');

      const args = [example ?? '', open.kind, '--instance', String(open.instance), '--by', 'coordinator-1'];
      expect(await loopwatch(['ack', ...args, '--note', 'called twice'], home)).toMatchObject({ code: 0, stderr: '' });
      const late = await loopwatch(['snooze', ...args, '--until', '2020-01-01T00:00:00Z'], home);
      expect(late).toMatchObject({ code: 2, stderr: expect.stringContaining('--until has passed: it is 2026-06-01T') });
      const wrong = await loopwatch(['ack', 'R-0', 'note', '--by', 'me'], home);
      expect(wrong).toMatchObject({ code: 1, stderr: 'loopwatch: R-0: no such referral\n' });

      const marked = async () =>
        (await explained()).alerts.find(({ kind, instance }) => kind === open.kind && instance === open.instance);
      await expect.poll(marked, { timeout: 15_000 }).toMatchObject({ acknowledgedBy: 'coordinator-1' });

      const far = ['snooze', ...args, '--until', '2027-01-01T00:00:00Z'];
      expect((await loopwatch(far, home)).stdout).toMatch(/; the policy caps it: hidden until 2026-07-01T.*Z\n$/);
      const { queueUrl } = JSON.parse(readFileSync(join(home, 'local.json'), 'utf8'));
      const elsewhere = await loopwatch([...far, '--queue-url', queueUrl], join(home, 'elsewhere'));
      expect(elsewhere.stdout).toContain('; the policy may end it earlier: snoozeCapDays, 30 by default');
    } finally {
      demo.kill('SIGINT');
    }
    expect(await Promise.race([ended, sleep(10_000, 'still up')])).toBe(0);
    expect(existsSync(join(home, 'local.json'))).toBe(false);
  });
});

async function firstLine(stream: NodeJS.ReadableStream | null): Promise<string> {
  if (!stream) throw new Error('the command has no output');
  for await (const line of createInterface({ input: stream })) return line;
  throw new Error('the command ended without a line');
}
