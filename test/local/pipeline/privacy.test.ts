import { simpleParser } from 'mailparser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toArrivals } from '../../../local/pipeline/input.ts';
import type { InputLine } from '../../../local/pipeline/input-files.ts';
import { runSession, type Session } from '../../../local/pipeline/session.ts';
import { simulate } from '../../../local/simulate/simulate.ts';
import type { SentMail } from '../../../local/stand-ins/ses-events.ts';
import type { Config } from '../../../shared/contracts/config.ts';
import { DAY_MS } from '../../../shared/contracts/duration.ts';
import type { Log } from '../../../shared/platform/logger.ts';
import { at } from '../../chaos/organization.ts';

/** Patient identity and free text must not leave the tables, except as the configuration allows. */

const UNTIL = at('2026-06-02T15:00:00Z');
const simulation = simulate({ referrals: 30, weeks: 4, seed: 6, until: UNTIL });

const PATIENT = 'PatientMarkerQ7';
const INITIALS = 'InitialsMarkerZ9';
const FREE_TEXT = 'FreeTextMarkerX3';

/** An event with everything that a sender may send, and with more than it should send. */
function marked(line: string): string {
  let event: { type?: string; data?: Record<string, unknown> };
  try {
    event = JSON.parse(line);
  } catch {
    return `${line} ${FREE_TEXT}`;
  }
  const { type = '', data } = event;
  if (typeof data !== 'object' || data === null) return line;
  const patient = {
    id: `${PATIENT}${String((data.patient as { id?: string } | undefined)?.id)}`,
    initials: INITIALS,
    name: `${PATIENT} Name`,
    birthDate: `${PATIENT} 1970-01-01`,
  };
  return JSON.stringify({
    ...event,
    data: {
      ...data,
      note: FREE_TEXT,
      diagnosis: FREE_TEXT,
      ...('patient' in data && { patient }),
      ...('topic' in data && { topic: FREE_TEXT }),
      ...(/cancelled$/.test(type) && { reason: FREE_TEXT }),
    },
  });
}

interface Run {
  session: Session;
  logged: string[];
}
let reference: Run;
let initials: Run;
beforeAll(async () => {
  reference = await run('reference');
  initials = await run('initials');
});
afterAll(() => Promise.all([reference, initials].map(({ session }) => session.close())));

async function run(identifiers: 'reference' | 'initials'): Promise<Run> {
  const { directory, policy, lines } = simulation;
  const config: Config = {
    policy,
    directory: { ...directory, organization: { ...directory.organization, identifiers } },
  };
  const input = lines.map(
    (line, index): InputLine => ({ body: marked(line), file: 'events.ndjson', position: index + 1 }),
  );
  const logged: string[] = [];
  const line: Log['info'] = (...said) => void logged.push(JSON.stringify(said));
  const session = await runSession({
    config,
    arrivals: toArrivals(input, UNTIL),
    until: UNTIL,
    detectFrom: UNTIL - 2 * DAY_MS,
    log: { info: line, warn: line, error: line },
  });
  return { session, logged };
}

const mailsOf = ({ session }: Run, kind: string): SentMail[] =>
  session.out.mails.filter((mail) => mail.kind === kind).map(({ sent }) => sent);

/** All the text of a mail, decoded, with its headers, addresses and tags. */
async function saidIn({ raw, tags, destinations }: SentMail): Promise<string> {
  const { text, html, headerLines } = await simpleParser(Buffer.from(raw));
  return JSON.stringify([text, html, headerLines, tags, destinations]);
}

const KINDS = ['coordinator_digest', 'liaison_digest', 'urgent_alert', 'operations'];

describe('the log', () => {
  it('names no patient, no referral and no free text', () => {
    const { session, logged } = reference;
    expect(logged.length).toBeGreaterThan(50);
    const all = logged.join('\n');
    for (const marker of [PATIENT, INITIALS, FREE_TEXT]) expect(all).not.toContain(marker);
    for (const { referralId } of session.out.referrals) expect(all).not.toContain(referralId);
  });

  it('is checked for markers that really are in the tables', () => {
    const all = JSON.stringify(reference.session.out.log);
    for (const marker of [PATIENT, INITIALS, FREE_TEXT]) expect(all).toContain(marker);
  });
});

describe('mail', () => {
  it.each(KINDS)('names referrals by their id alone by default: %s', async (kind) => {
    const mails = mailsOf(reference, kind);
    expect(mails.length).toBeGreaterThan(0);
    for (const mail of mails) {
      const said = await saidIn(mail);
      for (const marker of [PATIENT, INITIALS, FREE_TEXT]) expect(said).not.toContain(marker);
    }
  });

  it('keeps nothing more in its stored content', async () => {
    const { mails } = reference.session.pipeline.stores;
    const kept = await Promise.all(reference.session.out.mails.map(({ mailId }) => mails.frozen(mailId)));
    expect(kept.length).toBeGreaterThan(10);
    for (const marker of [PATIENT, INITIALS, FREE_TEXT]) expect(JSON.stringify(kept)).not.toContain(marker);
  });

  it('shows initials to coordinators if the organization wants them, and nothing else', async () => {
    const said = await Promise.all(mailsOf(initials, 'coordinator_digest').map(saidIn));
    expect(said.filter((text) => text.includes(INITIALS)).length).toBeGreaterThan(0);
    expect(said.join()).not.toContain(PATIENT);
    expect(said.join()).not.toContain(FREE_TEXT);
  });

  it('never shows initials to liaisons', async () => {
    const said = await Promise.all(mailsOf(initials, 'liaison_digest').map(saidIn));
    expect(said.length).toBeGreaterThan(0);
    expect(said.join()).not.toContain(INITIALS);
  });

  it.each(['reference', 'initials'])(
    'has subjects of fixed text with a count at most, and tags of ours: %s',
    (mode) => {
      const { out } = (mode === 'reference' ? reference : initials).session;
      for (const { subject, sent } of out.mails) {
        expect(subject).toMatch(/^[A-Za-z ,:-]+\d*[A-Za-z ,:-]*$/);
        expect(sent.tags.mailId?.[0]).toMatch(/^\d{4}-\d{2}-\d{2}-[0-9a-f]{32}$/);
        expect(Object.keys(sent.tags).toSorted()).toEqual(['kind', 'mailId', 'ses:configuration-set']);
      }
    },
  );
});
