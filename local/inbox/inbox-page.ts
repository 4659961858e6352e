import { withoutControls } from '../../shared/mail/names.ts';

/** A mail as the inbox lists it. */
export interface ListedMail {
  /** Its number among the mails that were sent, from 0. */
  number: number;
  recipient: string;
  subject: string;
  /** When it was sent, as text in the time zone of the inbox. */
  time: string;
}

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string): string =>
  withoutControls(text).replace(/[&<>"]/g, (character) => escapes[character] ?? '');

const STYLE = `
  :root { color-scheme: light dark; --line: #d5d8e0; --muted: #5a6172; --hover: #eef1f8; --accent: #2350c4; }
  @media (prefers-color-scheme: dark) { :root { --line: #343a46; --muted: #a4abba; --hover: #1f2430; --accent: #9db8ff; } }
  * { box-sizing: border-box; }
  body { margin: 0; font: 16px/1.4 system-ui, sans-serif; display: grid; height: 100vh;
    grid: auto 1fr / minmax(18rem, 26rem) 1fr; }
  header { grid-column: 1 / -1; padding: .6rem 1rem; border-bottom: 1px solid var(--line); display: flex; gap: 1rem;
    align-items: center; flex-wrap: wrap; }
  h1 { font-size: 1.1rem; margin: 0; }
  nav { overflow: auto; border-right: 1px solid var(--line); }
  ol { list-style: none; margin: 0; padding: 0; }
  li { border-bottom: 1px solid var(--line); padding: .55rem 1rem; }
  li:hover { background: var(--hover); }
  a { color: var(--accent); }
  li > a { display: block; text-decoration: none; font-weight: 600; }
  li p { margin: 0; color: var(--muted); font-size: .875rem; overflow-wrap: anywhere; }
  select, button { font: inherit; padding: .2rem .4rem; }
  iframe { border: 0; width: 100%; height: 100%; }
  @media (max-width: 700px) { body { display: block; height: auto; } iframe { display: none; } nav { border: 0; } }
`;

/** The list of mails, newest first, with a frame beside it that shows one. On a phone a mail opens as its own page. */
export function inboxPage(mails: readonly ListedMail[], recipients: readonly string[], chosen: string | null): string {
  const option = (recipient: string): string =>
    `<option${recipient === chosen ? ' selected' : ''}>${escaped(recipient)}</option>`;
  const item = ({ number, recipient, subject, time }: ListedMail): string => `<li>
    <a href="/mail/${number}.html" target="reader">${escaped(subject)}</a>
    <p>${escaped(recipient)}</p>
    <p>${escaped(time)} · <a href="/mail/${number}.txt" target="reader">text</a> ·
      <a href="/mail/${number}.eml">source</a></p></li>`;
  const first = mails[0] ? ` src="/mail/${mails[0].number}.html"` : '';
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Loopwatch inbox</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><style>${STYLE}</style></head><body>
<header><h1>Inbox</h1><form><label>Mail to <select name="to" onchange="this.form.submit()">
<option value="">everybody</option>${recipients.map(option).join('')}</select></label>
<noscript><button>Show</button></noscript></form><span>${mails.length} mails</span></header>
<nav><ol>${mails.map(item).join('')}</ol></nav>
<iframe name="reader" title="The mail"${first}></iframe></body></html>`;
}
