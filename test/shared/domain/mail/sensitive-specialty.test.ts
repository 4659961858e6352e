import { describe, expect, it } from 'vitest';
import { isSensitive } from '../../../../shared/domain/mail/sensitive-specialty.ts';
import { specialtyName } from '../../../../shared/mail/report/scope.ts';
import { config, referralAlert } from '../../mail/builders.ts';
import { rowsIn, saying } from './digests.ts';

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
    expect(rowsIn(saying({ alerts, config: settings })).map(({ specialty }) => specialty)).toEqual(['specialty care']);
    expect(specialtyName('behavioral health', settings)).toBe('specialty care');
  });
});
