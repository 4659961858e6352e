import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { nobodysOf } from '../../../local/cli/nobodys.ts';
import type { ReplaySummary } from '../../../local/cli/replay-summary.ts';
import { replayText } from '../../../local/cli/replay-text.ts';
import type { ReferralRow } from '../../../shared/contracts/output.ts';
import { organization } from '../../chaos/organization.ts';

const PLAIN: ReplaySummary = {
  until: '2026-03-06T05:00:00.000Z',
  ...{ events: 3, duplicates: 0, referrals: 2, byStage: { to_contact: 2 }, open: 2 },
  ...{ alerts: 0, openBreachesByKind: {}, breachesByKind: {}, openBreaches: 0, openByStage: { to_contact: 2 } },
  ...{ mails: 0, mailsByKind: {}, mailedByKind: {}, refused: 0, refusedByReason: {}, firstRefused: [] },
  ...{ undone: {}, wallSeconds: 1, functions: {}, afterUntil: 0, allBy: null, tookIn: true, orphans: 0 },
  nobodys: { unknownSites: [], withoutCoordinator: [], unknownPractices: [], withoutLiaison: [] },
  ...{ orphanIds: [], history: 0, strangeSpecialties: [], unheard: {}, passedOver: [], notRead: {}, waiting: 0 },
  ...{
    codes: [],
    ownWords: {},
    lacking: {},
    nextDigestAt: null,
    timeZone: 'America/New_York',
    example: 'R-1',
    warnings: [],
  },
};

const counted = (...values: string[]) => values.map((value, index) => ({ value, n: 9 - index }));
const LONG = 'the specialist clinic on the far side of the river';
/** Everything there is to say, and all of it long. */
const FULL: ReplaySummary = {
  ...PLAIN,
  openByStage: {
    to_contact: 1234,
    awaiting_referral: 3,
    awaiting_note: 22,
    accepted: 4000,
    reached: 900,
    scheduled: 7,
  },
  ...{ referrals: 14_266, alerts: 12_000, openBreaches: 800 },
  openBreachesByKind: { first_attempt: 5000, acceptance: 4000, scheduled: 900, note: 800, visit: 700, silence: 600 },
  passedOver: [
    { kind: 'row', why: 'no event: none of its times is filled, or no condition holds', n: 4000 },
    { kind: 'ServiceRequest', why: 'intent not among those of referrals', n: 30 },
  ],
  notRead: { '.dat': 3, '.gz': 2, '.xml': 1, 'no ending': 1, '.pdf': 1, '.zip': 1, '.log': 1, folder: 12, empty: 300 },
  unheard: { acceptance: 4000, note: 800, visit: 700, silence: 600, referrer_update: 500 },
  mails: 9999,
  mailsByKind: { coordinator_digest: 7000, liaison_digest: 2000, urgent_alert: 1, weekly_report: 99, operations: 899 },
  mailedByKind: { coordinator_digest: 12, liaison_digest: 3, urgent_alert: 1, weekly_report: 4, operations: 1 },
  ...{
    afterUntil: 31,
    allBy: '2026-04-02T04:00:00.000Z',
    orphans: 12,
    orphanIds: ['RF-2026-000123', 'R-2', 'R-3'],
    nextDigestAt: '2026-03-06T12:00:00.000Z',
  },
  refusedByReason: { malformed: 12, invalid: 300, unknown_type: 4, time_in_future: 5, id_reused: 6, unmatched: 41 },
  ...{ refused: 368, waiting: 30 },
  firstRefused: [1, 2, 3].map((position) => ({
    ...{ reason: 'invalid', dialect: 'cloudevents', file: 'exports/year/2026/events.ndjson', position, unit: 'line' },
    detail: `data.priority: missing, expected routine, urgent, asap or stat; ${'more; '.repeat(30)}`,
  })),
  nobodys: {
    unknownSites: counted(LONG, 'a'),
    withoutCoordinator: counted('westt', 'south', 'east', LONG),
    unknownPractices: counted('p9', ''),
    withoutLiaison: counted('p2'),
  },
  strangeSpecialties: [
    { value: 'Behavioral Health', meant: 'behavioral_health', n: 12 },
    { value: 'Sleep Lab', meant: 'sleep_lab', n: 3 },
  ],
  codes: [
    { field: 'referral.received.specialty', value: LONG.slice(0, 40), n: 12 },
    { field: 'appointment.scheduled.site', value: 'X', n: 2 },
  ],
  lacking: { 'referral.received.site': 4000, 'referral.received.priority': 12, 'contact.attempted.channel': 2 },
  ownWords: { 'contact.attempted.channel': 4, 'referral.closed.reason': 3 },
  warnings: [`directory.json sites[2]: ${'a long story '.repeat(20)}`, 'policy.json: another'],
};

const REFUSED = {
  reason: 'invalid',
  dialect: 'cloudevents',
  file: 'events.ndjson',
  position: 1,
  unit: 'line',
} as const;

