import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Explanation } from '../../../local/explain/explanation.ts';
import { directoryOf, policyOf } from '../../../local/simulate/organization.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { loopwatch } from './loopwatch.ts';

const folder = temporaryFolder();
const UNTIL = '2026-04-01T16:00:00.000Z';

const event = (subject: string, type: string, time: string, data: object = {}, more: object = {}) => ({
  specversion: '1.0',
  id: `${subject} ${type} ${time}`,
  source: 'urn:test',
  type,
  subject,
  time,
  data,
  ...more,
});

const received = (subject: string, time: string, priority: string) =>
  event(subject, 'referral.received', time, {
    priority,
    specialty: 'dermatology',
    site: 'north',
    practice: { id: 'practice-01' },
    patient: { id: 'P-1', initials: 'XY' },
  });

const EVENTS = [
  // It spans the change to daylight saving time on 8 March, and a pause over two closing times.
  received('R-1', '2026-03-02T14:00:00Z', 'routine'),
  event('R-1', 'referral.paused', '2026-03-04T17:00:00Z', { reason: 'awaiting_information' }),
  event('R-1', 'referral.resumed', '2026-03-06T15:00:00Z'),
  event(
    'R-1',
    'contact.attempted',
    '2026-03-09T14:00:00Z',
    { channel: 'phone', outcome: 'voicemail' },
    { recordedtime: '2026-03-11T18:00:00Z' },
  ),
  event('R-1', 'referral.accepted', '2026-03-10T14:00:00Z'),
  event('R-1', 'event.retracted', '2026-03-10T15:00:00Z', {
    source: 'urn:test',
    id: 'R-1 referral.accepted 2026-03-10T14:00:00Z',
  }),
  // Received an hour before closing, so four business hours last into the next day.
  received('R-2', '2026-03-02T21:00:00Z', 'stat'),
  received('R-8', '2026-03-02T21:00:00Z', 'routine'),
  event('R-8', 'appointment.scheduled', '2026-03-03T14:00:00Z', {
    ...{ appointmentId: 'A-1', startsAt: '2026-03-20T14:00:00Z' },
  }),
];

beforeAll(async () => {
  mkdirSync(join(folder, 'config'));
  writeFileSync(join(folder, 'config', 'policy.json'), JSON.stringify(policyOf()));
  writeFileSync(join(folder, 'config', 'directory.json'), JSON.stringify(directoryOf(Date.parse(UNTIL))));
  writeFileSync(join(folder, 'events.ndjson'), EVENTS.map((each) => JSON.stringify(each)).join('\n'));
  const { code, stderr } = await loopwatch(
    ['replay', join(folder, 'events.ndjson')].concat(
      ['--config', join(folder, 'config'), '--until', UNTIL],
      ['--out', join(folder, 'out')],
    ),
  );
  expect(stderr).toBe('');
  expect(code).toBe(0);
}, 60_000);

async function explained(referralId: string): Promise<Explanation> {
  const { stdout } = await loopwatch(['explain', referralId, '--from', join(folder, 'out'), '--json']);
  return JSON.parse(stdout) as Explanation;
}

function clockOf({ clocks }: Explanation, kind: string) {
  const clock = clocks.find((each) => each.kind === kind);
  if (!clock) return expect.unreachable(`no clock ${kind}`);
  return clock;
}

