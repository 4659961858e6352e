import { writeFile } from 'node:fs/promises';
import { chartsOf } from '../../functions/send-mail/content.ts';
import { type MailContent, receiverIn } from '../../shared/contracts/mail.ts';
import { withoutControls } from '../../shared/mail/names.ts';
import { type RenderedMail, renderMail } from '../../shared/mail/render-mail.tsx';
import { dynamoStores } from '../../shared/store/dynamo-stores.ts';
import type { MailJob } from '../../shared/store/mail-store.ts';
import { bold, dim, field } from '../cli/columns.ts';
import type { Print } from '../cli/print.ts';
import { utcMinute } from './lines.ts';
import { mailData, mailNamed, mailsOf, standingOf } from './mail-list.ts';
import { onTarget, type Target } from './target.ts';

export interface ShowOptions {
  stage?: string;
  /** A file to which its HTML is written. */
  html?: string;
  json?: boolean;
}

/** `loopwatch mail show ID`: what a mail said, as its recipient saw it, and what became of it. */
export async function showMail(id: string, { stage, html, json = false }: ShowOptions, print: Print): Promise<void> {
  await onTarget(stage, async (target) => {
    const mails = mailsOf(target);
    const job = await mailNamed(mails, id);
    const content = await mails.frozen(job.mailId);
    const rendered = content && (await renderedOf(content, target));
    if (html !== undefined) await writeHtml(html, job, rendered);
    if (json) print(asData(job, rendered));
    else if (html !== undefined)
      print([...headLines(job, content, rendered), '', `Its HTML is in ${html}.`].join('\n'));
    else print([...headLines(job, content, rendered), ...textLines(job, rendered)].join('\n'));
  });
}

async function writeHtml(file: string, { mailId, status }: MailJob, rendered: RenderedMail | null): Promise<void> {
  if (rendered === null) throw new Error(`${mailId}: ${withoutContent(status)}`);
  await writeFile(file, withPictures(rendered));
}

function asData(job: MailJob, rendered: RenderedMail | null): string {
  const { subject = null, text = null } = rendered ?? {};
  return withoutControls(JSON.stringify({ ...mailData(job), subject, text }));
}

/** It is rendered with the current templates, as a retry would be. */
async function renderedOf(content: MailContent, { tables: { client, names } }: Target): Promise<RenderedMail> {
  const { configs, reports } = dynamoStores(client, names);
  const { config } = await configs.inForce();
  return renderMail(content, config, await chartsOf(content.kind, content, reports));
}

/** The HTML with its pictures in it, so that a browser shows them. */
function withPictures({ html, images }: RenderedMail): string {
  return images.reduce(
    (text, { contentId, png }) =>
      text.replaceAll(`cid:${contentId}`, `data:image/png;base64,${Buffer.from(png).toString('base64')}`),
    html,
  );
}

function headLines(job: MailJob, content: MailContent | null, rendered: RenderedMail | null): string[] {
  const add = (label: string, text: string): string[] => field(label, withoutControls(text), 80);
  const at = (label: string, instant: number | null | undefined): string[] =>
    instant == null ? [] : add(label, `${utcMinute(instant)} UTC`);
  const deputy = content?.receivedBy === undefined ? '' : `; ${receiverIn(content).id} receives it while they are away`;
  return [
    bold(job.mailId),
    ...add('kind', `${job.kind}, for ${job.period}`),
    ...add('for', `${job.personId}${deputy}`),
    ...add('standing', job.status === 'held' ? 'held, not sent' : standingOf(job)),
    ...at('says what', content?.asOf),
    ...at('held', job.heldAt),
    ...at('sent', job.sentAt),
    ...at('delivered', job.sesDeliveryAt),
    ...at('bounced', job.sesBounceAt),
    ...at('complained', job.sesComplaintAt),
    ...at('rejected', job.sesRejectAt),
    ...(rendered === null ? [] : add('subject', rendered.subject)),
  ];
}

function textLines({ status }: MailJob, rendered: RenderedMail | null): string[] {
  if (rendered === null) return ['', withoutContent(status)];
  const files = rendered.files.map(({ fileName }) => fileName).join(', ');
  return [
    '',
    dim("It names patients' referrals: don't copy it into tickets or chats."),
    ...(files === '' ? [] : [`It came with ${files}.`]),
    '',
    ...rendered.text.split('\n').map(withoutControls),
  ];
}

function withoutContent(status: MailJob['status']): string {
  switch (status) {
    case 'planned':
    case 'queued':
    case 'claimed':
      return 'It says nothing yet: it is still to be made.';
    case 'sent':
      return 'What it said is no longer kept.';
    case 'empty':
      return 'There was nothing to say, so it was not sent.';
    case 'undeliverable':
      return 'It was not made: nobody could receive it.';
    case 'superseded':
      return 'It was not made: the next digest had come and says the same.';
    case 'held':
      return 'What it would have said is no longer kept.';
  }
}
