import type { Config } from '../../contracts/config.ts';
import type { LiaisonDigestContent, PracticeChange, PracticeChangeContent } from '../../contracts/mail.ts';
import { PRACTICE_CHANGES } from '../../contracts/mail.ts';
import { type CountView, type EntryView, entries, muted, part, type Section } from '../blocks.ts';
import { formatDay, formatElapsed, plural } from '../format-time.ts';
import { nameOf } from '../names.ts';

/** The practices of a liaison whose referrals have changed, as text. */

/** What follows a number of practices in the counts on top. */
const SHORT: Record<PracticeChange, [one: string, many: string]> = {
  declining: ['source declining', 'sources declining'],
  inactive: ['source inactive', 'sources inactive'],
  reactivated: ['source back again', 'sources back again'],
  new: ['new source', 'new sources'],
};

/** The part of a liaison's mail on these practices; nothing if none has changed. */
export function practiceChangesPart(content: LiaisonDigestContent, config: Config): Section[] {
  const { practiceChanges, morePracticeChanges } = content;
  if (practiceChanges.length === 0) return [];
  const rest = `${plural(morePracticeChanges, 'more practice')} with such a change, not listed here.`;
  return [
    part('Your sources', [
      ...entries(practiceChanges.map((practice) => toEntry(practice, content, config))),
      ...(morePracticeChanges === 0 ? [] : [muted(rest)]),
    ]),
  ];
}

/** The practices by their change; those beyond the cap in a count of their own. */
export function practiceChangeCounts({ practiceChanges, morePracticeChanges }: LiaisonDigestContent): CountView[] {
  const counts = PRACTICE_CHANGES.map((change) => {
    const { length: count } = practiceChanges.filter((practice) => practice.change === change);
    const [one, many] = SHORT[change];
    return { count, label: count === 1 ? one : many, priorities: [] };
  });
  const more = { count: morePracticeChanges, label: 'more of your sources changed', priorities: [] };
  return [...counts, more].filter(({ count }) => count > 0);
}

function toEntry(practice: PracticeChangeContent, content: LiaisonDigestContent, { directory }: Config): EntryView {
  return {
    name: nameOf(directory.practices, practice.practiceId),
    isOver: practice.change === 'declining' || practice.change === 'inactive',
    ...textsOf(practice, content),
  };
}

function textsOf(
  { change, observed, expected, lastReceivedAt, silentSince, causes }: PracticeChangeContent,
  { asOf, recipient }: LiaisonDigestContent,
): Pick<EntryView, 'state' | 'details'> {
  const day = (instant: number): string => formatDay(instant, asOf, recipient.timeZone);
  switch (change) {
    case 'declining':
      return {
        state: `declining: ${plural(observed ?? 0, 'referral')} in the last 8 weeks, about ${Math.round(expected ?? 0)} expected`,
        details: whyOf(causes, 'ask them.'),
      };
    case 'inactive':
      return {
        state: `inactive: no referral since ${day(lastReceivedAt)} (${formatElapsed(lastReceivedAt, asOf)})`,
        details: whyOf(causes, 'ask them.'),
      };
    case 'reactivated':
      return {
        state: `back after ${formatElapsed(silentSince ?? lastReceivedAt, lastReceivedAt)}`,
        details: `A referral came ${on(day(lastReceivedAt))}. ${whyOf(causes, 'ask what kept them away.')}`,
      };
    case 'new':
      return { state: 'new: first referral ever', details: `It came ${on(day(lastReceivedAt))}.` };
  }
}

const on = (day: string): string => (['today', 'yesterday'].includes(day) ? day : `on ${day}`);

/** What on our side may be the cause; `otherwise` says what to do if nothing is. */
function whyOf({ declines, lateNotes, longWaits }: PracticeChangeContent['causes'], otherwise: string): string {
  const parts = [
    declines > 0 ? `${declines} declined` : null,
    lateNotes > 0 ? plural(lateNotes, 'late note') : null,
    longWaits > 0 ? plural(longWaits, 'long wait') : null,
  ].filter((part) => part !== null);
  if (parts.length === 0) return `Nothing on our side stands out: ${otherwise}`;
  return `On our side in the last 60 days: ${parts.join(', ')}.`;
}
