import { GetSendQuotaCommand, SESClient, SESServiceException, SendRawEmailCommand } from '@aws-sdk/client-ses';
import { mockClient } from 'aws-sdk-client-mock';
import { simpleParser } from 'mailparser';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { MINUTE_MS } from '../../../shared/contracts/duration.ts';
import { urgentAlert } from '../../../shared/domain/mail/urgent-alert.ts';
import { NoTimeLeftError, sendPace } from '../../../shared/mail/send-pace.ts';
import { sendRate } from '../../../shared/mail/send-rate.ts';
import { sesMailer } from '../../../shared/mail/ses-mailer.ts';
import { config, coordinator, MONDAY, referralAlert } from './builders.ts';
import { badWeek, reportContent } from './report-samples.ts';

const ses = mockClient(SESClient);
afterAll(() => ses.restore());
const START = MONDAY;
/** When the function's time would be over. */
const until = START + 45_000;
let now = START;
/** What was waited, in simulated time. */
const waits: number[] = [];
const said: string[] = [];
const time = { now: () => now };
const sleep = async (milliseconds: number): Promise<void> => {
  waits.push(milliseconds);
  now += milliseconds;
};
const hear = (code: string): void => void said.push(code);
const log = { info: hear, warn: hear, error: hear };
const client = new SESClient({ region: 'us-east-1' });
/** A mailer of a new instance, one of two. */
function newMailer() {
  const pace = sendPace(sendRate(client, { senders: 2, time, log }), { time, sleep });
  return sesMailer(client, { configurationSet: 'loopwatch-test', pace, log });
}
let mailer = newMailer();
const job = { mailId: '2026-03-02-0123456789abcdef' };

function content() {
  const breached = referralAlert(
    { kind: 'first_attempt', level: 'breached', openedAt: MONDAY },
    { priority: 'urgent' },
  );
  const made = urgentAlert({
    recipient: coordinator(),
    period: '2026-03-02T12:00:00.000Z',
    asOf: MONDAY,
    alerts: [breached],
    config: config(),
  });
  if (!made) throw new Error('expected something urgent');
  return made;
}

const refusal = (name: string, message = name) =>
  new SESServiceException({ name, $fault: 'client', message, $metadata: { httpStatusCode: 400 } });
const send = () => mailer.send(content(), job, config(), { until });
const attempts = (): number => ses.commandCalls(SendRawEmailCommand).length;

beforeEach(() => {
  ses.reset();
  ses.on(GetSendQuotaCommand).resolves({ MaxSendRate: 14 });
  waits.length = 0;
  said.length = 0;
  now = START;
  mailer = newMailer();
});

