import { PurgeQueueCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findingsText } from '../../../local/doctor/doctor.ts';
import { examine, type Patient } from '../../../local/doctor/examine.ts';
import type { Finding } from '../../../local/doctor/finding.ts';
import type { Services } from '../../../local/doctor/services.ts';
import { localTemplates } from '../../../local/stand-ins/templates.ts';
import { HOUR_MS } from '../../../shared/contracts/duration.ts';
import { systemTime } from '../../../shared/platform/time-source.ts';
import { storedReferral } from '../../builders/stored.ts';
import { loopwatch } from './loopwatch.ts';
import { MONDAY, type OperatedStage, operatedStage, widest } from './operated-stage.ts';

let stage: OperatedStage;
beforeAll(async () => {
  stage = await operatedStage();
});
afterAll(() => stage.stack.standIns.stop());

const WELL: Services = {
  account: async () => ({ production: true, sending: true, enforcement: 'HEALTHY', most: 50_000, sent: 120 }),
  identity: async () => ({ verified: true, dkim: 'SUCCESS', signs: true, mailFrom: null }),
  setSends: async () => true,
  schedule: async () => 'ENABLED',
  subscriptions: async () => [{ protocol: 'email', endpoint: 'alarms@example.org', confirmed: true }],
  dataKey: async () => ({ state: 'Enabled', deletedAt: null }),
  backups: async () => true,
  close: () => {},
};

/** The stage of the stand-ins as if it were one of AWS. */
const patient = (over: Partial<Patient> = {}): Patient => ({
  stage: 'local',
  now: MONDAY + 60_000,
  settings: {
    mail: { identity: 'example.org', origin: 'new', hold: false },
    logLevel: 'INFO',
    noInputHours: 0,
    logRetentionDays: 90,
    retention: { closedReferralMonths: 25 },
    alarmEmail: 'alarms@example.org',
    senders: [],
    operators: [],
  },
  tables: { client: stage.stack.dynamodb, names: stage.tables },
  sqs: stage.stack.sqs,
  caller: async () => ({ account: '000000000000', arn: 'arn:aws:iam::000000000000:role/on-call' }),
  region: 'us-east-1',
  services: WELL,
  names: { texts: async () => ['v=DMARC1; p=none'] },
  ...over,
});
const levelOf = (findings: readonly Finding[], check: string) => findings.find((each) => each.check === check)?.level;

describe('loopwatch doctor', () => {
  it('names what is wrong first, each with how to mend it, on 80 columns, and ends with 1', async () => {
    const { code, stdout } = await stage.onStage('doctor');
    expect(code).toBe(1);
    const lines = stdout.split('\n');
    expect(lines[0]).toMatch(/^stage local: \d+ fail, .*\d+ unknown, \d+ ok$/);
    expect(lines[1]).toMatch(/^ {2}FAIL /);
    // It was pushed on a Monday long ago, and nothing has run since.
    expect(stdout).toContain('docs/runbooks.md#runs-failing');
    expect(stdout).toMatch(/\?\s+SES identity {3}a stand-in on this machine has no such service/);
    expect(widest(stdout)).toBeLessThanOrEqual(80);
  });

  it('ends with 0 if nothing fails', async () => {
    const fresh = await operatedStage();
    try {
      const now = systemTime.now();
      const { version } = await fresh.stores.configs.inForce();
      await fresh.stores.configs.markReports({ reportsUntil: now, reportsFinished: 1 });
      await fresh.stores.configs.markPlanned({ plannedUntil: now, plannedVersion: version, reportsPlanned: 1 });
      const { code, stdout } = await fresh.onStage('doctor', '--json');
      const { counts, findings } = JSON.parse(stdout);
      expect(findings.filter(({ level }: Finding) => level === 'fail')).toEqual([]);
      expect([code, counts.fail]).toEqual([0, 0]);
    } finally {
      await fresh.stack.standIns.stop();
    }
  });

  it('without a stage is wrong usage', async () => {
    expect((await loopwatch(['doctor'])).code).toBe(2);
  });
});

