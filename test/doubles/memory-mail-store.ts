import type { Instant } from '../../shared/contracts/instant.ts';
import type { MailContent } from '../../shared/contracts/mail.ts';
import type { Written } from '../../shared/store/conditional-write.ts';
import type { Delivery, MailJob, MailStore } from '../../shared/store/mail-store.ts';
import { copy, putNew } from './memory-items.ts';

export class MemoryMailStore implements MailStore {
  readonly #mails = new Map<string, MailJob>();
  readonly #contents = new Map<string, MailContent>();

  async dueOn(date: string): Promise<MailJob[]> {
    return copy([...this.#mails.values()].filter(({ mailId }) => mailId.startsWith(date)));
  }

  async get(mailId: string): Promise<MailJob | null> {
    const job = this.#mails.get(mailId);
    return job ? copy(job) : null;
  }

  async plan(job: MailJob): Promise<Written> {
    return putNew(this.#mails, job.mailId, job);
  }

  async markQueued(mailId: string): Promise<Written> {
    return this.#change(mailId, ({ status }) => status === 'planned', { status: 'queued' });
  }

  async claim(mailId: string, now: Instant, leaseUntil: Instant): Promise<MailJob | null> {
    const free = ({ status, leaseUntil: held }: MailJob): boolean =>
      status === 'planned' || status === 'queued' || (status === 'claimed' && held !== null && held <= now);
    const asOf = this.#mails.get(mailId)?.asOf ?? now;
    const written = this.#change(mailId, free, { status: 'claimed', leaseUntil, asOf });
    return written === 'written' ? this.get(mailId) : null;
  }

  async freeze(mailId: string, content: MailContent): Promise<MailContent> {
    putNew(this.#contents, mailId, content);
    return copy(this.#contents.get(mailId) ?? content);
  }

  async frozen(mailId: string): Promise<MailContent | null> {
    const content = this.#contents.get(mailId);
    return content ? copy(content) : null;
  }

  async finish(mailId: string, end: Pick<MailJob, 'status' | 'sentAt' | 'messageId'>): Promise<Written> {
    return this.#change(mailId, ({ status }) => status !== 'sent', end);
  }

  async recordDelivery({ mailId, event, at, messageId }: Delivery): Promise<Written> {
    const noted = this.#change(mailId, () => true, { messageId, [`ses${event}At`]: at });
    if (event === 'Send') this.#change(mailId, ({ status }) => status !== 'sent', { status: 'sent', sentAt: at });
    return noted;
  }

  #change(mailId: string, allowed: (job: MailJob) => boolean, change: Partial<MailJob>): Written {
    const job = this.#mails.get(mailId);
    if (!job || !allowed(job)) return 'conflict';
    this.#mails.set(mailId, { ...job, ...change });
    return 'written';
  }
}
