import { Fragment, type ReactNode } from 'react';

/** Renders a list that is never reordered, so that nothing in it needs a key of its own. */
export function each<T>(items: readonly T[], render: (item: T, index: number) => ReactNode): ReactNode {
  // biome-ignore lint/suspicious/noArrayIndexKey: rendered once, never reordered
  return items.map((item, index) => <Fragment key={index}>{render(item, index)}</Fragment>);
}
