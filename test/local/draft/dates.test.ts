import { describe, expect, it } from 'vitest';
import { CANDIDATES, candidatesLike } from '../../../local/draft/date-candidates.ts';
import { guessDates } from '../../../local/draft/guess-dates.ts';

describe('formats of dates', () => {
  it.each([
    [['03/02/2026', '13/02/2026'], ['dd/MM/yyyy'], false],
    [['03/02/2026', '02/13/2026'], ['MM/dd/yyyy'], false],
    [['03/02/2026', '04/02/2026'], ['MM/dd/yyyy'], true],
    [['3/2/2026', '12/13/2026'], ['M/d/yyyy'], false],
    [['02.03.2026 14:05', '02.03.2026'], ['dd.MM.yyyy', 'dd.MM.yyyy HH:mm'], false],
    [['2026-03-02', '2026-03-02T10:00:00Z', '00000000'], [], false],
    [['3/13/2026 2:05 PM'], ['M/d/yyyy h:mm a'], false],
    [['3/13/2026, 2:05:06 p.m.'], ['M/d/yyyy, h:mm:ss a'], false],
    [['24-Mar-26', '03-Apr-26'], ['dd-MMM-yy'], false],
    [['24-Mar-26 2:05PM', '3-Apr-26 12:05AM'], ['d-MMM-yy h:mma'], false],
    [['Mar 24, 2026', 'Mar 3, 2026', ''], ['MMM d, yyyy'], false],
    [['March 24, 2026', 'May 3, 2026'], ['MMMM d, yyyy'], false],
    [['24MAR2026'], ['ddMMMyyyy'], false],
    [['24.03.26', '2026.03.24'], ['yyyy.MM.dd', 'dd.MM.yy'], false],
    [['03-24-26'], ['MM-dd-yy'], false],
  ])('of %j are %j', (cells, formats, isAmbiguous) => {
    expect(guessDates(cells)).toEqual({ formats, isAmbiguous });
  });
});

describe('a format that the draft knows', () => {
  const written = (format: string): string => {
    const [letters, texts] = [
      'yyyy yy MMMM MMM MM M dd d HH H hh h mm ss a'.split(' '),
      '2026 26 August Aug 08 8 05 5 04 4 04 4 07 09 PM'.split(' '),
    ];
    return format.replace(/y+|M+|d+|H+|h+|m+|s+|a/g, (part) => texts[letters.indexOf(part)] ?? '?');
  };

  it('is tried for what is written in it', () => {
    for (const { format, read } of CANDIDATES) {
      const text = written(format);
      expect([format, text, candidatesLike(text).some((each) => each.format === format)]).toEqual([format, text, true]);
      expect([format, text, read(text)?.local.toPlainDate().toString()]).toEqual([format, text, '2026-08-05']);
    }
  });
});
