import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toArrivals } from '../../../local/pipeline/input.ts';
import type { InputLine } from '../../../local/pipeline/input-files.ts';
import { runSession, type Session } from '../../../local/pipeline/session.ts';
import { sampleConfig } from '../../builders/config.ts';
import { receivedData, sent } from '../../builders/events.ts';
import { at } from '../../builders/instants.ts';

/**
 * One event may be bad, or go to the limit of what is allowed: it holds up neither its batch nor its referral, nor the
 * run, mail or report that comes to it. The deployed handlers with their middleware, on the stand-ins.
 */

const TUESDAY = '2026-03-03T15:00:00.000Z';
/** A week later, past the reports and digests of Monday and the digest of Tuesday. */
const UNTIL = at('2026-03-10T15:00:00Z');

const received = (subject: string, data: object = {}) =>
  sent('referral.received', TUESDAY, { ...receivedData({ priority: 'urgent' }), ...data }, { subject });
const closed = (subject: string, evidence: unknown) => sent('referral.closed', TUESDAY, { evidence }, { subject });
/** JSON text of an event with raw text in place of a value. */
const raw = (event: object, mark: string, text: string) => JSON.stringify(event).replace(`"${mark}"`, text);
const nested = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;

const LONG = 'ä'.repeat(128);
const LONG_SUBJECT = '\u{1F600}'.repeat(64);
/** Text that can't be packed well. */
const noise = (length: number): string => {
  let text = '';
  for (let seed = 1; text.length < length; seed = (seed * 48_271) % 2_147_483_647) text += seed.toString(36);
  return text.slice(0, length);
};

const REFUSED: [reason: string, body: string][] = [
  ['malformed', '{"specversion":"1.0","subject":"near'],
  ['malformed', nested(400_000)],
  ['invalid', raw(closed('near', 'X'), 'X', nested(500_000))],
  ['invalid', raw(closed('near', 'X'), 'X', nested(63))],
  ['invalid', raw({ ...received('near'), subject: 'X' }, 'X', '"half \\ud83d"')],
  ['invalid', JSON.stringify(received(`${LONG_SUBJECT}x`))],
  ['invalid', JSON.stringify(received('near', { practice: { id: `${LONG}x` } }))],
  ['invalid', JSON.stringify(received('near', { orderedAt: '9999-12-31' }))],
  ['invalid', JSON.stringify({ ...received('near'), time: '0001-01-01T00:00:00Z' })],
  ['invalid', JSON.stringify({ ...received('near'), recordedtime: '1900-01-01T00:00:00Z' })],
  ['invalid', JSON.stringify(received('near', { tags: Array.from({ length: 100_000 }, () => 1) }))],
  ['unknown_type', JSON.stringify({ ...received('near'), type: '__proto__' })],
  ['too_large', JSON.stringify(closed('near', noise(360_000)))],
  ['too_large', raw(closed('near', 'X'), 'X', `[${'1e20,'.repeat(60_000)}1]`)],
];

const ACCEPTED = [
  received(LONG_SUBJECT, {
    specialty: LONG,
    site: LONG,
    practice: { id: LONG, name: LONG, providerNpi: LONG, providerName: LONG },
    patient: { id: LONG, initials: LONG },
    coordinatorId: LONG,
    liaisonId: LONG,
    payer: LONG,
  }),
  { ...received('nul \0 in it', { specialty: 'nul \0', practice: { id: 'p\0', name: '\0' } }), id: '\0', source: '\0' },
  received('many tags', { tags: noise(330_000).match(/.{1,200}/g) }),
  received('evidence'),
  closed('evidence', noise(349_000)),
  raw(received('proto', { evidence: 1, tags: ['X'] }), 'X', '"__proto__"'),
  received('far'),
  sent(
    'appointment.scheduled',
    TUESDAY,
    { appointmentId: LONG, startsAt: '2100-12-31T23:59:59.999Z' },
    { subject: 'far' },
  ),
  received('long ago', { orderedAt: '2000-01-01' }),
].map((event) => (typeof event === 'string' ? event : JSON.stringify(event)));
const ACCEPTED_IDS = [LONG_SUBJECT, 'nul \0 in it', 'many tags', 'evidence', 'proto', 'far', 'long ago'];

const NEAR = JSON.stringify(received('near'));
/** Of each bad body the neighbours are a good event and one that goes to the limit. */
const bodies = [NEAR, ...REFUSED.map(([, body]) => body), ...ACCEPTED, JSON.stringify(received('last'))];

let session: Session;
beforeAll(async () => {
  const lines = bodies.map((body, index): InputLine => ({ body, file: 'hostile.ndjson', position: index + 1 }));
  // What a sender dates wrongly arrives with the others.
  const arrivals = toArrivals(lines, UNTIL).map((arrival) => ({
    ...arrival,
    arrivedAt: Date.parse(TUESDAY),
    deliverAt: Date.parse(TUESDAY),
  }));
  session = await runSession({ config: sampleConfig(), arrivals, until: UNTIL });
}, 240_000);
afterAll(() => session?.close());

describe('Input at and beyond the limits', () => {
  it('is refused with its reason, or taken in, and given up nowhere', () => {
    const { out, summary } = session;
    expect(out.quarantine.map(({ position, reason }) => [position, reason])).toEqual(
      REFUSED.map(([reason], index) => [index + 2, reason]),
    );
    expect(out.referrals.map(({ referralId }) => referralId).sort()).toEqual(['last', 'near', ...ACCEPTED_IDS].sort());
    expect(summary.undone).toEqual({});
  });

  it('leaves its referral as it is without it', () => {
    const [near, last] = ['near', 'last'].map((id) =>
      session.out.referrals.find(({ referralId }) => referralId === id),
    );
    expect(near).toEqual({ ...last, referralId: 'near' });
  });

  it('is found by detection, mailed and counted', () => {
    const { alerts, mails, reports, referrals } = session.out;
    const open = referrals.filter(({ stage }) => stage !== 'closed').map(({ referralId }) => referralId);
    expect([...new Set(alerts.map(({ referralId }) => referralId))].sort()).toEqual(
      expect.arrayContaining(open.sort()),
    );
    const kinds = new Set(mails.map(({ kind }) => kind));
    expect(kinds).toContain('coordinator_digest');
    expect(kinds).toContain('operations');
    const weekly = reports.find(({ kind, scope }) => kind === 'weekly' && scope === 'organization')?.report;
    expect(weekly?.received.n).toBe(ACCEPTED_IDS.length + 2);
    expect(weekly?.dataQuality).toMatchObject({
      refused: { malformed: 2, invalid: 9, unknown_type: 1, too_large: 2 },
      unmapped: { 'referral.closed.reason': 1 },
    });
  });
});
