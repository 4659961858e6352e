import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { text } from 'node:stream/consumers';
import type { Endpoint } from './endpoint.ts';

/** A mail as the SES of the emulator keeps it. */
export interface InboxMail {
  MessageId: string;
  To: string[];
  Subject: string;
  BodyText: string | null;
  BodyHtml: string | null;
}

/** The mails that the SES of the emulator accepted. SES itself has no call for that. */
export async function readInbox({ url, certificate, account }: Endpoint): Promise<InboxMail[]> {
  const asked = request(`${url}/_ministack/ses/messages?account=${account}`, { ca: readFileSync(certificate) });
  asked.end();
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  const body = await text(response);
  if (response.statusCode !== 200) throw new Error(`the emulator's inbox answered ${response.statusCode}: ${body}`);
  return JSON.parse(body).messages[account] ?? [];
}
