import * as plan from '../../../functions/plan-mail/handler.ts';
import * as record from '../../../functions/record-delivery/handler.ts';
import type { DeadLetters } from '../../../functions/send-mail/dead-letters.ts';
import * as send from '../../../functions/send-mail/handler.ts';
import { lambdaContext } from '../../../local/stand-ins/lambda-context.ts';
import { type SentMail, type SesEventType, sesNotification } from '../../../local/stand-ins/ses-events.ts';
import type { Config } from '../../../shared/contracts/config.ts';
import { MINUTE_MS } from '../../../shared/contracts/duration.ts';
import { formatInstant, type Instant } from '../../../shared/contracts/instant.ts';
import { type MailContent, receiverIn } from '../../../shared/contracts/mail.ts';
import { renderMail } from '../../../shared/mail/render-mail.tsx';
import { silentLog } from '../../../shared/platform/logger.ts';
import { silentMetrics } from '../../../shared/platform/metrics.ts';
import { sqsEvent } from '../../builders/sqs.ts';
import { World } from '../../doubles/world.ts';

type Handler = (event: unknown, context: unknown) => Promise<unknown>;

/** A mail as SES got it. */
export interface Mailed {
  at: Instant;
  to: string;
  content: MailContent;
  subject: string;
  text: string;
  mailId: string;
}

/** The real handlers of all functions that mail passes through, over stores in memory. Keeps what SES gets. */
export class MailWorld {
  readonly world: World;
  readonly mailed: Mailed[] = [];
  /** The counts of the dead-letter queues; an error is thrown instead. */
  deadLetters: { queue: string; count: number }[] | Error = [];
  /** SES takes nothing. */
  sesFails = false;
  /** Mails that were rendered and held. */
  readonly made: MailContent[] = [];
  /** Until when the last mail might have been sent. */
  until: Instant | null = null;
  #plan: Handler;
  #send: Handler;
  readonly #record: Handler;
  #queued: string[] = [];

  private constructor(world: World) {
    this.world = world;
    const { stores, time } = world;
    const deps = { ...stores, time, backoff: async () => {}, log: silentLog };
    this.#record = record.createHandler(deps) as unknown as Handler;
    [this.#plan, this.#send] = this.#deployed(false);
  }

  /** Deploys the stage with mail held or not. */
  hold(holds: boolean): void {
    [this.#plan, this.#send] = this.#deployed(holds);
  }

  #deployed(holds: boolean): [Handler, Handler] {
    const { stores, time } = this.world;
    const queue: plan.MailQueue = { announce: async (ids) => void this.#queued.push(...ids) };
    const deadLetters: DeadLetters = {
      counts: async () => {
        if (this.deadLetters instanceof Error) throw this.deadLetters;
        return this.deadLetters;
      },
    };
    const mailer: send.Mailer = {
      send: async (content, { mailId }, config, { until }) => {
        this.until = until;
        if (this.sesFails) throw new Error('SES took nothing');
        const { subject, text } = await renderMail(content, config);
        const to = receiverIn(content).email;
        this.mailed.push({ at: time.now(), to, content, subject, text: text.replace(/\s+/g, ' '), mailId });
        return `message-${this.mailed.length}`;
      },
      make: async (content, _job, config) => {
        await renderMail(content, config);
        this.made.push(content);
      },
    };
    const deps = { ...stores, time, holds, backoff: async () => {}, log: silentLog, metrics: silentMetrics };
    return [
      plan.createHandler({ ...deps, queue }) as unknown as Handler,
      send.createHandler({ ...deps, deadLetters, mailer, leaseMs: 5 * MINUTE_MS }) as unknown as Handler,
    ];
  }

  static async open(config: Config, options: Parameters<typeof World.open>[1] = {}): Promise<MailWorld> {
    return new MailWorld(await World.open(config, options));
  }

  /** The mails that are announced and not done. */
  get queued(): readonly string[] {
    return this.#queued;
  }

  /** The messages on the queue are lost, or were given up. */
  lose(): void {
    this.#queued = [];
  }

  /** Messages about mails come once more. */
  redeliver(mailIds: readonly string[]): void {
    this.#queued = [...this.#queued, ...mailIds];
  }

  /** Plans what is due at an instant. */
  async plan(at: Instant): Promise<void> {
    this.world.time.moveTo(at);
    await this.#plan({ time: formatInstant(at) }, lambdaContext('plan-mail', 300));
  }

  /** Plans and sends what is due at an instant. @returns the mails that SES got, and how many records failed */
  async mail(at: Instant): Promise<{ mailed: Mailed[]; failed: number }> {
    await this.plan(at);
    return this.send(at);
  }

  /** Sends what is queued, within a function's time; what fails stays. */
  async send(at: Instant, seconds = 60): Promise<{ mailed: Mailed[]; failed: number }> {
    this.world.time.moveTo(at);
    const before = this.mailed.length;
    const ids = this.#queued;
    const event = sqsEvent(ids.map((mailId) => ({ body: JSON.stringify({ mailId }), sentAt: at })));
    const { batchItemFailures } = (await this.#send(event, lambdaContext('send-mail', seconds))) as {
      batchItemFailures: { itemIdentifier: string }[];
    };
    const failed = batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
    this.#queued = event.Records.filter(({ messageId }) => failed.includes(messageId)).map(
      ({ body }) => (JSON.parse(body) as { mailId: string }).mailId,
    );
    return { mailed: this.mailed.slice(before), failed: failed.length };
  }

  /** Hands record-delivery an event of SES about a mail. */
  async tell({ mailId, to, at: sentAt }: Mailed, type: SesEventType): Promise<void> {
    const sent: SentMail = {
      messageId: `ses-${mailId}`,
      tags: { mailId: [mailId] },
      source: 'loopwatch@example.org',
      destinations: [to],
      raw: new Uint8Array(),
      sentAt,
    };
    const event = sqsEvent([{ body: sesNotification(sent, type), sentAt }]);
    await this.#record(event, lambdaContext('record-delivery', 60));
  }
}
