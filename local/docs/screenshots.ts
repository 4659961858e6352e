import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { simpleParser } from 'mailparser';
import { openBrowser } from '../browser/browser.ts';
import { toArrivals } from '../pipeline/input.ts';
import type { ReadOut } from '../pipeline/read-out.ts';
import { runSession } from '../pipeline/session.ts';
import { simulate } from '../simulate/simulate.ts';

/**
 * Takes the pictures of a digest that the documentation shows: invented referrals go through the pipeline as in the
 * demo, and a browser shows the mail that came of them. The same seed and the packaged browser give the same pictures.
 */

const REFERRALS = { referrals: 220, weeks: 8, seed: 1 };
/** The last two weeks are run in full, so that the digest has one before it to compare with. */
const DETECT_WEEKS = 2;
const WEEK_MS = 7 * 86_400_000;
/** A digest that shows what there is and still fits into a picture. */
const FEWEST = 5;
const MOST = 9;

const PICTURES = [
  { file: 'coordinator-digest.png', look: { width: 640, scheme: 'light', scale: 1.5 }, height: 1000 },
  { file: 'coordinator-digest-phone-dark.png', look: { width: 360, scheme: 'dark', scale: 1.5 }, height: 800 },
] as const;

async function main(): Promise<void> {
  const folder = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'docs', 'images');
  const html = await chosenDigest();
  const browser = await openBrowser(process.env);
  try {
    mkdirSync(folder, { recursive: true });
    for (const { file, look, height } of PICTURES) {
      const page = await browser.show(html, look);
      await page.screenshot({
        path: join(folder, file),
        clip: { x: 0, y: 0, width: look.width, height },
        fullPage: true,
      });
      console.log(join('docs', 'images', file));
    }
  } finally {
    await browser.close();
  }
}

/** The HTML of a coordinator's digest. */
async function chosenDigest(): Promise<string> {
  const { lines, policy, directory, until } = simulate(REFERRALS);
  const session = await runSession({
    config: { policy, directory },
    arrivals: toArrivals(
      lines.map((body, index) => ({ body, file: 'sample.ndjson', position: index + 1 })),
      until,
    ),
    until,
    detectFrom: until - DETECT_WEEKS * WEEK_MS,
  });
  try {
    return await htmlOf(session.out.mails);
  } finally {
    await session.close();
  }
}

async function htmlOf(mails: ReadOut['mails']): Promise<string> {
  const distinct = (values: string[]): number => new Set(values).size;
  const [digest] = mails
    .filter(({ kind, rows }) => {
      const referrals = distinct(rows.map(({ referralId }) => referralId));
      return kind === 'coordinator_digest' && referrals >= FEWEST && referrals <= MOST;
    })
    .toSorted(
      (a, b) => distinct(b.rows.map(({ section }) => section)) - distinct(a.rows.map(({ section }) => section)),
    );
  if (!digest) throw new Error(`the run made no digest of ${FEWEST} to ${MOST} referrals`);
  const { html } = await simpleParser(Buffer.from(digest.sent.raw), { skipImageLinks: true });
  if (!html) throw new Error(`the digest of ${digest.sentAt} has no HTML`);
  return html;
}

await main();
