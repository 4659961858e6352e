import { SESClient, SESServiceException, SendRawEmailCommand } from '@aws-sdk/client-ses';
import { mockClient } from 'aws-sdk-client-mock';
import { simpleParser } from 'mailparser';
import { beforeEach, describe, expect, it } from 'vitest';
import { urgentAlert } from '../../../shared/domain/mail/urgent-alert.ts';
import { sesMailer } from '../../../shared/mail/ses-mailer.ts';
import { config, coordinator, MONDAY, referralAlert } from './builders.ts';
import { badWeek, reportContent } from './report-samples.ts';

const ses = mockClient(SESClient);
const waits: number[] = [];
const mailer = sesMailer(new SESClient({ region: 'us-east-1' }), {
  configurationSet: 'loopwatch-test',
  backoff: async (attempt) => {
    waits.push(attempt);
  },
});
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

const refusal = (name: string) =>
  new SESServiceException({ name, $fault: 'client', message: name, $metadata: { httpStatusCode: 400 } });

beforeEach(() => {
  ses.reset();
  waits.length = 0;
});

describe('handing a mail to SES', () => {
  it('sends it once, tagged with its id and under the configuration set', async () => {
    ses.on(SendRawEmailCommand).resolves({ MessageId: 'ses-1' });
    expect(await mailer.send(content(), job, config())).toBe('ses-1');
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
    await mailer.send(reportContent(badWeek()), job, config(), charts);
    const [call] = ses.commandCalls(SendRawEmailCommand);
    const { attachments } = await simpleParser(Buffer.from(call?.args[0].input.RawMessage?.Data ?? []));
    expect(attachments.map(({ cid }) => cid)).toEqual(['chart-note@loopwatch']);
  });

  it('tries again after a throttle: SES did not take the mail', async () => {
    ses.on(SendRawEmailCommand).rejectsOnce(refusal('ThrottlingException')).resolves({ MessageId: 'ses-2' });
    expect(await mailer.send(content(), job, config())).toBe('ses-2');
    expect(waits).toEqual([1]);
  });

  it('gives up after five throttles', async () => {
    ses.on(SendRawEmailCommand).rejects(refusal('Throttling'));
    await expect(mailer.send(content(), job, config())).rejects.toThrow('Throttling');
    expect(ses.commandCalls(SendRawEmailCommand)).toHaveLength(5);
  });

  it.each(['MessageRejected', 'InternalFailure', 'TimeoutError'])(
    'does not try again after %s: SES may have taken the mail',
    async (name) => {
      ses.on(SendRawEmailCommand).rejects(refusal(name));
      await expect(mailer.send(content(), job, config())).rejects.toThrow(name);
      expect(ses.commandCalls(SendRawEmailCommand)).toHaveLength(1);
    },
  );
});
