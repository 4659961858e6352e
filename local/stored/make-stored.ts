import { SESClient, SendRawEmailCommand } from '@aws-sdk/client-ses';
import type { Config } from '../../shared/contracts/config.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../shared/contracts/duration.ts';
import { formatInstant } from '../../shared/contracts/instant.ts';
import { DynamoQuarantineDesk, type QuarantineEntry } from '../../shared/store/dynamo-quarantine-desk.ts';
import { REFERRAL, referralIdOf } from '../../shared/store/keys.ts';
import { Table } from '../../shared/store/table.ts';
import { type Between, MemoryStage } from '../memory-stage/memory-stage.ts';
import { doStep, stepFor } from '../operate/mail-resend.ts';
import type { Target } from '../operate/target.ts';
import { sesNotification } from '../stand-ins/ses-events.ts';
import { goOn } from './go-on.ts';
import { beginDiscarding, cutMail, setAsideOne } from './odd-items.ts';
import { type RichWeeks, richWeeks } from './rich-weeks.ts';
import type { Stored, StoredMessage } from './stored-file.ts';

const SEED = 5;
const WHO = 'arn:aws:iam::000000000000:user/example';
const QUEUES = ['referral-events', 'mail-jobs', 'delivery-events'] as const;
/** Every so many mails bounces, or is complained about. */
const BOUNCES = { every: 9, at: 4 };
const COMPLAINTS = { every: 9, at: 7 };

/** A sender that dies at SES, while it is told to. */
class DyingSender implements Between {
  dies = false;

  attach(client: object): void {
    if (!(client instanceof SESClient)) return;
    const send = client.send.bind(client) as (command: object) => Promise<unknown>;
    Object.assign(client, {
      send: async (command: object) => {
        if (this.dies && command instanceof SendRawEmailCommand) throw new Error('the sender died');
        return send(command);
      },
    });
  }

  during<T>(_name: string, work: () => Promise<T>): Promise<T> {
    return work();
  }
}

/**
 * Plays weeks on a stage in memory, stops in the middle of a morning, and gives everything that is there: every kind of
 * item of docs/data-model.md, and messages on every queue. The same code always gives the same.
 */
export async function makeStored(release: string): Promise<Stored> {
  const weeks = richWeeks(SEED);
  const sender = new DyingSender();
  const stage = await MemoryStage.open(weeks.from, { between: sender });
  await stage.stores.configs.push(weeks.oddConfig, weeks.from, WHO);
  stage.time.moveTo(weeks.from + MINUTE_MS);
  await stage.stores.configs.push(weeks.config, stage.time.now(), WHO);
  await firstDays(stage, weeks);
  await lastDays(stage, weeks);
  await lastMorning(stage, weeks, sender);
  return {
    ...{ release, now: stage.time.now() },
    items: (['referrals', 'operations'] as const).flatMap((table) =>
      stage.dynamo.items(stage.names[table]).map((item) => ({ table, item })),
    ),
    messages: QUEUES.flatMap((queue) =>
      stage.queues[queue]
        .receive(Number.POSITIVE_INFINITY)
        .map(({ body, attributes, sentAt }): StoredMessage => ({ queue, body, attributes, sentAt })),
    ),
    arrivals: weeks.arrivals.filter(({ sentAt }) => sentAt > stage.time.now()),
  };
}

const tells = (mail: number) => {
  if (mail % BOUNCES.every === BOUNCES.at) return ['Send', 'Bounce'] as const;
  if (mail % COMPLAINTS.every === COMPLAINTS.at) return ['Send', 'Delivery', 'Complaint'] as const;
  return ['Send', 'Delivery'] as const;
};

/** As somebody goes live: mail is held, then sent; the configuration changes once. */
async function firstDays(stage: MemoryStage, { arrivals, from, config, stop }: RichWeeks): Promise<void> {
  stage.holdMail(true);
  await goOn(stage, { arrivals, until: from + 3 * DAY_MS, everyMs: HOUR_MS, tells });
  stage.holdMail(false);
  await goOn(stage, { arrivals, until: from + 14 * DAY_MS, everyMs: HOUR_MS, tells });
  await stage.stores.configs.push(changed(config, 90), stage.time.now(), WHO);
  await goOn(stage, { arrivals, until: stop - 3 * DAY_MS + HOUR_MS, everyMs: HOUR_MS, tells });
}

/** Another configuration, which differs in nothing that matters. */
const changed = (config: Config, unmatchedDays: number): Config =>
  config.dialects === undefined
    ? config
    : {
        ...config,
        dialects: {
          ...config.dialects,
          senders: config.dialects.senders.map((sender) => ({ ...sender, unmatchedDays })),
        },
      };

