import MailComposer from 'nodemailer/lib/mail-composer';
import type { Instant } from '../contracts/instant.ts';
import { clip } from './names.ts';

/** A picture that the HTML shows by its content id. */
export interface InlineImage {
  contentId: string;
  fileName: string;
  png: Uint8Array;
}

/** A file of text that comes with a mail. */
export interface AttachedFile {
  fileName: string;
  /** Such as `text/csv`. */
  contentType: string;
  /** In UTF-8. */
  content: Uint8Array;
}

export interface MimeInput {
  from: { name: string; address: string };
  to: { name: string; address: string };
  /** Where answers go: nobody may read the sender's own mailbox. */
  replyTo: string;
  subject: string;
  html: string;
  text: string;
  images?: readonly InlineImage[];
  files?: readonly AttachedFile[];
  /** Boundaries and Message-ID are made from it, as nothing in a mail is random. */
  mailId: string;
  /** Lets recipients file all mails of a kind, such as `coordinator-digest.example.org`. */
  listId: string;
  date: Instant;
}

/**
 * A mail as the bytes that SES gets: plain text and HTML as alternatives, the HTML together with its pictures, then files.
 * Lines end with CRLF. The same input always gives the same bytes.
 *
 * SES puts a Message-ID and a Date of its own in place of these. What has to be known of a mail goes by its SES tags.
 */
export async function composeMime(input: MimeInput): Promise<Uint8Array> {
  const domain = input.from.address.slice(input.from.address.lastIndexOf('@') + 1);
  const composer = new MailComposer({
    from: input.from,
    to: { ...input.to, name: clip(input.to.name) },
    replyTo: input.replyTo,
    subject: input.subject,
    text: input.text,
    html: input.html,
    attachments: [
      ...(input.images ?? []).map(({ contentId, fileName, png }) => ({
        cid: contentId,
        filename: fileName,
        content: Buffer.from(png),
        contentType: 'image/png',
        contentDisposition: 'inline' as const,
      })),
      ...(input.files ?? []).map(({ fileName, contentType, content }) => ({
        filename: fileName,
        content: Buffer.from(content),
        contentType: `${contentType}; charset=utf-8`,
        contentDisposition: 'attachment' as const,
      })),
    ],
    messageId: `<${input.mailId}@${domain}>`,
    date: new Date(input.date),
    baseBoundary: input.mailId,
    // Base64 would hide the text from people and filters; unencoded, lines of HTML are longer than SMTP allows.
    textEncoding: 'quoted-printable',
    // Text and HTML end their lines with LF alone, which some receivers refuse.
    newline: 'windows',
    // No List-Unsubscribe: this is internal work mail to people of the directory, and ends when they leave it.
    headers: {
      'Auto-Submitted': 'auto-generated',
      // Exchange goes by this one.
      'X-Auto-Response-Suppress': 'OOF, AutoReply, DR, RN, NRN',
      'List-Id': `<${input.listId}>`,
      // Keeps Gmail from putting mails with the same subject into one conversation and folding what they have in common.
      'X-Entity-Ref-ID': input.mailId,
    },
    // Whatever ends up in a mail's content, nothing is fetched for it.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return new Uint8Array(await composer.compile().build());
}
