import type { Match } from '../../shared/contracts/config.ts';
import { plural } from '../../shared/mail/format-time.ts';
import type { ClockExplanation, DayLine, SpanLine } from './arithmetic.ts';
import type { Explanation } from './explanation.ts';
import { dates, elapsed, type SiteTime } from './times.ts';

/** The arithmetic of one clock as lines of `label  text`. */
export function arithmeticLines(clock: ClockExplanation, pauses: Explanation['pauses'], time: SiteTime): string[][] {
  const { target, rule, startedAt, dueAt, netDueAt, net, gross, site } = clock;
  const unit = target.unit.replace('_', ' ').replace(/s$/, '');
  const paused = dueAt !== netDueAt;
  return [
    [
      'target',
      `${plural(target.value, unit)}: rules[${rule.index}] of policy ${rule.version}, ${matchText(rule.match)}`,
    ],
    ['start', `${time.exact(startedAt)}, site ${site ?? 'unknown'}`],
    ...(net.days.length > 0 ? labelled('days', dayTexts(net.days, pauses)) : []),
    ...(net.spans.length > 0 ? labelled('time', spanTexts(net.spans, time)) : []),
    ...(paused
      ? [
          ['net due', `${time.exact(netDueAt)}, ${difference(net, gross)}`],
          ['gross due', `${time.exact(dueAt)}, with pauses counted`],
        ]
      : [['due', `${time.exact(netDueAt)}, gross and net`]]),
  ];
}

function labelled(label: string, texts: readonly string[]): string[][] {
  return texts.map((text, index) => [index === 0 ? label : '', text]);
}

function matchText(match: Match): string {
  const fields = Object.entries(match).map(([field, values]) => `${field} ${values?.join(' or ')}`);
  return fields.length === 0 ? 'for every referral' : `for ${fields.join(', ')}`;
}

/** Successive days of one kind make one line. */
function dayTexts(days: readonly DayLine[], pauses: Explanation['pauses']): string[] {
  const runs: DayLine[][] = [];
  for (const day of days) {
    const run = runs.at(-1);
    if (run?.[0]?.why === day.why && run[0].hours === day.hours) run.push(day);
    else runs.push([day]);
  }
  return runs.map((run) => {
    const [first, last] = [run[0] as DayLine, run.at(-1) as DayLine];
    const length = first.hours === 24 ? '' : ` (a day of ${first.hours} h: clocks change)`;
    return `${dates(first.date, last.date).padEnd(22)}  ${whyText(first, last, pauses)}${length}`;
  });
}

function whyText(first: DayLine, last: DayLine, pauses: Explanation['pauses']): string {
  switch (first.why) {
    case 'start':
      return 'starts, not counted';
    case 'counts':
      return first.number === last.number ? `counts: ${first.number}` : `count: ${first.number} to ${last.number}`;
    case 'closed':
      return 'closed';
    case 'holiday':
      return 'holiday';
    case 'paused': {
      const reasons = new Set(pauses.map(({ reason }) => reason));
      return `paused${reasons.size === 1 ? ` (${[...reasons][0]})` : ''}`;
    }
  }
}

function spanTexts(spans: readonly SpanLine[], time: SiteTime): string[] {
  return spans.flatMap(({ from, to, why }, index) => {
    const before = spans[index - 1];
    const closed = before && before.to !== from ? [`${time.stretch(before.to, from)}  closed`] : [];
    const length = elapsed(from, to);
    return [
      ...closed,
      `${time.stretch(from, to)}  ${why === 'runs' ? `${length} counted` : `paused, ${length} left out`}`,
    ];
  });
}

function difference(net: ClockExplanation['net'], gross: ClockExplanation['gross']): string {
  if (net.days.length > 0) {
    const paused = net.days.filter(({ why }) => why === 'paused').length;
    return `${plural(paused, 'day')} paused`;
  }
  return gross.spans.length > 0 ? 'pauses left out' : '';
}
