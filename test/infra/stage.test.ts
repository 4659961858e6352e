import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readStage, StageError } from '../../infra/stage.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'loopwatch-stages-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const PRINCIPAL = 'the ARN of a role or user such as arn:aws:iam::111122223333:role/feed; wildcards are refused';
const MAIL = { identity: 'example.org', origin: 'new' };
function stageOf(content: unknown, name = 'qa') {
  writeFileSync(join(folder, `${name}.json`), typeof content === 'string' ? content : JSON.stringify(content));
  return readStage(name, folder);
}

describe("a stage's file", () => {
  it('of dev, as committed, is valid', () => {
    expect(readStage('dev').mail).toEqual({ ...MAIL, hold: false });
  });

  it('needs only the mail identity', () => {
    expect(stageOf({ mail: MAIL })).toEqual({
      mail: { ...MAIL, hold: false },
      logLevel: 'INFO',
      logRetentionDays: 90,
      retention: { closedReferralMonths: 25 },
      noInputHours: 72,
      senders: [],
      operators: [],
    });
  });

  it.each([
    [
      { mail: { identity: 'https://example.org', origin: 'new' } },
      'mail.identity: "https://example.org" - expected a domain in lower case or an e-mail address',
    ],
    [{ mail: { identity: 'example.org' } }, 'mail.origin: missing - expected one of new, existing'],
    [{}, 'mail: missing - expected an object with identity, origin, and optionally hold'],
    [{ mail: MAIL, logLevl: 'INFO' }, 'logLevl: "INFO" - unknown field, did you mean logLevel?'],
    [{ mail: { ...MAIL, hold: 'yes' } }, 'mail.hold: "yes" - expected true or false'],
    [{ mail: MAIL, logLevel: 'LOUD' }, 'logLevel: "LOUD" - expected one of DEBUG, INFO, WARN, ERROR'],
    [
      { mail: MAIL, logRetentionDays: 91 },
      'logRetentionDays: 91 - expected one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653',
    ],
    [
      { mail: MAIL, retention: { closedReferralMonths: 2.5 } },
      'retention.closedReferralMonths: 2.5 - expected a whole number of months, 1 to 120',
    ],
    [
      { mail: MAIL, retention: { closedReferralMonths: 0 } },
      'retention.closedReferralMonths: 0 - expected a whole number of months, 1 to 120',
    ],
    [{ mail: MAIL, retention: { months: 25 } }, 'retention.months: 25 - unknown field, known are closedReferralMonths'],
    ...[0, 169, 1.5, 'never', null].map((noInputHours): [object, string] => [
      { mail: MAIL, noInputHours },
      `noInputHours: ${JSON.stringify(noInputHours)} - expected a whole number of hours, 1 to 168, or "off"`,
    ]),
    [{ mail: MAIL, alarmEmail: 'operations' }, 'alarmEmail: "operations" - expected an e-mail address'],
    [
      { mail: MAIL, account: 123456789012 },
      'account: 123456789012 - expected the 12 digits of an AWS account, as text',
    ],
    [{ mail: MAIL, region: 'Virginia' }, 'region: "Virginia" - expected an AWS region such as us-east-1'],
    [{ mail: MAIL, senders: '111122223333' }, 'senders: "111122223333" - expected a list'],
    ...['*', 'arn:aws:iam::111122223333:role/*', 'arn:aws:iam::111122223333:root', 'sqs.amazonaws.com', '1111'].map(
      (sender): [object, string] => [
        { mail: MAIL, senders: ['111122223333', sender] },
        `senders.1: "${sender}" - expected the 12 digits of an AWS account, or ${PRINCIPAL}`,
      ],
    ),
    [
      { mail: MAIL, senders: ['111122223333', '111122223333'] },
      'senders: ["111122223333","111122223333"] - expected senders, each of them once',
    ],
    ...['*', '111122223333', 'arn:aws:sts::111122223333:assumed-role/on-call/me'].map((operator): [object, string] => [
      { mail: MAIL, operators: [operator] },
      `operators.0: "${operator}" - expected ${PRINCIPAL}`,
    ]),
    [
      { mail: MAIL, mailIdentity: 'example.org' },
      'mailIdentity: "example.org" - unknown field, known are account, region, mail, logLevel, logRetentionDays, retention, alarmEmail, noInputHours, senders, operators',
    ],
  ])('%j is refused with what would be right', (content, message) => {
    expect(() => stageOf(content)).toThrow(new StageError(`infra/stages/qa.json: ${message}`));
  });

  it('is reported with all its mistakes at once', () => {
    expect(() => stageOf({ mail: MAIL, logLevel: 1, alarmEmail: 2 })).toThrow(/logLevel.*\n.*alarmEmail/);
  });

  it('that is not JSON is refused with its name', () => {
    expect(() => stageOf('{ mail: }')).toThrow(/^infra\/stages\/qa\.json: not JSON: /);
  });

  it('must have a name that fits into the names of AWS resources', () => {
    expect(() => stageOf({ mail: MAIL }, 'pre-prod')).toThrow(
      "infra/stages/pre-prod.json: a stage's name is 1 to 16 lower-case letters and digits",
    );
  });
});

describe('a stage', () => {
  it.each([
    [undefined, 'no stage was named: say -c stage=<stage>, one of dev (from infra/stages/)'],
    ['prod', 'there is no stage "prod": say -c stage=<stage>, one of dev (from infra/stages/)'],
    ['../stages/dev', 'there is no stage "../stages/dev": say -c stage=<stage>, one of dev (from infra/stages/)'],
  ])('%s is refused and the stages that there are are listed', (stage, message) => {
    expect(() => readStage(stage)).toThrow(new StageError(message));
  });
});
