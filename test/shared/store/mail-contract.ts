import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { MINUTE_MS } from '../../../shared/contracts/duration.ts';
import type { DigestContent } from '../../../shared/contracts/mail.ts';
import { at } from '../../builders/instants.ts';
import { mailJob } from '../../builders/stored.ts';
import { hugeOrganization, reportContent } from '../mail/report-samples.ts';
import type { TestedStores } from './stores.ts';
import { SWAMPED, swampedDigest } from './swamped-digest.ts';

const NOW = at('03-02 14:00');
const LEASE = NOW + 10 * MINUTE_MS;
const content = (asOf: number): DigestContent => ({
  kind: 'urgent_alert',
  recipient: { id: 'c-1', name: 'C-1', email: 'c-1@example.org', timeZone: 'America/New_York' },
  period: '2026-03-02T14:00:00.000Z',
  asOf,
  policyVersions: ['2026-01'],
  referrals: 0,
  sections: [],
});

/** The life of a mail: planned, queued, claimed under a lease, frozen, sent, delivered. */
export function mailContract(stores: () => TestedStores): void {
  describe('a mail', () => {
    it('is planned once', async () => {
      const { mails } = stores();
      const job = mailJob('2026-03-02-a', {
        urgent: [{ referralId: 'R-1', kind: 'reached', instance: 1, since: 1 }],
      });
      expect(await mails.get('2026-03-02-a')).toBeNull();
      expect(await mails.plan(job)).toBe('written');
      expect(await mails.plan(mailJob('2026-03-02-a', { personId: 'c-2' }))).toBe('conflict');
      expect(await mails.get('2026-03-02-a')).toEqual(job);
    });

    it('is found by the date on which its period came', async () => {
      const { mails } = stores();
      for (const id of ['2026-02-01-a', '2026-02-01-b', '2026-02-02-a']) await mails.plan(mailJob(id));
      const found = await mails.dueOn('2026-02-01');
      expect(found.map(({ mailId }) => mailId).sort()).toEqual(['2026-02-01-a', '2026-02-01-b']);
      expect(await mails.dueOn('2026-02-03')).toEqual([]);
    });

    it('is queued where it was planned, and never goes back to it', async () => {
      const { mails } = stores();
      await mails.plan(mailJob('2026-03-02-q'));
      expect(await mails.markQueued('2026-03-02-q')).toBe('written');
      expect((await mails.get('2026-03-02-q'))?.status).toBe('queued');
      expect(await mails.markQueued('2026-03-02-q')).toBe('conflict');
      await mails.claim('2026-03-02-q', NOW, LEASE);
      expect(await mails.markQueued('2026-03-02-q')).toBe('conflict');
      expect((await mails.get('2026-03-02-q'))?.status).toBe('claimed');
    });

    it('is claimed by one worker until the lease runs out', async () => {
      const { mails, another } = stores();
      await mails.plan(mailJob('2026-03-02-c'));
      const claimed = await mails.claim('2026-03-02-c', NOW, LEASE);
      expect(claimed).toEqual(mailJob('2026-03-02-c', { status: 'claimed', leaseUntil: LEASE, asOf: NOW }));
      expect(await another().mails.claim('2026-03-02-c', LEASE - 1, LEASE + MINUTE_MS)).toBeNull();
      const again = await another().mails.claim('2026-03-02-c', LEASE, LEASE + MINUTE_MS);
      expect(again).toMatchObject({ status: 'claimed', leaseUntil: LEASE + MINUTE_MS });
    });

    it('says what it would have said at the first claim', async () => {
      const { mails } = stores();
      await mails.plan(mailJob('2026-03-02-d'));
      await mails.claim('2026-03-02-d', NOW, LEASE);
      expect((await mails.claim('2026-03-02-d', LEASE + MINUTE_MS, LEASE + 5 * MINUTE_MS))?.asOf).toBe(NOW);
    });

    it('is claimed by one of two workers that come at once', async () => {
      const { mails, another } = stores();
      await mails.plan(mailJob('2026-03-02-e'));
      const claims = await Promise.all([mails, another().mails].map((each) => each.claim('2026-03-02-e', NOW, LEASE)));
      expect(claims.filter((claim) => claim !== null)).toHaveLength(1);
    });

    it.each(['sent', 'empty', 'undeliverable'] as const)('is not claimed once it is %s', async (status) => {
      const { mails } = stores();
      const id = `2026-03-02-f-${status}`;
      await mails.plan(mailJob(id));
      await mails.claim(id, NOW, LEASE);
      const messageId = status === 'sent' ? 'm-1' : null;
      expect(await mails.finish(id, { status, sentAt: messageId && NOW, messageId })).toBe('written');
      expect(await mails.claim(id, LEASE + MINUTE_MS, LEASE + 5 * MINUTE_MS)).toBeNull();
      expect(await mails.get(id)).toMatchObject({ status, sentAt: messageId && NOW, messageId });
    });

    it('that was never planned cannot be claimed or queued', async () => {
      const { mails } = stores();
      expect(await mails.claim('2026-03-02-none', NOW, LEASE)).toBeNull();
      expect(await mails.markQueued('2026-03-02-none')).toBe('conflict');
      expect(await mails.get('2026-03-02-none')).toBeNull();
    });

    it('that was never planned cannot be finished', async () => {
      const { mails } = stores();
      const end = { status: 'sent', sentAt: NOW, messageId: 'm-0' } as const;
      expect(await mails.finish('2026-03-02-never', end)).toBe('conflict');
      expect(await mails.get('2026-03-02-never')).toBeNull();
    });

    it('stays sent', async () => {
      const { mails } = stores();
      await mails.plan(mailJob('2026-03-02-g'));
      await mails.finish('2026-03-02-g', { status: 'sent', sentAt: NOW, messageId: 'm-1' });
      const end = { status: 'undeliverable', sentAt: null, messageId: null } as const;
      expect(await mails.finish('2026-03-02-g', end)).toBe('conflict');
      expect(await mails.get('2026-03-02-g')).toMatchObject({ status: 'sent', sentAt: NOW, messageId: 'm-1' });
    });

    it('that was undeliverable is planned again, as of its next claim, and no other is', async () => {
      const { mails } = stores();
      const id = '2026-03-02-x';
      await mails.plan(mailJob(id));
      expect(await mails.reopen(id)).toBe('conflict');
      await mails.claim(id, NOW, LEASE);
      await mails.finish(id, { status: 'undeliverable', sentAt: null, messageId: null });
      expect(await mails.reopen(id)).toBe('written');
      expect(await mails.reopen(id)).toBe('conflict');
      expect((await mails.claim(id, LEASE, LEASE + MINUTE_MS))?.asOf).toBe(LEASE);
      await mails.finish(id, { status: 'sent', sentAt: LEASE, messageId: 'm-7' });
      expect(await mails.reopen(id)).toBe('conflict');
      expect(await mails.reopen('2026-03-02-unknown')).toBe('conflict');
    });

    it('says what was frozen first', async () => {
      const { mails, another } = stores();
      expect(await mails.frozen('2026-03-02-h')).toBeNull();
      expect(await mails.freeze('2026-03-02-h', content(NOW))).toEqual(content(NOW));
      expect(await another().mails.freeze('2026-03-02-h', content(NOW + MINUTE_MS))).toEqual(content(NOW));
      expect(await mails.frozen('2026-03-02-h')).toEqual(content(NOW));
    });

    it('of a large organization is kept whole, although as text it is longer than an item may be', async () => {
      const { mails } = stores();
      const report = reportContent(hugeOrganization().report);
      expect(JSON.stringify(report).length).toBeGreaterThan(400 * 1024);
      await mails.freeze('2026-03-02-r', report);
      expect(await mails.frozen('2026-03-02-r')).toEqual(report);
    });

    it('of a coordinator with 5,000 referrals is kept with every row, although packed it is longer than an item', async () => {
      const { mails } = stores();
      const content = swampedDigest();
      const rows = content.sections.flatMap(({ rows, cutRows = [] }) => [...rows, ...cutRows]);
      expect(rows).toHaveLength(SWAMPED);
      expect(rows[0]?.referralId).toHaveLength(128);
      expect(gzipSync(JSON.stringify(content)).length).toBeGreaterThan(400 * 1024);
      expect(await mails.freeze('2026-03-02-i', content)).toEqual(content);
      expect(await mails.frozen('2026-03-02-i')).toEqual(content);
    });

    it('that two senders freeze at once says the same to both, however long', async () => {
      const { mails, another } = stores();
      const told = await Promise.all([
        mails.freeze('2026-03-02-j', swampedDigest('one')),
        another().mails.freeze('2026-03-02-j', swampedDigest('other')),
      ]);
      expect(told[0]).toEqual(told[1]);
      expect(await mails.frozen('2026-03-02-j')).toEqual(told[0]);
    });
  });

  describe('what SES tells', () => {
    it('ends a mail whose sender died before it could say that it went out', async () => {
      const { mails } = stores();
      await mails.plan(mailJob('2026-03-02-s'));
      await mails.claim('2026-03-02-s', NOW, LEASE);
      const send = { mailId: '2026-03-02-s', event: 'Send', at: NOW + 1, messageId: 'm-2' } as const;
      expect(await mails.recordDelivery(send)).toBe('written');
      expect(await mails.recordDelivery(send)).toBe('written');
      const sent = { status: 'sent', sentAt: NOW + 1, messageId: 'm-2' };
      expect(await mails.get('2026-03-02-s')).toMatchObject(sent);
      expect(await mails.claim('2026-03-02-s', LEASE + 1, LEASE + MINUTE_MS)).toBeNull();
    });

    it('leaves the instant of a mail that is known to be sent', async () => {
      const { mails } = stores();
      await mails.plan(mailJob('2026-03-02-t'));
      await mails.finish('2026-03-02-t', { status: 'sent', sentAt: NOW, messageId: 'm-3' });
      const told = { mailId: '2026-03-02-t', messageId: 'm-3' };
      await mails.recordDelivery({ ...told, event: 'Send', at: NOW + MINUTE_MS });
      expect(await mails.get('2026-03-02-t')).toMatchObject({ status: 'sent', sentAt: NOW });
    });

    it.each(['Delivery', 'Bounce', 'Complaint', 'Reject'] as const)('of a %s ends no mail', async (event) => {
      const { mails } = stores();
      const mailId = `2026-03-02-u-${event}`;
      await mails.plan(mailJob(mailId));
      expect(await mails.recordDelivery({ mailId, event, at: NOW, messageId: 'm-4' })).toBe('written');
      expect(await mails.get(mailId)).toMatchObject({ status: 'planned', sentAt: null, messageId: 'm-4' });
    });

    it('is kept with the mail, each with its own instant, and read with it by the day', async () => {
      const { mails } = stores();
      const mailId = '2026-03-05-w';
      await mails.plan(mailJob(mailId));
      const events = ['Send', 'Delivery', 'Bounce', 'Complaint', 'Reject'] as const;
      for (const [index, event] of events.entries()) {
        await mails.recordDelivery({ mailId, event, at: NOW + index, messageId: 'm-6' });
      }
      const [mail] = await mails.dueOn('2026-03-05');
      expect(mail).toEqual({
        ...mailJob(mailId, { status: 'sent', sentAt: NOW, messageId: 'm-6' }),
        sesSendAt: NOW,
        sesDeliveryAt: NOW + 1,
        sesBounceAt: NOW + 2,
        sesComplaintAt: NOW + 3,
        sesRejectAt: NOW + 4,
      });
    });

    it('of a mail that is not ours makes none', async () => {
      const { mails } = stores();
      const told = { mailId: '2026-03-02-v', event: 'Send', at: NOW, messageId: 'm-5' } as const;
      expect(await mails.recordDelivery(told)).toBe('conflict');
      expect(await mails.get('2026-03-02-v')).toBeNull();
    });
  });
}
