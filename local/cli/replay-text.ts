import { join } from 'node:path';
import { parseInstant } from '../../shared/contracts/instant.ts';
import { MAIL_KINDS, REFUSAL_REASONS } from '../../shared/contracts/vocabulary.ts';
import { formatMoment, plural } from '../../shared/mail/format-time.ts';
import { withoutControls } from '../../shared/mail/names.ts';
import { MAIL_NAME } from '../../shared/mail/operations/operations-wording.ts';
import { REFUSAL_REASON } from '../../shared/mail/report/report-wording.ts';
import { bold, thousands, wrap } from './columns.ts';
import { type Counted, total } from './nobodys.ts';
import { notReadText } from './not-read.ts';
import { block, command, counts, cut, ended, fitting, joined, row, sum, WIDTH } from './replay-rows.ts';
import type { ReplaySummary } from './replay-summary.ts';
import { quoted } from './shell-word.ts';

export interface Shown {
  /** The folder that was written. */
  out: string;
  /** The folder of the configuration. */
  config: string;
}

/** Lines that fit a terminal, with one for the command and one for the next prompt. */
const MOST_LINES = 22;

/** What came of a replay, what is missing from it and what to do next; only what is there. */
export function replayText(summary: ReplaySummary, shown: Shown): string {
  const drafts = ROOMS.map((room) => linesOf(summary, shown, room));
  return (drafts.find((lines) => lines.length <= MOST_LINES) ?? drafts.at(-1) ?? []).join('\n');
}

/** How much is said of each thing. */
interface Room {
  /** How many of a list stand for the rest. */
  examples: number;
  /** Lines that a long text of others takes. */
  most: number;
  /** What belongs together is counted on one line. */
  isJoined?: boolean;
}

/** From the most to the least. */
const ROOMS: readonly Room[] = [
  { examples: 3, most: 6 },
  { examples: 3, most: 2 },
  { examples: 1, most: 1 },
  { examples: 1, most: 1, isJoined: true },
];

function linesOf(summary: ReplaySummary, shown: Shown, { examples, most, isJoined = false }: Room): string[] {
  const { until, tookIn, alerts, openBreaches, openBreachesByKind, example } = summary;
  const head = tookIn ? `By ${moment(until, summary)}` : 'Nothing was taken in';
  return [
    ...wrap(`${head}; the files are in ${withoutControls(quoted(shown.out))}`.split(' '), WIDTH).map(bold),
    ...row('Referrals', referralsOf(summary)),
    ...(tookIn
      ? row('Alerts', fitting(`${thousands(alerts)}${within(openBreaches, 'overdue now')}`, counts(openBreachesByKind)))
      : []),
    ...historyLines(summary, examples),
    ...unheardLines(summary),
    ...(tookIn ? row('Mails', mailsOf(summary)) : []),
    ...refusedLines(summary, shown, examples, most),
    ...passedOverLines(summary, shown, examples),
    ...notReadLines(summary, examples),
    ...leftOutLines(summary, examples),
    ...unassignedLines(summary, isJoined),
    ...unknownLines(summary, isJoined),
    ...specialtyLines(summary, examples),
    ...waitingLines(summary, examples),
    ...lackingLines(summary),
    ...wordLines(summary, shown, examples),
    ...warningLines(summary, shown, examples, most),
    ...(example === null
      ? []
      : [command('Next', `npx loopwatch explain ${quoted(example)} --from ${quoted(shown.out)}`)]),
  ];
}

const within = (n: number, what: string): string => (n === 0 ? '' : `, ${thousands(n)} ${what}`);

/** What a go-live leaves out of alerts and mails. */
function historyLines({ history }: ReplaySummary, examples: number): string[] {
  const text = `${plural(history, 'open referral')} with a clock that was due before liveFrom: no mail tells of it`;
  return history === 0 || examples === 1 ? [] : row('History', text);
}

/** What is overdue whatever anybody did, as no sender says so. */
function unheardLines({ unheard }: ReplaySummary): string[] {
  const n = sum(unheard);
  return n === 0 ? [] : row('Unheard', fitting(`${thousands(n)} never said to be met`, counts(unheard)));
}

/** By the stages of those that are open; where none is, by those of all. */
function referralsOf({ referrals, open, openByStage, byStage }: ReplaySummary): string {
  if (referrals === 0) return '0';
  return open > 0
    ? fitting(`${thousands(referrals)}, ${thousands(open)} open`, counts(openByStage))
    : fitting(`${thousands(referrals)}, none open`, counts(byStage));
}

