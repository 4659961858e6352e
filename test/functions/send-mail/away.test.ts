import { describe, expect, it } from 'vitest';
import type { Config, Person } from '../../../shared/contracts/config.ts';
import { DAY_MS, MINUTE_MS } from '../../../shared/contracts/duration.ts';
import type { Instant } from '../../../shared/contracts/instant.ts';
import { leader, sampleConfig } from '../../builders/config.ts';
import { receivedData, sent } from '../../builders/events.ts';
import { at } from '../../builders/instants.ts';
import { type Mailed, MailWorld } from './mail-world.ts';

/** Whom mail reaches while the person whose mail it is is away, through the real handlers. */

/** 07:00 in New York. */
const MONDAY = at('03-02 12:00');
const TUESDAY = MONDAY + DAY_MS;

/** The sample organization with these absences, by person. */
function absent(absences: Record<string, Person['away']>, more: Partial<Person> = {}): Config {
  const { policy, directory } = sampleConfig();
  const people = [...directory.people, leader(), leader('b-2')].map((person) => {
    const away = absences[person.id];
    return away ? { ...person, ...more, away } : person;
  });
  return { policy, directory: { ...directory, people } };
}

const monday = (deputyId: string): Person['away'] => [{ from: '2026-03-02', to: '2026-03-02', deputyId }];

/** A world in which a referral of c-1 is late since Friday. */
async function opened(config: Config): Promise<MailWorld> {
  const run = await MailWorld.open(config);
  const received = MONDAY - 10 * DAY_MS;
  const data = receivedData({ coordinatorId: 'c-1', priority: 'routine' });
  const event = sent('referral.received', received, data, { subject: 'R-1' });
  await run.world.deliver({ at: received, messages: [{ body: JSON.stringify(event), sentAt: received }] });
  await run.world.detect(MONDAY);
  return run;
}

/** The coordinators' digests of an instant that list referrals: whose, and who got it. */
async function worklists(run: MailWorld, instant: Instant): Promise<Mailed[]> {
  const { mailed, failed } = await run.mail(instant);
  expect(failed).toBe(0);
  return mailed.filter(({ content }) => content.kind === 'coordinator_digest' && content.referrals > 0);
}
const gist = ({ to, content }: Mailed): string => `${content.recipient.id}'s to ${to}`;

describe('the digest of somebody who is away', () => {
  it('goes to the deputy, who is told whose it is, and the day after to them again', async () => {
    const run = await opened(absent({ 'c-1': monday('c-2') }));
    const [mail, ...others] = await worklists(run, MONDAY);
    expect(others).toEqual([]);
    expect(mail && gist(mail)).toBe("c-1's to c-2@example.org");
    expect(mail?.text).toContain('For C-1, who is away; sent to C-2, as of');
    expect(mail?.text).toContain(
      'This mail comes to C-2 in place of C-1, who is away: where it says "you", it means C-1.',
    );
    expect(mail?.content).toMatchObject({ recipient: { id: 'c-1' }, receivedBy: { id: 'c-2' } });
    const [own] = await worklists(run, TUESDAY);
    expect(own && gist(own)).toBe("c-1's to c-1@example.org");
    expect(own?.text).not.toContain('away');
    // What the deputy was told counts as said.
    expect(own?.content).toMatchObject({ since: MONDAY });
    expect(own?.content).not.toHaveProperty('receivedBy');
  });

  it("leaves the deputy's own digest as it is, and the referral its owner", async () => {
    const run = await opened(absent({ 'c-1': monday('c-2') }));
    const { mailed } = await run.mail(MONDAY);
    const own = mailed.filter(({ content }) => content.recipient.id === 'c-2');
    expect(own.map(({ to, content }) => [to, content.kind === 'coordinator_digest' && content.allClear])).toEqual([
      ['c-2@example.org', true],
    ]);
  });

  it('goes to operations where nobody stands in', async () => {
    const run = await opened(absent({ 'c-1': monday('gone') }));
    const [mail] = await worklists(run, MONDAY);
    expect(mail && gist(mail)).toBe("c-1's to operations@example.org");
    expect(mail?.text).toContain('For C-1, who is away; sent to Operations, as of');
  });

  it('goes by the day on which it was due, however late it is sent', async () => {
    const run = await opened(absent({ 'c-1': monday('c-2') }));
    await run.plan(MONDAY);
    const { mailed } = await run.send(MONDAY + 20 * 3_600_000);
    expect(mailed.map(gist)).toContain("c-1's to c-2@example.org");
  });

  it('is not sent to a deputy outside the allowed domains', async () => {
    const config = absent({ 'c-1': monday('c-2') });
    const people = config.directory.people.map((each) =>
      each.id === 'c-2' ? { ...each, email: 'c-2@example.com' } : each,
    );
    const run = await opened({ ...config, directory: { ...config.directory, people } });
    expect(await worklists(run, MONDAY)).toEqual([]);
  });

  it('goes to the deputy also if a retry finds the person back', async () => {
    const run = await opened(absent({ 'c-1': monday('c-2') }));
    run.sesFails = true;
    await run.mail(MONDAY);
    run.sesFails = false;
    await run.world.stores.configs.push(absent({}), MONDAY + MINUTE_MS);
    const { mailed } = await run.send(MONDAY + 10 * MINUTE_MS);
    expect(mailed.map(gist)).toContain("c-1's to c-2@example.org");
    expect(mailed.map(gist)).not.toContain("c-1's to c-1@example.org");
  });
});

describe('a deputy of a domain that is no longer allowed', () => {
  it('gets nothing from a retry either', async () => {
    const config = absent({ 'c-1': monday('c-2') });
    const people = config.directory.people.map((each) =>
      each.id === 'c-2' ? { ...each, email: 'c-2@example.com' } : each,
    );
    const allowing = (...allowedDomains: string[]): Config => ({
      ...config,
      directory: { ...config.directory, people, organization: { ...config.directory.organization, allowedDomains } },
    });
    const run = await opened(allowing('example.org', 'example.com'));
    run.sesFails = true;
    await run.mail(MONDAY);
    run.sesFails = false;
    const back = allowing('example.org');
    for (const person of back.directory.people) delete person.away;
    await run.world.stores.configs.push(back, MONDAY + MINUTE_MS);
    const { mailed } = await run.send(MONDAY + 10 * MINUTE_MS);
    expect(mailed.filter(({ content }) => content.recipient.id === 'c-1')).toEqual([]);
  });
});

describe('the report of a leader who is away', () => {
  it('goes to their deputy', async () => {
    const run = await opened(absent({ 'b-1': [{ from: '2026-03-09', to: '2026-03-09', deputyId: 'b-2' }] }));
    const due = MONDAY + 7 * DAY_MS - 2 * 3_600_000;
    await run.world.report(due);
    const { mailed } = await run.mail(due);
    const reports = mailed.filter(({ content }) => content.kind === 'weekly_report');
    expect(reports.map(gist).toSorted()).toEqual(["b-1's to b-2@example.org", "b-2's to b-2@example.org"]);
    expect(reports.find(({ content }) => content.recipient.id === 'b-1')?.text).toContain(
      'For B-1, who is away; sent to B-2',
    );
  });
});
