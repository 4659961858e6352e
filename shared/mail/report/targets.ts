import type { ClockRule, Config, Policy } from '../../contracts/config.ts';
import type { ReportContent } from '../../contracts/mail.ts';
import { type ClockKind, PRIORITIES, type Priority } from '../../contracts/vocabulary.ts';
import { ruleFor, versionAt } from '../../domain/referral/policy.ts';
import { counted, listed } from '../lists.ts';

type Target = NonNullable<ClockRule['target']>;
type Rule = Policy['versions'][number]['rules'][number];

const PRIORITY: Record<Priority, string> = { routine: 'routine', urgent: 'urgent', asap: 'ASAP', stat: 'stat' };
const UNIT: Record<Target['unit'], string> = {
  hours: 'hour',
  business_hours: 'business hour',
  business_days: 'business day',
  calendar_days: 'day',
};

/**
 * What a clock promises in the scope of a report, by the policy in force: `within 2 business days, urgent 1`. Null if it
 * is switched off.
 */
export function targetText(kind: ClockKind, { scope, asOf }: ReportContent, { policy }: Config): string | null {
  const version = versionAt(policy, asOf);
  const place = { site: scope.site ?? null, specialty: scope.specialty ?? null };
  const targets = PRIORITIES.flatMap((priority): { priority: Priority; target: Target }[] => {
    const target = ruleFor(version, kind, { ...place, priority, payer: null, tags: [] })?.target;
    return target ? [{ priority, target }] : [];
  });
  const [first] = targets;
  if (first === undefined) return null;
  const groups = [...Map.groupBy(targets, ({ target }) => `${target.value} ${target.unit}`).values()];
  const texts = groups.map((group, index) => {
    const { target } = group[0] ?? first;
    const amount = index > 0 && target.unit === first.target.unit ? String(target.value) : amountOf(target);
    const who = listed(group.map(({ priority }) => PRIORITY[priority]));
    if (index > 0) return `${who} ${amount}`;
    return first.priority === 'routine' ? `within ${amount}` : `${who} within ${amount}`;
  });
  const others = version.rules.some((rule) => isOfSome(rule, kind, place)) ? ['others for some'] : [];
  // Where a group has several priorities, a comma would split it.
  const isPlain = groups.slice(1).every((group) => group.length === 1);
  return [...texts, ...others].join(isPlain ? ', ' : '; ');
}

const amountOf = ({ value, unit }: Target): string => counted(value, UNIT[unit]);

/** Whether a rule gives some referrals of the scope a target of their own, whatever their priority. */
function isOfSome({ match, clocks }: Rule, kind: ClockKind, place: { site: string | null; specialty: string | null }) {
  if (clocks[kind] === undefined) return false;
  const narrows = (field: 'site' | 'specialty'): boolean => {
    const wanted = match[field];
    return wanted !== undefined && place[field] === null;
  };
  const excludes = (field: 'site' | 'specialty'): boolean => {
    const [wanted, has] = [match[field], place[field]];
    return wanted !== undefined && has !== null && !wanted.includes(has);
  };
  if (excludes('site') || excludes('specialty')) return false;
  return narrows('site') || narrows('specialty') || match.payer !== undefined || match.tags !== undefined;
}
