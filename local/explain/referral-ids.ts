import { referralIdOf, referralKey } from '../../shared/store/keys.ts';
import type { Table } from '../../shared/store/table.ts';

/** Where ids of referrals are read. */
export type Source = 'due' | 'practice' | 'table';

/**
 * The ids of all referrals of which anything is stored, page by page, cheapest first; most come more than once.
 *
 * An entry of an index is a hundredth of a referral with its log. `due` has every referral that detection watches or
 * that was closed, orphans too; `practice` every one that was received, also those whose removal has begun. In neither are
 * referrals of which only events are stored, because folding them fails; these are found in the table itself, of which
 * every item is read then.
 */
export async function* referralIdPages(table: Table): AsyncGenerator<{ source: Source; ids: string[]; items: number }> {
  for (const source of ['due', 'practice', 'table'] as const) {
    const pages = source === 'table' ? table.scanKeys() : table.scanPages(source);
    for await (const page of pages) {
      const keys = page.map(({ pk }) => String(pk)).filter((pk) => pk.startsWith(referralKey('')));
      yield { source, ids: [...new Set(keys)].map(referralIdOf), items: page.length };
    }
  }
}
