import { beforeAll, describe, expect, it } from 'vitest';
import { FUNCTIONS, type FunctionName } from '../../infra/settings.ts';
import { SAMPLE_SETTINGS } from '../../infra/templates.ts';
import { localTemplates } from '../../local/stand-ins/templates.ts';
import { LOG_CODES } from '../../shared/platform/logger.ts';
import { quarantineBodyKey, quarantineKey, refusedKey } from '../../shared/store/operations-keys.ts';
import { rightsNeeded } from './arns.ts';
import { type Walk, walkEveryPath } from './paths.ts';
import { allows, names, type Right, type Statement } from './policy.ts';
import { roleStatements } from './roles.ts';

/**
 * Every function is led through every path that it has, and what it calls is held against its own role: each call is
 * allowed, and nothing is allowed that no call needs.
 */

/** What a role needs without the function's own code calling it, and why. */
const NOT_CALLED: readonly { actions: string[]; on: RegExp; reason: string }[] = [
  {
    actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    on: /:log-group:\/aws\/lambda\//,
    reason: "Lambda writes the function's output to its log group, as the function",
  },
  {
    actions: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
    on: /:sqs:.*-(referral-events|mail-jobs|delivery-events)$/,
    reason: "Lambda's poller reads the queue and deletes what was done, as the function",
  },
  {
    actions: ['sqs:SendMessage'],
    on: /:sqs:.*-scheduler-dlq$/,
    reason: 'Lambda puts the event of a run that failed for good there, as the function',
  },
  {
    actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
    on: /:kms:/,
    reason: 'SQS has messages encrypted and decrypted, as the function',
  },
  {
    actions: [
      'kms:Decrypt',
      'kms:DescribeKey',
      'kms:Encrypt',
      'kms:GenerateDataKey',
      'kms:GenerateDataKeyWithoutPlaintext',
      'kms:ReEncryptFrom',
      'kms:ReEncryptTo',
    ],
    on: /:kms:/,
    reason: "DynamoDB opens a table's key, as the function",
  },
  {
    actions: ['kms:GenerateMac'],
    on: /:kms:.*FindKey/,
    reason: "a function's first failure is logged with its referral's hash; on one machine there is no KMS",
  },
];

/**
 * A run that is cut short calls nothing that it would not have called, nor does a mail whose last one can't be read, or
 * that SES doesn't take, nor who leaves out an item that can't be read, or leaves a referral
 * to the next run.
 */
const NOT_WALKED = [
  'RUN_CUT_SHORT',
  'RUN_IDLE',
  'LAST_MAIL_UNREADABLE',
  'ITEM_UNREADABLE',
  'REFERRAL_FAILED',
  'REPORT_INCOMPLETE',
  'SES_THROTTLED',
  'SES_QUOTA_SPENT',
  'SES_QUOTA_LOW',
  'SES_PAUSED',
  'SEND_QUOTA_UNREAD',
];

const NAMES = Object.keys(FUNCTIONS) as FunctionName[];
let walk: Walk;
let roles: Map<FunctionName, Statement[]>;
const called = new Map<FunctionName, Right[]>();

beforeAll(async () => {
  const templates = await localTemplates();
  roles = roleStatements(templates);
  walk = await walkEveryPath();
  for (const name of NAMES) {
    const calls = walk.calls.filter(({ functionName }) => functionName === name);
    called.set(name, distinct(calls.flatMap((call) => rightsNeeded(call, SAMPLE_SETTINGS.mail.identity))));
  }
});

const textOf = ({ action, resource }: Right): string => `${action} on ${resource}`;
const distinct = (rights: readonly Right[]): Right[] => [
  ...new Map(rights.map((right) => [`${textOf(right)} ${JSON.stringify(right.context)}`, right])).values(),
];
const roleOf = (name: FunctionName): Statement[] => roles.get(name) ?? [];
const calledBy = (name: FunctionName): Right[] => called.get(name) ?? [];

/** Every action with every resource that a role allows, conditions left aside. */
function allowedTo(name: FunctionName): Right[] {
  const allowed = roleOf(name).filter(({ effect }) => effect === 'Allow');
  const pairs = allowed.flatMap(({ actions, resources }) =>
    actions.flatMap((action) => resources.map((resource) => ({ action, resource }))),
  );
  return distinct(pairs);
}