/** Somebody marks alerts, sees to what was refused, and sends a mail again; a referral is set aside and taken back. */
async function lastDays(stage: MemoryStage, weeks: RichWeeks): Promise<void> {
  const { arrivals, stop } = weeks;
  await markAlerts(stage);
  await seeToRefused(stage);
  await goOn(stage, { arrivals, until: stop - 2 * DAY_MS, everyMs: HOUR_MS, tells });
  await resendOne(stage);
  await setAsideOne(stage, () => stage.run('detect-breaches', stage.time.now()));
  await goOn(stage, { arrivals, until: stop - DAY_MS, everyMs: HOUR_MS, tells });
  // What SES tells of the mails of the last day lies on its queue in the end.
  await goOn(stage, { arrivals, until: stop - 15 * MINUTE_MS, everyMs: 15 * MINUTE_MS, tells: () => [] });
}

/** Digests are planned, and one sender dies; events have just arrived; another configuration was pushed just now. */
async function lastMorning(stage: MemoryStage, { arrivals, config, stop }: RichWeeks, sender: DyingSender) {
  stage.time.moveTo(stop);
  sender.dies = true;
  await setAsideOne(stage, async () => {
    await stage.run('detect-breaches', stop);
    await stage.run('plan-mail', stop);
    await stage.consume('mail-jobs', { order: (messages) => messages.slice(0, 3) });
  });
  await cutMail(stage);
  for (const mail of stage.sent.filter(({ sentAt }) => sentAt > stop - DAY_MS)) {
    stage.queues['delivery-events'].send(sesNotification(mail, 'Delivery'), { sentAt: stop });
  }
  const lately = arrivals.filter(({ sentAt }) => sentAt > stop - 12 * HOUR_MS && sentAt <= stop).slice(-3);
  for (const { queue, body, ...message } of lately) stage.queues[queue].send(body, message);
  await stage.stores.configs.push(changed(config, 60), stop, WHO);
}

/** Somebody works on one open alert and hides another. */
async function markAlerts(stage: MemoryStage): Promise<void> {
  const now = stage.time.now();
  const open = (await stage.items('referrals')).filter(
    ({ sk, coordinatorKey }) => sk === REFERRAL && coordinatorKey !== undefined,
  );
  const until = formatInstant(now + 7 * DAY_MS);
  for (const [index, { pk }] of open.slice(0, 4).entries()) {
    const isSnooze = index % 2 === 1;
    const event = {
      ...{ specversion: '1.0', source: 'urn:example:people', id: `mark-${index}`, subject: referralIdOf(String(pk)) },
      type: isSnooze ? 'alert.snoozed' : 'alert.acknowledged',
      time: formatInstant(now),
      data: { kind: 'all', by: 'coordinator-1', ...(isSnooze && { until }) },
    };
    stage.queues['referral-events'].send(JSON.stringify(event), { sentAt: now });
  }
}

/** What an operator does with refused messages: each in another way; and one that died while discarding. */
async function seeToRefused(stage: MemoryStage): Promise<void> {
  const now = stage.time.now();
  const desk = new DynamoQuarantineDesk(new Table(stage.client, stage.names.operations));
  const first = async (reason: QuarantineEntry['reason'], place = 0): Promise<QuarantineEntry> => {
    const all = [];
    for await (const page of desk.pages(reason)) all.push(...page);
    const entry = all[place];
    if (!entry) throw new Error(`nothing was refused as ${reason}`);
    return entry;
  };
  const sendAgain = async (entry: QuarantineEntry): Promise<void> => {
    await desk.markReplayed(entry, now);
    const { file, position } = entry;
    const attributes = { ...(file && { file }), ...(position !== null && { position: String(position) }) };
    stage.queues['referral-events'].send((await desk.body(entry)) ?? '', { sentAt: now, attributes });
  };
  const early = await first('time_in_future');
  await sendAgain(early);
  await sendAgain(await first('unknown_type'));
  await stage.consume('referral-events');
  await desk.markTaken(early, now);
  const row = await first('invalid');
  await desk.markRefusedAs(row, 'unmatched');
  await desk.discard(await first('malformed'), now);
  await beginDiscarding(stage, await first('invalid', 1));
}

async function resendOne(stage: MemoryStage): Promise<void> {
  const { client, names, time } = stage;
  const sent = (await stage.items('operations')).find(
    ({ pk, status, kind }) => String(pk).startsWith('mail#') && status === 'sent' && kind === 'coordinator_digest',
  );
  const job = await stage.stores.mails.get(String(sent?.sk));
  if (job === null) throw new Error('no digest was sent');
  const target: Target = {
    ...{ name: 'a stage in memory', tables: { client, names }, sqs: stage.sqs, now: time.now() },
    queueUrl: async (purpose) => stage.queueUrl(purpose),
  };
  await doStep(await stepFor(job, target), target);
}
