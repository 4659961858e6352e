import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { explain } from '../../../local/explain/explanation.ts';
import type { History } from '../../../local/explain/history.ts';
import { explanationText } from '../../../local/explain/text.ts';
import { withoutControls } from '../../../shared/mail/names.ts';
import { sampleConfig } from '../../builders/config.ts';
import { receivedData, sent } from '../../builders/events.ts';
import { at } from '../../builders/instants.ts';
import { logged } from '../../builders/stored.ts';

/** Commands to a terminal, one of them as a single character; an end of line of each kind; a reversal of direction. */
const HOSTILE = 'a\u001b[2Jb\u009b31mc\rd\ne\u0085f\u2028g\u202eh\u2066i\u0007j\u0000';
const SHOWN = 'a\\u001b[2Jb\\u009b31mc\\u000dd\\u000ae\\u0085f\\u2028g\\u202eh\\u2066i\\u0007j\\u0000';

function hostileHistory(): History {
  const config = sampleConfig();
  config.directory.organization.name = HOSTILE;
  const by = { source: HOSTILE, subject: HOSTILE };
  const events = [
    sent(
      'referral.received',
      '03-02 14:00',
      receivedData({ specialty: HOSTILE, site: HOSTILE, practice: { id: HOSTILE, name: HOSTILE }, tags: [HOSTILE] }),
      { ...by, id: `1${HOSTILE}` },
    ),
    sent('note.received', '03-02 15:00', { documentId: HOSTILE }, { ...by, id: `2${HOSTILE}` }),
    sent('alert.acknowledged', '03-02 16:00', { kind: 'acceptance', by: HOSTILE }, { ...by, id: `3${HOSTILE}` }),
  ];
  const alert = {
    referralId: HOSTILE,
    kind: 'acceptance',
    instance: 1,
    level: 'breached',
    dueAt: '2026-03-02T15:00:00.000Z',
  } as const;
  return {
    referralId: HOSTILE,
    log: events.map((event) => logged(event)),
    alerts: [
      {
        ...alert,
        atRiskAt: null,
        openedAt: '2026-03-02T15:15:00.000Z',
        escalatedAt: null,
        resolvedAt: null,
        resolution: null,
        coordinatorId: HOSTILE,
        liaisonId: HOSTILE,
      },
    ],
    mails: [
      {
        mailId: HOSTILE,
        kind: 'coordinator_digest',
        recipient: HOSTILE,
        insteadOf: HOSTILE,
        period: HOSTILE,
        sentAt: '2026-03-03T12:00:00.000Z',
        rows: [{ kind: 'acceptance', section: HOSTILE }],
      },
    ],
    config,
    now: at('03-03 14:00'),
  };
}

describe('what a sender wrote', () => {
  it('is printed with its control characters spelt out', () => {
    const text = explanationText(explain(hostileHistory()), 100);
    expect(text).not.toMatch(/(?!\n)[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u);
    expect(text).toContain(SHOWN);
    for (const name of ['documentId', 'specialty', 'site', 'practice', 'tags'])
      expect(text).toContain(`${name}=${SHOWN}`);
  });

  it('is the same as JSON, without a control character in it', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string({ unit: 'binary' }), fc.constant(HOSTILE))), (texts) => {
        const json = withoutControls(JSON.stringify(texts));
        expect(json).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u);
        expect(JSON.parse(json)).toEqual(texts);
      }),
    );
  });
});

describe('a mail that somebody else received', () => {
  it('is printed with both', () => {
    const history = hostileHistory();
    const [mail] = history.mails;
    if (!mail) throw new Error('expected a mail');
    const own = { ...mail, recipient: 'one@example.org', insteadOf: null };
    const instead = { ...mail, recipient: 'two@example.org', insteadOf: 'c1' };
    const text = explanationText(explain({ ...history, mails: [own, instead] }), 1000);
    expect(text).toContain('coordinator_digest to one@example.org, ');
    expect(text).toContain('coordinator_digest to two@example.org for c1, ');
  });
});
