import { basename } from 'node:path';
import type { Tried } from './try-messages.ts';

type Place = Pick<Tried, 'file' | 'position' | 'kind'>;

const MOST_PLACES = 5;

/** `line 4`; of what isn't a row `no. 4`. */
export const placeText = ({ position, kind }: Place): string => `${wordFor(kind)} ${position}`;

const wordFor = (kind: string): string => (isRow({ kind }) ? 'line' : 'no.');

/** Whether a member is a row of a CSV file; of one that is refused only that is known. */
export const isRow = ({ kind }: Pick<Tried, 'kind'>): boolean => kind === 'row' || kind === 'csv';

/** `lines 4, 9, 12, 15, 17 and 2 more`; of several files only the first's, which is named. */
export function placesText(places: readonly Place[], isOneFile: boolean): string {
  const [first] = places;
  if (!first) return '';
  const shown = places.filter(({ file }) => file === first.file).slice(0, MOST_PLACES);
  const word = wordFor(first.kind) === 'line' && shown.length > 1 ? 'lines' : wordFor(first.kind);
  const more = places.length - shown.length;
  const numbers = shown.map(({ position }) => position).join(', ');
  return `${isOneFile ? '' : `${basename(first.file)} `}${word} ${numbers}${more > 0 ? ` and ${more} more` : ''}`;
}
