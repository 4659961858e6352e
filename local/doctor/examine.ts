import type { SQSClient } from '@aws-sdk/client-sqs';
import { physicalName, SCHEDULES } from '../../infra/settings.ts';
import type { StageSettings } from '../../infra/stage.ts';
import { DAY_MS } from '../../shared/contracts/duration.ts';
import type { Instant } from '../../shared/contracts/instant.ts';
import { utcDate } from '../../shared/domain/mail/mail-id.ts';
import { type ConfigInForce, shardsOf } from '../../shared/store/config-store.ts';
import { dynamoStores } from '../../shared/store/dynamo-stores.ts';
import type { ReferralStore } from '../../shared/store/referral-store.ts';
import type { StageAccess } from '../cli/stage-access.ts';
import type { Tables } from '../explain/tables.ts';
import { type Asides, asidesIn } from '../operate/asides.ts';
import { contentsOf, countIn, DEAD_LETTER_QUEUES } from '../operate/dead-letter-queues.ts';
import { queuesOf } from '../operate/target.ts';
import { alarmsCheck, backupsCheck, keyCheck } from './account-checks.ts';
import { configurationCheck, ownersCheck, peopleCheck, sitesCheck } from './config-checks.ts';
import type { Finding, Read } from './finding.ts';
import {
  deliveryCheck,
  dkimCheck,
  dmarcCheck,
  heldCheck,
  identityCheck,
  quotaCheck,
  sandboxCheck,
  sendingCheck,
  spfCheck,
} from './mail-checks.ts';
import { dmarcRecords, type Names } from './names.ts';
import { mapped, reading, unlessUnconfigured } from './reading.ts';
import {
  detectionCheck,
  planningCheck,
  type QueueCounts,
  queuesCheck,
  reportsCheck,
  schedulesCheck,
  setAsideCheck,
} from './run-checks.ts';
import type { Services } from './services.ts';

/** What doctor looks at. */
export interface Patient {
  stage: string;
  now: Instant;
  /** From its file. Null: a stand-in has none. */
  settings: StageSettings | null;
  tables: Tables;
  sqs: SQSClient;
  caller: StageAccess['caller'];
  region: string | undefined;
  /** Null: a stand-in on this machine, which has nothing but tables and queues. */
  services: Services | null;
  names: Names;
}

const MAIL_DAYS = 3;

/** Every finding about a stage. Only reads. Throws if the credentials are of no use at all. */
export async function examine(patient: Patient): Promise<Finding[]> {
  const [mail, runs, account] = await Promise.all([
    mailFindings(patient),
    runFindings(patient),
    accountFindings(patient),
  ]);
  return [...mail, ...runs, ...account];
}

const STAND_IN: Read<never> = { is: 'unread', why: 'a stand-in on this machine has no such service' };

/** Asks a service of AWS, if there is one. */
async function ask<T>({ services }: Patient, call: (services: Services) => Promise<T>): Promise<Read<T>> {
  return services === null ? STAND_IN : reading(() => call(services));
}

async function mailFindings(patient: Patient): Promise<Finding[]> {
  const { settings, names, now, tables } = patient;
  const holds = settings?.mail.hold ?? null;
  const name = settings?.mail.identity ?? 'the identity';
  const domain = name.slice(name.lastIndexOf('@') + 1);
  const { mails } = dynamoStores(tables.client, tables.names);
  const dates = Array.from({ length: MAIL_DAYS }, (_, day) => utcDate(now - day * DAY_MS));
  const [account, identity, setSends, recent, dmarc] = await Promise.all([
    ask(patient, (services) => services.account()),
    ask(patient, (services) => services.identity(name)),
    ask(patient, (services) => services.setSends()),
    reading(async () => (await Promise.all(dates.map((date) => mails.dueOn(date)))).flat()),
    settings === null ? STAND_IN : reading(() => dmarcRecords(domain, names)),
  ]);
  const own = identity.is === 'read' ? identity.value?.mailFrom?.domain : undefined;
  const spf: Read<string[]> = own === undefined ? { is: 'read', value: [] } : await reading(() => names.texts(own));
  return [
    heldCheck(holds, recent),
    identityCheck(name, identity),
    sandboxCheck(account, holds === true),
    sendingCheck(account, setSends),
    quotaCheck(account),
    dkimCheck(name, identity),
    spfCheck(identity, spf),
    dmarcCheck(domain, dmarc),
    deliveryCheck(recent),
  ];
}

