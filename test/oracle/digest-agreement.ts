import * as plan from '../../functions/plan-mail/handler.ts';
import * as send from '../../functions/send-mail/handler.ts';
import { lambdaContext } from '../../local/stand-ins/lambda-context.ts';
import type { Config } from '../../shared/contracts/config.ts';
import { MINUTE_MS } from '../../shared/contracts/duration.ts';
import { formatInstant, type Instant } from '../../shared/contracts/instant.ts';
import type { MailContent } from '../../shared/contracts/mail.ts';
import { cutOf, mailRows } from '../../shared/contracts/mail-rows.ts';
import { silentLog } from '../../shared/platform/logger.ts';
import { silentMetrics } from '../../shared/platform/metrics.ts';
import { sqsEvent } from '../builders/sqs.ts';
import { World } from '../doubles/world.ts';
import { batchesOf, type Line } from './agreement.ts';
import { type Digest, oracleDigests } from './digest.ts';
import type { AskDigests } from './digest-story.ts';
import { localDay, minutesOf, toInstant } from './time.ts';

/** Asks the oracle and the deployed handlers (over stores in memory) for the same coordinator digests. */

/** The oracle's answer. It reads events, so it ignores lines that aren't JSON. */
export const askOracleForDigests: AskDigests = ({ lines, config, from, until }) =>
  oracleDigests(lines.flatMap(readable), config, { from, until });

function readable({ body, arrivedAt }: Line): { event: unknown; arrivedAt: Instant }[] {
  try {
    return [{ event: JSON.parse(body), arrivedAt }];
  } catch {
    return [];
  }
}

/** The answer of the deployed handlers: what they freeze and send. */
export const askHandlersForDigests: AskDigests = async ({ lines, config, from, until }) => {
  const world = await World.open(config, { since: from });
  const mail = postOffice(world);
  const batches = batchesOf(lines);
  const told: Digest[] = [];
  for (const instant of mailInstants(config, from, until)) {
    const arrived = batches.findIndex(({ at }) => at > instant);
    await world.live(batches.splice(0, arrived < 0 ? batches.length : arrived), instant);
    told.push(...(await mail(instant)).flatMap(toldBy));
  }
  const people = config.directory.people.map(({ id }) => id);
  return told.toSorted((a, b) => people.indexOf(a.personId) - people.indexOf(b.personId) || a.asOf - b.asOf);
};

type Handler = (event: unknown, context: unknown) => Promise<unknown>;

/** Plans and sends at an instant, with the real handlers. @returns what SES would have got, as it was frozen */
function postOffice({ stores, time }: World): (instant: Instant) => Promise<MailContent[]> {
  let queued: string[] = [];
  let sent: MailContent[] = [];
  const queue: plan.MailQueue = { announce: async (ids) => void queued.push(...ids) };
  const mailer: send.Mailer = { send: async (content) => `message-${sent.push(content)}`, make: async () => {} };
  const deps = { ...stores, time, holds: false, backoff: async () => {}, log: silentLog, metrics: silentMetrics };
  const deadLetters = { counts: async () => [] };
  const planning = plan.createHandler({ ...deps, queue }) as unknown as Handler;
  const sending = send.createHandler({ ...deps, deadLetters, mailer, leaseMs: 5 * MINUTE_MS }) as unknown as Handler;
  return async (instant) => {
    time.moveTo(instant);
    await planning({ time: formatInstant(instant) }, lambdaContext('plan-mail', 300));
    const jobs = sqsEvent(queued.map((mailId) => ({ body: JSON.stringify({ mailId }), sentAt: instant })));
    const { batchItemFailures } = (await sending(jobs, lambdaContext('send-mail', 60))) as {
      batchItemFailures: unknown[];
    };
    if (batchItemFailures.length > 0) throw new Error(`${batchItemFailures.length} mails were not made`);
    const made = sent;
    queued = [];
    sent = [];
    return made;
  };
}

/** When anybody's digest could come, on days off and holidays too: there it has to be found that none does. */
function mailInstants({ directory }: Config, from: Instant, until: Instant): Instant[] {
  const instants = directory.people.flatMap(({ timeZone, digestAt = '07:00' }) => {
    const first = localDay(timeZone, from);
    const days = Array.from({ length: localDay(timeZone, until) - first + 1 }, (_, index) => first + index);
    return days.map((day) => toInstant(timeZone, day, minutesOf(digestAt)));
  });
  return [...new Set(instants)].filter((instant) => instant >= from && instant <= until).sort((a, b) => a - b);
}

function toldBy(content: MailContent): Digest[] {
  if (content.kind !== 'coordinator_digest') return [];
  const { recipient, period, asOf, since, resolvedReferrals: resolved } = content;
  const rows = mailRows(content).map(({ also: _also, ...row }) => row);
  const cut = cutOf(content).map(({ section, priority, n }) => ({ section, priority, n }));
  return [{ personId: recipient.id, period, asOf, since, rows, cut, resolved }];
}

/** Who is asked for the digests of a story. */
export const SIDES: [name: string, ask: AskDigests][] = [
  ['the oracle', askOracleForDigests],
  ['the handlers', askHandlersForDigests],
];
