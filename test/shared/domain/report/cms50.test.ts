import { describe, expect, it } from 'vitest';
import { DAY_MS } from '../../../../shared/contracts/duration.ts';
import type { ReferralState } from '../../../../shared/contracts/state.ts';
import { reportPeriods } from '../../../../shared/domain/report/periods.ts';
import { sampleConfig } from '../../../builders/config.ts';
import { at } from '../../../builders/instants.ts';
import { reportsOver, weekDue } from '../../../builders/reports.ts';

/** Monday, 9 March 2026, 06:00 in New York. */
const AS_OF = at('03-09 10:00');
/** The year 2026 begins in New York, and so does 2027. */
const YEAR = at('2026-01-01T05:00:00Z');
const NEXT_YEAR = at('2027-01-01T05:00:00Z');

const estimate = (period: Parameters<typeof reportsOver>[0], ...referrals: Partial<ReferralState>[]) =>
  reportsOver(period, referrals)().cms50Estimate;
const inMarch = (...referrals: Partial<ReferralState>[]) => estimate(weekDue(AS_OF), ...referrals);
/** Each referral is of a patient of its own. */
const patients = (...referrals: Partial<ReferralState>[]) =>
  referrals.map((over, index) => ({ patientId: `patient-${index}`, ...over }));

const ORDERED = { orderedAt: '2026-02-01' };
const NOTED = { noteAt: AS_OF - DAY_MS };

describe('the notes that count', () => {
  it('are received from the start of the year up to the very hour of the report', () => {
    const notes = [YEAR - 1, YEAR, AS_OF, AS_OF + 1].map((noteAt) => ({ noteAt }));
    expect(inMarch(...patients(...notes))).toEqual({ n: 2, d: 4 });
  });

  it('include later ones: a first note of last year does not hide one of this year', () => {
    const first = { noteAt: YEAR - DAY_MS };
    const counts = (...laterNotes: number[]) => inMarch({ ...first, laterNotes }).n;
    expect([counts(), counts(YEAR - 1), counts(YEAR), counts(AS_OF), counts(AS_OF + 1)]).toEqual([0, 0, 1, 1, 0]);
  });

  it('are not those that belong to another referral: of them the state has none', () => {
    expect(inMarch({ ...ORDERED, noteBeforeReferral: true })).toEqual({ n: 0, d: 1 });
  });
});

describe('the year', () => {
  /** What the reports due from 29 December 2026 to 5 January 2027 say of an order of October and a note. */
  const atTheTurn = (noteAt: number) => {
    const periods = reportPeriods('America/New_York', at('2026-12-28T20:00:00Z'), at('2027-01-05T05:00:00Z'));
    const referral = { orderedAt: '2026-10-15', noteAt };
    return Object.fromEntries(periods.map((period) => [period.name, estimate(period, referral)]));
  };

  it('is that in which the period begins, so that the notes of its last days count in some report', () => {
    const [yes, no] = [
      { n: 1, d: 1 },
      { n: 0, d: 1 },
    ];
    const wednesday = at('2026-12-30T15:00:00Z');
    expect(atTheTurn(wednesday)).toEqual({ '2026-W53': yes, '2026-12': yes, '2026-Q4': yes });
    expect(atTheTurn(NEXT_YEAR - 1)).toEqual({ '2026-W53': yes, '2026-12': yes, '2026-Q4': yes });
    expect(atTheTurn(NEXT_YEAR)).toEqual({ '2026-W53': no, '2026-12': no, '2026-Q4': no });
  });

  it('is one of the organization’s time zone, where a date is a day', () => {
    const { directory } = sampleConfig();
    directory.organization.timeZone = 'Asia/Tokyo';
    // The week from Monday, 1 January 2029 in Tokyo, when it is still 2028 in UTC.
    const week = weekDue(at('2029-01-07T21:00:00Z'), 'Asia/Tokyo');
    const orders = ['2028-12-31', '2029-01-01', '2029-10-31', '2029-11-01'].map((orderedAt) => ({ orderedAt }));
    expect(reportsOver(week, patients(...orders), { directory })().cms50Estimate.d).toBe(2);
  });

  it('has orders up to the end of October, to the millisecond', () => {
    const instants = ['2026-01-01T04:59:59.999Z', '2026-01-01T05:00:00.000Z', '2026-11-01T03:59:59.999Z'];
    const orders = [...instants, '2026-11-01T04:00:00.000Z'].map((orderedAt) => ({ orderedAt }));
    expect(inMarch(...patients(...orders)).d).toBe(2);
  });
});

