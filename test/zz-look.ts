import { writeFileSync } from 'node:fs';
import { openBrowser, openMail } from '../local/docs/browser.ts';
import { coordinatorDigest } from '../shared/domain/coordinator-digest.ts';
import { renderMail } from '../shared/mail/render-mail.tsx';
import { config, coordinator, FRIDAY, MONDAY } from './mail/builders.ts';
import { digestsOf } from './mail/mails.ts';
import { busyMorning } from './mail/samples.ts';

const browser = await openBrowser();
const settings = config({ identifiers: 'initials' });
const mails = digestsOf(busyMorning(9), settings);
const clear = coordinatorDigest({
  recipient: coordinator(),
  period: '2026-03-02',
  asOf: MONDAY,
  since: FRIDAY,
  items: [],
  config: settings,
});
for (const [name, content] of [...mails.map((m) => [m.kind, m] as const), ['clear', clear] as const]) {
  if (!content) continue;
  const { html, text, subject } = await renderMail(content, settings);
  writeFileSync(`/tmp/shots/${name}.txt`, `${subject}\n\n${text}`);
  for (const width of [360, 640])
    for (const scheme of ['light', 'dark'] as const) {
      if (width === 640 && scheme === 'dark' && name !== 'coordinator_digest') continue;
      const { page, close } = await openMail(browser, html, { width, scheme });
      await page.screenshot({ path: `/tmp/shots/${name}-${width}-${scheme}.png`, fullPage: true });
      await close();
    }
}
await browser.close();
