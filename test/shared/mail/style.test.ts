import { describe, expect, test } from 'vitest';
import { CSS, DARK_CSS } from '../../../shared/mail/templates/style.ts';

/** Mail clients drop what they don't know, Gmail and Outlook most: the style sheet uses what all of them keep. */

interface Rule {
  selectors: string[];
  declarations: [property: string, value: string][];
}

function rulesOf(css: string): Rule[] {
  return [...css.matchAll(/([^{}]+)\{([^{}]*)\}/g)].map(([, selectors = '', body = '']) => ({
    selectors: selectors.split(','),
    declarations: body.split(';').map((each): [string, string] => {
      const [property = '', ...value] = each.split(':');
      return [property, value.join(':')];
    }),
  }));
}

const light = rulesOf(CSS);
const dark = rulesOf(DARK_CSS).filter(({ selectors }) => !selectors.includes(':root'));

describe('the style sheet', () => {
  test('selects by elements and classes only: no :not, no :first-child, no siblings', () => {
    expect(light.length).toBeGreaterThan(20);
    for (const { selectors } of [...light, ...dark]) {
      for (const selector of selectors) expect(selector).toMatch(/^[a-z0-9.]+( [a-z0-9.]+)*$/);
    }
  });

  test('has no negative length', () => {
    for (const { declarations } of light) {
      for (const [property, value] of declarations) {
        if (property !== 'font') expect(`${property}:${value}`).not.toMatch(/(^|[\s:(])-[\d.]/);
      }
    }
  });

  test('says nothing by a background: it is not printed', () => {
    const coloured = light.filter(({ declarations }) => declarations.some(([property]) => property === 'background'));
    expect(coloured.flatMap(({ selectors }) => selectors)).toEqual(['.d .bar td', 'body', '.page', '.card']);
  });

  test('changes colours only in the dark: what a client without a dark scheme shows is complete', () => {
    const coloursOf = (rules: Rule[]): string[] =>
      rules.map(({ selectors, declarations }) => `${selectors} ${declarations.map(([property]) => property)}`);
    expect(coloursOf(light)).toEqual(expect.arrayContaining(coloursOf(dark)));
    for (const [property] of dark.flatMap(({ declarations }) => declarations)) {
      expect(['background', 'border-color', 'color']).toContain(property);
    }
  });

  test('loads nothing', () => {
    expect(CSS + DARK_CSS).not.toMatch(/url\(|@import|@font-face/);
  });
});
