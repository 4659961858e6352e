import type { Config } from '../../shared/contracts/config.ts';
import { DAY_MS, HOUR_MS } from '../../shared/contracts/duration.ts';
import { formatInstant, type Instant, parseInstant } from '../../shared/contracts/instant.ts';
import type { CloudEvent } from '../simulate/chronicle.ts';
import { Random } from '../simulate/random.ts';
import { simulate } from '../simulate/simulate.ts';
import { dialectMessages } from './dialect-messages.ts';
import { FUZZ_DIALECTS } from './dialect-seeds.ts';
import { type FuzzMessage, fuzzedMessage } from './messages.ts';

/** What a fuzz does: an organization's weeks, with anything among its messages. */
export interface FuzzPlan {
  seed: number;
  config: Config;
  from: Instant;
  until: Instant;
  /** What an organization sends: none of it is harmed. */
  clean: FuzzMessage[];
  cleanIds: string[];
  /** Referrals like these, of which somebody damages what is stored. */
  victims: FuzzMessage[];
  victimIds: string[];
  fuzz: FuzzMessage[];
  /** As many again in other dialects. */
  translated: FuzzMessage[];
}

/** Past every limit of a log: 2,000 events, and 100 last words. */
const FLOOD = 2_300;
const DIALECTS_STREAM = 2;

/** @param options `messages`: how many are fuzzed, of events and of each dialect together; `weeks`: how long the organization is watched */
export function fuzzPlan({ messages, weeks, seed }: { messages: number; weeks: number; seed: number }): FuzzPlan {
  const random = new Random(seed);
  const referrals = Math.max(12, Math.round(messages / 100));
  const organization = simulate({ referrals, weeks, seed, faults: 0 });
  const { directory, policy, until } = organization;
  const victims = renamed(simulate({ referrals, weeks, seed: seed + 1, faults: 0 }).events, 'V');
  const models = renamed(
    simulate({ referrals: Math.max(12, Math.round(messages / 10)), weeks, seed: seed + 2 }).events,
    'F',
  );
  const flood = messages >= 4 * FLOOD ? floodOf(models, until) : [];
  const from = until - weeks * 7 * DAY_MS;
  const cleanIds = referralsOf(organization.events);
  const spared = new Set([...cleanIds, ...referralsOf(victims)]);
  const fuzz = Array.from({ length: messages - flood.length }, (_, index) => {
    const model = models[index % models.length] as CloudEvent;
    for (;;) {
      const message = fuzzedMessage(model, arrivalOf(model), nearby(models, index), random);
      if (!spared.has(subjectOf(message.body))) return message;
    }
  });
  return {
    seed,
    config: { directory, policy, dialects: FUZZ_DIALECTS },
    from,
    until,
    clean: organization.events.map(plain),
    cleanIds,
    victims: victims.map(plain),
    victimIds: referralsOf(victims),
    fuzz: [...fuzz, ...flood],
    translated: dialectMessages(messages, from, until, new Random(seed, DIALECTS_STREAM)),
  };
}

const plain = (event: CloudEvent): FuzzMessage => ({ body: JSON.stringify(event), sentAt: arrivalOf(event) });

const arrivalOf = ({ recordedtime, time }: CloudEvent): Instant => parseInstant(recordedtime ?? time) as Instant;

function renamed(events: readonly CloudEvent[], prefix: string): CloudEvent[] {
  return events
    .filter(({ type }) => type !== 'feed.heartbeat')
    .map((event) => (isPractices(event) ? event : { ...event, subject: `${prefix}${event.subject}` }));
}

const isPractices = ({ type }: CloudEvent): boolean => type.startsWith('practice.');

function referralsOf(events: readonly CloudEvent[]): string[] {
  const own = events.filter((event) => !isPractices(event) && event.type !== 'feed.heartbeat');
  return [...new Set(own.map(({ subject }) => subject))];
}

/** Events near another in time, of which some are about the same referral. */
function nearby(models: readonly CloudEvent[], index: number): CloudEvent[] {
  const { subject } = models[index % models.length] as CloudEvent;
  const start = Math.max(0, (index % models.length) - 40);
  const near = models.slice(start, start + 80);
  const own = near.filter((event) => event.subject === subject);
  return [...own, ...own, ...near];
}

/** One referral with more messages than a log takes. */
function floodOf(models: readonly CloudEvent[], until: Instant): FuzzMessage[] {
  const first = models.find(({ type }) => type === 'referral.received') as CloudEvent;
  const at = until - 3 * DAY_MS;
  return Array.from({ length: FLOOD }, (_, index) => {
    const time = formatInstant(at - HOUR_MS + index);
    const data = { channel: 'phone', outcome: 'no_answer' };
    const event =
      index === 0
        ? { ...first, subject: 'Flood', time }
        : { ...first, type: 'contact.attempted', subject: 'Flood', id: `flood-${index}`, time, data };
    return { body: JSON.stringify({ ...event, recordedtime: formatInstant(at + index) }), sentAt: at + index };
  });
}

function subjectOf(body: string): string {
  try {
    return String(JSON.parse(body).subject);
  } catch {
    return '';
  }
}
