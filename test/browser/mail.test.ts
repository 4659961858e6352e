import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Look, type MailBrowser, openBrowser, whyNoBrowser } from '../../local/browser/browser.ts';
import { type Measures, measure } from './measure.ts';
import { mailSamples, type Sample } from './samples.ts';

declare global {
  interface Window {
    axe: typeof axe;
  }
}

/** Every mail as a real browser shows it, on a phone and in a reading pane, light and dark. */

const PHONE: Look = { width: 360, scheme: 'light' };
const LOOKS: readonly Look[] = [
  PHONE,
  { width: 360, scheme: 'dark' },
  { width: 640, scheme: 'light' },
  { width: 640, scheme: 'dark' },
];

/**
 * Rules for a whole page. A mail is shown inside a client's page, which has the landmarks already: a `main` in the mail
 * would be a second one.
 */
const NOT_FOR_MAIL = ['region', 'landmark-one-main'];

/** Gmail cuts off a longer mail, and drops a longer style sheet. */
const GMAIL_CLIPS_AT = 102_400;
const GMAIL_DROPS_STYLE_AT = 8_192;

const whyNot = whyNoBrowser(process.env);
const samples = await mailSamples();
let browser: MailBrowser;

beforeAll(async () => {
  if (whyNot === null) browser = await openBrowser(process.env);
});
afterAll(() => browser?.close());
beforeEach(({ skip }) => skip(whyNot !== null, whyNot ?? ''));

/** Rules that a page breaks, with the places. */
async function violations(page: Page): Promise<string[]> {
  const rules = Object.fromEntries(NOT_FOR_MAIL.map((id) => [id, { enabled: false }]));
  const { violations: found } = await page.evaluate((options) => window.axe.run(document, options), {
    rules,
    resultTypes: ['violations' as const],
  });
  return found.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`));
}

const withoutStyle = (html: string): string => html.replaceAll(/<style>.*?<\/style>/gs, '');

describe.each(samples)('$name', ({ html, shown, images }: Sample) => {
  let page: Page;

  beforeAll(async () => {
    if (whyNot !== null) return;
    page = await browser.show(shown, PHONE);
    await page.evaluate(axe.source);
  });
  afterAll(() => page?.context().close());

  async function lookAt({ width, scheme }: Look): Promise<void> {
    await page.setViewportSize({ width, height: 800 });
    await page.emulateMedia({ colorScheme: scheme });
  }

  test.each(LOOKS)('reads well at $width px, $scheme', async (look) => {
    await lookAt(look);
    const { overflow, pageLuminance, texts, links } = await measure(page);
    expect(overflow, 'pixels to scroll sideways').toBe(0);
    if (look.scheme === 'light') expect(pageLuminance).toBeGreaterThan(0.8);
    else expect(pageLuminance).toBeLessThan(0.05);
    expect(texts.length).toBeGreaterThan(5);
    expect(texts.filter(({ size }) => size < 14)).toEqual([]);
    expect(texts.filter(({ contrast }) => contrast < 4.5)).toEqual([]);
    expect(links.filter(({ width, height }) => width < 44 || height < 44)).toEqual([]);
    expect(overlapping(links)).toEqual([]);
  });

  test.each(LOOKS)('breaks no rule of accessibility at $width px, $scheme', async (look) => {
    await lookAt(look);
    expect(await violations(page)).toEqual([]);
  });

  test('shows what it carries and requests nothing', async () => {
    expect((await measure(page)).images).toBe(images);
    expect(browser.requests).toEqual([]);
  });

  test('is not cut off by Gmail, and keeps its style sheet', () => {
    expect(Buffer.byteLength(html)).toBeLessThan(GMAIL_CLIPS_AT);
    const styles = [...html.matchAll(/<style>(.*?)<\/style>/gs)].map(([, style = '']) => style.length);
    expect(styles).toHaveLength(2);
    expect(Math.max(...styles)).toBeLessThan(GMAIL_DROPS_STYLE_AT);
  });

  // These two come last: they show something else in the page.
  test('says the same in the same order if a client drops the style sheet', async () => {
    await lookAt(PHONE);
    const styled = await measure(page);
    await page.setContent(withoutStyle(shown));
    const bare = await measure(page);
    expect(bare.words).toEqual(styled.words);
    expect(bare.overflow).toBe(0);
    expect(bare.texts.filter(({ size, contrast }) => size < 14 || contrast < 4.5)).toEqual([]);
  });

  test('can be read in print, where backgrounds are left out', async () => {
    await page.setContent(`${shown}<style>*{background:none!important}</style>`);
    await page.setViewportSize({ width: 640, height: 800 });
    await page.emulateMedia({ media: 'print', colorScheme: 'light' });
    const { texts } = await measure(page);
    expect(texts.length).toBeGreaterThan(5);
    expect(texts.filter(({ contrast }) => contrast < 4.5)).toEqual([]);
  });
});

const charted = samples.filter(({ name, images }) => images > 0 && !name.includes('pictures off'));

describe.each(charted)('the charts of $name', ({ shown }: Sample) => {
  test.each(LOOKS)('are sharp, and as wide as there is room, at $width px, $scheme', async (look) => {
    const page = await browser.show(shown, look);
    const found = await page.evaluate(() =>
      [...document.querySelectorAll('img')].map((image) => {
        const { width, height, right } = image.getBoundingClientRect();
        return { width, natural: image.naturalWidth, ratio: width / height, isInside: right <= window.innerWidth };
      }),
    );
    await page.context().close();
    for (const { width, natural, ratio, isInside } of found) {
      expect(natural).toBe(600);
      expect(width).toBeGreaterThanOrEqual(320);
      expect(width).toBeLessThanOrEqual(480);
      expect(ratio).toBeCloseTo(480 / 128, 1);
      expect(isInside).toBe(true);
    }
  });
});

describe.each(samples.filter(({ name }) => name.includes('pictures off')))('$name', ({ shown }: Sample) => {
  test('has every figure of its charts as text', async () => {
    const page = await browser.show(shown, PHONE);
    const said = (await measure(page)).words.join(' ');
    const alts = await page.evaluate(() => [...document.querySelectorAll('img')].map(({ alt }) => alt));
    await page.context().close();
    expect(alts.length).toBeGreaterThan(5);
    for (const alt of alts) for (const figure of alt.match(/[<>]?\d+%/g) ?? []) expect(said).toContain(figure);
  });
});

/** Links so close to another one that a thumb could hit that. */
function overlapping(links: Measures['links']): Measures['links'] {
  const sorted = links.toSorted((a, b) => a.y - b.y);
  return sorted.filter(({ y, height }, index) => y + height > (sorted[index + 1]?.y ?? Number.POSITIVE_INFINITY));
}
