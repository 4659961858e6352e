import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { saidArrivals, toArrivals } from '../../../local/pipeline/input.ts';
import { readInput } from '../../../local/pipeline/input-files.ts';
import { runSession, type Session } from '../../../local/pipeline/session.ts';
import { planSpan } from '../../../local/pipeline/span.ts';
import { dialectsSchema } from '../../../shared/contracts/dialects.ts';
import { at, organization } from '../../chaos/organization.ts';
import { CLINIC, NIGHTS } from '../../shared/intake/dialects/csv/clinic.ts';
import { temporaryFolder } from '../temporary-folder.ts';

/** Three nights of a clinic's export, and a message and a resource beside them, from their files to the digests. */

const config = {
  ...organization(),
  dialects: dialectsSchema.parse({
    defaults: { timeZone: 'America/New_York' },
    senders: [{ ...CLINIC, name: 'referrals' }],
  }),
};
const REF = 'MSH|^~\\&|EHR|NORTH|||20260303100000-0500||REF^I12|M-1|P|2.4\rRF1||S||||REF-7^X\rPID|1||MRN-1\r';
const ORDER = {
  ...{ resourceType: 'ServiceRequest', id: 'sr-9', status: 'active', intent: 'order', priority: 'urgent' },
  ...{ meta: { lastUpdated: '2026-03-03T15:00:00Z' }, authoredOn: '2026-03-03T15:00:00Z' },
  subject: { reference: 'Patient/p9' },
};

const folder = temporaryFolder();
let session: Session;
/** The arrivals of the folder, read once more with a file sent twice. */
let again: Session;

beforeAll(async () => {
  const inside = join(folder, 'in');
  mkdirSync(inside);
  for (const { file, text } of NIGHTS) writeFileSync(join(inside, file), text);
  writeFileSync(join(inside, 'feed.hl7'), REF);
  writeFileSync(join(inside, 'orders.ndjson'), `${JSON.stringify(ORDER)}\n`);
  const lines = readInput([inside], { config });
  const until = planSpan(saidArrivals(lines), { timeZone: 'America/New_York' })?.until ?? 0;
  expect(until).toBe(at('2026-03-05T05:00:00Z'));
  session = await runSession({ config, arrivals: toArrivals(lines, until), until });
  const twice = readInput([inside, join(inside, NIGHTS[1]?.file ?? '')], { config });
  again = await runSession({ config, arrivals: toArrivals(twice, until), until });
});
afterAll(async () => {
  await session?.close();
  await again?.close();
});

const stages = ({ out }: Session) =>
  Object.fromEntries(out.referrals.map(({ referralId, stage }) => [referralId, stage]));

describe('three nights of exports', () => {
  it('become referrals as they stand on the last', () => {
    expect(stages(session)).toEqual({
      ...{ 'R-1': 'scheduled', 'R-2': 'closed', 'R-3': 'to_contact', 'R-4': 'to_contact' },
      ...{ 'REF-7': 'to_contact', 'sr-9': 'to_contact' },
    });
    expect(session.out.quarantine).toEqual([]);
  });

  it('say each fact once, whatever every night says again', () => {
    const types = session.out.log.filter(({ event }) => event.subject === 'R-1').map(({ event }) => event.type);
    expect(types.sort()).toEqual([
      ...['appointment.no_show', 'appointment.scheduled', 'appointment.scheduled', 'referral.received'],
    ]);
  });

  it('tell the coordinator each morning whom nobody has called, and nothing of who is closed', () => {
    const digests = session.out.mails.filter(
      ({ kind, forPersonId }) => kind === 'coordinator_digest' && forPersonId === 'c1',
    );
    const named = digests.map(({ rows }) => [...new Set(rows.map(({ referralId }) => referralId))].sort());
    // R-2 was closed in the night before the last digest.
    expect(named).toEqual([
      ['R-1', 'R-2', 'R-3'],
      ['R-1', 'R-3'],
    ]);
  });

  it('change nothing if a night comes twice', () => {
    expect(again.out.referrals).toEqual(session.out.referrals);
    expect(again.out.alerts).toEqual(session.out.alerts);
  });
});