const isCalled = (name: FunctionName, { action, resource }: Right): boolean =>
  calledBy(name).some((right) => names({ actions: [action], resources: [resource] }, right));
const exceptionsFor = ({ action, resource }: Right) =>
  NOT_CALLED.filter(({ actions, on }) => actions.includes(action) && on.test(resource));

describe('the walk', () => {
  it('makes every function do everything that it logs', () => {
    const codes = new Set([...walk.said].map((text) => text.split(' ')[0]));
    expect([...codes].sort()).toEqual(
      Object.keys(LOG_CODES)
        .filter((code) => !NOT_WALKED.includes(code))
        .sort(),
    );
  });

  it.each([
    'MAIL_SENT coordinator_digest',
    'MAIL_SENT liaison_digest',
    'MAIL_SENT urgent_alert',
    'MAIL_SENT operations',
    'MAIL_SKIPPED sent',
    'MAIL_SKIPPED recipient left',
    'MAIL_SKIPPED domain not allowed',
    'MAIL_SKIPPED the next digest has come',
    'MAIL_SKIPPED nothing to report',
    'RECORD_FAILED LeaseHeldError',
    'REPORTS_LEFT leased',
    'DELIVERY_RECORDED Send',
    'DELIVERY_RECORDED Delivery',
    'DELIVERY_RECORDED Bounce',
    'DELIVERY_RECORDED Complaint',
  ])('comes by "%s"', (path) => {
    expect([...walk.said]).toContain(path);
  });
});

describe.each(NAMES)('%s', (name) => {
  it('is allowed every call that it makes, on just that table, index, queue or identity', () => {
    expect(calledBy(name).length).toBeGreaterThan(0);
    const refused = calledBy(name).filter((right) => !allows(roleOf(name), right));
    expect(refused.map((right) => `${textOf(right)} ${JSON.stringify(right.context)}`)).toEqual([]);
  });

  it('is allowed nothing that it never calls, but what AWS does in its name', () => {
    const unused = allowedTo(name).filter((right) => !isCalled(name, right) && exceptionsFor(right).length === 0);
    expect(unused.map(textOf)).toEqual([]);
  });
});

describe('refused bodies', () => {
  const operations = 'arn:aws:dynamodb:us-east-1:000000000000:table/loopwatch-local-operations';
  const BODIES = [quarantineKey('invalid', 'q').pk, quarantineBodyKey('invalid', 'q', 0).pk];
  const READS = ['BatchGetItem', 'GetItem', 'Query', 'UpdateItem', 'Scan', 'PartiQLSelect', 'GetRecords'];
  const mayCall = (name: FunctionName, action: string, leadingKeys: readonly string[]): boolean =>
    allows(roleOf(name), {
      action: `dynamodb:${action}`,
      resource: operations,
      context: { 'dynamodb:LeadingKeys': leadingKeys },
    });

  it.each(NAMES)('are read by no call of %s, not among other keys either', (name) => {
    const keys = BODIES.flatMap((body) => [[body], ['mail#2026-03-02', body], [body, refusedKey('invalid', '').pk]]);
    const readable = keys.flatMap((some) => READS.filter((action) => mayCall(name, action, some)));
    expect(readable).toEqual([]);
  });

  it('are put by ingest-events alone', () => {
    for (const body of BODIES) {
      expect(NAMES.filter((name) => mayCall(name, 'PutItem', [body]))).toEqual(['ingest-events']);
    }
  });

  it('are counted by those who report them', () => {
    const counting = NAMES.filter((name) => mayCall(name, 'Query', [refusedKey('invalid', '').pk]));
    expect(counting).toEqual(expect.arrayContaining(['send-mail', 'write-reports']));
    const asked = NAMES.filter((name) =>
      calledBy(name).some(({ context }) => context?.['dynamodb:LeadingKeys']?.includes('refused#limit')),
    );
    expect(asked).toEqual(['write-reports', 'send-mail']);
  });
});

describe('the exceptions', () => {
  it.each(NOT_CALLED)('are all there for a reason: $reason', ({ actions, on }) => {
    const uncalled = NAMES.flatMap((name) => allowedTo(name).filter((right) => !isCalled(name, right)));
    const covered = uncalled.filter(({ resource }) => on.test(resource)).map(({ action }) => action);
    expect(actions.filter((action) => !covered.includes(action))).toEqual([]);
  });
});
