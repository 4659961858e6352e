import { ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { STANDINGS } from '../../../local/cli/commands/mail.ts';
import { doStep, stepFor } from '../../../local/operate/mail-resend.ts';
import type { Config } from '../../../shared/contracts/config.ts';
import { HOUR_MS, MINUTE_MS } from '../../../shared/contracts/duration.ts';
import { mailJob as schema } from '../../../shared/store/mail-store.ts';
import { mailJob } from '../../builders/stored.ts';
import { FIRST_CONFIG, LAST, ROUNDS, START } from '../../chaos/scenario.ts';
import { type Operated, openOperated } from './operator.ts';

/** Sending a mail again, by an operator who may die at any call. */

let operated: Operated;
/** A digest that was sent and delivered. */
let digest: string;

beforeAll(async () => {
  operated = await openOperated(START, FIRST_CONFIG);
  const { pipeline } = operated;
  await pipeline.enqueue(ROUNDS.MONDAY.messages);
  await pipeline.drain('referral-events');
  await pipeline.invoke('detect-breaches', ROUNDS.MONDAY.at);
  await pipeline.mail(ROUNDS.TUESDAY.at);
  const [mail] = (await pipeline.stores.mails.dueOn('2026-03-03')).filter(
    ({ kind, status }) => kind === 'coordinator_digest' && status === 'sent',
  );
  digest = mail?.mailId ?? expect.unreachable('no digest was sent');
});

afterAll(() => operated.close());

const mails = () => operated.pipeline.stores.mails;
const stored = async (mailId: string) => (await mails().get(mailId)) ?? expect.unreachable(`no mail ${mailId}`);

async function resend(mailId: string): Promise<void> {
  await doStep(await stepFor(await stored(mailId), operated.target()), operated.target());
}

/** The mails that SES has taken since there were so many. */
async function taken(before: number) {
  await operated.pipeline.drain('mail-jobs');
  await operated.pipeline.publishDeliveries();
  return operated.pipeline.sent.slice(before);
}

/** A configuration in which everybody has another address. */
function moved(domain: string): Config {
  const config = structuredClone(FIRST_CONFIG);
  for (const person of config.directory.people) person.email = `${person.id}-new@${domain}`;
  return config;
}

describe('sending a mail again', () => {
  it('says the same once more as a mail of its own, and leaves the first one as it was', async () => {
    const before = operated.pipeline.sent.length;
    const first = await stored(digest);
    await resend(digest);
    expect(await stored(digest)).toEqual(first);
    expect(await stored(`${digest}-r1`)).toMatchObject({ status: 'queued', kind: 'coordinator_digest' });
    expect(await taken(before)).toHaveLength(1);
    expect(await stored(digest)).toEqual(first);
    const copy = await stored(`${digest}-r1`);
    expect(copy).toMatchObject({ status: 'sent', personId: first.personId, period: first.period });
    expect(copy.sesDeliveryAt).toBeDefined();
    expect(await mails().frozen(`${digest}-r1`)).toEqual(await mails().frozen(digest));
  });

  it('goes out exactly once if the operator dies and does it again, wherever that is', async () => {
    let copies = 1;
    for (const side of ['before', 'after'] as const) {
      for (let call = 1, died = true; died; call += 1) {
        const before = operated.pipeline.sent.length;
        const step = await stepFor(await stored(digest), operated.target());
        died = await operated.dying(side, call, () => doStep(step, operated.target()));
        // If it is queued, it says so instead.
        if (died) await resend(digest).catch((error) => expect(String(error)).toContain('is under way (queued)'));
        expect(await taken(before)).toHaveLength(1);
        copies += 1;
        expect((await stored(`${digest}-r${copies}`)).status).toBe('sent');
        expect(await mails().get(`${digest}-r${copies + 1}`)).toBeNull();
      }
    }
  });

  it('of a copy is another copy of the first', async () => {
    const step = await stepFor(await stored(`${digest}-r1`), operated.target());
    expect(step.mailId).toMatch(/^2026-03-03-[0-9a-f]{32}-r\d+$/);
  });

  it('leaves the next digest what it was: it goes by the first one', async () => {
    await operated.pipeline.mail(LAST);
    const next = (await mails().dueOn('2026-03-04')).find(({ kind }) => kind === 'coordinator_digest');
    const content = await mails().frozen(next?.mailId ?? '');
    const first = await stored(digest);
    expect(content).toMatchObject({ hasLast: true, since: first.asOf });
  });

  it('goes to the address that the recipient has now', async () => {
    const before = operated.pipeline.sent.length;
    await operated.pipeline.pushConfig(moved('example.org'));
    await resend(digest);
    const [mail] = await taken(before);
    expect(mail?.destinations).toEqual([expect.stringMatching(/-new@example\.org$/)]);
  });

  it('is refused if the directory no longer allows it', async () => {
    await operated.pipeline.pushConfig(moved('elsewhere.example'));
    await expect(resend(digest)).rejects.toThrow("in none of the directory's allowedDomains");
    const nobody = structuredClone(FIRST_CONFIG);
    nobody.directory.people = [];
    await operated.pipeline.pushConfig(nobody);
    await expect(resend(digest)).rejects.toThrow('is no longer in the directory');
    await operated.pipeline.pushConfig(FIRST_CONFIG);
  });
});

describe('a mail that was not sent', () => {
  const put = async (mailId: string, over: Parameters<typeof mailJob>[1]) => {
    const now = operated.pipeline.time.now();
    await mails().plan(mailJob(mailId, { personId: 'c1', dueAt: now - 2 * HOUR_MS, ...over }));
    return resend(mailId);
  };
  const queued = async () => {
    const QueueUrl = operated.pipeline.resources.queues['mail-jobs']?.url;
    const { Messages = [] } = await operated.pipeline.sqs.send(new ReceiveMessageCommand({ QueueUrl }));
    return Messages.map(({ Body = '' }) => JSON.parse(Body).mailId);
  };

  it('is announced again if it was given up', async () => {
    await put('2026-03-04-aaaa1', { status: 'queued' });
    expect(await queued()).toEqual(['2026-03-04-aaaa1']);
    await put('2026-03-04-aaaa2', { status: 'claimed', leaseUntil: operated.pipeline.time.now() });
    expect(await queued()).toEqual(['2026-03-04-aaaa2']);
  });

  it('is refused while it is under way', async () => {
    const now = operated.pipeline.time.now();
    await expect(put('2026-03-04-bbbb1', { status: 'queued', dueAt: now - MINUTE_MS })).rejects.toThrow('under way');
    await expect(put('2026-03-04-bbbb2', { status: 'claimed', leaseUntil: now + 1 })).rejects.toThrow('under way');
  });

  it.each([
    ['empty', 'nothing to say'],
    ['superseded', 'a later mail says all that is still so'],
    ['held', 'no held mail is sent by hand'],
  ] as const)('is refused if it is %s', async (status, message) => {
    await expect(put(`2026-03-04-cccc-${status}`, { status })).rejects.toThrow(message);
  });

  it('is made now if nobody could receive it then', async () => {
    const mailId = '2026-03-04-dddd1';
    await put(mailId, { status: 'undeliverable', asOf: 1 });
    expect(await queued()).toEqual([mailId]);
    const job = await stored(mailId);
    expect(job.status).toBe('queued');
    expect(job.asOf).toBeUndefined();
  });
});

it('the command knows every status of a mail', () => {
  const reported = ['delivered', 'bounced', 'complained', 'rejected'];
  expect(STANDINGS).toEqual([...schema.shape.status.options, ...reported]);
});