async function runFindings(patient: Patient): Promise<Finding[]> {
  const { stage, now, tables } = patient;
  const { configs, sweeps, setAsides, referrals } = dynamoStores(tables.client, tables.names);
  const [inForce, asides, keys, schedules, queues] = await Promise.all([
    reading(() => unlessUnconfigured(configs.inForce())),
    reading(() => asidesIn(setAsides)),
    reading(() => referrals.ownerKeys('coordinator')),
    ask(patient, (services) =>
      Promise.all(
        Object.keys(SCHEDULES).map(async (name) => ({
          name,
          state: await services.schedule(physicalName(stage, name)),
        })),
      ),
    ),
    reading(() => queueCounts(patient)),
  ]);
  const pushedAt = inForce.is === 'read' ? inForce.value?.pushedAt : undefined;
  const swept: Read<number> =
    pushedAt === undefined ? { is: 'read', value: 0 } : await reading(async () => (await sweeps.load(pushedAt)).swept);
  const oldest = await oldestDue(inForce, asides, { referrals, now });
  const directory = mapped(inForce, (found) => found?.config.directory ?? null);
  return [
    configurationCheck(inForce, swept, now),
    peopleCheck(directory),
    ownersCheck(
      directory,
      mapped(keys, (all) => all.flatMap(({ facts }) => facts ?? [])),
    ),
    sitesCheck(directory),
    schedulesCheck(schedules),
    detectionCheck(oldest, now),
    planningCheck(inForce, now),
    reportsCheck(inForce, now),
    setAsideCheck(mapped(asides, ({ referralIds, unreadable }) => ({ referrals: referralIds.length, unreadable }))),
    queuesCheck(queues),
  ];
}

/** Since when the referral has been due that has been due longest, but for those that are set aside. */
async function oldestDue(
  inForce: Read<ConfigInForce | null>,
  asides: Read<Asides>,
  { referrals, now }: { referrals: ReferralStore; now: Instant },
): Promise<Read<Instant | null>> {
  if (inForce.is === 'unread') return inForce;
  if (asides.is === 'unread') return asides;
  const aside = new Set(asides.value.referralIds);
  return reading(async () => {
    const first = shardsOf(inForce.value?.shardCounts ?? []).map(async (shard) => {
      for await (const page of referrals.due(shard, now)) {
        const found = page.find(({ referralId }) => !aside.has(referralId));
        if (found !== undefined) return [found.wakeAt];
      }
      return [];
    });
    const due = (await Promise.all(first)).flat();
    return due.length === 0 ? null : Math.min(...due);
  });
}

async function accountFindings(patient: Patient): Promise<Finding[]> {
  const { settings, tables, caller, region, stage } = patient;
  const [subscriptions, key, backups] = await Promise.all([
    ask(patient, async (services) => {
      const who = await caller();
      if (who === null || region === undefined) throw new Error('AWS did not say which account this is');
      const [, partition = 'aws'] = who.arn.split(':');
      return services.subscriptions(`arn:${partition}:sns:${region}:${who.account}:${physicalName(stage, 'alarms')}`);
    }),
    ask(patient, (services) => services.dataKey()),
    ask(patient, (services) =>
      Promise.all(Object.values(tables.names).map(async (name) => ({ name, on: await services.backups(name) }))),
    ),
  ]);
  return [alarmsCheck(subscriptions, settings?.alarmEmail ?? null), keyCheck(key), backupsCheck(backups)];
}

/** How much lies in each queue of the stage, and in its dead letters. */
function queueCounts({ sqs, stage }: Patient): Promise<QueueCounts[]> {
  const queues = { sqs, queueUrl: queuesOf(sqs, stage) };
  return Promise.all(
    DEAD_LETTER_QUEUES.map(async (queue) => ({
      name: queue.name,
      waiting: queue.source === null ? null : (await countIn(queue.source, queues)).count,
      dead: (await contentsOf(queue, queues)).count,
    })),
  );
}