function mailsOf({ mails, mailsByKind, mailedByKind }: ReplaySummary): string {
  const sent = MAIL_KINDS.filter((kind) => (mailsByKind[kind] ?? 0) > 0);
  const parts = sent.map((kind, index) => {
    const [n, people] = [mailsByKind[kind] ?? 0, mailedByKind[kind] ?? 0];
    const whom = index === 0 ? plural(people, 'person').replace('persons', 'people') : people;
    return `${thousands(n)} ${MAIL_NAME[kind]}${n === 1 ? '' : 's'} to ${whom}`;
  });
  return parts.length === 0 ? '0' : `${thousands(mails)}: ${parts.join(', ')}`;
}

function refusedLines(
  { refusedByReason, firstRefused, tookIn }: ReplaySummary,
  { out }: Shown,
  examples: number,
  most: number,
): string[] {
  const reasons = REFUSAL_REASONS.filter((reason) => reason !== 'unmatched').flatMap((reason) => {
    const n = refusedByReason[reason] ?? 0;
    return n === 0 ? [] : [{ value: REFUSAL_REASON[reason], n }];
  });
  if (reasons.length === 0) return [];
  const n = total(reasons);
  const rest = tookIn ? '; the rest was taken in' : '';
  const named = reasons.map(({ value, n: each }) => (n === each ? value : `${thousands(each)} ${value}`));
  const shown = firstRefused.slice(0, examples);
  const all = `${quoted(join(out, 'quarantine.ndjson'))} has all`;
  return [
    ...row('Refused', fitting(thousands(n), named, rest)),
    ...shown.flatMap(({ file, unit, position, detail }) =>
      row('', cut(`${ended(file ?? 'a message')} ${unit} ${position ?? 1}: ${detail}`, most)),
    ),
    ...(n > shown.length && examples > 1 ? row('', all) : []),
  ];
}

function passedOverLines({ passedOver, tookIn }: ReplaySummary, { config }: Shown, examples: number): string[] {
  if (passedOver.length === 0) return [];
  const n = passedOver.reduce((all, each) => all + each.n, 0);
  const reasons = passedOver.map(
    ({ kind, why, n: each }) => `${why}${kind === 'row' ? '' : ` (${kind})`} ${thousands(each)}`,
  );
  const more = reasons.length > examples ? '; …' : '';
  const text = `${thousands(n)}: ${reasons.slice(0, examples).join('; ')}${more}`;
  return [
    ...row('Passed over', examples === 1 ? cut(text, 1) : text),
    ...(tookIn ? [] : [command('', `npx loopwatch dialect try FILE --config ${quoted(config)}`)]),
  ];
}

/** Of folders. */
function notReadLines({ notRead }: ReplaySummary, examples: number): string[] {
  const text = notReadText(notRead);
  return text === null ? [] : row('Not read', examples === 1 ? cut(text, 1) : text);
}

function leftOutLines(summary: ReplaySummary, examples: number): string[] {
  const { afterUntil, allBy, nextDigestAt } = summary;
  const later = allBy === null ? '' : `: --until ${option(allBy)}`;
  const until = nextDigestAt === null ? '' : `--until ${option(nextDigestAt)}`;
  const due = nextDigestAt === null ? '' : moment(nextDigestAt, summary);
  return [
    ...(afterUntil > 0 ? row('Left out', `${plural(afterUntil, 'message')} that came after that${later}`) : []),
    ...(nextDigestAt === null
      ? []
      : row(
          'Digests',
          examples === 1
            ? `the next ${due}: ${until}`
            : `none is due since the last message; the next on ${due}: ${until} shows it`,
        )),
  ];
}

/** Referrals that the directory gives to nobody, with the entry that they need. */
function unassignedLines(
  { nobodys: { withoutCoordinator, withoutLiaison } }: ReplaySummary,
  isJoined: boolean,
): string[] {
  if (isJoined) {
    return joined('Unassigned', [
      [total(withoutCoordinator), 'without a coordinator (needs a route)'],
      [total(withoutLiaison), 'without a liaison'],
    ]);
  }
  return block('Unassigned', [
    ...about(withoutCoordinator, 'without a coordinator, by site', ' (needs a route)'),
    ...about(withoutLiaison, 'without a liaison, by practice', ' (needs liaisonId)'),
  ]);
}

/** What the configuration has no entry for; codes have a line of their own. */
function unknownLines(
  { nobodys: { unknownSites, unknownPractices }, ownWords }: ReplaySummary,
  isJoined: boolean,
): string[] {
  const own = sum(ownWords);
  if (isJoined) {
    return joined('Unknown', [
      [total(unknownSites), 'of sites'],
      [total(unknownPractices), 'of practices not in directory.json'],
      [own, 'values no list has'],
    ]);
  }
  return block('Unknown', [
    ...about(unknownSites, 'of sites not in directory.json'),
    ...about(unknownPractices, 'of practices not in directory.json'),
    ...(own > 0 ? [fitting(`${plural(own, 'value')} that no list has`, counts(ownWords))] : []),
  ]);
}

