import type { ClockFigures } from '../../contracts/report.ts';
import { percent } from './format-figure.ts';

/**
 * What a clock's signal says, to go on a sentence: `below its usual range of 64% to 80%`. Nothing if it has none.
 * @param one `week`
 */
export function signalText({ signal, centre, limits }: ClockFigures, one: string): string {
  const usual = centre === null ? '' : ` its usual ${percent(centre)}`;
  const range = limits === null ? '' : ` its usual range of ${limits.map(percent).join(' to ')}`;
  switch (signal) {
    case 'below':
      return `below${range}`;
    case 'above':
      return `above${range}`;
    case 'shift_down':
      return `below${usual} for 8 ${one}s running`;
    case 'shift_up':
      return `above${usual} for 8 ${one}s running`;
    case 'trend_down':
      return `lower from ${one} to ${one} for 7 ${one}s running`;
    case 'trend_up':
      return `higher from ${one} to ${one} for 7 ${one}s running`;
    case null:
      return '';
  }
}
