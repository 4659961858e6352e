import { PAUSE_REASONS } from '../../../contracts/vocabulary.ts';
import { isChosen } from '../coding.ts';
import type { Fact } from '../member.ts';
import { type Case, type Outcome, shown } from './case.ts';
import { translateReturn } from './exchange-360x.ts';
import { entityOf, type Family, keysOf } from './keys.ts';
import { filled, nameOf, npiOf, organizationNames, patientIdOf } from './people.ts';
import { referralData, referralValues, type SaidOfReferral } from './referral-fields.ts';

/** LOINC: a referral note. What an order has to be to count as a referral, unless the sender's entry says otherwise. */
const REFERRAL_NOTE = '57133-1';
const REFERRALS = [`http://loinc.org|${REFERRAL_NOTE}`];

type Step = (each: Case, entity: string, by: string) => Fact;

/** What becomes of an order, by ORC-1 (table 0119). */
const STEPS: Readonly<Record<string, Step>> = {
  NW: (each, entity, by) => withFields('referral.received', each, entity, by),
  XO: (each, entity, by) => withFields('referral.updated', each, entity, by),
  CA: cancelled,
  DC: cancelled,
  OC: cancelled,
  HD: paused,
  RL: (each, entity, by) => each.fact('referral.resumed', { entity, by }),
};

/** One order of OMG^O19 or ORM^O01. */
export function translateOrder(each: Case, family: Family): Outcome {
  const { sender, is360x } = each;
  const service = each.codings('OBR-4', ['LN']);
  const { include = REFERRALS, exclude } = sender.referrals ?? {};
  const isReferral = is360x ? isChosen(service, { exclude }) : isChosen(service, { include, exclude });
  if (!isReferral) return { passedOver: 'OBR-4 not among referrals' };
  const returned = is360x ? translateReturn(each) : null;
  if (returned) return returned;
  const code = each.code('ORC-1');
  const by = `ORC-1 ${shown(code)}`;
  const step = Object.hasOwn(STEPS, code) ? STEPS[code] : undefined;
  if (!step) return { passedOver: by };
  const keys = keysOf(each, family);
  return { keys, facts: [step(each, entityOf('Referral', keys.referralId ?? '', each), by)] };
}

function withFields(type: 'referral.received' | 'referral.updated', each: Case, entity: string, by: string): Fact {
  const said = saidOf(each);
  return each.fact(type, { entity, data: referralData(type, said, each), values: referralValues(said), by });
}

function cancelled(each: Case, entity: string, by: string): Fact {
  const reason = reasonOf(each);
  const data = { by: 'referrer', ...(reason === '' ? {} : { reason }) };
  return each.fact('referral.cancelled', { entity, data, values: { reason }, by });
}

/** ORC-16: a code, else its text. Empty: there is none. */
export const reasonOf = (each: Case): string => each.codings('ORC-16')[0]?.code ?? '';

function paused(each: Case, entity: string, by: string): Fact {
  const field = { field: 'referral.paused.reason', words: PAUSE_REASONS };
  const reason = each.crosswalks.word('pause', each.codings('ORC-16'), field) ?? 'awaiting_information';
  return each.fact('referral.paused', { entity, data: { reason }, values: { reason: reasonOf(each) }, by });
}

function saidOf(each: Case): SaidOfReferral {
  const { part } = each;
  const [order] = part.all('ORC');
  const organization = filled(order, 21, [1, 3, 10]);
  const names = organizationNames(organization);
  const facility = part.read('MSH-4');
  const provider = order?.repetitions(12) ?? [];
  return {
    priority: priorityOf(each),
    specialty: specialtyOf(each),
    site: [part.read('MSH-6')].filter((name) => name !== ''),
    practice: names.length > 0 ? names : [facility].filter((name) => name !== ''),
    practiceName: organization?.read(1) ?? '',
    providerNpi: npiOf(provider),
    providerName: nameOf(provider[0], 2),
    patientId: patientIdOf(each),
    orderedAt: each.date('ORC-9'),
    requestedBy: each.date('TQ1-8'),
  };
}

/** TQ1-9, else component 6 of the older fields of quantity and timing. */
function priorityOf(each: Case) {
  const said = [each.codings('TQ1-9', ['0485']), each.codings('ORC-7.6', ['0485']), each.codings('OBR-27.6', ['0485'])];
  return said.find((codes) => codes.length > 0) ?? [];
}

/** OBR-4, which of a referral note says no specialty by itself. */
function specialtyOf(each: Case) {
  const codes = each.codings('OBR-4');
  const says = codes.some(({ code }) => code !== REFERRAL_NOTE) || each.crosswalks.entry('specialty', codes) !== null;
  return says ? codes : [];
}