function about(counted: readonly Counted[], what: string, end = ''): string[] {
  if (counted.length === 0) return [];
  const named = counted.map(({ value, n }) => `${value === '' ? 'none' : clipped(value)} ${thousands(n)}`);
  return [fitting(`${thousands(total(counted))} ${what}`, named, end)];
}

function specialtyLines({ strangeSpecialties }: ReplaySummary, examples: number): string[] {
  const [first, ...others] = strangeSpecialties;
  if (first === undefined) return [];
  const { value, meant, n } = first;
  const what = `${thousands(n)} of "${clipped(value)}"`;
  const more = others.length === 0 ? '' : `; ${others.length} more like it`;
  if (examples === 1) return row('Specialty', cut(`${what}; did you mean ${clipped(meant)}?${more}`, 1));
  return row(
    'Specialty',
    `${what}, which nothing in policy.json and directory.json has; did you mean ${meant}?${more}`,
  );
}

function waitingLines({ refusedByReason, waiting, orphans, orphanIds }: ReplaySummary, examples: number): string[] {
  const unmatched = refusedByReason.unmatched ?? 0;
  const keyless = unmatched - waiting;
  const parts = [
    ...(waiting > 0
      ? [`${thousands(waiting)} ${waiting === 1 ? 'waits' : 'wait'}, as no referral is known by their keys`]
      : []),
    ...(keyless > 0 ? [`${thousands(keyless)} ${keyless === 1 ? 'has' : 'have'} no key of a referral`] : []),
  ];
  const text = examples === 1 ? `${thousands(unmatched)} without a referral` : parts.join(', ');
  const waits = `${plural(orphans, 'referral')} with later events, but never received`;
  return [
    ...(unmatched > 0 ? row('Unmatched', `${text}: see npx loopwatch dialect try`) : []),
    ...(orphans > 0 ? row('Waiting', fitting(waits, examples === 1 ? [] : orphanIds.map(clipped))) : []),
  ];
}

/** What the default is where it changes when anybody is told. */
const DEFAULTS: Record<string, string> = { 'referral.received.priority': ' (counts as routine)' };

function lackingLines({ lacking }: ReplaySummary): string[] {
  const fields = Object.entries(lacking);
  // A priority first, however rare it is.
  const order = [...fields].sort(([a], [b]) => Number(b in DEFAULTS) - Number(a in DEFAULTS));
  const named = order.map(
    ([name, n]) => `${name.replace('referral.received.', '')} ${thousands(n)}${DEFAULTS[name] ?? ''}`,
  );
  return fields.length === 0 ? [] : row('Lacking', fitting('a default stands for', named).replace('for:', 'for'));
}

function wordLines({ codes }: ReplaySummary, { config }: Shown, examples: number): string[] {
  const n = total(codes);
  // A priority first, however rare it is.
  const order = [...codes].sort((a, b) => Number(b.field in DEFAULTS) - Number(a.field in DEFAULTS));
  const named = order.map(
    ({ field: name, value, n: each }) => `${name} "${clipped(value)}" ${thousands(each)}${DEFAULTS[name] ?? ''}`,
  );
  const head = `${plural(n, 'code')} in no crosswalk`;
  const help = `npx loopwatch dialect try FILE --config ${quoted(config)}`;
  const entries =
    examples === 1
      ? row('No entry', `${head}: ${help}`)
      : [...row('No entry', fitting(head, named)), command('', `what would help: ${help}`)];
  return n > 0 ? entries : [];
}

function warningLines({ warnings }: ReplaySummary, { config }: Shown, examples: number, most: number): string[] {
  const all = `npx loopwatch config validate ${quoted(config)}`;
  if (warnings.length > 1 && examples === 1) return row('Warnings', `${warnings.length}: ${all}`);
  const shown = warnings.slice(0, examples).map((warning) => cut(warning, most));
  const more = warnings.length - shown.length;
  const label = warnings.length === 1 ? 'Warning' : 'Warnings';
  return block(label, [...shown, ...(more > 0 ? [`and ${more} more: ${all}`] : [])]);
}

const clipped = (id: string): string => (id.length <= 16 ? id : `${id.slice(0, 15)}…`);

const moment = (instant: string, { timeZone }: Pick<ReplaySummary, 'timeZone'>): string =>
  formatMoment(parseInstant(instant) ?? 0, timeZone);

/** As it is given on the command line. */
const option = (instant: string): string => instant.replace('.000Z', 'Z');
