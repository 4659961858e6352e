import { basename } from 'node:path';
import type { Unit } from '../pipeline/place.ts';
import type { Tried } from './try-messages.ts';

type Place = Pick<Tried, 'file' | 'position' | 'unit' | 'entry'>;

const MOST_PLACES = 5;
const SEVERAL: Record<Unit, string> = { line: 'lines', message: 'messages', entry: 'entries' };

/** `line 4`, `message 2`, `entry 3`; of a Bundle on a line `line 4 entry 3`. */
export const placeText = (place: Place): string => `${place.unit} ${numberOf(place)}`;

const numberOf = ({ position, entry }: Place): string => `${position}${entry === null ? '' : ` entry ${entry}`}`;

/** Whether a member is a row of a CSV file; of one that is refused only that is known. */
export const isRow = ({ kind }: Pick<Tried, 'kind'>): boolean => kind === 'row' || kind === 'csv';

/** `lines 4, 9, 12, 15, 17 and 2 more`; of several files only the first's, which is named. */
export function placesText(places: readonly Place[], isOneFile: boolean): string {
  const [first] = places;
  if (!first) return '';
  const shown = places.filter(({ file, unit }) => file === first.file && unit === first.unit).slice(0, MOST_PLACES);
  const word = shown.length > 1 ? SEVERAL[first.unit] : first.unit;
  const more = places.length - shown.length;
  const numbers = shown.map(numberOf).join(', ');
  return `${isOneFile ? '' : `${basename(first.file)} `}${word} ${numbers}${more > 0 ? ` and ${more} more` : ''}`;
}
