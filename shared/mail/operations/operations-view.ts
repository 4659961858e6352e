import type { Config } from '../../contracts/config.ts';
import type { OperationsContent } from '../../contracts/mail.ts';
import { type MailView, part, type Section } from '../blocks.ts';
import { bylineOf } from '../byline.ts';
import { footerOf } from '../digest/section-view.ts';
import { formatDate, formatMoment } from '../format-time.ts';
import { oneLine } from '../names.ts';
import { type Halves, halvesOf, type Troubles, thingsIn } from './operations-halves.ts';
import { sectionsOf } from './operations-sections.ts';

/** What the operations mail says, as text: what is new, then what still stands. Names come from the current directory. */
export function operationsView(content: OperationsContent, config: Config): MailView {
  const { recipient, asOf } = content;
  const halves = halvesOf(content);
  const lead = leadOf(halves, content);
  return {
    subject: `Loopwatch operations: ${countsOf(halves)}`,
    title: 'Loopwatch operations',
    date: formatDate(asOf, recipient.timeZone),
    byline: bylineOf(content),
    preview: lead,
    lead,
    top: [],
    sections: allSections(halves, content, config),
    footer: [
      ...footerOf(content, config, reasonFor(oneLine(config.directory.organization.name))),
      ...eventTimes(content),
    ],
  };
}

/** `3 new to look at`: fixed text with one count, since locked phones show subjects. */
function countsOf({ fresh, known }: Halves): string {
  const added = thingsIn(fresh);
  return added === 0 ? `nothing new, ${thingsIn(known)} still to look at` : `${added} new to look at`;
}

/** What kinds of trouble are new, or if none is, which still stand. */
function leadOf({ fresh, known }: Halves, { since, recipient }: OperationsContent): string {
  const [added, left] = [thingsIn(fresh), thingsIn(known)];
  const from = since === null ? '' : ` since ${formatMoment(since, recipient.timeZone)}`;
  if (added === 0) return `Nothing new${from}. ${left} still to look at: ${kindsIn(known)}.`;
  return `${added} new${from}: ${kindsIn(fresh)}.${left === 0 ? '' : ` ${left} still to look at.`}`;
}

function kindsIn({
  refused,
  unmatched,
  unmapped,
  deadLetters,
  setAside = [],
  sections,
  quietFeeds,
  endingHolidays,
  undelivered,
}: Troubles): string {
  const has = (name: string) => sections.some(({ section }) => section === name);
  const kinds = [
    refused.length > 0 ? 'refused input' : null,
    unmatched ? 'input that waits for its referral' : null,
    deadLetters.length > 0 ? 'dead letters' : null,
    setAside.length > 0 ? 'referrals set aside' : null,
    has('orphans') ? 'events without a referral' : null,
    has('unassigned') ? 'referrals without a coordinator' : null,
    quietFeeds.length === 1 ? 'a feed gone quiet' : null,
    quietFeeds.length > 1 ? 'feeds gone quiet' : null,
    unmapped ? 'codes without an entry' : null,
    endingHolidays.length > 0 ? 'holidays that run out' : null,
    undelivered.length > 0 ? 'mail that did not arrive' : null,
  ].filter((kind) => kind !== null);
  const [last = '', ...others] = kinds.reverse();
  return others.length === 0 ? last : `${others.reverse().join(', ')} and ${last}`;
}

/** What is new and the rest, under a heading each if there are both. What mends a kind of trouble is said once. */
function allSections({ fresh, known }: Halves, content: OperationsContent, config: Config): Section[] {
  const added = sectionsOf(fresh, content, config);
  const left = sectionsOf(known, content, config, new Set(added.map(({ title }) => title)));
  if (added.length === 0 || left.length === 0) return [...added, ...left];
  return [part('New', []), ...added, part('Still to look at', []), ...left];
}

/** Operations need the time of an orphan's last event to find it. */
function eventTimes({ sections }: OperationsContent): string[] {
  const hasEvents = sections.some(({ rows }) => rows.some(({ lastEvent }) => lastEvent !== null));
  return hasEvents
    ? ['One exception: the time of a last event can be that of a visit. Its sender needs it to find the event.']
    : [];
}

function reasonFor(organization: string): string {
  return (
    `This is the daily operations mail of Loopwatch at ${organization}. You get it because the directory names this address as its operations mailbox. ` +
    'It comes at 07:00 on days with something to look at; if Loopwatch itself fails, an alarm says so.'
  );
}
