import type { Config } from '../../contracts/config.ts';
import { DAY_MS } from '../../contracts/duration.ts';
import type { Instant } from '../../contracts/instant.ts';
import type { DigestContent, DigestRow, DigestSection, NamedAlert, OperationsContent } from '../../contracts/mail.ts';
import type { AlertKind, Priority } from '../../contracts/vocabulary.ts';
import { formatDay, formatDue, formatElapsed, plural } from '../format-time.ts';
import { clip, nameOf, oneLine } from '../names.ts';
import { MOVED_ON, nextStep } from './next-step.ts';
import { fieldName, KIND_NAME, PRIORITY_NAME, SECTION_HINT } from './wording.ts';

/** Content that has rows. */
export type RowContent = DigestContent | OperationsContent;

/** What a mail says of one referral, as text. */
export interface RowView {
  /** Null: unknown, as the referral itself hasn't come. */
  priority: string | null;
  tone: Priority;
  id: string;
  url: string | null;
  initials: string | null;
  /** `2 days over`, or `due today, 17:00` if it isn't over yet. */
  state: string;
  isOver: boolean;
  /** What to do next; null if the section says it for all rows. */
  action: string | null;
  details: string;
  remarks: RemarkView[];
}

export interface RemarkView {
  text: string;
  /** Whether it is about something overdue. */
  isOver: boolean;
}

/** A row of a section as text. */
export function toRowView(row: DigestRow, section: DigestSection, content: RowContent, config: Config): RowView {
  const { organization, sites, people } = config.directory;
  const isOver = row.dueAt < content.asOf;
  const forCoordinator = content.kind !== 'liaison_digest';
  const action = SECTION_HINT[section]?.replacesAction ? null : nextStep(row.kind, row.stage, row.priority);
  // In a section of escalated alerts no row needs to say so.
  const escalated = row.level === 'escalated' && section !== 'escalated' ? 'escalated' : '';
  const details = [
    row.coordinatorId === null ? null : `with ${nameOf(people, row.coordinatorId)}`,
    // The action says what is due, if there is one that fits.
    action === null || action === MOVED_ON ? KIND_NAME[row.kind] : null,
    isOver ? dueOf(row, content) : null,
    forCoordinator ? attemptsOf(row) : null,
    row.specialty === null ? null : clip(row.specialty.replaceAll('_', ' ')),
    row.site === null ? null : nameOf(sites, row.site),
  ];
  return {
    priority: row.priority === null ? null : PRIORITY_NAME[row.priority],
    tone: row.priority ?? 'routine',
    id: oneLine(row.referralId),
    url: organization.referralUrl?.replaceAll('{referralId}', encodeURIComponent(row.referralId)) ?? null,
    initials: forCoordinator && organization.identifiers === 'initials' && row.initials ? clip(row.initials) : null,
    state: [stateOf(row, content), escalated].filter((part) => part !== '').join(', '),
    isOver,
    action,
    details: capitalized(details.filter((detail) => detail !== null).join(' · ')),
    remarks: remarksOf(row, content),
  };
}

const capitalized = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);

/**
 * When something began that has no time to be done by. It is found the moment the referral arrives, and an orphan a day
 * after the first event about it. Null: it has a time to be done by.
 */
function lastsSince({ kind, dueAt }: { kind: AlertKind; dueAt: Instant }): Instant | null {
  if (kind === 'orphan') return dueAt - DAY_MS;
  return kind === 'incomplete' || kind === 'unassigned' ? dueAt : null;
}

/** When it was or is due. Null for unknown attendance: the due time would give the visit's date away. */
function dueOf(alert: NamedAlert, { asOf, recipient }: RowContent): string | null {
  if (alert.kind === 'attendance_unknown') return null;
  const since = lastsSince(alert);
  if (since !== null) return `since ${formatDay(since, asOf, recipient.timeZone)}`;
  return `due ${formatDue(alert.dueAt, asOf, recipient.timeZone)}`;
}

/** How long it has been over, or when it is due. */
function stateOf(alert: NamedAlert, content: RowContent): string {
  if (alert.dueAt >= content.asOf) return dueOf(alert, content) ?? '';
  const since = lastsSince(alert);
  if (since !== null) return `for ${formatElapsed(since, content.asOf)}`;
  return `${formatElapsed(alert.dueAt, content.asOf)} over`;
}

/** `attempts 2 of 3`; once all are made, what the policy still asks for before the patient counts as unreachable. */
function attemptsOf({ stage, attempts }: DigestRow): string | null {
  if (stage === 'awaiting_referral') return null;
  const { made, required, phoneDaysLeft, lettersLeft } = attempts;
  const count = made > required ? `attempts ${made} of ${required} required` : `attempts ${made} of ${required}`;
  if (stage !== 'to_contact' || made < required) return count;
  const missing = [
    phoneDaysLeft > 0 ? plural(phoneDaysLeft, 'more phone day') : null,
    lettersLeft > 0 ? plural(lettersLeft, 'letter or portal message') : null,
  ].filter((text) => text !== null);
  return missing.length > 0 ? `${count}, ${missing.join(' and ')} missing` : count;
}

function remarksOf(row: DigestRow, content: RowContent): RemarkView[] {
  const [over = [], ahead = []] = [true, false].map((isOver) =>
    row.also
      .filter(({ dueAt }) => dueAt < content.asOf === isOver)
      .map((alert) => `${KIND_NAME[alert.kind].toLowerCase()} ${stateOf(alert, content)}`.trim()),
  );
  const remark = (text: string, isOver = false): RemarkView => ({ text, isOver });
  return [
    ...(row.missing.length > 0 ? [remark(`Missing: ${row.missing.map(fieldName).join(', ')}.`)] : []),
    ...(over.length > 0 ? [remark(`Also: ${over.join('; ')}.`, true)] : []),
    ...(ahead.length > 0 ? [remark(`Also: ${ahead.join('; ')}.`)] : []),
    ...(row.alsoMore > 0 ? [remark(`${plural(row.alsoMore, 'more alert')} not named here.`)] : []),
    ...(row.mayCloseAsUnreachable && content.kind !== 'liaison_digest'
      ? [remark('All attempts made: may be closed as unreachable.')]
      : []),
    ...(row.acknowledged ? [remark('Acknowledged.')] : []),
    ...(row.snoozeExpired ? [remark('Snooze expired.')] : []),
  ];
}