describe('loopwatch explain', () => {
  it('counts the days of a paused business_days clock, gross and net', async () => {
    const scheduled = clockOf(await explained('R-1'), 'scheduled');
    expect(scheduled).toMatchObject({
      target: { value: 8, unit: 'business_days' },
      dueAt: '2026-03-12T21:00:00.000Z',
      netDueAt: '2026-03-16T21:00:00.000Z',
      rule: { version: 'simulation-1', index: 0, match: {} },
    });
    const counted = (steps: typeof scheduled.net, why: string) =>
      steps.days.filter((day) => day.why === why).map(({ date }) => date.slice(8));
    expect(counted(scheduled.gross, 'counts')).toEqual(['03', '04', '05', '06', '09', '10', '11', '12']);
    expect(counted(scheduled.net, 'counts')).toEqual(['03', '06', '09', '10', '11', '12', '13', '16']);
    expect(counted(scheduled.net, 'paused')).toEqual(['04', '05']);
    expect(counted(scheduled.net, 'closed')).toEqual(['07', '08', '14', '15']);
  });

  it('shows the short day of a calendar_days clock over the change to daylight saving time', async () => {
    const visit = clockOf(await explained('R-1'), 'visit');
    expect(visit.dueAt).toBe('2026-03-31T04:00:00.000Z');
    expect(visit.gross.days.filter(({ why }) => why === 'counts')).toHaveLength(28);
    expect(visit.gross.days.filter(({ hours }) => hours !== 24)).toEqual([
      { date: '2026-03-08', why: 'counts', number: 6, hours: 23 },
    ]);
  });

  it('names the opening hours that a business_hours clock used', async () => {
    expect(clockOf(await explained('R-2'), 'acceptance')).toMatchObject({
      dueAt: '2026-03-03T16:00:00.000Z',
      gross: {
        spans: [
          { from: '2026-03-02T21:00:00.000Z', to: '2026-03-02T22:00:00.000Z', why: 'runs' },
          { from: '2026-03-03T13:00:00.000Z', to: '2026-03-03T16:00:00.000Z', why: 'runs' },
        ],
      },
    });
  });

  it('marks late and retracted events, and says what each event did', async () => {
    const { events } = await explained('R-1');
    const ofType = (type: string) => events.find((each) => each.type === type);
    expect(ofType('contact.attempted')).toMatchObject({ late: true, arrivedAt: '2026-03-11T18:00:00.000Z' });
    expect(ofType('referral.accepted')).toMatchObject({ retracted: true, effects: [] });
    expect(ofType('contact.attempted')?.effects).toContainEqual({ what: 'stops', text: 'first_attempt (missed)' });
    expect(ofType('referral.received')?.effects).toContainEqual({
      what: 'starts',
      text: 'acceptance, first_attempt, reached, scheduled, visit',
    });
  });

  it('fits as text within 80 columns', async () => {
    const { code, stdout } = await loopwatch(['explain', 'R-1', '--from', join(folder, 'out')]);
    expect(code).toBe(0);
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(stdout).toContain('target     8 business days: rules[0] of policy simulation-1, for every');
    expect(stdout).toMatch(/Wed 4 - Thu 5 Mar +paused \(awaiting_information\)$/m);
    expect(stdout).toContain('net due    Mon 16 Mar 2026, 17:00 EDT [2026-03-16T21:00:00Z], 2 days paused');
    expect(stdout).toContain('gross due  Thu 12 Mar 2026, 17:00 EDT [2026-03-12T21:00:00Z]');
    expect(stdout).toMatch(/Sun 8 Mar +counts: \d \(a day of 23 h: clocks change\)/);
    expect(stdout).toContain('taken back: counts as if it had never been');
    expect(stdout).toMatch(/coordinator_digest to coordinator-1@example\.org/);
    expect(stdout).not.toContain('XY');
  });

  it('shows no stored item: a folder has none', async () => {
    expect(await explained('R-1')).not.toHaveProperty('storedItem');
    const { stdout } = await loopwatch(['explain', 'R-1', '--from', join(folder, 'out')]);
    expect(stdout).not.toContain('Stored item');
  });

  it('says if there is no such referral', async () => {
    const { code, stderr } = await loopwatch(['explain', 'R-3', '--from', join(folder, 'out')]);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: `loopwatch: R-3: no such referral in ${join(folder, 'out')}; what was refused, waits or was passed over: \`npx loopwatch dialect try\`\n`,
    });
  });

  it.each([
    ['A-1', 'it is an appointment of R-8: `npx loopwatch explain R-8 --from '],
    ['0123456789abcdef'.repeat(2), 'if it is the hash in a line of a log: `npx loopwatch find 0123456789abcdef'],
  ])('says what a number is that is no referral: %s', async (number, said) => {
    const { code, stderr } = await loopwatch(['explain', number, '--from', join(folder, 'out')]);
    expect(code).toBe(1);
    expect(stderr).toContain(`; ${said}`);
  });

  it('offers the id that differs only in its case', async () => {
    const { code, stderr } = await loopwatch(['explain', 'r-1', '--from', join(folder, 'out')]);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: `loopwatch: r-1: no such referral in ${join(folder, 'out')}; there is R-1\n`,
    });
  });
});
