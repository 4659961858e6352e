import type { RequiredField } from '../../contracts/config.ts';
import type { EventData, LoopEvent } from '../../contracts/event.ts';
import type { RuleFields } from './policy.ts';

/** What is known of a referral beside its course: the fields of `referral.received` and `referral.updated`. */
export type ReferralFields = EventData<'referral.updated'>;

/** The dimensions after an event: later wins, field by field; `practice` and `patient` are replaced whole. */
export function withEvent(dimensions: ReferralFields, event: LoopEvent): ReferralFields {
  if (event.type !== 'referral.received' && event.type !== 'referral.updated') return dimensions;
  return { ...dimensions, ...event.data };
}

export function ruleFields(dimensions: ReferralFields): RuleFields {
  return {
    priority: dimensions.priority ?? null,
    specialty: dimensions.specialty ?? null,
    site: dimensions.site ?? null,
    payer: dimensions.payer ?? null,
    tags: dimensions.tags ?? [],
  };
}

export function sameRuleFields(a: RuleFields, b: RuleFields): boolean {
  return (
    a.priority === b.priority &&
    a.specialty === b.specialty &&
    a.site === b.site &&
    a.payer === b.payer &&
    a.tags.length === b.tags.length &&
    a.tags.every((tag, index) => tag === b.tags[index])
  );
}

/** Whether a required field is absent, null or empty. */
export function lacks(dimensions: ReferralFields, field: RequiredField): boolean {
  let value: unknown = dimensions;
  for (const step of field.split('.')) value = (value as Record<string, unknown> | null | undefined)?.[step];
  return value == null || (value as string | unknown[]).length === 0;
}
