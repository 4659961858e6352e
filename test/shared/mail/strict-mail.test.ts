import { SESClient, SendRawEmailCommand } from '@aws-sdk/client-ses';
import { mockClient } from 'aws-sdk-client-mock';
import { simpleParser } from 'mailparser';
import { afterAll, describe, expect, it } from 'vitest';
import type { Config } from '../../../shared/contracts/config.ts';
import type { DigestContent, MailContent } from '../../../shared/contracts/mail.ts';
import { mailRows } from '../../../shared/contracts/mail-rows.ts';
import { type Charts, renderMail } from '../../../shared/mail/render-mail.tsx';
import { drawCharts } from '../../../shared/mail/report/charts/draw-charts.tsx';
import { sesMailer } from '../../../shared/mail/ses-mailer.ts';
import { silentLog } from '../../../shared/platform/logger.ts';
import { config, coordinator } from './builders.ts';
import { digestsOf } from './mails.ts';
import { badMorning } from './operations-samples.ts';
import { badWeek, reportContent } from './report-samples.ts';
import { busyMorning } from './samples.ts';
import { crlf, headerText, leavesOf, readStrictly, treeOf } from './strict-mail.ts';

const ses = mockClient(SESClient);
afterAll(() => ses.restore());
const mailer = sesMailer(new SESClient({ region: 'us-east-1' }), {
  configurationSet: 'loopwatch-test',
  pace: { turn: async () => {} },
  log: silentLog,
});

/** The octets that SES is given. */
async function sent(content: MailContent, settings: Config = config(), charts: Charts = {}): Promise<Uint8Array> {
  ses.reset();
  ses.on(SendRawEmailCommand).resolves({ MessageId: 'ses-1' });
  await mailer.send(content, { mailId: '2026-03-02-0123456789abcdef' }, settings, { charts, until: 0 });
  const [call] = ses.commandCalls(SendRawEmailCommand);
  return call?.args[0].input.RawMessage?.Data ?? new Uint8Array();
}

const of = (kind: DigestContent['kind'], contents = digestsOf(busyMorning(80))): DigestContent => {
  const content = contents.find((each) => each.kind === kind);
  if (!content) throw new Error(`no ${kind}`);
  return content;
};
const ALTERNATIVES = 'alternative(text/plain, text/html)';

const MAILS: [string, () => MailContent][] = [
  ["a coordinator's digest", () => of('coordinator_digest')],
  ["a liaison's digest", () => of('liaison_digest')],
  ['an urgent alert', () => of('urgent_alert')],
  ['an operations mail', () => badMorning(40)],
  ["a coordinator's all-clear", () => of('coordinator_digest', digestsOf([]))],
  ["a liaison's all-clear", () => of('liaison_digest', digestsOf([]))],
  [
    'a digest of 5,000 referrals at a place with a long name',
    () => of('coordinator_digest', digestsOf(busyMorning(5000, { site: 'Außenstelle Ærø 診療所 '.repeat(30) }))),
  ],
  [
    'the digest of somebody away',
    () => ({ ...of('coordinator_digest'), receivedBy: coordinator({ id: 'c2', name: 'Koordinatörin Zwei' }) }),
  ],
];

