import { describe, expect, it } from 'vitest';
import { coordinatorDigest } from '../../../../shared/domain/mail/coordinator-digest.ts';
import { isSensitive } from '../../../../shared/domain/mail/sensitive-specialty.ts';
import { specialtyName } from '../../../../shared/mail/report/scope.ts';
import { config, coordinator, MONDAY, referralAlert } from '../../mail/builders.ts';

const settings = config({ sensitiveSpecialties: ['Behavioral Health '] });

describe('A sensitive specialty', () => {
  it.each([
    ['Behavioral Health', true],
    ['behavioral health', true],
    [' BEHAVIORAL HEALTH\t', true],
    ['behavioral', false],
    ['behavioral health center', false],
  ])('"%s" is one: %s', (specialty, expected) => {
    expect(isSensitive(specialty, settings.directory)).toBe(expected);
  });

  it('is not named in a row or a report, however it is written', () => {
    const alerts = [referralAlert({}, { specialty: 'BEHAVIORAL HEALTH' })];
    const recipient = coordinator();
    const digest = coordinatorDigest({
      recipient,
      period: '2026-03-02',
      asOf: MONDAY,
      since: null,
      alerts,
      config: settings,
    });
    expect(digest?.sections.flatMap(({ rows }) => rows).map(({ specialty }) => specialty)).toEqual(['specialty care']);
    expect(specialtyName('behavioral health', settings)).toBe('specialty care');
  });
});