describe('handing a mail to SES', () => {
  it('sends it once, tagged with its id and under the configuration set', async () => {
    ses.on(SendRawEmailCommand).resolves({ MessageId: 'ses-1' });
    expect(await send()).toBe('ses-1');
    const calls = ses.commandCalls(SendRawEmailCommand);
    expect(calls).toHaveLength(1);
    expect(calls[0]?.args[0].input).toMatchObject({
      ConfigurationSetName: 'loopwatch-test',
      Destinations: ['coordinator.one@example.org'],
      Tags: [
        { Name: 'mailId', Value: job.mailId },
        { Name: 'kind', Value: 'urgent_alert' },
      ],
    });
  });

  it('sends a report with the charts that it shows', async () => {
    ses.on(SendRawEmailCommand).resolves({ MessageId: 'ses-3' });
    const png = new Uint8Array([0x89, 0x50, 0x4e, 0x47]);
    const charts = { 'chart-note': png, 'line-acknowledge': png };
    await mailer.send(reportContent(badWeek()), job, config(), { charts, until });
    const [call] = ses.commandCalls(SendRawEmailCommand);
    const { attachments } = await simpleParser(Buffer.from(call?.args[0].input.RawMessage?.Data ?? []));
    expect(attachments.map(({ cid }) => cid)).toEqual(['chart-note@loopwatch']);
  });

  it('tries again after a throttle: SES did not take the mail', async () => {
    ses.on(SendRawEmailCommand).rejectsOnce(refusal('ThrottlingException')).resolves({ MessageId: 'ses-2' });
    expect(await send()).toBe('ses-2');
    expect(waits).toEqual([1000]);
    expect(said).toEqual(['SES_THROTTLED']);
  });

  it('gives up after five throttles', async () => {
    ses.on(SendRawEmailCommand).rejects(refusal('Throttling'));
    await expect(send()).rejects.toThrow('Throttling');
    expect(attempts()).toBe(5);
    expect(waits).toEqual([1000, 2000, 4000, 8000]);
  });

  it('gives up sooner if the time is over before the next attempt', async () => {
    ses.on(SendRawEmailCommand).rejects(refusal('Throttling', 'Maximum sending rate exceeded.'));
    await expect(mailer.send(content(), job, config(), { until: START + 5000 })).rejects.toThrow(NoTimeLeftError);
    expect(attempts()).toBe(3);
    expect(now).toBe(START + 3000);
  });

  it.each([
    ['Throttling', 'Daily message quota exceeded', 'SES_QUOTA_SPENT'],
    ['ThrottlingException', 'Daily sending quota exceeded.', 'SES_QUOTA_SPENT'],
    ['AccountSendingPausedException', 'Email sending is disabled', 'SES_PAUSED'],
    ['ConfigurationSetSendingPausedException', 'Email sending is disabled', 'SES_PAUSED'],
    ['MessageRejected', 'Sending paused for this account.', 'SES_PAUSED'],
  ])('gives the mail back after %s: %s', async (name, message, code) => {
    ses.on(SendRawEmailCommand).rejects(refusal(name, message));
    await expect(send()).rejects.toThrow(message);
    expect(attempts()).toBe(1);
    expect(waits).toEqual([]);
    expect(said).toEqual([code]);
  });

  it.each(['MessageRejected', 'InternalFailure', 'TimeoutError'])(
    'does not try again after %s: SES may have taken the mail',
    async (name) => {
      ses.on(SendRawEmailCommand).rejects(refusal(name));
      await expect(send()).rejects.toThrow(name);
      expect(ses.commandCalls(SendRawEmailCommand)).toHaveLength(1);
    },
  );
});

describe('the pace of mails', () => {
  const quotaReads = (): number => ses.commandCalls(GetSendQuotaCommand).length;
  beforeEach(() => void ses.on(SendRawEmailCommand).resolves({ MessageId: 'ses-1' }));

  it("is this instance's share of what SES takes in a second, however many are sent at once", async () => {
    await Promise.all(Array.from({ length: 8 }, send));
    // 14 a second for two instances: one in 143 ms.
    expect(now - START).toBeGreaterThanOrEqual(1000);
    expect(now - START).toBeLessThan(8 * 143 * 8);
    expect(quotaReads()).toBe(1);
  });

  it('never lets more through in a second than the share', async () => {
    const times: number[] = [];
    ses.on(SendRawEmailCommand).callsFake(() => {
      times.push(now);
      return { MessageId: 'ses-1' };
    });
    for (let mail = 0; mail < 30; mail += 1) await send();
    for (const from of times) expect(times.filter((at) => at >= from && at < from + 999).length).toBeLessThanOrEqual(7);
  });

  it('is read again after ten minutes', async () => {
    await send();
    now += 9 * MINUTE_MS;
    await mailer.send(content(), job, config(), { until: now });
    expect(quotaReads()).toBe(1);
    now += 2 * MINUTE_MS;
    await mailer.send(content(), job, config(), { until: now });
    expect(quotaReads()).toBe(2);
  });

  it.each([
    ['fails', () => ses.on(GetSendQuotaCommand).rejects(refusal('ServiceUnavailable'))],
    ['names none', () => ses.on(GetSendQuotaCommand).resolves({})],
    ['names none that is left', () => ses.on(GetSendQuotaCommand).resolves({ MaxSendRate: 0 })],
  ])('is a careful one if the reading %s, and no mail is held up', async (_, given) => {
    given();
    await send();
    expect(waits).toEqual([]);
    await send();
    expect(waits).toEqual([2000]);
    expect(said).toEqual(['SEND_QUOTA_UNREAD']);
    expect(attempts()).toBe(2);
  });

  it('sends nothing whose turn would come after the time is over, and takes no turn for it', async () => {
    ses.on(GetSendQuotaCommand).resolves({ MaxSendRate: 1 });
    const short = () => mailer.send(content(), job, config(), { until: START + 1000 });
    await short();
    await expect(short()).rejects.toThrow(NoTimeLeftError);
    await expect(short()).rejects.toThrow(NoTimeLeftError);
    expect([attempts(), waits]).toEqual([1, []]);
    await send();
    expect(waits).toEqual([2000]);
  });
});
