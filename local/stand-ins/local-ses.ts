import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';

const NAMESPACE = 'http://ses.amazonaws.com/doc/2010-12-01/';
/** Bytes of a mail that this version of SES's protocol takes: https://docs.aws.amazon.com/ses/latest/dg/quotas.html */
const LARGEST_MAIL = 10 * 1024 * 1024;
const MOST_RECIPIENTS = 50;

/**
 * Stands in for SES: takes mails (`SendRawEmail`) by its protocol, AWS Query, and sends them to nobody. A mail without a
 * sender or a recipient, or beyond SES's limits, is refused. No signature is checked. Who wants to see the mails records
 * them (`recordSends`).
 */
export function createLocalSes(): Server {
  return createServer((request, response) => void answer(request, response));
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const fields = new URLSearchParams(await text(request));
  const action = fields.get('Action') ?? '';
  const fault = action === 'SendRawEmail' ? refusal(fields) : `no action of this stand-in: ${action}`;
  const status = fault === null ? 200 : 400;
  response.writeHead(status, { 'content-type': 'text/xml' }).end(fault === null ? accepted() : refused(fault));
}

/** What SES has against a mail; null if nothing. */
function refusal(fields: URLSearchParams): string | null {
  const raw = Buffer.from(fields.get('RawMessage.Data') ?? '', 'base64');
  const [head = ''] = raw.toString('latin1').split(/\r?\n\r?\n/, 1);
  const named = (header: string): boolean => new RegExp(`^${header}:.*\\S`, 'im').test(head);
  const recipients = [...fields.keys()].filter((name) => name.startsWith('Destinations.member.')).length;
  if (raw.length > LARGEST_MAIL) return `Message length is more than ${LARGEST_MAIL} bytes long.`;
  if (!fields.has('Source') && !named('from')) return "Missing required header 'From'.";
  if (recipients > MOST_RECIPIENTS) return `Recipient count exceeds ${MOST_RECIPIENTS}.`;
  if (recipients === 0 && !['to', 'cc', 'bcc'].some(named)) return "Missing required header 'To'.";
  return null;
}

const accepted = (): string =>
  `<SendRawEmailResponse xmlns="${NAMESPACE}"><SendRawEmailResult><MessageId>local-${randomUUID()}</MessageId></SendRawEmailResult></SendRawEmailResponse>`;

const refused = (message: string): string =>
  `<ErrorResponse xmlns="${NAMESPACE}"><Error><Type>Sender</Type><Code>InvalidParameterValue</Code><Message>${message.replaceAll(/[<>&]/g, ' ')}</Message></Error></ErrorResponse>`;
