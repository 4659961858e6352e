import { DAY_MS } from '../../shared/contracts/duration.ts';
import { formatInstant, type Instant } from '../../shared/contracts/instant.ts';
import { MemoryStage } from '../memory-stage/memory-stage.ts';
import { outcomeOf, rowsOf } from './outcome.ts';
import { weeksOf } from './soak.ts';
import { playWeeks } from './weeks.ts';

/** What was told of an organization that took in its history and then went live. */
export interface WentLive {
  messages: number;
  /** Mails that SES took before it went live. */
  mailedBefore: number;
  /** Alerts that fell due before. */
  alertsOfHistory: number;
  /** Rows of mails about something that fell due before, or that no alert stands for. */
  rowsOfHistory: number;
  /** Mails and their rows in each week after. */
  weeks: { mails: number; rows: number; longest: number }[];
}

const WEEK_MS = 7 * DAY_MS;
const LIVE_WEEKS = 3;

/**
 * Takes in the history of some weeks at once, on the day before an organization goes live, and plays the first weeks
 * after.
 */
export async function goLive(options: { referrals: number; weeks: number; seed: number }): Promise<WentLive> {
  const all = weeksOf({ ...options, weeks: options.weeks + LIVE_WEEKS });
  const live = all.until - LIVE_WEEKS * WEEK_MS;
  const from = live - DAY_MS;
  const { directory, policy } = all.config;
  const organization = { ...directory.organization, liveFrom: formatInstant(live) };
  const history = all.messages.filter(({ sentAt }) => sentAt < from).map((message) => ({ ...message, sentAt: from }));
  const together = [...Map.groupBy(history, ({ subject }) => subject).values()].flat();
  const stage = await MemoryStage.open(from, { rendersMail: false });
  await playWeeks(
    stage,
    {
      config: { policy, directory: { ...directory, organization } },
      messages: [...together, ...all.messages.filter(({ sentAt }) => sentAt >= from)],
      from,
      until: all.until,
    },
    null,
  );
  return told(stage, live, all.messages.length);
}

async function told(stage: MemoryStage, live: Instant, messages: number): Promise<WentLive> {
  const { alerts, mails } = await outcomeOf(stage);
  const known = new Map<string, Instant>();
  for (const { referralId, kind, dueAt } of alerts.values()) {
    known.set(`${referralId} ${kind}`, Math.max(dueAt, known.get(`${referralId} ${kind}`) ?? dueAt));
  }
  const sent = [...mails.values()].filter(({ times }) => times > 0);
  const rows = sent.flatMap(rowsOf);
  const weeks = Array.from({ length: LIVE_WEEKS }, (_, week) => {
    const start = live + week * WEEK_MS;
    const own = sent.filter(({ job: { dueAt } }) => dueAt >= start && dueAt < start + WEEK_MS);
    const lengths = own.map((mail) => rowsOf(mail).length);
    const all = lengths.reduce((sum, length) => sum + length, 0);
    return { mails: own.length, rows: all, longest: Math.max(0, ...lengths) };
  });
  return {
    messages,
    mailedBefore: stage.sent.filter(({ sentAt }) => sentAt < live).length,
    alertsOfHistory: [...alerts.values()].filter(({ dueAt }) => dueAt < live).length,
    rowsOfHistory: rows.filter(({ referralId, kind }) => !((known.get(`${referralId} ${kind}`) ?? 0) >= live)).length,
    weeks,
  };
}
