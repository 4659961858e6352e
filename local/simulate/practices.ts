import type { Practice } from '../../shared/contracts/config.ts';
import { npiCheckDigit } from '../../shared/domain/report/npi.ts';

/** Referring practices that don't exist. */

export const REGIONS = ['east', 'central', 'coast'];
const SEGMENTS = ['primary_care', 'internal_medicine', 'pediatrics', 'urgent_care'];
const ANIMALS =
  'Aardvark Badger Capybara Dingo Echidna Falcon Gecko Hedgehog Ibex Jackdaw Kestrel Lynx Meerkat Narwhal Ocelot Penguin Quokka Raccoon Seahorse Tapir Urchin Vole Walrus Xerus Yak Zebu Albatross Bison Cuttlefish Dormouse Egret Flamingo Gibbon Heron Iguana Jerboa Kookaburra Lemur Manatee Newt';

/** Practices with a story. The others send at a steady rate: a few many referrals, most few. */
export const STORIES = {
  declining: 'practice-37',
  inactive: 'practice-38',
  reactivated: 'practice-39',
  fresh: 'practice-40',
} as const;
export const UNKNOWN_PRACTICE = 'practice-99';

/** Practices whose records have mistakes. */
export const MISTAKES = { name: 'practice-03', digit: 'practice-02', shared: 'practice-05' } as const;

/** The first practices, in turn visited by as many liaisons. Those with a story are the last of forty. */
export function practicesOf(count: number, liaisons: number): Practice[] {
  return ANIMALS.split(' ')
    .slice(0, count)
    .map((animal, index) => ({
      id: practiceId(index + 1),
      name: `${animal} (fictitious)`,
      segment: SEGMENTS[index % SEGMENTS.length] as string,
      region: REGIONS[index % REGIONS.length] as string,
      liaisonId: `liaison-${(index % liaisons) + 1}`,
      ...(index === 4 ? { aliases: ['Echidna East (fictitious)'] } : {}),
    }));
}

export function practiceId(number: number): string {
  return `practice-${String(number).padStart(2, '0')}`;
}

/** A well-formed NPI that belongs to nobody: none that begins with 2 has been issued. */
export function fictitiousNpi(number: number): string {
  const digits = `2${String(90_000_000 + number)}`;
  return digits + npiCheckDigit(digits);
}
