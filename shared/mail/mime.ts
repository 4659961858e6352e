import MailComposer from 'nodemailer/lib/mail-composer';
import type { Instant } from '../contracts/instant.ts';

/** A picture that the HTML shows by its content id. */
export interface InlineImage {
  contentId: string;
  fileName: string;
  png: Uint8Array;
}

export interface MimeInput {
  from: { name: string; address: string };
  to: { name: string; address: string };
  /** Who reads an answer: the sender's own mailbox may be nobody's. */
  replyTo: string;
  subject: string;
  html: string;
  text: string;
  images?: readonly InlineImage[];
  /** Of the mail job: makes the Message-ID and the boundaries, so that a retry builds the same bytes. */
  mailId: string;
  /** Lets recipients file all mails of a kind, such as `coordinator-digest.example.org`. */
  listId: string;
  date: Instant;
}

/**
 * A mail as the bytes that SES sends: plain text and HTML as alternatives, the HTML together with its pictures; the same
 * bytes for the same input.
 */
export async function composeMime(input: MimeInput): Promise<Uint8Array> {
  const domain = input.from.address.slice(input.from.address.lastIndexOf('@') + 1);
  const composer = new MailComposer({
    from: input.from,
    to: input.to,
    replyTo: input.replyTo,
    subject: input.subject,
    text: input.text,
    html: input.html,
    attachments: (input.images ?? []).map(({ contentId, fileName, png }) => ({
      cid: contentId,
      filename: fileName,
      content: Buffer.from(png),
      contentType: 'image/png',
      contentDisposition: 'inline' as const,
    })),
    messageId: `<${input.mailId}@${domain}>`,
    date: new Date(input.date),
    baseBoundary: input.mailId,
    // Base64 would hide the text from people and filters, and lines of HTML are longer than SMTP allows.
    textEncoding: 'quoted-printable',
    // No List-Unsubscribe: this is internal work mail, sent to who the directory says; leaving the directory ends it.
    headers: {
      'Auto-Submitted': 'auto-generated',
      'List-Id': `<${input.listId}>`,
      // Gmail may put mails with the same subject into one conversation, and folds what two of them have in common.
      'X-Entity-Ref-ID': input.mailId,
    },
    // Nothing in a mail is fetched, whatever ends up in its content.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return new Uint8Array(await composer.compile().build());
}