const SHOWN = { out: 'out', config: 'my-config' };
const text = (summary: ReplaySummary, shown = SHOWN) => stripVTControlCharacters(replayText(summary, shown));

describe('The summary of a replay', () => {
  it('fits a terminal, however much there is to say', () => {
    const lines = text(FULL, { out: 'runs/of/this/year/out', config: 'my-config' }).split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(lines.length).toBeLessThanOrEqual(23);
    const labels = lines.map((line) => line.slice(0, 12).trim()).filter((label) => label !== '');
    expect(labels.slice(1)).toEqual([
      ...[
        'Referrals',
        'Alerts',
        'Unheard',
        'Mails',
        'Refused',
        'Passed over',
        'Not read',
        'Left out',
        'Digests',
        'Unassigned',
        'Unknown',
        'Specialty',
      ],
      ...['Unmatched', 'Waiting', 'Lacking', 'No entry', 'Warnings', 'Next'],
    ]);
  });

  it('breaks no command that is to be copied', () => {
    const out = 'a-folder/of-a-long-name/'.repeat(4);
    expect(text(PLAIN, { ...SHOWN, out })).toContain(`npx loopwatch explain R-1 --from ${out}`);
  });

  it('says nothing that is not there', () => {
    expect(text(PLAIN)).toBe(
      [
        'By Fri 6 Mar 2026, 00:00 EST; the files are in out',
        'Referrals   2, 2 open: to contact 2',
        'Alerts      0',
        'Mails       0',
        'Next        npx loopwatch explain R-1 --from out',
      ].join('\n'),
    );
  });

  it.each<[string, Partial<ReplaySummary>, string]>([
    [
      'mails and whose',
      { mails: 3, mailsByKind: { liaison_digest: 3 }, mailedByKind: { liaison_digest: 2 } },
      'Mails       3: 3 liaison digests to 2 people\n',
    ],
    [
      'what a go-live leaves to nobody',
      { history: 12 },
      'History     12 open referrals with a clock that was due before liveFrom: no\n            mail tells of it\n',
    ],
    [
      'what is overdue whatever anybody did',
      { unheard: { note: 3, referrer_update: 12 } },
      'Unheard     15 never said to be met: referrer update 12, note 3\n',
    ],
    [
      'codes without an entry, a priority first',
      {
        codes: [
          { field: 'referral.received.site', value: 'N', n: 9 },
          { field: 'referral.received.priority', value: 'URG', n: 2 },
        ],
      },
      'No entry    11 codes in no crosswalk: referral.received.priority "URG" 2\n            (counts as routine), …\n',
    ],
    [
      'what came later',
      { afterUntil: 1, allBy: '2026-03-08T05:00:00.000Z' },
      'Left out    1 message that came after that: --until 2026-03-08T05:00:00Z\n',
    ],
    [
      'whose site is unknown',
      { nobodys: { ...PLAIN.nobodys, unknownSites: counted('westt') } },
      'Unknown     9 of sites not in directory.json: westt 9\n',
    ],
    [
      'specialties that are written otherwise',
      { strangeSpecialties: [{ value: 'Behavioral Health', meant: 'behavioral_health', n: 12 }] },
      [
        'Specialty   12 of "Behavioral Heal…", which nothing in policy.json and',
        '            directory.json has; did you mean behavioral_health?\n',
      ].join('\n'),
    ],
    [
      'codes',
      { codes: [{ field: 'f', value: 'v', n: 2 }] },
      'No entry    2 codes in no crosswalk: f "v" 2\n            what would help: npx loopwatch dialect try FILE --config my-config\n',
    ],
    [
      'who lacks a coordinator or a liaison, and what lies on no list',
      {
        nobodys: { ...PLAIN.nobodys, withoutCoordinator: counted(''), withoutLiaison: counted('p1') },
        ownWords: { 'referral.closed.reason': 3 },
      },
      [
        'Unassigned  9 without a coordinator, by site: none 9 (needs a route)',
        '            9 without a liaison, by practice: p1 9 (needs liaisonId)',
        'Unknown     3 values that no list has: referral.closed.reason 3',
        'Next',
      ].join('\n'),
    ],
    [
      'which fields are empty, a priority first',
      { lacking: { 'referral.received.site': 40, 'referral.received.priority': 9, 'contact.attempted.channel': 2 } },
      'Lacking     a default stands for priority 9 (counts as routine), site 40, …\n',
    ],
    [
      'at which stages referrals are of which none is open',
      { referrals: 3, open: 0, openByStage: {}, byStage: { closed: 1, loop_closed: 2 } },
      'Referrals   3, none open: loop closed 2, closed 1\n',
    ],
    [
      'a path whole that a line has room for',
      {
        refusedByReason: { invalid: 1 },
        firstRefused: [{ ...REFUSED, file: `${'folder/'.repeat(7)}events.ndjson`, detail: 'id: missing' }],
      },
      `            ${'folder/'.repeat(7)}events.ndjson line\n            1: id: missing\n`,
    ],
    [
      'what waits for a referral, and what has no key of one',
      { refusedByReason: { unmatched: 5 }, waiting: 3 },
      [
        'Unmatched   3 wait, as no referral is known by their keys, 2 have no key of a',
        '            referral: see npx loopwatch dialect try\n',
      ].join('\n'),
    ],
    [
      'only that, where nothing waits',
      { refusedByReason: { unmatched: 2 } },
      'Unmatched   2 have no key of a referral: see npx loopwatch dialect try\n',
    ],
    [
      'what was passed over, and why',
      {
        passedOver: [
          { kind: 'REF^I12', why: 'MSH-11 T', n: 3 },
          { kind: 'ServiceRequest', why: 'intent plan, not in intents', n: 2 },
          { kind: 'row', why: 'no event', n: 1 },
          { kind: 'ADT^A08', why: 'kind of message', n: 1 },
        ],
      },
      [
        'Passed over 7: MSH-11 T (REF^I12) 3; intent plan, not in intents',
        '            (ServiceRequest) 2; no event 1; …\n',
      ].join('\n'),
    ],
    [
      'where to see why all of it was',
      { tookIn: false, passedOver: [{ kind: 'ADT^A08', why: 'kind of message', n: 9 }] },
      [
        'Passed over 9: kind of message (ADT^A08) 9',
        '            npx loopwatch dialect try FILE --config my-config\n',
      ].join('\n'),
    ],
    [
      'what of a folder was not read',
      { notRead: { '.dat': 1, 'no ending': 2, folder: 1, empty: 3 } },
      'Not read    3 files (no ending 2, .dat 1), 1 subfolder, 3 empty files\n',
    ],
    [
      'where in a file of messages one was refused, and that it is no line',
      {
        refusedByReason: { invalid: 1 },
        firstRefused: [{ ...REFUSED, file: 'a.hl7', unit: 'message', detail: 'TQ1-7' }],
      },
      'a.hl7 message 1: TQ1-7\n',
    ],
    ['the only warning', { warnings: ['policy.json: odd'] }, 'Warning     policy.json: odd\n'],
    [
      'an id that a shell would read otherwise',
      { example: "it's $1\u001b" },
      `explain 'it'\\''s $1\\u001b' --from out`,
    ],
  ])('says %s', (_, more, line) => {
    expect(text({ ...PLAIN, ...more })).toContain(line);
  });
});

