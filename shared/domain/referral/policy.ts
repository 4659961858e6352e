import type { ClockRule, Match, Policy, PolicyVersion } from '../../contracts/config.ts';
import { type Instant, parseInstant } from '../../contracts/instant.ts';
import type { ClockKind, Priority } from '../../contracts/vocabulary.ts';

/** The dimensions by which a rule is chosen. */
export interface RuleFields {
  priority: Priority | null;
  specialty: string | null;
  site: string | null;
  payer: string | null;
  tags: readonly string[];
}

/** The version in force at an instant; before every `effectiveFrom` the earliest. */
export function versionAt(policy: Policy, instant: Instant): PolicyVersion {
  const byStart = policy.versions
    .map((version) => ({ version, from: parseInstant(version.effectiveFrom) ?? 0 }))
    .sort((a, b) => a.from - b.from);
  const inForce = byStart.findLast(({ from }) => from <= instant) ?? byStart[0];
  if (!inForce) throw new Error('a policy has at least one version');
  return inForce.version;
}

/** On how many fields a match agrees with the dimensions; null where it doesn't match. */
export function matchedFields(match: Match, dimensions: RuleFields): number | null {
  let fields = 0;
  for (const [field, wanted] of Object.entries(match) as [keyof Match, readonly string[] | undefined][]) {
    if (!wanted) continue;
    const has = field === 'tags' ? dimensions.tags : [dimensions[field]];
    if (!has.some((value) => value !== null && wanted.includes(value))) return null;
    fields += 1;
  }
  return fields;
}

/**
 * The rule for a clock: of those naming its kind the one that matches on most fields, among equals the later one.
 * Null where no rule names the kind, or the winner switches it off.
 */
export function ruleFor(version: PolicyVersion, kind: ClockKind, dimensions: RuleFields): ClockRule | null {
  let best: { fields: number; rule: ClockRule } | null = null;
  for (const { match, clocks } of version.rules) {
    const rule = clocks[kind];
    if (!rule) continue;
    const fields = matchedFields(match, dimensions);
    if (fields !== null && (best === null || fields >= best.fields)) best = { fields, rule };
  }
  return best?.rule.target ? best.rule : null;
}
