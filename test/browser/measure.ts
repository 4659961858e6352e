import type { Page } from 'playwright-core';

/** What a page looks like, in CSS pixels, as the browser has computed it. */
export interface Measures {
  /** How far the page reaches beyond its window. */
  overflow: number;
  /** WCAG luminance of the page's own background: 0 black, 1 white. */
  pageLuminance: number;
  /** Every piece of visible text. */
  texts: { text: string; size: number; contrast: number }[];
  links: { text: string; x: number; y: number; width: number; height: number }[];
  /** Pictures, and elements with a picture behind them. */
  images: number;
  /** All that can be read, word by word. */
  words: string[];
}

/** Runs in the page, so it can't use anything from outside. */
export function measure(page: Page): Promise<Measures> {
  return page.evaluate(() => {
    const channels = (colour: string): number[] => (colour.match(/[\d.]+/g) ?? []).map(Number);
    const luminance = (colour: string): number => {
      const [r = 0, g = 0, b = 0] = channels(colour).map((channel) => {
        const value = channel / 255;
        return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const isClear = (colour: string): boolean => channels(colour)[3] === 0;
    /** The colour behind an element: its own, else that of the nearest element around it, else the window's. */
    const backgroundOf = (element: Element | null): string => {
      if (element === null)
        return matchMedia('(prefers-color-scheme: dark)').matches ? 'rgb(18,18,18)' : 'rgb(255,255,255)';
      const { backgroundColor } = getComputedStyle(element);
      return isClear(backgroundColor) ? backgroundOf(element.parentElement) : backgroundColor;
    };
    const contrastOf = (element: Element): number => {
      const pair = [luminance(getComputedStyle(element).color), luminance(backgroundOf(element))];
      return (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05);
    };
    const texts: { text: string; size: number; contrast: number }[] = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const element = node.parentElement;
      const text = node.textContent?.trim() ?? '';
      if (!element?.checkVisibility() || text === '') continue;
      texts.push({
        text,
        size: Number.parseFloat(getComputedStyle(element).fontSize),
        contrast: contrastOf(element),
      });
    }
    const links = [...document.querySelectorAll('a')].map((link) => {
      const { x, y, width, height } = link.getBoundingClientRect();
      return { text: link.textContent ?? '', x, y, width, height };
    });
    const pictured = [...document.querySelectorAll('*')].filter(
      (element) => element.matches('img,svg,picture,video') || getComputedStyle(element).backgroundImage !== 'none',
    );
    return {
      overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
      pageLuminance: luminance(backgroundOf(document.body)),
      texts,
      links,
      images: pictured.length,
      words: document.body.innerText.split(/\s+/).filter((word) => word !== ''),
    };
  });
}
