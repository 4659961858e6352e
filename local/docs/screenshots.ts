import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { simpleParser } from 'mailparser';
import { DAY_MS } from '../../shared/contracts/duration.ts';
import { type Look, type MailBrowser, openBrowser } from '../browser/browser.ts';
import { toArrivals } from '../pipeline/input.ts';
import type { ReadOut } from '../pipeline/read-out.ts';
import { runSession } from '../pipeline/session.ts';
import { simulate } from '../simulate/simulate.ts';

/**
 * Takes the pictures of mails in the documentation: invented referrals go through the pipeline as in the demo, and a
 * browser shows the mails. With the same seed, the packaged browser gives the same pictures.
 */

interface Run {
  referrals: number;
  weeks: number;
  seed: number;
  thin?: number;
  /** Weeks that are run in full, so that a digest can be compared with an earlier one. */
  detectWeeks: number;
}
const FOR_DIGESTS: Run = { referrals: 220, weeks: 8, seed: 1, detectWeeks: 2 };
/** A year of history, so that no figure of a report is empty. */
const FOR_REPORTS: Run = { referrals: 405, weeks: 52, seed: 1, thin: 0.1, detectWeeks: 1 };
const WEEK_MS = 7 * DAY_MS;
/** The numbers of rows with which a digest shows much and still fits into a picture. */
const FEWEST = 5;
const MOST = 9;

interface Picture {
  file: string;
  look: Look;
  height: number;
}
const DIGEST_PICTURES: Picture[] = [
  { file: 'coordinator-digest.png', look: { width: 640, scheme: 'light', scale: 1.5 }, height: 1000 },
  { file: 'coordinator-digest-phone-dark.png', look: { width: 360, scheme: 'dark', scale: 1.5 }, height: 800 },
];
const REPORT_PICTURES: Picture[] = [
  { file: 'weekly-report.png', look: { width: 640, scheme: 'light', scale: 1.5 }, height: 1000 },
];

async function main(): Promise<void> {
  const folder = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'docs', 'images');
  mkdirSync(folder, { recursive: true });
  const shown: [string, Picture[]][] = [
    [await mailOf(FOR_DIGESTS, chosenDigest), DIGEST_PICTURES],
    [await mailOf(FOR_REPORTS, latestReport), REPORT_PICTURES],
  ];
  const browser = await openBrowser(process.env);
  try {
    for (const [html, pictures] of shown) for (const picture of pictures) await take(picture, html, browser, folder);
  } finally {
    await browser.close();
  }
}

async function take({ file, look, height }: Picture, html: string, browser: MailBrowser, folder: string) {
  const page = await browser.show(html, look);
  const clip = { x: 0, y: 0, width: look.width, height };
  await page.screenshot({ path: join(folder, file), clip, fullPage: true });
  console.log(join('docs', 'images', file));
}

/** The HTML of one of the mails that a replay sends. */
async function mailOf(run: Run, choose: (mails: ReadOut['mails']) => ReadOut['mails'][number]): Promise<string> {
  const { lines, policy, directory, until } = simulate(run);
  const session = await runSession({
    config: { policy, directory },
    arrivals: toArrivals(
      lines.map((body, index) => ({ body, file: 'sample.ndjson', position: index + 1 })),
      until,
    ),
    until,
    detectFrom: until - run.detectWeeks * WEEK_MS,
  });
  try {
    const mail = choose(session.out.mails);
    // The parser puts the pictures into the HTML.
    const { html } = await simpleParser(Buffer.from(mail.sent.raw));
    if (!html) throw new Error(`the mail of ${mail.sentAt} has no HTML`);
    return html;
  } finally {
    await session.close();
  }
}

/** A coordinator's digest that shows much and still fits into a picture. */
function chosenDigest(mails: ReadOut['mails']): ReadOut['mails'][number] {
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
  return digest;
}

/** The latest weekly report of the whole organization. */
function latestReport(mails: ReadOut['mails']): ReadOut['mails'][number] {
  const report = mails.findLast(
    ({ kind, period, recipient }) =>
      kind === 'weekly_report' && period.includes('W') && recipient.startsWith('leader-1'),
  );
  if (!report) throw new Error('the run made no weekly report');
  return report;
}

await main();
