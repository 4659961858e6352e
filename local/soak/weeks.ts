import type { Config } from '../../shared/contracts/config.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../shared/contracts/duration.ts';
import type { Instant } from '../../shared/contracts/instant.ts';
import { dailyMails, digestPeriods } from '../../shared/domain/mail/schedule.ts';
import { reportPeriods } from '../../shared/domain/report/periods.ts';
import type { QueuedMessage } from '../memory-stage/memory-queue.ts';
import type { Scheduled } from '../memory-stage/memory-stage.ts';
import { runAtOrAfter } from '../pipeline/in-simulated-time.ts';
import type { Random } from '../simulate/random.ts';
import { sesNotification } from '../stand-ins/ses-events.ts';
import type { FaultLayer } from './fault-layer.ts';
import type { SoakStage } from './soak-stage.ts';
import { type Storm, weatherAt } from './storms.ts';

/** What arrives for a referral, a practice or a feed. */
export interface SoakMessage {
  body: string;
  sentAt: Instant;
  subject: string;
}

/** Weeks of an organization. */
export interface Weeks {
  config: Config;
  /** In order of arrival. */
  messages: readonly SoakMessage[];
  from: Instant;
  until: Instant;
}

/** What goes wrong in the weeks, and where chance comes from. */
export interface Trouble {
  faults: FaultLayer;
  storms: readonly Storm[];
  random: Random;
}

/** When something may have been found late: until it ends, what was found says nothing of when it was so. */
export type Disturbance = readonly [from: Instant, to: Instant];

/** What happened in the weeks, besides what the stage holds. */
export interface Happened {
  /** When detection didn't do its work. */
  undetected: Disturbance[];
  /** When messages of a referral were on their way. */
  delayed: Map<string, Disturbance[]>;
  /** Mails that SES took and that nobody could note at once. */
  unnoted: Set<string>;
  /** The subjects of messages that nobody has handled. */
  lost: string[];
  /** Scheduled runs, and those that failed. */
  runs: number;
  failedRuns: number;
  /** Deliveries of SQS and events of SES that were doubled, late or lost. */
  deliveries: { doubled: number; late: number; eventsLate: number; eventsLost: number; eventsDoubled: number };
}

const QUARTER_MS = 15 * MINUTE_MS;
/** After a fault every quarter hour is played: leases run out, waits end, what was left is done. */
const STIRRED_MS = 6 * HOUR_MS;

/** Plays the weeks, each quarter hour at which anything can happen. */
export async function playWeeks(stage: SoakStage, weeks: Weeks, trouble: Trouble | null): Promise<Happened> {
  const player = new Player(stage, weeks, trouble);
  await player.play();
  return player.happened;
}

class Player {
  readonly happened: Happened = {
    undetected: [],
    delayed: new Map(),
    unnoted: new Set(),
    lost: [],
    runs: 0,
    failedRuns: 0,
    deliveries: { doubled: 0, late: 0, eventsLate: 0, eventsLost: 0, eventsDoubled: 0 },
  };
  readonly #stage: SoakStage;
  readonly #weeks: Weeks;
  readonly #trouble: Trouble | null;
  readonly #dues: Instant[];
  /** The subject of each message that is on its way, and when it should have been handled. */
  readonly #onTheirWay = new Map<string, { subject: string; dueAt: Instant }>();
  readonly #handled = new Set<string>();
  #next = 0;
  #told = 0;
  #undetectedSince: Instant | null = null;
  /** Nothing changes between two ticks, so it is found once after each. */
  #nextWork: Instant | null = null;

  constructor(stage: SoakStage, weeks: Weeks, trouble: Trouble | null) {
    this.#stage = stage;
    this.#weeks = weeks;
    this.#trouble = trouble;
    this.#dues = duesOf(weeks);
  }

