import packaged from '@sparticuz/chromium';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

/** Switches off what a browser does on its own account: nothing but the page that it is given is to be loaded. */
const QUIET = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-gpu',
  '--disable-sync',
  '--no-first-run',
  // Containers, and root in them, have no sandbox to offer; all that is opened is our own.
  '--no-sandbox',
];

/**
 * A headless Chromium: the one that npm ships, which runs on Linux on x64; elsewhere the one whose path is given.
 * @param installed path of an installed Chromium or Chrome, as `LOOPWATCH_CHROMIUM` names it
 */
export async function openBrowser(installed?: string): Promise<Browser> {
  // Not the package's own arguments: in one process all of it ends with the first page that is closed.
  return chromium.launch({ executablePath: installed ?? (await packaged.executablePath()), args: QUIET });
}

/** Whether a browser can be had: without one there is nothing to look with. */
export function hasBrowser(installed?: string): boolean {
  return installed !== undefined || (process.platform === 'linux' && process.arch === 'x64');
}

/** How a mail is looked at. */
export interface Look {
  width: number;
  scheme: 'light' | 'dark';
}

/** Opens HTML as a mail client would: nothing is fetched, and whatever the HTML asks for is told. */
export async function openMail(
  browser: Browser,
  html: string,
  { width, scheme }: Look,
  options: BrowserContextOptions = {},
): Promise<{ page: Page; requested: string[]; close: () => Promise<void> }> {
  const viewport = { width, height: 800 };
  const context = await browser.newContext({ viewport, colorScheme: scheme, ...options });
  const requested: string[] = [];
  await context.route('**/*', (route) => {
    requested.push(route.request().url());
    return route.abort();
  });
  const page = await context.newPage();
  await page.setContent(html);
  return { page, requested, close: () => context.close() };
}