describe('a stage that is well', () => {
  it('has every check on one screen', async () => {
    const findings = await examine(patient());
    const bad = findings.filter(({ level }) => level === 'fail' || level === 'unknown');
    expect(bad).toEqual([]);
    const text = findingsText('local', findings);
    expect(text.split('\n').length).toBeLessThanOrEqual(23);
    expect(widest(text)).toBeLessThanOrEqual(80);
  });

  it('is asked for its own alarm topic', async () => {
    const asked: string[] = [];
    const subscriptions = async (topic: string) => {
      asked.push(topic);
      return WELL.subscriptions(topic);
    };
    await examine(patient({ services: { ...WELL, subscriptions } }));
    expect(asked).toEqual(['arn:aws:sns:us-east-1:000000000000:loopwatch-local-alarms']);
  });
});

describe('a stage that is not', () => {
  it('is told so by each service that fails, and the others are still asked', async () => {
    const refuse = async () => {
      throw Object.assign(new Error('x'), { name: 'AccessDeniedException' });
    };
    for (const [name, checks] of [
      ['account', ['SES sandbox', 'SES sending', 'SES quota']],
      ['identity', ['SES identity', 'DKIM', 'SPF']],
      ['schedule', ['schedules']],
      ['subscriptions', ['alarms']],
      ['dataKey', ['data key']],
      ['backups', ['backups']],
    ] as const) {
      const findings = await examine(patient({ services: { ...WELL, [name]: refuse } }));
      const unknown = findings.filter(({ level }) => level === 'unknown').map(({ check }) => check);
      expect(unknown).toEqual(checks);
    }
  });

  it('is behind with a referral, unless that is set aside', async () => {
    const due = MONDAY - HOUR_MS;
    await stage.stores.configs.noteShards(4);
    await stage.stores.referrals.save(storedReferral('R-due', { wakeAt: due }), null);
    expect(levelOf(await examine(patient()), 'detection')).toBe('fail');
    await stage.stores.setAsides.put({ referralId: 'R-due', by: 'detect-breaches', error: 'RangeError', since: due });
    const findings = await examine(patient());
    expect([levelOf(findings, 'detection'), levelOf(findings, 'set aside')]).toEqual(['ok', 'fail']);
  });

  it('has every schedule that is deployed, and every queue', async () => {
    const asked: string[] = [];
    const schedule = async (name: string) => {
      asked.push(name);
      return 'ENABLED';
    };
    const findings = await examine(patient({ services: { ...WELL, schedule } }));
    const schedules = (await localTemplates()).flatMap(({ Resources }) =>
      Object.values(Resources).filter(({ Type }) => Type === 'AWS::Scheduler::Schedule'),
    );
    expect(asked.sort()).toEqual(schedules.map(({ Properties }) => Properties?.Name).sort());
    expect(levelOf(findings, 'queues')).toBe('ok');
    const { sqs, resources } = stage.stack;
    for (const purpose of Object.keys(resources.queues).filter((name) => name.endsWith('-dlq'))) {
      const name = { QueueUrl: resources.queues[purpose]?.url };
      await sqs.send(new SendMessageCommand({ ...name, MessageBody: '{}' }));
      expect(levelOf(await examine(patient()), 'queues'), purpose).toBe('fail');
      await sqs.send(new PurgeQueueCommand(name));
    }
  });

  it('has dead letters', async () => {
    const { sqs, resources } = stage.stack;
    await sqs.send(new SendMessageCommand({ QueueUrl: resources.queues['mail-jobs-dlq']?.url, MessageBody: '{}' }));
    expect(levelOf(await examine(patient()), 'queues')).toBe('fail');
  });

  it('has no network: nothing is said of its domain', async () => {
    const texts = async () => {
      throw Object.assign(new Error('no answer'), { name: 'ETIMEOUT' });
    };
    const findings = await examine(patient({ names: { texts } }));
    expect(findings.find(({ check }) => check === 'DMARC')).toMatchObject({
      level: 'unknown',
      says: 'could not look up (ETIMEOUT)',
    });
  });
});
