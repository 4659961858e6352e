import { describe, expect, it } from 'vitest';
import { isFileNamePattern, MOST_NAME_CHARACTERS } from '../../../shared/contracts/file-name-pattern.ts';

describe('a pattern of file names', () => {
  it.each([
    'referrals_(\\d{8})',
    '^.*_(\\d{8}T?\\d{4})\\.csv$',
    '(\\d{4}-\\d{2}-\\d{2})',
    '(?:_v2)?_(\\d+)',
    '[^_]+_(\\d{8}|\\d{12})',
  ])('is %s', (pattern) => {
    expect(isFileNamePattern(pattern)).toBe(true);
  });

  it.each([
    ...['(a+)+', '(a|a)*', '(a*){9}', '(?:a+)+(x)', 'a?a?a?a?a?(x)', '.*.*.*(x)', '(a{1,9}b{1,9}c{1,9})', '(a{999})'],
    ...['(?=a)(b)', '(?<n>a)', '(a)\\1', '((a))', '(a)(b)', 'a', '(a', '[', '(a)**', '', 'x'.repeat(300)],
  ])('is not %s', (pattern) => {
    expect(isFileNamePattern(pattern)).toBe(false);
  });

  it('that is allowed comes to an end on the longest name that does not fit', () => {
    const worst = ['(?:a|a)(?:a|a)(?:a|a)(?:a|a)a*a*(x)', 'a?a?a?a?.*.*(x)', '[ab]+[ac]+(x|y)', 'a{1,}a{2,}(x)'];
    for (const pattern of worst) {
      expect(isFileNamePattern(pattern)).toBe(true);
      expect(new RegExp(pattern).exec('a'.repeat(MOST_NAME_CHARACTERS))).toBeNull();
    }
  });
});
