import { describe, expect, test } from 'vitest';
import { CHART, DARK, LIGHT } from '../../../shared/mail/templates/style.ts';

/** WCAG 2.2's relative luminance. */
function luminance(colour: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((start) => {
    const value = Number.parseInt(colour.slice(start, start + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [dark = 0, light = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
}

describe.each([
  ['light', LIGHT],
  ['dark', DARK],
])('in the %s scheme', (_, palette) => {
  test.each(Object.keys(palette).filter((name) => !['page', 'card', 'line'].includes(name)))(
    '%s is readable on the card and on the page',
    (name) => {
      const colour = palette[name as keyof typeof palette];
      expect(contrast(colour, palette.card)).toBeGreaterThanOrEqual(4.5);
      expect(contrast(colour, palette.page)).toBeGreaterThanOrEqual(4.5);
    },
  );
});

/** WCAG 2.2, 1.4.11: the parts one has to see to understand a picture. A picture has the same colours in both schemes. */
describe.each([
  ['light', LIGHT],
  ['dark', DARK],
])('of charts and bars, on the card of the %s scheme', (_, palette) => {
  test.each(Object.entries(CHART))('%s can be seen', (_name, colour) => {
    expect(contrast(colour, palette.card)).toBeGreaterThanOrEqual(3);
  });
});
