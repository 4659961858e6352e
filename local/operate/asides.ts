import { referralsAside, type SetAsideStore } from '../../shared/store/set-aside-store.ts';

/** What is set aside, as an operator is told of it. */
export interface Asides {
  referralIds: string[];
  /** Notes that can't be read: whose they are nobody knows. */
  unreadable: number;
}

export async function asidesIn(setAsides: Pick<SetAsideStore, 'all'>): Promise<Asides> {
  let unreadable = 0;
  const notes = await setAsides.all(() => {
    unreadable += 1;
  });
  return { referralIds: referralsAside(notes).map(({ referralId }) => referralId), unreadable };
}
