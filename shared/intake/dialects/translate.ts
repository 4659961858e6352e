import type { Refusal } from '../../contracts/refusal.ts';
import type { Dialect } from '../../contracts/vocabulary.ts';
import { translateCsv } from './csv/translate-csv.ts';
import { translateFhir } from './fhir/translate-fhir.ts';
import { translateHl7 } from './hl7v2/translate.ts';
import type { Context, Translate, Translated } from './member.ts';

export type TranslatedDialect = Exclude<Dialect, 'cloudevents'>;

const TRANSLATORS: Record<TranslatedDialect, Translate> = {
  csv: translateCsv,
  fhir: translateFhir,
  hl7v2: translateHl7,
};

/** Of a body, whatever dialect it is in. */
export const MOST_MEMBERS = 5_000;
const MOST_BYTES = 1024 * 1024;

/** The members of a body in a dialect, in order; or why it isn't read at all. */
export function translateBody(
  body: string,
  dialect: TranslatedDialect,
  context: Context,
): { members: Translated[] } | { refusal: Refusal } {
  if (Buffer.byteLength(body) > MOST_BYTES) {
    return { refusal: { reason: 'too_large', detail: 'over 1 MiB', dialect } };
  }
  const members = TRANSLATORS[dialect](body, context);
  if (members.length > MOST_MEMBERS) {
    return { refusal: { reason: 'too_large', detail: `over ${MOST_MEMBERS} members`, dialect } };
  }
  if (members.length > 0) return { members };
  return { refusal: { reason: 'malformed', detail: 'holds nothing that this dialect has', dialect } };
}
