import { MINUTE_MS } from '../../shared/contracts/duration.ts';
import type { LoopEvent } from '../../shared/contracts/event.ts';
import { formatInstant, type Instant, parseInstant } from '../../shared/contracts/instant.ts';
import type { AlertRow, ReferralRow } from '../../shared/contracts/output.ts';
import { marksOn } from '../../shared/domain/alert/detect.ts';
import { referralRow } from '../../shared/domain/export-rows.ts';
import { byOccurrence } from '../../shared/domain/referral/event-order.ts';
import { type Facts, factsOf } from '../../shared/domain/referral/facts.ts';
import { foldReferral } from '../../shared/domain/referral/fold.ts';
import { versionAt } from '../../shared/domain/referral/policy.ts';
import { timelineOf } from '../../shared/domain/referral/timeline.ts';
import type { LoggedEvent } from '../../shared/store/referral-store.ts';
import { type ClockExplanation, explainClocks } from './arithmetic.ts';
import { type Effect, effectsOf } from './effects.ts';
import type { History, MailMention } from './history.ts';
import { remarksOn } from './remarks.ts';
import { shownData } from './shown-data.ts';
import { type StoredItem, storedItem } from './stored-item.ts';

/** What `explain --json` prints. */
export interface Explanation {
  referralId: string;
  asOf: string;
  /** The site's, else the organization's. */
  timeZone: string;
  policyVersion: string | null;
  /** Null if its `referral.received` has not arrived, or all its events were retracted. */
  referral: Omit<ReferralRow, 'clocks'> | null;
  pauses: { from: string; to: string; reason: string }[];
  events: EventLine[];
  clocks: ClockExplanation[];
  alerts: (AlertRow & { acknowledgedBy: string | null; snoozedUntil: string | null })[];
  mails: MailMention[];
  /** What is stored beside the log. Null: nothing yet. Absent: it was read from a folder, which has no items. */
  storedItem?: StoredItem | null;
}

export interface EventLine {
  at: string;
  arrivedAt: string;
  /** It arrived so late that a detection run may have missed it. */
  late: boolean;
  retracted: boolean;
  /** It only says again what its object said before. */
  restated: boolean;
  type: LoopEvent['type'];
  source: string;
  id: string;
  entity: string | null;
  data: Record<string, unknown>;
  effects: Effect[];
  /** The rules at work on it, in words; instants in ISO 8601 UTC. */
  remarks: string[];
}

/** The interval of detection runs: an event that arrives within it has missed one run at most. */
const LATE_MS = 15 * MINUTE_MS;

/** Explains the state of one referral, using the functions that computed it. */
export function explain(history: History): Explanation {
  const { referralId, log, alerts, mails, config, now } = history;
  const events = log.map(({ event }) => event);
  const state = foldReferral(referralId, events, config);
  const facts = factsOf(events, config.directory);
  const { effective, restated } = facts;
  const notRetracted = [...effective, ...restated.keys()].sort(byOccurrence);
  const timeline = timelineOf(facts);
  const version = state.receivedAt === null ? null : versionAt(config.policy, state.receivedAt);
  const row = referralRow(state, config.directory, now);
  const site = config.directory.sites.find(({ id }) => id === state.site);
  const item = storedItem(history);
  return {
    referralId,
    asOf: formatInstant(now),
    timeZone: site?.timeZone ?? config.directory.organization.timeZone,
    policyVersion: state.policyVersion,
    referral: row && (({ clocks, ...rest }) => rest)(row),
    pauses: state.pauses.map(([from, to]) => ({
      from: formatInstant(from),
      to: formatInstant(to),
      reason: pauseReason(effective, from),
    })),
    events: eventLines(log, facts, notRetracted, effectsOf(referralId, notRetracted, config), (event) =>
      remarksOn(event, { facts, timeline, state }, config),
    ),
    clocks: version ? explainClocks(state, timeline, version, config.directory, now) : [],
    alerts: alerts.map((alert) => {
      const instant = (text: string | null) => (text === null ? null : parseInstant(text));
      const openedAt = instant(alert.openedAt);
      const since = instant(alert.atRiskAt) ?? openedAt ?? 0;
      const [escalatedAt, resolvedAt] = [instant(alert.escalatedAt), instant(alert.resolvedAt)];
      const { acknowledgedBy, snoozedUntil } = marksOn({ ...alert, since, openedAt, escalatedAt, resolvedAt }, state);
      return { ...alert, acknowledgedBy, snoozedUntil: snoozedUntil === null ? null : formatInstant(snoozedUntil) };
    }),
    mails,
    ...(item !== undefined && { storedItem: item }),
  };
}

function pauseReason(events: readonly LoopEvent[], from: Instant): string {
  const pause = events.findLast((event) => event.type === 'referral.paused' && event.time === from);
  return pause?.type === 'referral.paused' ? pause.data.reason : '';
}

function eventLines(
  log: readonly LoggedEvent[],
  { restated }: Facts,
  notRetracted: readonly LoopEvent[],
  effects: readonly Effect[][],
  remarks: (event: LoopEvent) => string[],
): EventLine[] {
  return log
    .toSorted((a, b) => byOccurrence(a.event, b.event))
    .map(({ event, arrivedAt }) => {
      const place = notRetracted.indexOf(event);
      return {
        at: formatInstant(event.time),
        arrivedAt: formatInstant(arrivedAt),
        late: arrivedAt - event.time > LATE_MS,
        retracted: place === -1,
        restated: restated.has(event),
        type: event.type,
        source: event.source,
        id: event.id,
        entity: event.entity,
        data: shownData(event.data),
        effects: effects[place] ?? [],
        remarks: place === -1 ? [] : remarks(event),
      };
    });
}
