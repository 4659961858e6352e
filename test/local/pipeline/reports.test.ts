import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { toArrivals } from '../../../local/pipeline/input.ts';
import { runSession } from '../../../local/pipeline/session.ts';
import { writeOut } from '../../../local/pipeline/write-out.ts';
import type { Config } from '../../../shared/contracts/config.ts';
import type { Report } from '../../../shared/contracts/report.ts';
import { at, message, organization, received } from '../../chaos/organization.ts';
import { temporaryFolder } from '../temporary-folder.ts';

/** A replay that ends at the very instant at which a report is due, from the queue to the files. */

const UNTIL = at('2026-06-01T10:00:00Z');
const leader: Config['directory']['people'][0] = {
  id: 'lead',
  role: 'leader',
  name: 'Leader',
  email: 'lead@example.org',
  timeZone: 'America/New_York',
  reports: ['weekly', 'monthly'],
};
const CONFIG = organization([leader]);
const odd = { ...received('routine'), specialty: 'ob/gyn: 50%*' };

const folder = temporaryFolder();
let mails: { kind: string; period: string; subject: string; html: string; eml: string }[];
beforeAll(async () => {
  // Files of an earlier replay.
  for (const kind of ['weekly', 'quarterly']) mkdirSync(join(folder, kind, '2020'), { recursive: true });
  const sent = [
    message('R-1', 'referral.received', '2026-05-19T14:00:00Z', received('routine')),
    message('R-2', 'referral.received', '2026-05-20T14:00:00Z', odd),
    message('R-2', 'referral.accepted', '2026-05-20T15:00:00Z'),
    // As many as a week must have for its share to be drawn.
    ...Array.from({ length: 10 }, (_, index) =>
      message(`R-1${index}`, 'referral.received', `2026-05-26T1${index}:00:00Z`, received('routine')),
    ),
    // After the second report was due, and still seen by the third.
    message('R-1', 'referral.accepted', '2026-06-01T10:00:00Z'),
  ];
  const lines = sent.map(({ body }, index) => ({ body, file: 'events.ndjson', position: index + 1 }));
  const session = await runSession({ config: CONFIG, arrivals: toArrivals(lines, UNTIL), until: UNTIL });
  try {
    await writeOut(folder, session.out, CONFIG, session.summary);
  } finally {
    await session.close();
  }
  const rows = readFileSync(join(folder, 'mail.ndjson'), 'utf8').trim().split('\n');
  mails = rows.map((row) => JSON.parse(row));
});
const reportOf = (...path: string[]): Report => JSON.parse(readFileSync(join(folder, ...path), 'utf8'));

describe('the reports that a replay writes', () => {
  it('have a folder for each week and month that has ended, even if the report is due at the very end', () => {
    expect(readdirSync(join(folder, 'weekly')).sort()).toEqual(['2026-W21', '2026-W22']);
    expect(readdirSync(join(folder, 'monthly'))).toEqual(['2026-05']);
    expect(readdirSync(folder)).not.toContain('quarterly');
  });

  it('have a file for each scope, whatever characters its name has', () => {
    expect(readdirSync(join(folder, 'weekly', '2026-W22')).sort()).toEqual([
      'organization.json',
      'site=north.json',
      'specialty=neurology.json',
      'specialty=ob%2Fgyn%3A 50%25%2A.json',
    ]);
  });

  it('have the figures of their period, including what arrived at the very instant of the report', () => {
    const week = reportOf('weekly', '2026-W21', 'organization.json');
    expect(week).toMatchObject({
      week: '2026-W21',
      from: '2026-05-18T04:00:00.000Z',
      to: '2026-05-25T04:00:00.000Z',
      asOf: '2026-05-25T10:00:00.000Z',
      received: { n: 2, prior: 0 },
    });
    // R-1 was due on the 21st. It is open as of the first report; by the second it was accepted, late.
    expect(week.clocks.acceptance).toMatchObject({ all: 2, met: 1, missed: 1, attainment: 0.5 });
    expect(week.backlog.overdue.acceptance).toBe(1);
    const next = reportOf('weekly', '2026-W22', 'organization.json');
    expect(next.clocks.acceptance).toMatchObject({ all: 10, met: 0, prior: 0.5 });
    expect(next.backlog.overdue.acceptance).toBe(10);
    const month = reportOf('monthly', '2026-05', 'site=north.json');
    expect(month).toMatchObject({
      month: '2026-05',
      received: { n: 12, prior: 0 },
      clocks: { acceptance: { all: 12 } },
    });
  });

  it('go to the leader, with the charts in the mail', () => {
    const reports = mails.filter(({ kind }) => kind === 'weekly_report');
    expect(reports.map(({ period }) => period).sort()).toEqual(['2026-05', '2026-W21', '2026-W22']);
    for (const { html, eml, subject, period } of reports) {
      expect(subject).toMatch(/^(Weekly|Monthly) SLA report/);
      const pictures = [...readFileSync(join(folder, html), 'utf8').matchAll(/src="cid:([^"]+)"/g)];
      // Only this week has one before it and enough that fell due.
      expect(pictures.length > 1).toBe(period === '2026-W22');
      const raw = readFileSync(join(folder, eml), 'utf8');
      for (const [, id] of pictures) expect(raw).toContain(`Content-ID: <${id}>`);
    }
  });
});
