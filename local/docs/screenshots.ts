/**
 * `npm run docs:screenshots` makes the pictures of the README: a digest of the sample organisation, as it went through
 * the handlers, in a browser. The same seed gives the same digest.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { MailRow } from '../../shared/contracts/output.ts';
import { replay } from '../cli/replay.ts';
import { DEFAULT_UNTIL } from '../simulate/default-until.ts';
import { simulate } from '../simulate/simulate.ts';
import { writeSimulation } from '../simulate/write.ts';
import { type Look, openBrowser, openMail } from './browser.ts';

const IMAGES = fileURLToPath(new URL('../../docs/images/', import.meta.url));
const SIMULATION = { referrals: 150, weeks: 10, seed: 7, until: DEFAULT_UNTIL };
/** A digest that shows what there is and still fits into a picture. */
const ROWS = { fewest: 5, most: 9 };
const LOOKS: Record<string, Look & { height: number }> = {
  'coordinator-digest.png': { width: 640, height: 1000, scheme: 'light' },
  'coordinator-digest-phone.png': { width: 360, height: 740, scheme: 'dark' },
};

const folder = mkdtempSync(join(tmpdir(), 'loopwatch-screenshots-'));
try {
  const { file, config } = writeSimulation(simulate(SIMULATION), join(folder, 'events.ndjson'));
  await replay({ paths: [file], config, until: DEFAULT_UNTIL, out: join(folder, 'out') });
  const html = digestIn(join(folder, 'out'));
  mkdirSync(IMAGES, { recursive: true });
  const browser = await openBrowser(process.env.LOOPWATCH_CHROMIUM);
  for (const [name, { height, ...look }] of Object.entries(LOOKS)) {
    const { page, close } = await openMail(browser, html, look, { viewport: { width: look.width, height } });
    await page.screenshot({ path: join(IMAGES, name) });
    await close();
  }
  await browser.close();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Of the coordinators' digests of a size that fits the one with the most sections, of these the latest, as HTML. */
function digestIn(out: string): string {
  const lines = readFileSync(join(out, 'mail.ndjson'), 'utf8').trimEnd().split('\n');
  const mails = lines.map((line) => JSON.parse(line) as MailRow);
  const fitting = mails.filter(({ kind, rows }) => {
    const referrals = new Set(rows.map(({ referralId }) => referralId)).size;
    return kind === 'coordinator_digest' && referrals >= ROWS.fewest && referrals <= ROWS.most;
  });
  const sections = ({ rows }: MailRow): number => new Set(rows.map(({ section }) => section)).size;
  const chosen = fitting.reduce<MailRow | null>(
    (best, mail) => (best && sections(best) > sections(mail) ? best : mail),
    null,
  );
  if (!chosen) throw new Error(`no coordinator digest of ${ROWS.fewest} to ${ROWS.most} referrals: change the seed`);
  return readFileSync(join(out, chosen.html), 'utf8');
}
