import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Browser, chromium, type Page } from 'playwright-core';

/**
 * Names the browser that shows mails: the path of an installed Chrome or Chromium. It isn't needed on x64 Linux, where
 * the packaged Chromium runs without any system package.
 */
const CHROME_PATH = 'CHROME_PATH';

type Env = Readonly<Record<string, string | undefined>>;

export interface Look {
  /** CSS pixels. */
  width: number;
  scheme: 'light' | 'dark';
  /** Device pixels per CSS pixel; 1 unless given. */
  scale?: number;
}

export interface MailBrowser {
  /** Opens a new page that shows `html`. Nothing is fetched; addresses that it asks for are added to `requests`. */
  show(html: string, look: Look): Promise<Page>;
  /** Addresses that pages wanted to load, all of them refused. */
  requests: string[];
  close(): Promise<void>;
}

/** Why no browser can be started here; null if one can. */
export function whyNoBrowser(env: Env): string | null {
  if (env[CHROME_PATH] || (process.platform === 'linux' && process.arch === 'x64')) return null;
  return `the packaged Chromium is for x64 Linux: set ${CHROME_PATH} to an installed Chrome`;
}

/** Starts a browser. Throws if there is none: ask `whyNoBrowser` first. */
export async function openBrowser(env: Env): Promise<MailBrowser> {
  const folder = await mkdtemp(join(tmpdir(), 'loopwatch-browser-'));
  const remove = (): Promise<void> => rm(folder, { recursive: true });
  const browser = await launch(folder, env).catch(async (error: unknown) => {
    await remove();
    throw error;
  });
  const requests: string[] = [];
  return {
    requests,
    async show(html, { width, scheme, scale = 1 }) {
      const context = await browser.newContext({
        viewport: { width, height: 800 },
        colorScheme: scheme,
        deviceScaleFactor: scale,
      });
      await context.route('**', (route) => {
        requests.push(route.request().url());
        return route.abort();
      });
      const page = await context.newPage();
      await page.setContent(html);
      return page;
    },
    async close() {
      await browser.close();
      await remove();
    },
  };
}

async function launch(folder: string, env: Env): Promise<Browser> {
  const installed = env[CHROME_PATH];
  return chromium.launch({
    executablePath: installed || (await unpack(folder, env)),
    env: installed ? { ...env } : { ...env, FONTCONFIG_FILE: await fontsOf(folder) },
    args: ['--no-sandbox', '--font-render-hinting=none', '--host-resolver-rules=MAP * ~NOTFOUND'],
  });
}

/**
 * The fonts of the packaged Chromium, for the same line breaks on every machine. The configuration that comes with them
 * only looks into /tmp.
 */
async function fontsOf(folder: string): Promise<string> {
  const file = join(folder, 'fonts.conf');
  const directories = `<dir>${join(folder, 'fonts')}</dir><cachedir>${join(folder, 'fonts-cache')}</cachedir>`;
  await writeFile(file, `<?xml version="1.0"?><fontconfig>${directories}</fontconfig>`);
  return file;
}

/**
 * Unpacks Chromium into a new folder. In the shared temporary folder the package would take whatever has that name,
 * even a file that another process is still writing.
 */
async function unpack(folder: string, env: Env): Promise<string> {
  const script = fileURLToPath(new URL('unpack.mjs', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [script], { env: { ...env, TMPDIR: folder } });
  return stdout.trim();
}
