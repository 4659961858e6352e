import type { Written } from '../../shared/store/conditional-write.ts';

/** What is stored is a copy, as on a wire: no later change reaches it, and `undefined` doesn't survive. */
export const copy = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

/** Puts a copy of an item unless its key is taken. */
export function putNew<T>(items: Map<string, T>, key: string, item: T): Written {
  if (items.has(key)) return 'conflict';
  items.set(key, copy(item));
  return 'written';
}
