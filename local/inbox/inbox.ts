import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { simpleParser } from 'mailparser';
import { formatMoment } from '../../shared/mail/format-time.ts';
import type { SentMail } from '../stand-ins/ses-events.ts';
import { inboxPage, type ListedMail, referralPage } from './inbox-page.ts';

/** A web page on this machine that shows the mails of a demo. */
export interface Inbox {
  url: string;
  close(): Promise<void>;
}

export interface InboxOptions {
  /** The time zone in which times are shown to whom `zones` doesn't name. */
  timeZone: string;
  /** Time zones of people by their addresses: their mails say times in these, too. */
  zones?: ReadonlyMap<string, string>;
  /** Where the mails' links of referrals lead, with `{referralId}`: here they lead to `history`. */
  referralUrl?: string;
  /** The history of a referral as text; null if there is none. */
  history?: (referralId: string) => Promise<string | null>;
}

const FORM = /^\/mail\/(\d{1,9})\.(html|txt|eml)$/;
const PAGE = /^\/(?:mail\/(\d{1,9}))?$/;
const REFERRAL = /^\/referral\/([^/]+)$/;
const REFERRAL_ID = '{referralId}';
/** What somebody who opens the inbox wants to see first. */
const SHOWN_FIRST = 'coordinator_digest';

/**
 * Serves mails on loopback. The page of the local SES shows real instead of simulated times, and builds a frame for
 * each of hundreds of mails.
 * @param sent the mails, oldest first; mails that are added later show when the page is loaded again
 */
export async function startInbox(
  sent: readonly SentMail[],
  { timeZone, zones = new Map(), referralUrl, history = async () => null }: InboxOptions,
): Promise<Inbox> {
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://inbox');
    route(response, pathname, searchParams.get('to') || null).catch((error: unknown) =>
      answer(response, 500, 'text/plain', String(error)),
    );
  });

  async function route(response: ServerResponse, path: string, to: string | null): Promise<void> {
    const [, referralId] = REFERRAL.exec(path) ?? [];
    if (referralId !== undefined) return explained(response, decodeURIComponent(referralId));
    const [isPage, number] = PAGE.exec(path) ?? [];
    return isPage === undefined ? read(response, path) : list(response, to, number);
  }

  async function list(response: ServerResponse, to: string | null, chosen: string | undefined): Promise<void> {
    if (chosen !== undefined && !sent[Number(chosen)]) return answer(response, 404, 'text/plain', NO_MAIL);
    const zoneOf = ({ destinations: [address = ''] }: SentMail): string => zones.get(address) ?? timeZone;
    const all = await Promise.all(sent.map((mail, number) => listed(mail, number, zoneOf(mail))));
    const mails = all.filter(({ address }) => to === null || address === to).reverse();
    const first = mails.find(({ number }) => sent[number]?.tags.kind?.includes(SHOWN_FIRST)) ?? mails[0] ?? null;
    const open = chosen === undefined ? first : (all[Number(chosen)] ?? null);
    const readers = new Map(all.map(({ address, name }) => [address, name]));
    answer(response, 200, 'text/html', inboxPage({ mails, readers, to, open, isChosen: chosen !== undefined }));
  }

  async function read(response: ServerResponse, path: string): Promise<void> {
    const [, number, form] = FORM.exec(path) ?? [];
    const mail = number === undefined ? undefined : sent[Number(number)];
    if (!mail) return answer(response, 404, 'text/plain', NO_MAIL);
    if (form === 'eml') return answer(response, 200, 'message/rfc822', mail.raw);
    const { html, text } = await simpleParser(Buffer.from(mail.raw), { skipImageLinks: true });
    if (form === 'txt') return answer(response, 200, 'text/plain', text ?? '');
    answer(response, 200, 'text/html', withOwnLinks(html || '', referralUrl));
  }

  async function explained(response: ServerResponse, referralId: string): Promise<void> {
    const text = await history(referralId);
    if (text === null) return answer(response, 404, 'text/plain', 'There is no such referral.');
    answer(response, 200, 'text/html', referralPage(referralId, text));
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

const NO_MAIL = 'There is no such mail.';

/** A referral's links lead to its history here, and every link opens outside of the frame. */
function withOwnLinks(html: string, referralUrl: string | undefined): string {
  const framed = html.replace(/<head[^>]*>/, '$&<base target="_blank">');
  const [before = '', after = ''] = referralUrl?.split(REFERRAL_ID) ?? [];
  if (before === '' || after !== '') return framed;
  return framed.replaceAll(`href="${before}`, 'href="/referral/');
}

const heads = new WeakMap<SentMail, Promise<ListedMail>>();

/** Parses each mail once: the list is built again for every request. */
function listed(mail: SentMail, number: number, timeZone: string): Promise<ListedMail> {
  let head = heads.get(mail);
  if (!head) {
    head = readHead(mail, number, timeZone);
    heads.set(mail, head);
  }
  return head;
}

async function readHead(mail: SentMail, number: number, timeZone: string): Promise<ListedMail> {
  const { subject = '', to } = await simpleParser(Buffer.from(mail.raw).subarray(0, 4_096));
  const address = mail.destinations.join(', ');
  const name = [to ?? []].flat()[0]?.value[0]?.name || address;
  return { number, address, name, subject, time: formatMoment(mail.sentAt, timeZone) };
}

function answer(response: ServerResponse, status: number, type: string, body: string | Uint8Array): void {
  response.writeHead(status, { 'content-type': type === 'message/rfc822' ? type : `${type}; charset=utf-8` });
  response.end(body);
}
