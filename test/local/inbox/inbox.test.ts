import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Inbox, startInbox } from '../../../local/inbox/inbox.ts';
import type { SentMail } from '../../../local/stand-ins/ses-events.ts';
import { HOUR_MS } from '../../../shared/contracts/duration.ts';
import { composeMime } from '../../../shared/mail/mime.ts';

const AT = Date.parse('2026-03-02T12:00:00Z');

async function mailTo(address: string, subject: string, sentAt: number, kind = 'operations'): Promise<SentMail> {
  const raw = await composeMime({
    from: { name: 'Loopwatch', address: 'loopwatch@example.org' },
    to: { name: 'Somebody', address },
    replyTo: 'operations@example.org',
    subject,
    html: `<html><head></head><body><p>the page for ${address}</p>
      <a href="https://records.example.org/referrals/R%201">R 1</a> <a href="https://example.org/">more</a></body></html>`,
    text: `the text for ${address}`,
    mailId: `mail-${address}`,
    listId: 'test.example.org',
    date: sentAt,
  });
  return {
    messageId: address,
    tags: { kind: [kind] },
    source: 'loopwatch@example.org',
    destinations: [address],
    raw,
    sentAt,
  };
}

describe('the web inbox', () => {
  const sent: SentMail[] = [];
  let inbox: Inbox;

  beforeAll(async () => {
    sent.push(await mailTo('first@example.org', 'The first', AT));
    sent.push(await mailTo('second@example.org', 'A <second>', AT + HOUR_MS));
    inbox = await startInbox(sent, {
      timeZone: 'America/New_York',
      zones: new Map([['second@example.org', 'America/Chicago']]),
      referralUrl: 'https://records.example.org/referrals/{referralId}',
      history: async (referralId) => (referralId === 'R 1' ? 'first <line>\nsecond \u001b[31m line' : null),
    });
  });
  afterAll(() => inbox.close());

  const page = async (path: string): Promise<{ status: number; body: string }> => {
    const response = await fetch(inbox.url + path);
    return { status: response.status, body: await response.text() };
  };

  it('lists the newest mail first, with the simulated time of sending', async () => {
    const { body } = await page('/');
    expect(body.indexOf('A &lt;second&gt;')).toBeLessThan(body.indexOf('The first'));
    expect(body).toContain('2 mails');
    expect(body).toContain('Mon 2 Mar 2026, 07:00 EST');
    // In the time zone of whom it is for, as the mail says it.
    expect(body).toContain('Mon 2 Mar 2026, 07:00 CST');
  });

  it('lists nothing of control characters in a subject', async () => {
    const hostile = [await mailTo('fourth@example.org', 'Red \u001b[31m C1 \u009b2J back \u202e end', AT)];
    const other = await startInbox(hostile, { timeZone: 'America/New_York' });
    const body = await (await fetch(other.url)).text();
    await other.close();
    expect(body).toContain('Red \\u001b[31m C1 \\u009b2J back \\u202e end');
    expect(body).not.toMatch(/(?!\n)[\p{Cc}\u202a-\u202e]/u);
  });

  it('shows the mails of one recipient', async () => {
    const { body } = await page('/?to=first%40example.org');
    expect(body).toContain('The first');
    expect(body).not.toContain('second&gt;');
  });

  it('serves a mail as HTML, text and source', async () => {
    expect((await page('/mail/0.html')).body).toContain('the page for first@example.org');
    expect((await page('/mail/1.txt')).body).toContain('the text for second@example.org');
    expect((await page('/mail/1.eml')).body).toContain('Auto-Submitted: auto-generated');
  });

  it('opens on the newest digest of a coordinator, and says whose it is', async () => {
    const digests = [
      await mailTo('one@example.org', 'Older', AT, 'coordinator_digest'),
      await mailTo('one@example.org', 'Newer', AT + HOUR_MS, 'coordinator_digest'),
      await mailTo('two@example.org', 'Weekly', AT + HOUR_MS, 'weekly_report'),
    ];
    const other = await startInbox(digests, { timeZone: 'America/New_York' });
    const body = await (await fetch(other.url)).text();
    await other.close();
    expect(body).toContain('<iframe title="The mail" src="/mail/1.html">');
    expect(body).toContain('To <b>Somebody</b> <span class="muted">one@example.org');
  });

  it('opens a mail as a page of its own, which a phone can show and go back from', async () => {
    const { status, body } = await page('/mail/0?to=first%40example.org');
    expect(status).toBe(200);
    expect(body).toContain('<body class="inbox chosen">');
    expect(body).toContain('src="/mail/0.html"');
    expect(body).toContain('href="/?to=first%40example.org#mail-0"');
  });

  it("leads a referral's link to its history, and no other link", async () => {
    const { body } = await page('/mail/0.html');
    expect(body).toContain('href="/referral/R%201"');
    expect(body).toContain('href="https://example.org/"');
    expect(body).toContain('<base target="_blank">');
    const history = await page('/referral/R%201');
    expect(history.body).toContain('first &lt;line&gt;\nsecond \\u001b[31m line');
    expect((await page('/referral/R-2')).status).toBe(404);
  });

  it('shows mails that are sent later', async () => {
    sent.push(await mailTo('third@example.org', 'The third', AT + 7_200_000));
    expect((await page('/')).body).toContain('The third');
  });

  it.each(['/mail/9', '/mail/9.html', '/mail/-1.html', '/mail/0.exe', '/mail/../package.json', '/favicon.ico'])(
    'has no %s',
    async (path) => {
      expect((await page(path)).status).toBe(404);
    },
  );

  it('listens on this machine only', () => {
    expect(inbox.url).toMatch(/^http:\/\/127\.0\.0\.1:/);
  });
});