describe('A long text', () => {
  const place = 'directory.json people[1].away[0].deputyId:';
  const advice = "mail goes to the site's fallback coordinator; name another deputy";
  const long = `${place} ${'"coordinator-1" is away then, and what follows from it, '.repeat(3)}${advice}`;
  const inLines = (summary: ReplaySummary) => text(summary).replaceAll(/\n {12}/g, ' ');

  it('is whole where a terminal has room for it', () => {
    expect(inLines({ ...PLAIN, warnings: [long] })).toContain(`Warning     ${long}\n`);
  });

  it.each([
    ['a warning', (more: string) => ({ warnings: [more] })],
    ['one of several warnings', (more: string) => ({ warnings: [more, more] })],
    [
      'what was refused',
      (more: string) => ({ refusedByReason: { invalid: 1 }, firstRefused: [{ ...REFUSED, detail: more }] }),
    ],
  ])('loses of its middle, and neither place nor advice, elsewhere: %s', (_, withText) => {
    const lines = inLines({ ...PLAIN, ...withText(long.repeat(3)) });
    expect(lines).toContain(place);
    expect(lines).toContain(' … ');
    expect(lines).toContain('fallback coordinator; name another deputy\n');
  });
});

describe('What is unassigned or unknown', () => {
  const row = (more: Partial<ReferralRow>) =>
    ({
      stage: 'to_contact',
      receivedAt: 'x',
      site: 'north',
      practiceId: 'p1',
      coordinatorId: 'c1',
      liaisonId: 'l1',
      ...more,
    }) as ReferralRow;

  it('is counted by the value that the directory lacks, the most frequent first', () => {
    const { directory } = organization();
    const rows = [
      row({}),
      row({ site: 'east', coordinatorId: null }),
      row({ site: 'westt', coordinatorId: null }),
      row({ site: 'westt', coordinatorId: null }),
      row({ site: 'routed' }),
      row({ practiceId: 'p9', liaisonId: null }),
      row({ liaisonId: null }),
      row({ practiceId: null, liaisonId: 'l1' }),
      row({ site: 'gone', coordinatorId: null, stage: 'voided' }),
      row({ site: null, coordinatorId: null, liaisonId: null, receivedAt: null, stage: 'awaiting_referral' }),
    ];
    expect(nobodysOf(rows, directory)).toEqual({
      withoutCoordinator: [
        { value: 'westt', n: 2 },
        { value: 'east', n: 1 },
      ],
      unknownSites: [
        { value: 'westt', n: 2 },
        { value: 'east', n: 1 },
        { value: 'routed', n: 1 },
      ],
      unknownPractices: [{ value: 'p9', n: 1 }],
      withoutLiaison: [{ value: 'p1', n: 1 }],
    });
  });
});