describe('read strictly, octet by octet', () => {
  it.each(MAILS)('%s is a mail as the standards have it, and says what was rendered', async (_, contentOf) => {
    const content = contentOf();
    const { subject, html, text } = await renderMail(content, config());
    const raw = await sent(content);
    const message = readStrictly(raw);
    expect(treeOf(message)).toBe(ALTERNATIVES);
    expect(leavesOf(message).map(({ body }) => body.toString())).toEqual([crlf(text), crlf(html)]);
    expect(headerText(message.headers.get('subject') ?? '')).toBe(subject);

    const parsed = await simpleParser(Buffer.from(raw));
    expect(parsed).toMatchObject({ subject, html, attachments: [] });
    expect(parsed.text?.trimEnd()).toBe(text.trimEnd());
  });

  it('a weekly report carries its charts beside its HTML', async () => {
    const content = reportContent(badWeek());
    const charts = await drawCharts(content.report);
    const { html, text, images } = await renderMail(content, config(), charts);
    const raw = await sent(content, config(), charts);
    const message = readStrictly(raw);
    expect(images.length).toBeGreaterThan(0);
    expect(treeOf(message)).toBe(`alternative(text/plain, related(text/html${', image/png'.repeat(images.length)}))`);
    expect(message.parts[1]?.parameters.get('type')).toBe('text/html');
    const [plain, page, ...pictures] = leavesOf(message);
    expect([plain?.body.toString(), page?.body.toString()]).toEqual([crlf(text), crlf(html)]);
    expect(pictures.map(({ body }) => new Uint8Array(body))).toEqual(images.map(({ png }) => png));
    expect(pictures.map(({ headers }) => headers.get('content-id'))).toEqual(
      images.map(({ contentId }) => `<${contentId}>`),
    );

    const parsed = await simpleParser(Buffer.from(raw), { skipImageLinks: true });
    expect(parsed.html).toBe(html);
    expect(parsed.attachments).toMatchObject(
      images.map(({ contentId }) => ({ cid: contentId, contentDisposition: 'inline', related: true })),
    );
  });

  it.each(['coordinator_digest', 'liaison_digest'] as const)(
    'a %s with all its rows carries them as a file',
    async (kind) => {
      const content = of(kind);
      const settings = config();
      settings.directory.people.push({ ...coordinator(), ...content.recipient, attachRows: true });
      const raw = await sent(content, settings);
      const message = readStrictly(raw);
      expect(treeOf(message)).toBe(`mixed(${ALTERNATIVES}, text/csv)`);
      const file = leavesOf(message)[2];
      expect(file?.headers.get('content-disposition')).toBe('attachment; filename=rows.csv');
      const [names, ...rows] = (file?.body.toString() ?? '').trimEnd().split('\r\n');
      expect(names).toMatch(/^\ufeff"Section",/);
      const listed = mailRows(content).map(({ section, referralId }) => `${section} ${referralId}`);
      expect(rows).toHaveLength(new Set(listed).size);

      const { attachments, html } = await simpleParser(Buffer.from(raw));
      expect(html).toBe((await renderMail(content, settings)).html);
      expect(attachments).toMatchObject([{ filename: 'rows.csv', contentType: 'text/csv', content: file?.body }]);
    },
  );

  it('the mail of somebody away goes to the deputy, whatever letters the name has', async () => {
    const receivedBy = coordinator({
      id: 'c2',
      name: 'Ægir Łukasz-Šimon von und zu Ōkubo 大久保 🙂',
      email: 'two@example.org',
    });
    const { headers } = readStrictly(await sent({ ...of('coordinator_digest'), receivedBy }));
    expect(headerText(headers.get('to') ?? '')).toBe(`${receivedBy.name} <two@example.org>`);
  });

  it('names and ids of control characters make no other mail of it', async () => {
    const hostile = 'A\r\nB\rC\u001b[31m\u0000\u0085\u2028\u202eD';
    const settings = config({ name: hostile });
    settings.directory.practices.forEach((practice) => {
      practice.name = hostile;
    });
    const alerts = busyMorning(20, { site: hostile, specialty: hostile }).map(({ alert, state }) => ({
      alert: { ...alert, referralId: `${alert.referralId}${hostile}` },
      state: { ...state, referralId: `${state.referralId}${hostile}` },
    }));
    const contents = digestsOf(alerts, settings);
    expect(contents).toHaveLength(3);
    for (const content of contents) {
      const recipient = { ...content.recipient, name: hostile };
      const message = readStrictly(await sent({ ...content, recipient }, settings));
      expect(treeOf(message)).toBe(ALTERNATIVES);
      for (const { body } of leavesOf(message)) expect(body.toString()).not.toMatch(/(?!\r\n|\n)[\p{Cc}\u2028\u202e]/u);
    }
  });
});
