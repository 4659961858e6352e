/// <reference lib="dom" />
import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasBrowser, type Look, openBrowser, openMail } from '../../local/docs/browser.ts';
import type { DigestContent } from '../../shared/contracts/mail.ts';
import { coordinatorDigest } from '../../shared/domain/coordinator-digest.ts';
import { liaisonDigest } from '../../shared/domain/liaison-digest.ts';
import { renderMail } from '../../shared/mail/render-mail.tsx';
import { config, coordinator, FRIDAY, item, liaison, MONDAY } from './builders.ts';
import { digestsOf } from './mails.ts';
import { busyMorning } from './samples.ts';

/** Every mail as a browser lays it out: on a phone and in a desktop client's pane, light and dark. */

const INSTALLED = process.env.LOOPWATCH_CHROMIUM;
const LOOKS: Look[] = [360, 640].flatMap((width) => [
  { width, scheme: 'light' },
  { width, scheme: 'dark' },
]);
const SMALLEST_TEXT_PX = 14;
const CONTRAST = 4.5;
/** WCAG 2.2, 2.5.8 asks for 24; a thumb wants more. */
const SMALLEST_TARGET_PX = 32;

const LONG_NAME = 'Übergangsklinik für Ärztliche Nachsorge und Früherkennung, Nördliche Außenstelle am Großen Markt';
const UNBROKEN = 'R'.repeat(128);
const RIGHT_TO_LEFT = 'عيادة القلب والأوعية الدموية';

const SETTINGS = config({ identifiers: 'initials' });
const all = (content: (DigestContent | null)[]): DigestContent[] => content.filter((each) => each !== null);

function allClear(): DigestContent[] {
  const base = { period: '2026-03-02', asOf: MONDAY, since: FRIDAY, items: [], config: SETTINGS };
  return all([
    coordinatorDigest({ ...base, recipient: coordinator() }),
    liaisonDigest({ ...base, recipient: liaison(), practices: [] }),
  ]);
}

const MAILS: [name: string, contents: DigestContent[]][] = [
  ['no rows', allClear()],
  ['1 row', digestsOf(busyMorning(1), SETTINGS)],
  ['50 rows', digestsOf(busyMorning(50), SETTINGS)],
  ['5,000 rows', digestsOf(busyMorning(5_000), SETTINGS)],
  ['long and accented names', digestsOf(busyMorning(9, { specialty: LONG_NAME, site: LONG_NAME }), SETTINGS)],
  [
    'an unbroken id and text from right to left',
    digestsOf([item({}, { referralId: UNBROKEN, specialty: RIGHT_TO_LEFT, site: RIGHT_TO_LEFT })], SETTINGS),
  ],
];

interface Measured {
  /** Text that is smaller or has less contrast than it should, with what it has. */
  faint: string[];
  overflows: boolean;
  /** Links that are too low for a thumb. */
  low: string[];
  pictures: number;
}

/** Measures a page from within. */
async function measure(page: Page): Promise<Measured> {
  return page.evaluate(
    ({ smallest, contrast, target }) => {
      const channel = (value: number): number => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
      const parts = (colour: string): number[] => (colour.match(/[\d.]+/g) ?? []).map(Number);
      const luminance = (colour: string): number => {
        const [r = 0, g = 0, b = 0] = parts(colour).map((value) => channel(value / 255));
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
      };
      const backgroundOf = (element: Element | null): string => {
        for (let each = element; each; each = each.parentElement) {
          const { backgroundColor } = getComputedStyle(each);
          if ((parts(backgroundColor)[3] ?? 1) > 0) return backgroundColor;
        }
        return 'rgb(255, 255, 255)';
      };
      const faint: string[] = [];
      const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const element = node.parentElement;
        const text = node.textContent?.trim() ?? '';
        if (!element || text === '' || !element.checkVisibility() || element.getClientRects().length === 0) continue;
        const { color, fontSize } = getComputedStyle(element);
        const [dark = 0, light = 0] = [luminance(color), luminance(backgroundOf(element))].sort((a, b) => a - b);
        const ratio = (light + 0.05) / (dark + 0.05);
        const size = Number.parseFloat(fontSize);
        if (size < smallest || ratio < contrast) faint.push(`"${text}": ${size} px, ${ratio.toFixed(1)}:1`);
      }
      const links = [...document.querySelectorAll('a')];
      const low = links.filter((link) => link.getBoundingClientRect().height < target);
      return {
        faint,
        overflows: document.documentElement.scrollWidth > document.documentElement.clientWidth,
        low: low.map((link) => `${link.textContent}: ${link.getBoundingClientRect().height} px`),
        pictures: document.querySelectorAll('img,svg,canvas,picture,video').length,
      };
    },
    { smallest: SMALLEST_TEXT_PX, contrast: CONTRAST, target: SMALLEST_TARGET_PX },
  );
}

/** What axe finds, all of its rules on. */
async function violationsIn(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() => (globalThis as unknown as { axe: typeof axe }).axe.run());
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}

// Elsewhere than on Linux x64 npm ships no browser: LOOPWATCH_CHROMIUM names an installed one.
describe.skipIf(!hasBrowser(INSTALLED))('A mail in a browser', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser(INSTALLED);
  });
  afterAll(() => browser?.close());

  const cases = MAILS.flatMap(([name, contents]) => contents.map((content) => ({ name, kind: content.kind, content })));

  it.each(cases)(
    '$kind with $name reads well and is accessible, on a phone and beside, light and dark',
    async ({ content }) => {
      const { html } = await renderMail(content, SETTINGS);
      for (const look of LOOKS) {
        const { page, requested, close } = await openMail(browser, html, look);
        const seen = { look, ...(await measure(page)), requested, violations: await violationsIn(page) };
        await close();
        expect(seen).toEqual({
          look,
          faint: [],
          overflows: false,
          low: [],
          pictures: 0,
          requested: [],
          violations: [],
        });
      }
    },
  );

  it('still reads in order, and says all, where a client drops the style sheet', async () => {
    const [content] = digestsOf(busyMorning(9), SETTINGS);
    const { html } = await renderMail(content as DigestContent, SETTINGS);
    const styled = await openMail(browser, html, LOOKS[0] as Look);
    const plain = await openMail(browser, html.replace(/<style>.*?<\/style>/s, ''), LOOKS[0] as Look);
    const words = (page: Page) => page.evaluate(() => document.body.textContent?.replace(/\s+/g, ' '));
    expect(await words(plain.page)).toBe(await words(styled.page));
    expect((await measure(plain.page)).overflows).toBe(false);
    await Promise.all([styled.close(), plain.close()]);
  });
});
