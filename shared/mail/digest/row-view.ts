import type { Config, Directory } from '../../contracts/config.ts';
import { DAY_MS } from '../../contracts/duration.ts';
import type { Instant } from '../../contracts/instant.ts';
import type { DigestContent, DigestRow, DigestSection, NamedAlert, OperationsContent } from '../../contracts/mail.ts';
import type { RemarkView, RowCells, RowView } from '../blocks.ts';
import { formatCoarse, formatDay, formatDue, formatElapsed, plural } from '../format-time.ts';
import { clip, nameOf, oneLine } from '../names.ts';
import { MOVED_ON, nextStep, paceWord } from './next-step.ts';
import { toldBy, updateAskedOf } from './office-update.ts';
import { reachesPatient, stepOf } from './row-step.ts';
import { fieldName, KIND_NAME, PRIORITY_NAME, SECTION_HINT } from './wording.ts';

/** Content that has rows. */
export type RowContent = DigestContent | OperationsContent;

/** A row of a section as text. */
export function toRowView(row: DigestRow, section: DigestSection, content: RowContent, config: Config): RowView {
  const { organization } = config.directory;
  const isOver = isLate(row, content);
  const forCoordinator = content.kind !== 'liaison_digest';
  const action = SECTION_HINT[section]?.replacesAction ? null : actionOf(row, content, config);
  const cells = cellsOf(row, section, content, config);
  const { owner, due, attempts, specialty, site } = cells;
  const details = [
    owner === null ? null : `with ${owner}`,
    // The action says what is due, if there is one that fits.
    action === null || action === MOVED_ON ? KIND_NAME[row.kind] : null,
    isOver ? due : null,
    attempts,
    specialty,
    site,
  ];
  return {
    priority: row.priority === null ? null : PRIORITY_NAME[row.priority],
    tone: row.priority ?? 'routine',
    id: oneLine(row.referralId),
    url: organization.referralUrl?.replaceAll('{referralId}', encodeURIComponent(row.referralId)) ?? null,
    initials: forCoordinator && organization.identifiers === 'initials' && row.initials ? clip(row.initials) : null,
    state: [stateOf(row, content), levelOf(row, section)].filter((part) => part !== '').join(', '),
    isOver,
    standing: standingOf(row),
    action,
    details: capitalized(details.filter((detail) => detail !== null && detail !== '').join(' · ')),
    remarks: remarksOf(row, content, config),
    cells,
  };
}

/** What to do next; of news for the office that somebody else is asked to tell, who is. */
function actionOf(row: DigestRow, content: RowContent, config: Config): string {
  // Nobody is responsible, so nobody tells the office: first somebody has to be.
  if (content.kind === 'operations' && row.kind !== 'orphan') return stepForNobody(row);
  const asked = updateAskedOf(row, content, config);
  if (asked === 'reader') return stepOf(row);
  // Whoever tells the office that the patient said no: the coordinator closes the referral.
  const isDone = row.kind === 'referrer_update' && (row.stage !== 'to_close' || content.kind === 'liaison_digest');
  return isDone ? (toldBy(asked.name, row.stage, row.officeUpdate) ?? MOVED_ON) : stepOf(row, asked.name);
}

function stepForNobody({ stage, priority }: DigestRow): string {
  const step = nextStep('unassigned', stage, priority);
  return step === MOVED_ON
    ? `Name a coordinator${paceWord(priority)}; something is still owed on this referral.`
    : step;
}

const capitalized = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);

function cellsOf(row: DigestRow, section: DigestSection, content: RowContent, config: Config): RowCells {
  const { people, sites } = config.directory;
  const forCoordinator = content.kind !== 'liaison_digest';
  return {
    marks: marksOf(row, content, config).join(' '),
    due: dueOf(row, content),
    daysOver: daysOver(row, content),
    attempts: forCoordinator && reachesPatient(row) ? attemptsOf(row) : null,
    specialty: row.specialty === null ? null : clip(row.specialty.replaceAll('_', ' ')),
    site: row.site === null ? null : nameOf(sites, row.site),
    alsoOpen: othersOf(row)
      .map((alert) => alsoText(alert, content))
      .join('; '),
    owner: section === 'escalated_elsewhere' ? ownerOf(row, people) : null,
  };
}

/** Nobody is one too. */
const ownerOf = ({ coordinatorId }: DigestRow, people: Directory['people']): string =>
  coordinatorId === null ? 'nobody' : nameOf(people, coordinatorId);

/** In a section of escalated alerts only a new one needs to say so. */
function levelOf({ level, newlyEscalated }: DigestRow, section: DigestSection): string {
  if (newlyEscalated) return 'newly escalated';
  return level === 'escalated' && section !== 'escalated_elsewhere' ? 'escalated' : '';
}

/**
 * How a row stands to the reader's last digest. In how many a referral stood says nothing of why: it may be due for the
 * first time. Where a visit's date must not show, counting back would give it away.
 */
function standingOf({ state, coarse }: DigestRow): string | null {
  if (state === 'again') return 'overdue before';
  if (typeof state !== 'number') return state;
  return coarse ? 'listed before' : `listed ${state} times`;
}

