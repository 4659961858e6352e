import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { simpleParser } from 'mailparser';
import { formatMoment } from '../../shared/mail/format-time.ts';
import type { SentMail } from '../stand-ins/ses-events.ts';
import { inboxPage } from './inbox-page.ts';

/** A web page on this machine that shows the mails of a demo. */
export interface Inbox {
  url: string;
  close(): Promise<void>;
}

const MAIL = /^\/mail\/(\d{1,9})\.(html|txt|eml)$/;

/**
 * Serves mails on loopback. The page of the local SES shows real instead of simulated times, and builds a frame for
 * each of hundreds of mails.
 * @param sent the mails, oldest first; mails that are added later show when the page is loaded again
 * @param timeZone the time zone in which times are shown
 */
export async function startInbox(sent: readonly SentMail[], timeZone: string): Promise<Inbox> {
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://inbox');
    const answered = pathname === '/' ? list(response, searchParams.get('to')) : read(response, pathname);
    answered.catch((error: unknown) => answer(response, 500, 'text/plain', String(error)));
  });

  async function list(response: ServerResponse, to: string | null): Promise<void> {
    const chosen = to || null;
    const listed = sent
      .map((mail, number) => ({ mail, number, recipient: mail.destinations.join(', ') }))
      .filter(({ recipient }) => chosen === null || recipient === chosen)
      .reverse();
    const mails = await Promise.all(
      listed.map(async ({ mail, number, recipient }) => ({
        number,
        recipient,
        subject: await subjectOf(mail),
        time: formatMoment(mail.sentAt, timeZone),
      })),
    );
    const recipients = [...new Set(sent.map(({ destinations }) => destinations.join(', ')))].sort();
    answer(response, 200, 'text/html', inboxPage(mails, recipients, chosen));
  }

  async function read(response: ServerResponse, path: string): Promise<void> {
    const [, number, form] = MAIL.exec(path) ?? [];
    const mail = number === undefined ? undefined : sent[Number(number)];
    if (!mail) return answer(response, 404, 'text/plain', 'There is no such mail.');
    if (form === 'eml') return answer(response, 200, 'message/rfc822', mail.raw);
    const { html, text } = await simpleParser(Buffer.from(mail.raw), { skipImageLinks: true });
    if (form === 'txt') return answer(response, 200, 'text/plain', text ?? '');
    answer(response, 200, 'text/html', html || '');
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const subjects = new WeakMap<SentMail, Promise<string>>();

/** Parses each mail once: the list is built again for every request. */
function subjectOf(mail: SentMail): Promise<string> {
  let subject = subjects.get(mail);
  if (!subject) {
    const head = Buffer.from(mail.raw).subarray(0, 4_096);
    subject = simpleParser(head).then((parsed) => parsed.subject ?? '');
    subjects.set(mail, subject);
  }
  return subject;
}

function answer(response: ServerResponse, status: number, type: string, body: string | Uint8Array): void {
  response.writeHead(status, { 'content-type': type === 'message/rfc822' ? type : `${type}; charset=utf-8` });
  response.end(body);
}
