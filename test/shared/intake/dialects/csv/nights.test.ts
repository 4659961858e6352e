import { describe, expect, it } from 'vitest';
import { short } from '../../../../builders/instants.ts';
import { having, idsOf, NIGHTS, translate } from './clinic.ts';

const [first, second, third] = NIGHTS.map(({ file, text }) => translate(text, { file }));
const night = (members: typeof first) => members ?? [];
const seenBefore = (...nights: (typeof first)[]) => new Set(nights.flatMap((each) => idsOf(night(each))));
/** `time type subject`, of the events that earlier nights hadn't. */
function newsOf(members: typeof first, ...before: (typeof first)[]): string[] {
  const seen = seenBefore(...before);
  return having(night(members), 'translated').flatMap((member) =>
    member.facts
      .filter((_, index) => !seen.has(idsOf([member])[index] ?? ''))
      .map(({ type, time }) => `${short(time)} ${type} ${member.keys.referralId}`),
  );
}

describe('a clinic that exports its referrals every night', () => {
  it('gives the events of all rows on the first night, in the zone of the sender', () => {
    expect(newsOf(first)).toEqual([
      '02-23 16:15 referral.received R-1',
      '02-25 15:00 appointment.scheduled R-1',
      '02-24 14:00 referral.received R-2',
      '02-24 15:30 referral.received R-3',
    ]);
  });

  it('gives on the second night only what is new: a no-show, a closing at the export’s instant, a new row', () => {
    expect(newsOf(second, first)).toEqual([
      '03-03 20:30 appointment.no_show R-1',
      '03-04 05:00 referral.closed R-2',
      '03-03 17:45 referral.received R-4',
    ]);
  });

  it('gives the new booking after the no-show on the third night, under the same appointment', () => {
    expect(newsOf(third, first, second)).toEqual([
      '03-04 14:20 appointment.scheduled R-1',
      // Said again each night with the instant of the export: the fold takes it for a restatement.
      '03-05 05:00 referral.closed R-2',
    ]);
    const [rebooked] = having(night(third), 'translated');
    expect(rebooked?.facts.find(({ type }) => type === 'appointment.scheduled')?.data).toEqual({
      appointmentId: 'R-1',
      startsAt: '2026-03-17T15:00:00.000Z',
    });
  });

  it('says nothing of the row that is gone', () => {
    expect(newsOf(second).some((line) => line.endsWith('R-3'))).toBe(false);
  });

  it('makes nothing new of the same export sent again', () => {
    for (const { file, text } of NIGHTS) {
      expect(idsOf(translate(text, { file }))).toEqual(idsOf(translate(text, { file })));
      expect(newsOf(translate(text, { file }), translate(text, { file }))).toEqual([]);
    }
  });

  it('writes down with each event when the export was made', () => {
    expect(having(night(second), 'translated').map(({ recordedAt }) => recordedAt && short(recordedAt))).toEqual([
      '03-04 05:00',
      '03-04 05:00',
      '03-04 05:00',
    ]);
  });
});
