import type { ClockRule, Directory, Elapsed, Match, Policy, PolicyVersion, Target } from './config.ts';
import { type Findings, repeated } from './config-findings.ts';
import { type Path, spanOf } from './config-problem.ts';
import { CLOCK_KINDS, type ClockKind, PRIORITIES } from './vocabulary.ts';

type Rules = PolicyVersion['rules'];

/**
 * Checks what the schema of `policy.json` can't see: names that come twice, rules and warnings that never count, clocks
 * that some or all referrals go without.
 * @param sites of the directory; null: it can't be read
 */
export function checkPolicy({ versions }: Policy, sites: Directory['sites'] | null, findings: Findings): void {
  const among = versions.map((_, index) => ['versions', index]);
  repeated('policy.json', versions, 'version', among, findings.problem);
  repeated('policy.json', versions, 'effectiveFrom', among, findings.problem);
  for (const [index, { rules }] of versions.entries()) {
    const path = ['versions', index, 'rules'];
    checkOverriddenRules(rules, path, findings);
    for (const kind of CLOCK_KINDS) checkClockGiven(kind, rules, sites ?? [], path, findings);
    checkWarnings(rules, path, findings);
  }
}

/** A later rule with the same match and the same clocks always wins. */
function checkOverriddenRules(rules: Rules, path: Path, { warning }: Findings): void {
  const matches = rules.map(({ match }) => canonical(match));
  const last = new Map(matches.map((match, index) => [match, index]));
  for (const [index, { match, clocks }] of rules.entries()) {
    const later = last.get(matches[index] ?? '') ?? index;
    if (later === index || Object.keys(clocks).some((kind) => !(kind in (rules[later]?.clocks ?? {})))) continue;
    const message = `never counts: rules[${later}] matches the same referrals and names the same clocks`;
    warning('policy.json', [...path, index, 'match'], match, message);
  }
}

/** The same text for matches that name the same fields with the same values, in any order. */
function canonical(match: Match): string {
  const sorted = Object.entries(match)
    .map(([field, values]) => [field, [...new Set<string>(values)].sort()] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify(sorted);
}

/** A clock that no rule names, or that only some rules name which leave a rest of referrals without it. */
function checkClockGiven(kind: ClockKind, rules: Rules, sites: Directory['sites'], path: Path, { warning }: Findings) {
  // `acknowledge` is off unless a policy sets it, so nobody expects it.
  if (kind === 'acknowledge') return;
  const naming = [...rules.entries()].filter(([, { clocks }]) => kind in clocks);
  const meant = 'a target of null would say that it is meant so';
  if (naming.length === 0) {
    warning('policy.json', path, kind, `no rule names this clock, so it never runs; ${meant}`);
    return;
  }
  const rest = restOf(
    naming.map(([, { match }]) => match),
    sites.map(({ id }) => id),
  );
  if (rest === null) return;
  const others = naming.map(([index]) => `rules[${index}]`).join(', ');
  warning(
    'policy.json',
    path,
    kind,
    `no rule gives the ${kind} clock to ${rest}; only ${others} names it, and ${meant}`,
  );
}

/**
 * Whom rules with these matches leave out, in words; null: nobody. Specialties, payers and tags are the sender's own, so
 * rules that ask for them always leave a rest.
 */
function restOf(matches: readonly Match[], sites: readonly string[]): string | null {
  const open = matches.filter((match) => Object.keys(match).every((field) => field === 'priority' || field === 'site'));
  const covered = (priority: (typeof PRIORITIES)[number]): { all: boolean; at: ReadonlySet<string | null> } => {
    const matching = open.filter((match) => match.priority?.includes(priority) ?? true);
    return {
      all: matching.some(({ site }) => site === undefined),
      at: new Set(matching.flatMap(({ site = [] }) => site)),
    };
  };
  // Of the sites those that aren't listed count only where none is: whoever writes a rule for each of theirs means all.
  const places: (string | null)[] = sites.length > 0 ? [...sites] : [null];
  const left = PRIORITIES.map((priority) => {
    const { all, at } = covered(priority);
    return { priority, at: new Set(all ? [] : places.filter((site) => !at.has(site))) };
  });
  const without = left.filter(({ at }) => at.size > 0);
  if (without.length === 0) return null;
  const priorities =
    without.length === PRIORITIES.length ? '' : `${without.map(({ priority }) => priority).join(', ')} `;
  const missing = places.filter((site) => without.some(({ at }) => at.has(site)));
  const where = missing.length === places.length ? '' : ` at ${missing.join(', ')}`;
  return `${priorities === '' && where === '' ? 'all other ' : priorities}referrals${where}`;
}

const HOURS_A_DAY = 24;
/** Of a site that is open for office hours. */
const BUSINESS_HOURS_A_DAY = 8;

function checkWarnings(rules: Rules, path: Path, { warning }: Findings): void {
  for (const [index, { clocks }] of rules.entries()) {
    for (const [kind, { target, warnBefore }] of Object.entries(clocks) as [ClockKind, ClockRule][]) {
      if (!target || !warnBefore || hoursOf(warnBefore) <= hoursOf(target)) continue;
      const message = `is longer than the target of ${spanOf(target)}, so it is at risk from the start; "warnAtStart": true would say so`;
      warning('policy.json', [...path, index, 'clocks', kind, 'warnBefore'], warnBefore, message);
    }
  }
}

/** About how many hours pass. Business hours are taken as days: four of them may last over a night. */
function hoursOf({ value, unit }: Target | Elapsed): number {
  switch (unit) {
    case 'hours':
      return value;
    case 'business_hours':
      return Math.ceil(value / BUSINESS_HOURS_A_DAY) * HOURS_A_DAY;
    case 'business_days':
    case 'calendar_days':
      return value * HOURS_A_DAY;
  }
}
