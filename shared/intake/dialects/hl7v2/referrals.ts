import { CLOSE_REASONS, DECLINE_REASONS } from '../../../contracts/vocabulary.ts';
import type { Fact } from '../member.ts';
import { type Case, type Outcome, shown } from './case.ts';
import { entityOf, idAt, keysOf, referralIdOf } from './keys.ts';
import type { Repetition, Segment } from './message.ts';
import { filled, nameOf, organizationNames, patientIdOf } from './people.ts';
import { referralData, referralValues, type SaidOfReferral } from './referral-fields.ts';

/** REF^I12, ^I13, ^I14: a referral is sent, changed, cancelled. RF1-1 doesn't matter. */
export function translateReferral(each: Case, trigger: string): Outcome {
  const keys = keysOf(each, 'REF');
  const entity = referralEntity(each, 'REF');
  if (trigger === 'I14') return { keys, facts: [cancelled(each, entity)] };
  const type = trigger === 'I12' ? 'referral.received' : 'referral.updated';
  const said = saidOf(each);
  const data = referralData(type, said, each);
  return { keys, facts: [each.fact(type, { entity, data, values: referralValues(said) })] };
}

/** RRI^I12, ^I13, ^I14: the other side answers. */
export function translateAnswer(each: Case, trigger: string): Outcome {
  const keys = keysOf(each, 'RRI');
  const entity = referralEntity(each, 'RRI');
  if (trigger === 'I14') return { keys, facts: [cancelled(each, entity)] };
  const status = each.code('RF1-1');
  const by = `RF1-1 ${shown(status)}`;
  // What a crosswalk knows of the reason or of the status; by the standard RF1-10 is why the referral was made.
  const codes = [...each.codings('RF1-10'), ...each.codings('RF1-1')];
  const values = { reason: codes.map(({ code }) => code).join(' ') };
  switch (status) {
    case 'A':
      return { keys, facts: [each.fact('referral.accepted', { entity, by })] };
    case 'R': {
      const reason = listed(each.crosswalks.entry('decline', codes), DECLINE_REASONS);
      const data = reason === null ? {} : { reason };
      return { keys, facts: [each.fact('referral.declined', { entity, data, values, by })] };
    }
    case 'E': {
      const reason = listed(each.crosswalks.entry('close', codes), CLOSE_REASONS) ?? 'expired_admin';
      return { keys, facts: [each.fact('referral.closed', { entity, data: { reason }, values, by })] };
    }
    default:
      return { passedOver: by };
  }
}

const listed = <W extends string>(entry: unknown, words: readonly W[]): W | null =>
  words.find((word) => typeof entry === 'string' && word === entry.trim().toLowerCase()) ?? null;

const referralEntity = (each: Case, family: 'REF' | 'RRI'): string =>
  entityOf('Referral', referralIdOf(each, family) ?? idAt(['RF1-11'], each), each);

const cancelled = (each: Case, entity: string): Fact =>
  each.fact('referral.cancelled', { entity, data: { by: 'referrer' } });

function saidOf(each: Case): SaidOfReferral {
  const from = providerAs('RP', each);
  const to = providerAs('RT', each);
  const organization = organizationOf(from);
  const procedure = each.codings('OBR-4');
  return {
    priority: each.codings('RF1-2', ['0280']),
    specialty: procedure.length > 0 ? procedure : each.codings('PR1-3'),
    site: [...organizationNames(organizationOf(to)), ...placeNames(to), ...numbersOf(to)],
    practice: [...numbersOf(from), ...organizationNames(organization)],
    practiceName: organization?.read(1) ?? '',
    providerNpi: numberTyped('NPI', from)?.read(1) ?? '',
    providerName: nameOf(from?.repetitions(2)[0], 1),
    patientId: patientIdOf(each),
    orderedAt: each.date('RF1-9'),
    requestedBy: null,
  };
}

/** Who has a role, table 0286: RP refers, RT is referred to. */
function providerAs(role: string, { part }: Case): Segment | undefined {
  return part.all('PRD').find((segment) => segment.repetitions(1).some((each) => each.read(1).toUpperCase() === role));
}

const organizationOf = (provider: Segment | undefined): Repetition | undefined => filled(provider, 10, [1, 3, 10]);

/** PRD-4: the facility, the point of care. */
const placeNames = (provider: Segment | undefined): string[] => {
  const place = filled(provider, 4, [1, 4]);
  return [4, 1].flatMap((component) => place?.read(component) || []);
};

/** PRD-7, an NPI last: it is a person's. */
function numbersOf(provider: Segment | undefined): string[] {
  const numbers = (provider?.repetitions(7) ?? []).filter((number) => number.read(1) !== '');
  const isNpi = (number: Repetition): boolean => number.read(2).toUpperCase() === 'NPI';
  return [...numbers.filter((number) => !isNpi(number)), ...numbers.filter(isNpi)].map((number) => number.read(1));
}

const numberTyped = (type: string, provider: Segment | undefined): Repetition | undefined =>
  provider?.repetitions(7).find((number) => number.read(2).toUpperCase() === type);
