import { describe, expect, it } from 'vitest';
import { at } from '../builders/instants.ts';
import { SIDES } from './digest-agreement.ts';
import {
  booked,
  clock,
  type Digests,
  FIRST_ATTEMPT,
  iso,
  MONDAY,
  NOTE,
  REBOOK,
  received,
  type Step,
  type Story,
  tellOfDigests,
  VISIT,
} from './digest-story.ts';

/** The first attempt is due on Wednesday 4 March at 22:00 UTC, is at risk a day before, and escalates on the 9th. */
const RECEIVED: Step = ['R', MONDAY, 'referral.received', received()];
const UNKNOWN: Step = ['R', '03-02 14:00', 'referral.accepted'];
const reachedToo = { ...FIRST_ATTEMPT, reached: clock(3, 'business_days') };
const unwarned = { rebook: clock(7, 'business_days', {}) };
const snoozed = (kind: string, time: string, until: string): Step => [
  'R',
  time,
  'alert.snoozed',
  { kind, by: 'c', until: iso(until) },
];
const acknowledged = (kind: string, time: string): Step => ['R', time, 'alert.acknowledged', { kind, by: 'c' }];
const paused = (time: string, reason = 'awaiting_information'): Step => ['R', time, 'referral.paused', { reason }];
const resumed = (time: string): Step => ['R', time, 'referral.resumed'];
/** Booked for Tuesday 3 March 15:00, and missed. */
const MISSED: Step[] = [
  RECEIVED,
  ['R', '03-02 15:00', 'appointment.scheduled', booked('A', '03-03 15:00')],
  ['R', '03-03 16:00', 'appointment.no_show', { appointmentId: 'A' }],
];

