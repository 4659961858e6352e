import { clip, nameOf } from '../names.ts';

interface Named {
  id: string;
  name: string;
}

/**
 * The directory's name for an id without the words that all names of the list begin or end with: `North` of `North Clinic`
 * and `South Clinic`. The whole name if nothing would be left of one of them, or two would be the same.
 */
export function shortNameOf(list: readonly Named[], id: string): string {
  const names = list.map(({ name }) => name.split(' '));
  const [first = []] = names;
  const shared = (wordAt: (name: string[], place: number) => string | undefined): number => {
    let count = 0;
    while (count < first.length && names.every((name) => wordAt(name, count) === wordAt(first, count))) count += 1;
    return count;
  };
  const before = shared((name, place) => name[place]);
  const after = shared((name, place) => name[name.length - 1 - place]);
  const short = list.map((entry, index) => ({
    id: entry.id,
    name: (names[index] ?? []).slice(before, -after || undefined).join(' '),
  }));
  const differs = new Set(short.map(({ name }) => name)).size === list.length && short.every(({ name }) => name !== '');
  return clip(nameOf(differs && list.length > 1 ? short : list, id));
}
