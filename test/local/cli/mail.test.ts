import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS } from '../../../shared/contracts/duration.ts';
import type { DigestContent } from '../../../shared/contracts/mail.ts';
import { utcDate } from '../../../shared/domain/mail/mail-id.ts';
import { systemTime } from '../../../shared/platform/time-source.ts';
import { at } from '../../builders/instants.ts';
import { mailJob } from '../../builders/stored.ts';
import { MONDAY, type OperatedStage, operatedStage, widest } from './operated-stage.ts';

let stage: OperatedStage;
const onStage = (...args: string[]) => stage.onStage(...args);

beforeAll(async () => {
  stage = await operatedStage();
});

afterAll(() => stage.stack.standIns.stop());

describe('loopwatch mail', () => {
  const now = systemTime.now();
  const today = utcDate(now);
  const mailId = (digit: string, day = today) => `${day}-${digit.repeat(32)}`;
  const content: DigestContent = {
    kind: 'urgent_alert',
    recipient: { id: 'c-1', name: 'Coordinator \u001b[2JOne', email: 'c-1@example.org', timeZone: 'America/New_York' },
    period: '2026-03-02T14:00:00.000Z',
    asOf: MONDAY,
    policyVersions: ['2026-01'],
    referrals: 0,
    sections: [],
  };

  const HELD = { status: 'held', sentAt: null, messageId: null, heldAt: at('03-02 15:00') } as const;

  beforeAll(async () => {
    const plan = (digit: string, over: Parameters<typeof mailJob>[1]) =>
      stage.stores.mails.plan(mailJob(mailId(digit), { dueAt: now - 2 * HOUR_MS, ...over }));
    await plan('a', { kind: 'urgent_alert' });
    await stage.stores.mails.freeze(mailId('a'), content);
    await stage.stores.mails.finish(mailId('a'), { status: 'sent', sentAt: now, messageId: 'm-1' });
    await stage.stores.mails.recordDelivery({ mailId: mailId('a'), event: 'Bounce', at: now, messageId: 'm-1' });
    await plan('b', { personId: 'c-2', status: 'empty' });
    await stage.stores.mails.plan(
      mailJob(mailId('d', utcDate(now - 19 * DAY_MS)), { kind: 'urgent_alert', dueAt: now - 19 * DAY_MS }),
    );
    await stage.stores.mails.freeze(mailId('d', utcDate(now - 19 * DAY_MS)), content);
    await stage.stores.mails.finish(mailId('d', utcDate(now - 19 * DAY_MS)), HELD);
    await stage.stores.mails.plan(mailJob(mailId('c', utcDate(now - 20 * DAY_MS)), { dueAt: now - 20 * DAY_MS }));
  });

  it('lists the last days with what became of each, and no address', async () => {
    const { code, stdout } = await onStage('mail', 'list');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^stage local: 2 mails since \d{4}-\d\d-\d\d: 1 bounced, 1 empty\n/);
    expect(stdout).toMatch(new RegExp(`^${today}-aaaaaaaa  urgent_alert +bounced +\\d\\d:\\d\\d +c-1$`, 'm'));
    expect(stdout).not.toContain('@');
    expect(widest(stdout)).toBeLessThanOrEqual(80);
  });

  it('lists those that are asked for', async () => {
    const list = async (...args: string[]) => JSON.parse((await onStage('mail', 'list', '--json', ...args)).stdout);
    expect((await list('--status', 'sent', '--kind', 'urgent_alert')).counts).toEqual({ bounced: 1 });
    expect((await list('--person', 'c-2')).counts).toEqual({ empty: 1 });
    expect((await list('--date', utcDate(now - 20 * DAY_MS))).counts).toEqual({ planned: 1 });
    expect((await list('--since', utcDate(now - 30 * DAY_MS))).counts).toEqual({
      ...{ bounced: 1, empty: 1, planned: 1, held: 1 },
    });
    expect((await list('--since', utcDate(now - 30 * DAY_MS), '--status', 'held')).counts).toEqual({ held: 1 });
    const limited = await list('--limit', '1');
    expect([limited.mails.length, limited.more]).toEqual([1, 1]);
  });

  it('shows what a held mail would have said, and since when it is held', async () => {
    const id = mailId('d', utcDate(now - 19 * DAY_MS));
    expect((await onStage('mail', 'list', '--date', id.slice(0, 10))).stdout).toMatch(/urgent_alert +held +c-1$/m);
    const { stdout } = await onStage('mail', 'show', id);
    expect(stdout).toMatch(/standing {3}held, not sent\n/);
    expect(stdout).toMatch(/held {7}2026-03-02 15:00 UTC\n/);
    expect(stdout).toContain("It names patients' referrals");
    expect(JSON.parse((await onStage('mail', 'show', id, '--json')).stdout)).toMatchObject({
      standing: 'held',
      heldAt: '2026-03-02T15:00:00.000Z',
      sentAt: null,
    });
  });

  it('shows what a mail said, without the address', async () => {
    const { code, stdout } = await onStage('mail', 'show', `${today}-aaaa`);
    expect(code).toBe(0);
    expect(stdout).toMatch(/standing {3}bounced\n/);
    expect(stdout).toMatch(/subject {4}\w/);
    expect(stdout).toContain("It names patients' referrals");
    expect(stdout).not.toContain('@example.org');
    expect(stdout).not.toContain('\u001b');
    expect((await onStage('mail', 'show', `${today}-bbbb`)).stdout).toContain('There was nothing to say');
  });

  it('sends one again, asks before, and changes nothing in a dry run', async () => {
    const dry = await onStage('mail', 'resend', `${today}-aaaa`, '--dry-run');
    expect(dry.stdout.replace(/\s+/g, ' ')).toContain('The mail goes out again to c-1, saying the same');
    expect(await stage.stores.mails.get(`${mailId('a')}-r1`)).toBeNull();
    expect((await onStage('mail', 'resend', `${today}-aaaa`)).code).toBe(2);
    const { stdout } = await onStage('mail', 'resend', `${today}-aaaa`, '--yes');
    expect(stdout).toContain('It is on the queue');
    expect((await stage.stores.mails.get(`${mailId('a')}-r1`))?.status).toBe('queued');
    const { code, stderr } = await onStage('mail', 'resend', `${today}-aaaa`, '--yes');
    expect(code).toBe(1);
    expect(stderr).toContain('is under way (queued)');
    const nothing = await onStage('mail', 'resend', `${today}-bbbb`, '--yes');
    expect(nothing.stderr).toContain('had nothing to say');
  });

  it('says if there is no such mail', async () => {
    const { code, stderr } = await onStage('mail', 'show', '2026-03-02-ffffffff');
    expect(code).toBe(1);
    expect(stderr).toContain('no such mail; `npx loopwatch mail list --date 2026-03-02`');
  });
});