describe.each(SIDES)('Coordinator digests by %s', (_side, ask) => {
  const tell = (story: Story): Promise<Digests> => tellOfDigests(ask, story);
  /** What a person's digests say, day by day. */
  const says = async (story: Story, want: Record<string, string[] | null>, personId = 'c') => {
    const { rows } = await tell(story);
    expect(Object.fromEntries(Object.keys(want).map((day) => [day, rows(personId, day)]))).toEqual(want);
  };

  it('follow a breach from the day on which it is due to its escalation', async () => {
    const story = { steps: [RECEIVED], until: '03-11 12:00' };
    await says(story, {
      '03-02': [],
      '03-03': null,
      '03-04': ['due first_attempt new'],
      '03-05': ['newly_breached first_attempt worse'],
      '03-06': ['still_open first_attempt 3'],
      '03-07': null,
      '03-09': ['still_open first_attempt 4'],
      '03-10': ['still_open first_attempt worse'],
      '03-11': ['still_open first_attempt 6'],
    });
    const escalated = { '03-09': [], '03-10': ['escalated_elsewhere first_attempt new'] };
    await says(story, { ...escalated, '03-11': ['escalated_elsewhere first_attempt 2'] }, 'boss');
    await says(story, { '03-09': [], '03-10': null }, 'd');
  });

  describe('have a section for', () => {
    it('what is urgent and due or late', async () => {
      await says(
        { steps: [['R', MONDAY, 'referral.received', received('urgent')]], until: '03-06 12:00' },
        {
          '03-04': ['now first_attempt new'],
          '03-05': ['now first_attempt worse'],
          '03-06': ['now first_attempt 3'],
        },
      );
    });

    it('what is of no known priority and due or late', async () => {
      // a referral that has not come has none, and who takes whatever nobody else does gets it
      await says(
        { steps: [UNKNOWN], people: { c: { routes: [{}] } }, until: '03-04 12:00' },
        { '03-03': null, '03-04': ['now orphan new'] },
      );
    });

    it('what was missed since, once', async () => {
      await says(
        { steps: MISSED, clocks: REBOOK, until: '03-05 12:00' },
        { '03-04': ['missed_or_cancelled rebook new'], '03-05': null },
      );
    });

    it('what was missed since, although nothing warns of it', async () => {
      await says(
        { steps: MISSED, clocks: unwarned, until: '03-06 12:00' },
        { '03-04': ['missed_or_cancelled rebook new'], '03-05': null },
      );
    });

    it('what was missed since, but not if it was booked again', async () => {
      const again: Step = ['R', '03-03 20:00', 'appointment.scheduled', booked('B', '03-20 15:00')];
      await says({ steps: [...MISSED, again], clocks: unwarned, until: '03-04 12:00' }, { '03-04': null });
    });

    it('what was missed since, but not if it has been closed without anything open', async () => {
      const closed: Step = ['R', '03-03 20:00', 'referral.closed', { reason: 'patient_declined' }];
      await says({ steps: [...MISSED, closed], clocks: unwarned, until: '03-04 12:00' }, { '03-04': null });
    });

    it('what was missed since, but not while its rebooking is snoozed', async () => {
      const later = snoozed('rebook', '03-03 17:00', '03-06 01:00');
      await says(
        { steps: [...MISSED, later], clocks: REBOOK, until: '03-09 12:00' },
        { '03-04': null, '03-05': null, '03-06': ['missed_or_cancelled rebook new +snooze_over'], '03-09': [] },
      );
    });

    it('what was cancelled since, also if something else of it is snoozed', async () => {
      await says(
        {
          steps: [
            RECEIVED,
            ['R', '03-02 15:00', 'appointment.scheduled', booked('A', '03-05 15:00')],
            ['R', '03-05 06:00', 'appointment.cancelled', { appointmentId: 'A', by: 'patient' }],
            snoozed('visit', '03-05 06:30', '03-09 12:00'),
          ],
          clocks: { ...unwarned, visit: clock(3, 'calendar_days') },
          until: '03-05 12:00',
        },
        { '03-05': ['missed_or_cancelled rebook new'] },
      );
    });

    it('what is due on a Saturday, on Friday', async () => {
      await says(
        {
          steps: [
            ['R', '02-16 14:00', 'referral.received', received()],
            ['R', '02-16 16:00', 'appointment.scheduled', booked('A', '02-28 14:00')],
            ['R', '02-28 15:00', 'visit.completed', { appointmentId: 'A' }],
          ],
          clocks: NOTE,
          until: '03-16 12:00',
        },
        {
          '03-06': null,
          '03-09': ['soon note new'],
          '03-10': null,
          '03-12': null,
          '03-13': ['due note 2'],
          '03-16': ['newly_breached note worse'],
        },
      );
    });

    it('what is due, whatever else is late', async () => {
      await says(
        { steps: [RECEIVED], clocks: reachedToo, until: '03-06 12:00' },
        {
          '03-04': ['due first_attempt new'],
          '03-05': ['due reached worse'],
          '03-06': ['still_open first_attempt worse'],
        },
      );
    });

    it('what is due, but not if that was acknowledged', async () => {
      await says(
        { steps: [RECEIVED, acknowledged('first_attempt', '03-03 23:00')], until: '03-05 12:00' },
        { '03-04': ['soon first_attempt new +acknowledged'], '03-05': ['newly_breached first_attempt worse'] },
      );
    });

    it('what is at risk when a snooze of it is over', async () => {
      await says(
        {
          steps: [
            ['R', '03-02 14:00', 'referral.received', received()],
            ['R', '03-02 15:00', 'visit.completed'],
            snoozed('note', '03-10 13:00', '03-12 01:00'),
          ],
          clocks: NOTE,
          until: '03-13 12:00',
        },
        { '03-10': ['soon note new'], '03-11': null, '03-12': ['soon note 2 +snooze_over'], '03-13': null },
      );
    });

    it('a call that was promised for the day', async () => {
      const promised = { channel: 'phone', outcome: 'voicemail', nextAttemptAt: iso('03-05 20:00') };
      await says(
        {
          steps: [RECEIVED, ['R', '03-03 16:00', 'contact.attempted', promised]],
          clocks: { reached: clock(5, 'business_days') },
          until: '03-06 12:00',
        },
        { '03-04': null, '03-05': ['due callback new'], '03-06': ['newly_breached callback worse'] },
      );
    });

    it('what nobody knows the attendance of', async () => {
      await says(
        { steps: MISSED.slice(0, 2), clocks: VISIT, until: '03-09 12:00' },
        {
          '03-05': null,
          '03-06': ['attendance_unknown attendance_unknown new'],
          '03-09': ['attendance_unknown attendance_unknown 2'],
        },
      );
    });

    it('what nobody knows the attendance of, but not if anything else is late', async () => {
      await says(
        { steps: MISSED.slice(0, 2), clocks: { visit: clock(3, 'calendar_days') }, until: '03-06 12:00' },
        { '03-05': ['due visit new'], '03-06': ['newly_breached visit worse'] },
      );
    });

    it("others' escalations: new ones first, then by owner, nobody last", async () => {
      const escalated = (id: string, more: object, time = MONDAY): Step => [
        id,
        time,
        'referral.received',
        received('routine', more),
      ];
      await says(
        {
          steps: [
            escalated('R0', { coordinatorId: 'c' }, '02-26 14:00'),
            escalated('R1', { coordinatorId: 'd' }),
            escalated('R2', {}),
            escalated('R3', { site: 'lost' }),
            escalated('R4', { coordinatorId: 'boss' }),
          ],
          until: '03-10 12:00',
        },
        {
          '03-09': ['R4: still_open first_attempt 4', 'R0: escalated_elsewhere first_attempt new'],
          '03-10': [
            'R4: still_open first_attempt worse',
            'R2: escalated_elsewhere first_attempt new',
            'R1: escalated_elsewhere first_attempt new',
            'R3: escalated_elsewhere first_attempt new',
            'R0: escalated_elsewhere first_attempt 2',
          ],
        },
        'boss',
      );
    });

    it("others' escalations, but not if they are snoozed", async () => {
      const later = snoozed('first_attempt', '03-10 01:00', '03-11 01:00');
      await says(
        { steps: [RECEIVED, later], until: '03-11 12:00' },
        { '03-10': null, '03-11': ['escalated_elsewhere first_attempt new +snooze_over'] },
        'boss',
      );
    });

    it('news after the end, until somebody has acknowledged them', async () => {
      const story = {
        steps: [
          RECEIVED,
          ['R', '03-03 14:00', 'referral.closed', { reason: 'duplicate' }],
          ['R', '03-03 15:00', 'appointment.scheduled', booked('A', '03-20 15:00')],
          acknowledged('news_after_end', '03-05 14:00'),
        ] satisfies Step[],
        until: '03-06 12:00',
      };
      const late = { '03-04': ['newly_breached news_after_end new'], '03-05': ['still_open news_after_end 2'] };
      await says(story, { ...late, '03-06': null });
    });
  });

  it('say of a patient who said no when the booking would be due', async () => {
    await says(
      {
        steps: [RECEIVED, ['R', '03-03 16:00', 'contact.attempted', { channel: 'phone', outcome: 'declined' }]],
        clocks: { scheduled: clock(8, 'business_days', { warnBefore: { value: 3, unit: 'calendar_days' } }) },
        until: '03-13 12:00',
      },
      {
        '03-09': [],
        '03-10': ['soon scheduled new'],
        '03-11': null,
        '03-12': ['due scheduled 2'],
        '03-13': ['newly_breached scheduled worse'],
      },
    );
  });

  describe('call what they list', () => {
    it('newly breached once, though it flaps between digests', async () => {
      const steps = [
        RECEIVED,
        ...['03-06', '03-09', '03-10'].flatMap((d) => [paused(`${d} 15:00`), resumed(`${d} 20:00`)]),
      ];
      await says(
        { steps, until: '03-12 12:00' },
        {
          '03-05': ['newly_breached first_attempt worse'],
          '03-06': ['still_open first_attempt 3'],
          '03-09': ['still_open first_attempt 4'],
          '03-10': ['still_open first_attempt worse'],
          '03-11': ['still_open first_attempt 6'],
          '03-12': ['still_open first_attempt 7'],
        },
      );
    });

    it('there again, if it stood as breached before the last digest', async () => {
      await says(
        {
          steps: [
            RECEIVED,
            ['R2', MONDAY, 'referral.received', received()],
            paused('03-05 15:00'),
            resumed('03-06 15:00'),
          ],
          until: '03-09 12:00',
        },
        {
          '03-05': ['newly_breached first_attempt worse', 'R2: newly_breached first_attempt worse'],
          '03-06': ['R2: still_open first_attempt 3'],
          '03-09': ['newly_breached first_attempt again', 'R2: still_open first_attempt 4'],
        },
      );
    });

    it('there again up to thirty days to the instant, new after that', async () => {
      const resuming = (time: string): Story => ({
        steps: [
          ['R', '03-05 14:00', 'referral.received', received()],
          paused('03-10 15:00', 'patient_requested'),
          resumed(time),
        ],
        until: '04-10 12:00',
      });
      const before = { '03-10': ['newly_breached first_attempt worse'], '04-06': [] };
      await says(resuming('04-08 15:00'), { ...before, '04-09': ['newly_breached first_attempt again'] });
      await says(resuming('04-09 15:00'), { ...before, '04-09': null, '04-10': ['newly_breached first_attempt new'] });
    });

    it('new to whom it was given', async () => {
      const story: Story = {
        steps: [RECEIVED, ['R', '03-05 14:00', 'referral.updated', { coordinatorId: 'd' }]],
        until: '03-06 12:00',
      };
      await says(story, { '03-05': ['newly_breached first_attempt worse'], '03-06': null });
      await says(story, { '03-05': null, '03-06': ['newly_breached first_attempt new'] }, 'd');
    });
  });

  describe('mark', () => {
    it('a snooze that ended on Saturday, on Monday', async () => {
      await says(
        { steps: [RECEIVED, snoozed('first_attempt', '03-05 14:00', '03-07 14:00')], until: '03-10 12:00' },
        {
          '03-05': ['newly_breached first_attempt worse'],
          '03-06': null,
          '03-09': ['still_open first_attempt 3 +snooze_over'],
          '03-10': ['still_open first_attempt worse'],
        },
      );
    });

    it('a snooze that is over, whichever alert leads', async () => {
      await says(
        {
          steps: [RECEIVED, snoozed('first_attempt', '03-05 15:00', '03-09 18:00')],
          clocks: reachedToo,
          until: '03-11 12:00',
        },
        {
          '03-05': ['due reached worse'],
          '03-06': ['still_open reached worse'],
          '03-09': ['still_open reached 4'],
          '03-10': ['still_open first_attempt worse +snooze_over'],
          '03-11': ['still_open first_attempt worse'],
        },
      );
    });

    it('what somebody has acknowledged, up to its escalation', async () => {
      await says(
        { steps: [RECEIVED, acknowledged('all', '03-05 13:00')], until: '03-10 12:00' },
        {
          '03-06': ['still_open first_attempt 3 +acknowledged'],
          '03-09': ['still_open first_attempt 4 +acknowledged'],
          '03-10': ['still_open first_attempt worse'],
        },
      );
    });

    it.each([
      ['reached', 'first_attempt'],
      ['first_attempt', 'reached'],
    ])('an acknowledged %s, though %s leads', async (kind, lead) => {
      await says(
        { steps: [RECEIVED, acknowledged(kind, '03-06 13:00')], clocks: reachedToo, until: '03-09 12:00' },
        { '03-09': [`still_open ${lead} 4 +acknowledged`] },
      );
    });

    it('a breach that a snooze had hidden, which is no worse than it was', async () => {
      const clocks = {
        ...FIRST_ATTEMPT,
        reached: clock(6, 'business_days', { warnBefore: { value: 5, unit: 'calendar_days' } }),
      };
      await says(
        {
          steps: [
            RECEIVED,
            snoozed('first_attempt', '03-03 23:00', '03-06 20:00'),
            snoozed('reached', '03-05 22:30', '03-05 23:00'),
          ],
          clocks,
          until: '03-09 12:00',
        },
        {
          '03-05': null,
          '03-06': ['soon reached new +snooze_over'],
          '03-09': ['newly_breached first_attempt 2 +snooze_over'],
        },
      );
    });

    it('what was reopened', async () => {
      await says(
        {
          steps: [
            RECEIVED,
            ['R', '03-04 13:00', 'referral.closed', { reason: 'patient_declined' }],
            ['R', '03-05 15:00', 'referral.reopened'],
          ],
          until: '03-09 12:00',
        },
        {
          '03-04': ['due first_attempt new'],
          '03-05': null,
          '03-06': ['newly_breached first_attempt worse +reopened'],
          '03-09': ['still_open first_attempt 3'],
        },
      );
    });

    it.each([
      ['not what was reopened before the planned digest before the first', '03-04 11:00', 'new'],
      ['what was reopened after the planned digest before the first', '03-04 12:30', 'new +reopened'],
    ])('%s', async (_name, time, state) => {
      await says(
        {
          steps: [
            RECEIVED,
            ['R', '03-03 13:00', 'referral.closed', { reason: 'patient_declined' }],
            ['R', time, 'referral.reopened'],
          ],
          from: '03-04 13:00',
          until: '03-05 12:00',
        },
        { '03-04': null, '03-05': [`newly_breached first_attempt ${state}`] },
      );
    });
  });

  it('list by priority, then what nobody has acknowledged, then by the earlier due, then by id', async () => {
    const one = (id: string, priority: string, time = MONDAY): Step => [
      id,
      time,
      'referral.received',
      received(priority),
    ];
    const steps: Step[] = [
      UNKNOWN,
      one('R2', 'urgent'),
      one('R3', 'asap'),
      one('R4', 'stat'),
      one('R5', 'routine'),
      one('R6', 'routine'),
      one('R7', 'routine', '02-27 14:00'),
      one('R8', 'routine', '02-27 14:00'),
      ['R8', '03-05 11:00', 'alert.acknowledged', { kind: 'first_attempt', by: 'c' }],
    ];
    const { digest } = await tell({ steps, people: { c: { routes: [{}] } }, until: '03-05 12:00' });
    expect(digest('c', '03-05')?.rows.map(({ referralId, section }) => `${section} ${referralId}`)).toEqual([
      'now R4',
      'now R3',
      'now R2',
      'now R',
      'newly_breached R5',
      'newly_breached R6',
      'still_open R7',
      'still_open R8',
    ]);
  });

  it('cut routine rows after the fiftieth that nothing marks, and remember them', async () => {
    const ids = Array.from({ length: 55 }, (_, index) => `R${String(index).padStart(2, '0')}`);
    const steps: Step[] = [
      ...ids.map((id): Step => [id, MONDAY, 'referral.received', received()]),
      ['R00', '03-05 13:00', 'alert.acknowledged', { kind: 'all', by: 'c' }],
      ...ids
        .slice(1, 11)
        .map((id): Step => [id, '03-06 14:00', 'contact.attempted', { channel: 'phone', outcome: 'no_answer' }]),
    ];
    const { rows, digest } = await tell({ steps, until: '03-09 12:00' });
    const line = (id: string, state: string) => `${id}: still_open first_attempt ${state}`;
    expect(rows('c', '03-05')).toEqual(ids.slice(0, 50).map((id) => `${id}: newly_breached first_attempt worse`));
    expect(digest('c', '03-05')?.cut).toEqual([{ section: 'newly_breached', priority: 'routine', n: 5 }]);
    expect(rows('c', '03-06')).toEqual([
      ...ids.slice(1, 51).map((id) => line(id, '3')),
      line('R00', '3 +acknowledged'),
    ]);
    expect(digest('c', '03-06')?.cut).toEqual([{ section: 'still_open', priority: 'routine', n: 4 }]);
    expect(rows('c', '03-09')).toEqual([...ids.slice(11).map((id) => line(id, '4')), line('R00', '4 +acknowledged')]);
    expect(digest('c', '03-09')?.cut).toEqual([]);
  });

  it('come at the time and on the days that a person works, not on the holidays of their site', async () => {
    const story: Story = {
      steps: [RECEIVED],
      people: { c: { workdays: ['tue', 'thu'], digestAt: '06:30', holidaysOf: 'north' } },
      holidays: ['2026-03-10'],
      until: '03-13 12:00',
    };
    await says(story, {
      '03-02': null,
      '03-03': [],
      '03-04': null,
      '03-05': ['newly_breached first_attempt new'],
      '03-06': null,
      '03-10': null,
      '03-12': ['still_open first_attempt worse'],
    });
    const { digest } = await tell(story);
    expect(digest('c', '03-12')?.asOf).toBe(at('03-12 10:30'));
  });

  it('list what is due before the next one that a person gets', async () => {
    const story: Story = { steps: [RECEIVED], people: { c: { workdays: ['mon', 'wed'] } }, until: '03-09 12:00' };
    const clocks = { first_attempt: clock(4, 'business_days', { warnBefore: { value: 4, unit: 'calendar_days' } }) };
    await says({ ...story, clocks }, { '03-04': ['due first_attempt new'] });
    await says({ ...story, clocks, people: {} }, { '03-03': ['soon first_attempt new'], '03-04': null });
  });
});

describe.each(SIDES)('Coordinator digests by %s say which referrals were dealt with since', (_side, ask) => {
  it.each([
    ['stopped', 'contact.attempted', { channel: 'phone', outcome: 'no_answer' }, ['R']],
    ['ended', 'referral.closed', { reason: 'patient_declined' }, ['R']],
    ['paused', 'referral.paused', { reason: 'medical_hold' }, []],
  ])('if they were %s', async (_how, type, data, resolved) => {
    const steps: Step[] = [RECEIVED, ['R', '03-05 15:00', type, data]];
    const { digest } = await tellOfDigests(ask, { steps, until: '03-09 12:00' });
    expect(digest('c', '03-05')?.resolved).toEqual([]);
    expect(digest('c', '03-09')).toMatchObject({ resolved, since: at('03-05 12:00') });
  });
});
