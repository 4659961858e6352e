import { withoutControls } from '../../shared/mail/names.ts';

/** A mail as the inbox lists it. */
export interface ListedMail {
  /** Its number among the mails that were sent, from 0. */
  number: number;
  /** Whose mail it is. */
  name: string;
  address: string;
  subject: string;
  /** When it was sent, as text in the time zone of the inbox. */
  time: string;
}

interface InboxView {
  /** Newest first. */
  mails: readonly ListedMail[];
  /** Names by address, of everybody who got a mail. */
  readers: ReadonlyMap<string, string>;
  /** The address whose mails are listed; null: everybody's. */
  to: string | null;
  /** The mail that is shown beside the list. */
  open: ListedMail | null;
  /** Whether somebody chose that mail: a phone has room for it or for the list. */
  isChosen: boolean;
}

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string): string =>
  withoutControls(text).replace(/[&<>"]/g, (character) => escapes[character] ?? '');

const STYLE = `
  :root { color-scheme: light dark; --line: #d5d8e0; --muted: #5a6172; --hover: #eef1f8; --accent: #2350c4; }
  @media (prefers-color-scheme: dark) { :root { --line: #343a46; --muted: #a4abba; --hover: #1f2430; --accent: #9db8ff; } }
  * { box-sizing: border-box; }
  body { margin: 0; font: 16px/1.4 system-ui, sans-serif; }
  a { color: var(--accent); }
  h1 { font-size: 1.1rem; margin: 0; }
  header, .of { padding: .6rem 1rem; border-bottom: 1px solid var(--line); display: flex; gap: .3rem 1rem;
    align-items: center; flex-wrap: wrap; }
  .of p { margin: 0; overflow-wrap: anywhere; }
  .muted { color: var(--muted); font-size: .875rem; }
  select, button { font: inherit; padding: .3rem .4rem; max-width: 100%; }
  pre { margin: 1rem; font: 14px/1.45 ui-monospace, Menlo, Consolas, monospace; overflow-x: auto; }
  .inbox { display: grid; height: 100vh; height: 100dvh; grid: auto 1fr / minmax(18rem, 26rem) 1fr; }
  .inbox > header { grid-column: 1 / -1; }
  nav { overflow: auto; border-right: 1px solid var(--line); }
  ol { list-style: none; margin: 0; padding: 0; }
  li { border-bottom: 1px solid var(--line); }
  li a { display: block; padding: .55rem 1rem; text-decoration: none; color: inherit; }
  li a:hover, li a[aria-current] { background: var(--hover); }
  li b { display: block; color: var(--accent); }
  li span { display: block; color: var(--muted); font-size: .875rem; overflow-wrap: anywhere; }
  main { display: flex; flex-direction: column; min-width: 0; }
  iframe { border: 0; width: 100%; flex: 1; }
  .back { display: none; }
  @media (max-width: 700px) {
    .inbox { display: block; height: auto; } nav { border: 0; } main { display: none; }
    .chosen { display: flex; flex-direction: column; height: 100vh; height: 100dvh; }
    .chosen > header, .chosen > nav { display: none; }
    .chosen > main { display: flex; flex: 1; } .chosen .back { display: inline; }
  }
`;

const page = (title: string, body: string): string => `<!doctype html><html lang="en"><head><meta charset="utf-8">
<title>${escaped(title)}</title><meta name="viewport" content="width=device-width, initial-scale=1">
<style>${STYLE}</style></head>${body}</html>`;

/** The list of mails with one of them beside it. On a phone either the list shows or the mail that was chosen. */
export function inboxPage({ mails, readers, to, open, isChosen }: InboxView): string {
  const query = to === null ? '' : `?to=${encodeURIComponent(to)}`;
  const option = ([address, name]: readonly [string, string]): string =>
    `<option value="${escaped(address)}"${address === to ? ' selected' : ''}>${escaped(name)}</option>`;
  const item = ({ number, name, subject, time }: ListedMail): string => `<li id="mail-${number}">
    <a href="/mail/${number}${query}#mail-${number}"${number === open?.number ? ' aria-current="true"' : ''}>
    <b>${escaped(subject)}</b><span>to ${escaped(name)}</span><span>${escaped(time)}</span></a></li>`;
  const sorted = [...readers].sort(([, one], [, other]) => one.localeCompare(other));
  return page(
    'Loopwatch inbox',
    `<body class="inbox${isChosen ? ' chosen' : ''}">
<header><h1>Inbox</h1><form action="/"><label>Mail to <select name="to" onchange="this.form.submit()">
<option value="">everybody</option>${sorted.map(option).join('')}</select></label>
<noscript><button>Show</button></noscript></form><span class="muted">${mails.length} mails</span></header>
<nav aria-label="Mails"><ol>${mails.map(item).join('')}</ol></nav>
<main>${open ? reader(open, query) : '<p class="of">No mail.</p>'}</main></body>`,
  );
}

function reader({ number, name, address, time }: ListedMail, query: string): string {
  return `<div class="of"><a class="back" href="/${query}#mail-${number}">‹ Mails</a>
<p>To <b>${escaped(name)}</b> <span class="muted">${escaped(address)} · ${escaped(time)}</span></p>
<p class="muted"><a href="/mail/${number}.txt" target="_blank">text</a> ·
<a href="/mail/${number}.eml">source</a></p></div>
<iframe title="The mail" src="/mail/${number}.html"></iframe>`;
}

/** What `explain` says of a referral. */
export function referralPage(referralId: string, history: string): string {
  return page(
    referralId,
    `<body><header><h1>${escaped(referralId)}</h1><a href="/">Inbox</a></header>
<p class="of muted">In your organization this link leads to the referral in your own records.</p>
<pre tabindex="0">${history.split('\n').map(escaped).join('\n')}</pre></body>`,
  );
}
