import { LISTED_DAYS } from '../../shared/domain/alert/listed.ts';
import { plural } from '../../shared/mail/format-time.ts';
import { bold, field, red, yellow } from '../cli/columns.ts';
import type { StoredItem } from './stored-item.ts';
import type { SiteTime } from './times.ts';

/** The section about a referral's item. Null: it has none, only a log of so many events. */
export function storedItemLines(item: StoredItem | null, logged: number, time: SiteTime, width: number): string[] {
  const lines = item ? itemLines(item, time) : [['none', missingText(logged)] as const];
  return [bold('Stored item'), ...lines.flatMap(([label, text]) => field(label, text, width))];
}

type Line = readonly [label: string, text: string];

function missingText(logged: number): string {
  return yellow(
    `${plural(logged, 'event')} in its log that no worker has folded: one is at it, or stopped halfway and its message comes back. If it stays so, see referral-events-dead-letters in docs/runbooks.md.`,
  );
}

function itemLines(item: StoredItem, time: SiteTime): Line[] {
  const { stage, version, bytes, arrivedAt } = item;
  return [
    ['stage', `${stage}; version ${version}, ${plural(bytes, 'byte')}`],
    ['folded', foldedText(item)],
    ['state', stateText(item)],
    ['last event', `arrived ${time.exact(arrivedAt)}`],
    ['detection', nextLookText(item.nextLook, time)],
    ...listLines(item.lists),
    ...removalLines(item, time),
  ];
}

function foldedText({ foldedWith, inForce }: StoredItem): string {
  return foldedWith === inForce
    ? `with configuration ${inForce}, in force`
    : yellow(
        `with configuration ${foldedWith}, an older one: ${inForce} is in force, and whoever reads the item folds its log again`,
      );
}

function stateText({ foldedWith, inForce, differs, events }: StoredItem): string {
  if (differs.inForce === null) return 'not compared with its log, which is being removed';
  if (events.folded < events.logged) {
    return yellow(
      `${events.folded} of ${plural(events.logged, 'event')} are folded: a worker is at it, or stopped halfway and its message comes back`,
    );
  }
  if (events.folded > events.logged) {
    return red(`its log lacks ${events.folded - events.logged} of ${plural(events.folded, 'event')} that are folded`);
  }
  const same = `the same as the fold of its log of ${plural(events.logged, 'event')}`;
  if (differs.foldedWith === null) {
    return `can't be compared: configuration ${foldedWith} is not there, or this release can't read it. ${changesText(inForce, differs.inForce)}`;
  }
  if (differs.foldedWith.length > 0) {
    return red(
      `NOT the fold of its log: ${differs.foldedWith.join(', ')}. Another release may have folded it; the next event or a new configuration folds it again.`,
    );
  }
  if (foldedWith === inForce) return same;
  return `${same}. ${changesText(inForce, differs.inForce)}`;
}

/** What the configuration in force makes different. */
function changesText(inForce: string, differs: readonly string[]): string {
  return differs.length === 0
    ? `Configuration ${inForce} changes nothing of it.`
    : `Configuration ${inForce} changes its ${differs.join(', ')}.`;
}

function nextLookText(nextLook: StoredItem['nextLook'], time: SiteTime): string {
  switch (nextLook.is) {
    case 'ahead':
      return `looks at it next ${time.exact(nextLook.at)}`;
    case 'due':
      return yellow(`looks at it with its next run: due since ${time.exact(nextLook.at)}`);
    case 'new_configuration':
      return 'looks at it only after a new event or configuration: it is open, but nothing of it comes due';
    case 'never':
      return 'never looks at it again unless an event arrives: nothing of it comes due';
  }
}

function listLines({ owners, escalated, urgentMailTo }: StoredItem['lists']): Line[] {
  return [
    ['in lists', owners ? `of ${ownersText(owners)}` : NOT_LISTED],
    ...(escalated
      ? [['escalated', `at site ${escalated.site ?? 'unknown'}, to ${escalated.to ?? 'nobody'}`] as const]
      : []),
    ...(urgentMailTo.length > 0 ? [['urgent', `waits for an urgent mail to ${urgentMailTo.join(', ')}`] as const] : []),
  ];
}

const NOT_LISTED = `of nobody: no alert is open, and none was resolved in the last ${plural(LISTED_DAYS, 'day')}`;

function ownersText({ coordinatorId, liaisonId }: NonNullable<StoredItem['lists']['owners']>): string {
  const coordinator = coordinatorId === null ? 'operations, for want of a coordinator' : `coordinator ${coordinatorId}`;
  return liaisonId === null ? coordinator : `${coordinator}, and of liaison ${liaisonId}`;
}

function removalLines({ retiredAt, expiresAt }: StoredItem, time: SiteTime): Line[] {
  return [
    ...(retiredAt ? [['retired', `${time.exact(retiredAt)}: it takes no more events`] as const] : []),
    ...(expiresAt ? [['removal', `the table may remove it from ${time.exact(expiresAt)} on`] as const] : []),
  ];
}