describe('a patient’s first referral', () => {
  it('is the first that was ordered, or received where no order is known', () => {
    const [early, late] = [at('02-03 15:00'), at('02-04 15:00')];
    expect(inMarch({ receivedAt: early }, { receivedAt: late, ...NOTED })).toEqual({ n: 0, d: 1 });
    expect(inMarch({ receivedAt: early }, { receivedAt: late, ...ORDERED, ...NOTED })).toEqual({ n: 1, d: 1 });
  });

  it('is one with a note, of several at once, whichever was received first', () => {
    const [early, late] = [at('02-03 15:00'), at('02-04 15:00')];
    for (const noted of [early, late]) {
      const both = [early, late].map((receivedAt) => ({ ...ORDERED, receivedAt, ...(receivedAt === noted && NOTED) }));
      expect(inMarch(...both)).toEqual({ n: 1, d: 1 });
      expect(inMarch(...both.toReversed())).toEqual({ n: 1, d: 1 });
    }
    expect(inMarch(ORDERED, { orderedAt: '2026-02-02', ...NOTED })).toEqual({ n: 0, d: 1 });
  });

  it('is found in each scope by itself', () => {
    const reports = reportsOver(weekDue(AS_OF), [
      { ...ORDERED, site: 'north' },
      { orderedAt: '2026-02-02', site: 'west', ...NOTED },
    ]);
    expect(reports().cms50Estimate).toEqual({ n: 0, d: 1 });
    expect(reports('site=north').cms50Estimate).toEqual({ n: 0, d: 1 });
    expect(reports('site=west').cms50Estimate).toEqual({ n: 1, d: 1 });
  });

  it.each([
    ['cancelled', true],
    ['duplicate', true],
    ['entered_in_error', true],
    ['deceased', true],
    ['moved', true],
    ['test', true],
    ['converted_econsult', false],
    ['resolved_by_referrer', false],
    ['patient_declined', false],
    ['unspecified', false],
  ] as const)('that ended as %s is passed over: %s', (endReason, isPassedOver) => {
    const first = { ...ORDERED, endedAt: AS_OF - DAY_MS, endReason };
    const second = { orderedAt: '2026-02-02', ...NOTED };
    expect(inMarch(first, second)).toEqual({ n: isPassedOver ? 1 : 0, d: 1 });
    expect(inMarch(first).d).toBe(isPassedOver ? 0 : 1);
  });
});

describe('a patient without a note', () => {
  const tooRecent = (...referrals: Partial<ReferralState>[]) =>
    reportsOver(weekDue(at('06-01 10:00')), patients(...referrals))().cms50TooRecent;
  const JUNE = at('06-01 10:00');

  it('is too recent to tell whose referral was ordered under 90 days ago, or received where no order is known', () => {
    const orders = [90 * DAY_MS, 90 * DAY_MS + 1].map((ago) => new Date(JUNE - ago).toISOString());
    expect(tooRecent(...orders.map((orderedAt) => ({ orderedAt })))).toBe(1);
    expect(tooRecent({ receivedAt: JUNE - 89 * DAY_MS }, { receivedAt: JUNE - 91 * DAY_MS })).toBe(1);
  });

  it('is none with a note, however recent', () => {
    expect(tooRecent({ orderedAt: '2026-05-20', noteAt: JUNE - DAY_MS })).toBe(0);
  });
});
