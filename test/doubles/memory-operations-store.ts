import { createHash } from 'node:crypto';
import type { Config } from '../../shared/contracts/config.ts';
import type { LoopEvent } from '../../shared/contracts/event.ts';
import type { Instant } from '../../shared/contracts/instant.ts';
import type { MailContent } from '../../shared/contracts/mail.ts';
import type { PracticeFacts } from '../../shared/contracts/practice.ts';
import { practiceFactsOf } from '../../shared/domain/practice/facts.ts';
import { identityOf } from '../../shared/domain/referral/event-order.ts';
import {
  type ConfigInForce,
  type Delivery,
  type FinishedReports,
  type MailJob,
  NoConfigurationError,
  type OperationsStore,
  type Quarantined,
  type RefusedCounts,
  type ReportKey,
  type StoredReport,
} from '../../shared/store/operations-store.ts';
import type { Written } from '../../shared/store/referral-store.ts';

const copy = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

/** An OperationsStore in memory, held to the same contract as the real one (test/shared/store/contract.ts). */
export class MemoryOperationsStore implements OperationsStore {
  /** Kept for tests to look at. */
  readonly inQuarantine = new Map<string, Quarantined>();
  readonly feeds = new Map<string, Instant>();
  readonly #practices = new Map<string, Map<string, LoopEvent>>();
  readonly #mails = new Map<string, MailJob>();
  readonly #contents = new Map<string, MailContent>();
  readonly reports = new Map<string, StoredReport>();
  readonly #runs = new Map<string, FinishedReports>();
  #config: ConfigInForce | null = null;

  async config(): Promise<ConfigInForce> {
    if (!this.#config) throw new NoConfigurationError();
    return this.#config;
  }

  async pushConfig(config: Config, now: Instant): Promise<string> {
    const version = createHash('sha256').update(JSON.stringify(config)).digest('hex').slice(0, 16);
    if (this.#config?.version !== version) {
      const { since = now, appliedVersion = version } = this.#config ?? {};
      this.#config = { version, config: copy(config), since, appliedVersion };
    }
    return version;
  }

  async markApplied(version: string): Promise<Written> {
    if (this.#config?.version !== version) return 'conflict';
    this.#config = { ...this.#config, appliedVersion: version };
    return 'written';
  }

  async quarantine(item: Quarantined): Promise<Written> {
    const key = `${item.reason} ${item.quarantineId}`;
    return putNew(this.inQuarantine, key, item);
  }

  async feedHeard(feed: string, at: Instant): Promise<void> {
    const last = this.feeds.get(feed);
    if (last === undefined || last < at) this.feeds.set(feed, at);
  }

  async refusedBetween(from: Instant, to: Instant, by: 'arrivedAt' | 'refusedAt'): Promise<RefusedCounts> {
    const found = [...this.inQuarantine.values()].filter((item) => item[by] >= from && item[by] < to);
    const counts = Map.groupBy(found, ({ reason }) => reason);
    return Object.fromEntries([...counts].map(([reason, items]) => [reason, items.length]));
  }

  async feedsHeard(): Promise<Map<string, Instant>> {
    return new Map(this.feeds);
  }

  async appendPracticeEvent(event: LoopEvent, _arrivedAt: Instant): Promise<Written> {
    const log = this.#practices.get(event.subject) ?? new Map<string, LoopEvent>();
    this.#practices.set(event.subject, log);
    return putNew(log, identityOf(event), event);
  }

  async practiceFacts(practiceIds: readonly string[]): Promise<PracticeFacts[]> {
    return practiceIds.map((id) => practiceFactsOf(id, [...(this.#practices.get(id)?.values() ?? [])]));
  }

  async mailsOn(date: string): Promise<MailJob[]> {
    return copy([...this.#mails.values()].filter(({ mailId }) => mailId.startsWith(date)));
  }

  async mail(mailId: string): Promise<MailJob | null> {
    const job = this.#mails.get(mailId);
    return job ? copy(job) : null;
  }

  async planMail(job: MailJob): Promise<Written> {
    return putNew(this.#mails, job.mailId, job);
  }

  async markQueued(mailId: string): Promise<Written> {
    return this.#change(mailId, ({ status }) => status === 'planned', { status: 'queued' });
  }

  async claimMail(mailId: string, now: Instant, leaseUntil: Instant): Promise<MailJob | null> {
    const free = ({ status, leaseUntil: held }: MailJob): boolean =>
      status === 'planned' || status === 'queued' || (status === 'claimed' && held !== null && held <= now);
    const asOf = this.#mails.get(mailId)?.asOf ?? now;
    const written = this.#change(mailId, free, { status: 'claimed', leaseUntil, asOf });
    return written === 'written' ? this.mail(mailId) : null;
  }

  async freezeMail(mailId: string, content: MailContent): Promise<MailContent> {
    putNew(this.#contents, mailId, content);
    return copy(this.#contents.get(mailId) ?? content);
  }

  async frozenMail(mailId: string): Promise<MailContent | null> {
    const content = this.#contents.get(mailId);
    return content ? copy(content) : null;
  }

  async finishMail(mailId: string, end: Pick<MailJob, 'status' | 'sentAt' | 'messageId'>): Promise<Written> {
    return this.#change(mailId, ({ status }) => status !== 'sent', end);
  }

  async recordDelivery({ mailId, event, at, messageId }: Delivery): Promise<Written> {
    const noted = this.#change(mailId, () => true, { messageId, [`ses${event}At`]: at });
    if (event === 'Send') this.#change(mailId, ({ status }) => status !== 'sent', { status: 'sent', sentAt: at });
    return noted;
  }

  async saveReport(key: ReportKey, stored: StoredReport): Promise<Written> {
    const id = JSON.stringify(key);
    if (this.reports.has(id)) return 'conflict';
    this.reports.set(id, structuredClone(stored));
    return 'written';
  }

  async report(key: ReportKey): Promise<StoredReport | null> {
    return structuredClone(this.reports.get(JSON.stringify(key)) ?? null);
  }

  async finishReports(run: FinishedReports): Promise<Written> {
    return putNew(this.#runs, `${run.kind}#${run.period}`, run);
  }

  async finishedReports(): Promise<FinishedReports[]> {
    return copy([...this.#runs.values()]);
  }

  #change(mailId: string, allowed: (job: MailJob) => boolean, change: Partial<MailJob>): Written {
    const job = this.#mails.get(mailId);
    if (!job || !allowed(job)) return 'conflict';
    this.#mails.set(mailId, { ...job, ...change });
    return 'written';
  }
}

function putNew<T>(items: Map<string, T>, key: string, item: T): Written {
  if (items.has(key)) return 'conflict';
  items.set(key, copy(item));
  return 'written';
}