/**
 * When something began that has no time to be done by. It is found the moment the referral arrives, and an orphan a day
 * after the first event about it. Null: it has a time to be done by.
 */
function lastsSince({ kind, dueAt }: NamedAlert): Instant | null {
  if (dueAt === null) return null;
  if (kind === 'orphan') return dueAt - DAY_MS;
  return kind === 'incomplete' || kind === 'unassigned' ? dueAt : null;
}

/** Whether a due has passed; news on a referral that has ended was due to nobody. */
const isLate = ({ kind, dueAt }: NamedAlert, { asOf }: RowContent): boolean =>
  kind !== 'news_after_end' && dueAt !== null && dueAt < asOf;

/** When it was or is due; nothing where the due would give the date of a visit away. */
function dueOf(alert: NamedAlert, { asOf, recipient }: RowContent): string {
  if (alert.coarse || alert.dueAt === null) return '';
  const since = lastsSince(alert);
  if (since !== null) return `since ${formatDay(since, asOf, recipient.timeZone)}`;
  return `due ${formatDue(alert.dueAt, asOf, recipient.timeZone)}`;
}

/** How long it has been over, or when it is due; only roughly where a visit's date must not show. */
export function stateOf(alert: NamedAlert, content: RowContent): string {
  if (alert.dueAt === null || alert.kind === 'news_after_end') return '';
  if (alert.coarse) return formatCoarse(alert.dueAt, content.asOf, content.recipient.timeZone);
  if (!isLate(alert, content)) return dueOf(alert, content);
  const since = lastsSince(alert);
  if (since !== null) return `for ${formatElapsed(since, content.asOf)}`;
  return `${formatElapsed(alert.dueAt, content.asOf)} over`;
}

/** Whole days, where the mail says how long it is over and not only roughly. */
function daysOver(alert: NamedAlert, content: RowContent): string | null {
  if (alert.coarse || alert.dueAt === null || lastsSince(alert) !== null || !isLate(alert, content)) return null;
  return String(Math.floor((content.asOf - alert.dueAt) / DAY_MS));
}

/** What else is open, but the call that was promised where the order is to close. */
const othersOf = (row: DigestRow): NamedAlert[] =>
  row.mayCloseAsUnreachable && reachesPatient(row) ? row.also.filter(({ kind }) => kind !== 'callback') : row.also;

const alsoText = (alert: NamedAlert, content: RowContent): string =>
  `${KIND_NAME[alert.kind].toLowerCase()} ${stateOf(alert, content)}`.trim();

/** `attempts 2 of 3`; once all are made, what the policy still asks for before the patient counts as unreachable. */
function attemptsOf({ stage, attempts }: DigestRow): string {
  const { made, required, phoneDaysLeft, lettersLeft } = attempts;
  const count = made > required ? `attempts ${made} of ${required} required` : `attempts ${made} of ${required}`;
  if (stage !== 'to_contact' || made < required) return count;
  const missing = [
    phoneDaysLeft > 0 ? plural(phoneDaysLeft, 'more phone day') : null,
    lettersLeft > 0 ? plural(lettersLeft, 'letter or portal message') : null,
  ].filter((text) => text !== null);
  return missing.length > 0 ? `${count}, ${missing.join(' and ')} missing` : count;
}

function remarksOf(row: DigestRow, content: RowContent, config: Config): RemarkView[] {
  const [over = [], ahead = []] = [true, false].map((late) =>
    othersOf(row)
      .filter((alert) => isLate(alert, content) === late)
      .map((alert) => alsoText(alert, content)),
  );
  const remark = (text: string, isOver = false): RemarkView => ({ text, isOver });
  const end = ahead.length > 0 ? ';' : '.';
  return [
    ...marksOf(row, content, config).map((mark) => remark(mark)),
    ...(row.missing.length > 0 ? [remark(`Missing: ${row.missing.map(fieldName).join(', ')}.`)] : []),
    ...(over.length > 0 ? [remark(`Also: ${over.join('; ')}${end}`, true)] : []),
    ...(ahead.length > 0 ? [remark(`${over.length > 0 ? '' : 'Also: '}${ahead.join('; ')}.`)] : []),
  ];
}

/** What was said of a row's alerts, and that it was reopened. */
export function marksOf({ marks }: DigestRow, content: RowContent, config: Config): string[] {
  const { acknowledged, snoozeOver, reopened } = marks;
  return [
    ...(acknowledged === null ? [] : [acknowledgedText(acknowledged, content, config)]),
    ...(snoozeOver ? ['Snooze over.'] : []),
    ...(reopened ? ['Reopened.'] : []),
  ];
}

/** By whom and since when. */
function acknowledgedText(
  { by, at }: NonNullable<DigestRow['marks']['acknowledged']>,
  { asOf, recipient }: RowContent,
  { directory }: Config,
): string {
  const who = by === null ? '' : ` by ${nameOf(directory.people, by)}`;
  const when = at === null ? '' : `, ${formatDay(at, asOf, recipient.timeZone)}`;
  return `Acknowledged${who}${when}.`;
}
