import type { RequiredField } from '../../contracts/config.ts';
import type { EventAbout, EventData, LoopEvent } from '../../contracts/event.ts';
import type { RuleFields } from './policy.ts';

/** What is known about a referral apart from its timeline: the fields of `referral.received` and `referral.updated`. */
export type ReferralFields = EventData<'referral.updated'>;

/** What is known once all events are walked: the later value of a field wins; `practice` and `patient` are replaced whole. */
export function latestFields(facts: readonly EventAbout<'referral'>[]): ReferralFields {
  return Object.assign({}, ...facts.flatMap((event) => (changesFields(event) ? [event.data] : [])));
}

export function changesFields(
  event: EventAbout<'referral'>,
): event is LoopEvent<'referral.received' | 'referral.updated'> {
  return event.type === 'referral.received' || event.type === 'referral.updated';
}

/** The fields by which rules are chosen; null for what isn't known. */
export function ruleFields(fields: ReferralFields): RuleFields {
  return {
    priority: fields.priority ?? null,
    specialty: fields.specialty ?? null,
    site: fields.site ?? null,
    payer: fields.payer ?? null,
    tags: fields.tags ?? [],
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
export function lacks(fields: ReferralFields, field: RequiredField): boolean {
  let value: unknown = fields;
  for (const step of field.split('.')) value = (value as Record<string, unknown> | null | undefined)?.[step];
  return value == null || (value as string | unknown[]).length === 0;
}
