import type { ClockRule, Match, Policy, PolicyVersion } from '../../contracts/config.ts';
import { type Instant, parseInstant } from '../../contracts/instant.ts';
import type { ClockKind, Priority } from '../../contracts/vocabulary.ts';

/** The fields by which a rule is chosen. */
export interface RuleFields {
  priority: Priority | null;
  specialty: string | null;
  site: string | null;
  payer: string | null;
  tags: readonly string[];
}

type Started = { version: PolicyVersion; from: Instant };

/** The versions of policies, earliest first: each clock and each watch asks for one. */
const versionsOf = new WeakMap<Policy, readonly Started[]>();

function byStart(policy: Policy): readonly Started[] {
  let versions = versionsOf.get(policy);
  if (!versions) {
    versions = policy.versions
      .map((version) => ({ version, from: parseInstant(version.effectiveFrom) ?? 0 }))
      .sort((a, b) => a.from - b.from);
    versionsOf.set(policy, versions);
  }
  return versions;
}

/** The version in force at an instant; the earliest if the instant is before every `effectiveFrom`. */
export function versionAt(policy: Policy, instant: Instant): PolicyVersion {
  const versions = byStart(policy);
  const inForce = versions.findLast(({ from }) => from <= instant) ?? versions[0];
  if (!inForce) throw new Error('a policy has at least one version');
  return inForce.version;
}

/** How many fields a match agrees on; null if it doesn't match. */
export function matchedFields(match: Match, ruleFields: RuleFields): number | null {
  let fields = 0;
  for (const [field, wanted] of Object.entries(match) as [keyof Match, readonly string[] | undefined][]) {
    if (!wanted) continue;
    const has = field === 'tags' ? ruleFields.tags : [ruleFields[field]];
    if (!has.some((value) => value !== null && wanted.includes(value))) return null;
    fields += 1;
  }
  return fields;
}

/**
 * The rule for a clock: among the rules that name its kind and match, the one that matches on most fields, and the later
 * of equals. Null if no rule names the kind, or if the winner switches it off.
 */
export function ruleFor(version: PolicyVersion, kind: ClockKind, ruleFields: RuleFields): ClockRule | null {
  let best: { fields: number; rule: ClockRule } | null = null;
  for (const { match, clocks } of version.rules) {
    const rule = clocks[kind];
    if (!rule) continue;
    const fields = matchedFields(match, ruleFields);
    if (fields !== null && (best === null || fields >= best.fields)) best = { fields, rule };
  }
  return best?.rule.target ? best.rule : null;
}
