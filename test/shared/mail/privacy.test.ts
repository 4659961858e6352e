import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatInstant } from '../../../shared/contracts/instant.ts';
import { ALERT_KINDS, ALERT_LEVELS, PRIORITIES, STAGES } from '../../../shared/contracts/vocabulary.ts';
import type { ReferralAlert } from '../../../shared/domain/mail/digest-input.ts';
import { formatDate } from '../../../shared/mail/format-time.ts';
import { renderMail } from '../../../shared/mail/render-mail.tsx';
import { config, coordinator, days, hours, liaison, MONDAY, referralAlert } from './builders.ts';
import { mailsOf } from './mails.ts';

/** Texts that nothing else in a mail contains. */
const INITIALS = 'ZQXJ';
const SECRETS = ['PATIENT-77', 'PAYER-77', 'TAG-77', 'NOTE-77', 'free text of a practice', 'behavioral'];
/** A visit in a year that nothing else falls in. */
const VISIT = MONDAY + days(1200);

/** A referral whose state has everything that must not be in a mail. */
const anyAlert: fc.Arbitrary<ReferralAlert> = fc
  .record({
    kind: fc.constantFrom(...ALERT_KINDS),
    level: fc.constantFrom(...ALERT_LEVELS),
    stage: fc.constantFrom(...STAGES),
    priority: fc.constantFrom(...PRIORITIES),
    age: fc.integer({ min: -20, max: 400 }),
    number: fc.integer({ min: 1, max: 30 }),
    practiceId: fc.constantFrom('p1', 'p2', 'p-unknown'),
    snoozed: fc.constantFrom(null, MONDAY - hours(1), MONDAY + hours(1)),
  })
  .map(({ kind, level, stage, priority, age, number, practiceId, snoozed }) =>
    referralAlert(
      // The due time of unknown attendance follows from the visit's.
      {
        referralId: `R-${number}`,
        kind,
        level,
        dueAt: kind === 'attendance_unknown' ? VISIT : MONDAY - hours(age),
        snoozedUntil: snoozed,
        acknowledgedBy: 'NOTE-77',
      },
      {
        stage,
        priority,
        practiceId,
        initials: INITIALS,
        patientId: 'PATIENT-77',
        payer: 'PAYER-77',
        tags: ['TAG-77'],
        specialty: 'behavioral_health',
        active: [{ startsAt: VISIT, arrived: false }],
        marks: [{ kind, instance: 1, at: MONDAY, by: 'NOTE-77', until: null }],
      },
    ),
  );
const anyAlerts = fc.array(anyAlert, { minLength: 1, maxLength: 40 });

async function saidIn(alerts: ReferralAlert[], identifiers: 'reference' | 'initials') {
  const settings = config({ identifiers });
  settings.directory.people = [coordinator({ attachRows: true }), liaison({ attachRows: true })];
  return Promise.all(
    mailsOf(alerts, settings).map(async (content) => {
      const { subject, html, text, files } = await renderMail(content, settings);
      const { recipient: _, ...kept } = content;
      const attached = files.map((file) => new TextDecoder().decode(file.content));
      return { kind: content.kind, subject, all: [subject, html, text, ...attached, JSON.stringify(kept)].join('\n') };
    }),
  );
}

describe('what is never in a mail or in what is kept of it', () => {
  test('patients, payers, tags, free text and sensitive specialties, in either mode', async () => {
    await fc.assert(
      fc.asyncProperty(anyAlerts, fc.constantFrom('reference', 'initials'), async (alerts, mode) => {
        for (const { all } of await saidIn(alerts, mode)) {
          for (const secret of SECRETS) expect(all).not.toContain(secret);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('initials, in reference mode in any mail, and in a liaison or operations mail in any mode', async () => {
    await fc.assert(
      fc.asyncProperty(anyAlerts, async (alerts) => {
        for (const { all } of await saidIn(alerts, 'reference')) expect(all).not.toContain(INITIALS);
        for (const { kind, all } of await saidIn(alerts, 'initials')) {
          if (['liaison_digest', 'operations'].includes(kind)) expect(all).not.toContain(INITIALS);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('the date of a visit in what is sent', async () => {
    const settings = config();
    settings.directory.people = [coordinator({ attachRows: true }), liaison({ attachRows: true })];
    const year = String(new Date(VISIT).getUTCFullYear());
    await fc.assert(
      fc.asyncProperty(anyAlerts, async (alerts) => {
        for (const content of mailsOf(alerts, settings)) {
          const { subject, html, text, files } = await renderMail(content, settings);
          const attached = files.map((file) => new TextDecoder().decode(file.content));
          for (const part of [subject, html, text, ...attached]) {
            expect(part).not.toContain(year);
            expect(part).not.toContain(formatInstant(VISIT).slice(0, 10));
            expect(part).not.toContain(formatDate(VISIT, 'America/New_York'));
          }
        }
      }),
      { numRuns: 60 },
    );
  });
});

test('a sensitive specialty reads "specialty care"', async () => {
  const [first] = await saidIn([referralAlert({}, { specialty: 'behavioral_health' })], 'reference');
  expect(first?.all).toContain('specialty care');
});

test("a coordinator's rows show initials if the mode says so, and the footer says that they do", async () => {
  const said = await saidIn([referralAlert({}, { initials: INITIALS, priority: 'stat' })], 'initials');
  const shown = said.filter(({ all }) => all.includes(INITIALS)).map(({ kind }) => kind);
  expect(shown).toEqual(['coordinator_digest', 'urgent_alert']);
  expect(said[0]?.all.replace(/\s+/g, ' ')).toContain('It has no patient names, birth dates');
});

test('a subject is fixed text and at most a count', async () => {
  await fc.assert(
    fc.asyncProperty(anyAlerts, async (alerts) => {
      for (const { subject } of await saidIn(alerts, 'initials')) {
        expect(subject).toMatch(
          /^(Your referrals(: all clear| today: \d+ to act on)|Your referring practices: (all clear|\d+ to talk to|\d+ referrals? to act on)|Urgent referrals: \d+|Loopwatch operations: (\d+ new to look at|nothing new, \d+ still to look at))$/,
        );
      }
    }),
    { numRuns: 30 },
  );
});