  async play(): Promise<void> {
    const { from, until, config } = this.#weeks;
    this.#stage.time.moveTo(from);
    await this.#stage.pushConfig(config);
    for (let at = runAtOrAfter(from); at <= until; at += QUARTER_MS) {
      if (await this.#isQuiet(at)) continue;
      await this.#tick(at);
    }
    for (const [place, { subject }] of this.#onTheirWay)
      if (!this.#handled.has(place)) this.happened.lost.push(subject);
  }

  async #tick(at: Instant): Promise<void> {
    const { time } = this.#stage;
    const weather = this.#trouble && weatherAt(this.#trouble.storms, at);
    if (this.#trouble && weather) this.#trouble.faults.weather = weather;
    const random = this.#trouble?.random;
    const isStormy = weather?.jitter === true;
    this.#nextWork = null;
    time.moveTo(at);
    this.#arrive(at);
    const ingest = () => this.#ingest(at);
    if (isStormy && random?.chance(0.3)) {
      await Promise.all([ingest(), this.#detect(at, true)]);
      // What came beside it may not have been seen.
      this.#undetectedSince ??= at;
    } else {
      await ingest();
      await this.#detect(at, isStormy && random?.chance(0.3) === true);
    }
    await this.#run('write-reports', at, isStormy && random?.chance(0.2) === true);
    await this.#run('plan-mail', at, isStormy && random?.chance(0.3) === true);
    await this.#stage.consume('mail-jobs', this.#howConsumed());
    await this.#noteSent();
    await this.#tell(at);
    await this.#stage.consume('delivery-events', this.#howConsumed());
    if (at % DAY_MS === 0) await this.#run('retire-referrals', at, false);
  }

  /** Puts on the queue what has arrived: doubled, late. */
  #arrive(at: Instant): void {
    const { messages } = this.#weeks;
    const queue = this.#stage.queues['referral-events'];
    for (; (messages[this.#next]?.sentAt ?? Number.POSITIVE_INFINITY) <= at; this.#next += 1) {
      const { body, sentAt, subject } = messages[this.#next] as SoakMessage;
      const place = String(this.#next);
      const send = (visibleAt: Instant): QueuedMessage =>
        queue.send(body, { sentAt, visibleAt, attributes: { place } });
      const late = this.#lateness();
      if (late > 0) this.happened.deliveries.late += 1;
      send(at + late);
      this.#onTheirWay.set(place, { subject, dueAt: at });
      if (this.#isUnlucky(0.05)) {
        this.happened.deliveries.doubled += 1;
        send(at + this.#lateness());
      }
    }
  }

  #lateness(): number {
    return this.#isUnlucky(0.05) ? (this.#trouble?.random.int(1, 32) ?? 0) * QUARTER_MS : 0;
  }

  /** By chance, while there is trouble at all. */
  #isUnlucky(chance: number): boolean {
    const { storms = [], random } = this.#trouble ?? {};
    const now = this.#stage.time.now();
    const [first, last] = [storms[0]?.from ?? Number.POSITIVE_INFINITY, storms.at(-1)?.to ?? 0];
    return now >= first && now <= last && random?.chance(chance) === true;
  }

  async #ingest(at: Instant): Promise<void> {
    const { done } = await this.#stage.consume('referral-events', this.#howConsumed());
    for (const { attributes } of done) this.#noteHandled(attributes.place ?? '', at);
  }

  #noteHandled(place: string, at: Instant): void {
    const way = this.#onTheirWay.get(place);
    if (way === undefined || this.#handled.has(place)) return;
    this.#handled.add(place);
    if (at <= way.dueAt) return;
    const own = this.happened.delayed.get(way.subject) ?? [];
    this.happened.delayed.set(way.subject, own);
    own.push([way.dueAt, at]);
  }

  #howConsumed() {
    const random = this.#trouble?.random;
    if (!random) return {};
    const order = (messages: QueuedMessage[]): QueuedMessage[] =>
      messages
        .map((message) => ({ message, draw: random.next() }))
        .sort((a, b) => a.draw - b.draw)
        .map(({ message }) => message);
    return { order, atOnce: 2 };
  }

  async #detect(at: Instant, twice: boolean): Promise<void> {
    const succeeded = await this.#run('detect-breaches', at, twice);
    if (!succeeded) this.#undetectedSince ??= at;
    else if (this.#undetectedSince !== null) {
      this.happened.undetected.push([this.#undetectedSince, at]);
      this.#undetectedSince = null;
    }
  }

  /** @returns whether a run of it came to its end */
  async #run(name: Scheduled, at: Instant, twice: boolean): Promise<boolean> {
    const run = (): Promise<boolean> => {
      this.happened.runs += 1;
      // Two at once are two processes.
      if (twice) this.#stage.endProcess(name);
      return this.#stage.run(name, at).then(
        () => true,
        (error: unknown) => {
          if (this.#trouble === null) throw error;
          this.happened.failedRuns += 1;
          return false;
        },
      );
    };
    const runs = await Promise.all(twice ? [run(), run()] : [run()]);
    return runs.includes(true);
  }

  /** Which mails SES has taken without anybody noting it. */
  async #noteSent(): Promise<void> {
    const { sent, stores } = this.#stage;
    for (const { tags } of sent.slice(this.#told)) {
      const mailId = tags.mailId?.[0] ?? '';
      if ((await stores.mails.get(mailId))?.status !== 'sent') this.happened.unnoted.add(mailId);
    }
  }

  /** SES tells of the mails that it took. */
  async #tell(at: Instant): Promise<void> {
    const { sent } = this.#stage;
    for (const mail of sent.slice(this.#told)) {
      for (const type of ['Send', 'Delivery'] as const) this.#publish(sesNotification(mail, type), at);
    }
    this.#told = sent.length;
  }

  /** Late, doubled, or not at all. */
  #publish(body: string, at: Instant): void {
    const { deliveries } = this.happened;
    const queue = this.#stage.queues['delivery-events'];
    if (this.#isUnlucky(0.03)) {
      deliveries.eventsLost += 1;
      return;
    }
    const late = this.#isUnlucky(0.05) ? (this.#trouble?.random.int(1, 8) ?? 0) * QUARTER_MS : 0;
    if (late > 0) deliveries.eventsLate += 1;
    queue.send(body, { sentAt: at, visibleAt: at + late });
    if (!this.#isUnlucky(0.05)) return;
    deliveries.eventsDoubled += 1;
    queue.send(body, { sentAt: at });
  }

  /** Whether nothing can happen at a quarter hour. */
  async #isQuiet(at: Instant): Promise<boolean> {
    const { faults, storms = [] } = this.#trouble ?? {};
    if (faults && at - faults.lastAt < STIRRED_MS) return false;
    if (storms.some(({ from, to }) => at >= from && at <= to)) return false;
    if ((this.#weeks.messages[this.#next]?.sentAt ?? Number.POSITIVE_INFINITY) <= at) return false;
    if (at % DAY_MS === 0) return false;
    if (Object.values(this.#stage.queues).some((queue) => (queue.nextVisible() ?? at + 1) <= at)) return false;
    while ((this.#dues[0] ?? Number.POSITIVE_INFINITY) <= at - QUARTER_MS) this.#dues.shift();
    if ((this.#dues[0] ?? Number.POSITIVE_INFINITY) <= at) return false;
    this.#nextWork ??= await this.#findWork(at);
    return this.#nextWork > at;
  }

  /** When something next waits for detection or an urgent mail. Every midnight is played, so none beyond is looked for. */
  async #findWork(at: Instant): Promise<Instant> {
    const { referrals, configs } = this.#stage.stores;
    if ((await referrals.pendingUrgent()).length > 0) return at;
    const midnight = Math.ceil(at / DAY_MS) * DAY_MS;
    const { shardCounts } = await configs.inForce();
    let next = midnight;
    for (const of of shardCounts) {
      for (let shard = 0; shard < of; shard += 1) {
        for await (const [first] of referrals.due({ shard, of }, next)) {
          next = Math.min(next, first?.wakeAt ?? next);
          if (first) break;
        }
      }
    }
    return next;
  }
}

/** When digests and reports fall due. */
function duesOf({ config: { directory }, from, until }: Weeks): Instant[] {
  const digests = dailyMails(directory).flatMap(({ recipient }) => digestPeriods(recipient, from - 1, until));
  const reports = reportPeriods(directory.organization.timeZone, from, until);
  const all = [...digests.map(({ dueAt }) => dueAt), ...reports.map(({ asOf }) => asOf)];
  return [...new Set(all.map(runAtOrAfter))].sort((a, b) => a - b);
}
