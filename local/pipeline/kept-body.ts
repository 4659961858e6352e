import type { Dialects } from '../../shared/contracts/dialects.ts';
import { whyNoMapping } from '../../shared/intake/dialects/csv/no-mapping.ts';
import { withoutUnread } from '../../shared/intake/dialects/csv/read-columns.ts';
import { withoutNarrative as resourceWithoutNarrative } from '../../shared/intake/dialects/fhir/narrative.ts';
import { withoutNarrative } from '../../shared/intake/dialects/hl7v2/split.ts';
import { senderNamed } from '../../shared/intake/dialects/sender.ts';

/** What of a body may leave the machine. */
export type Kept =
  | { body: string; unknown?: readonly string[]; fault?: undefined }
  /** Why the whole file would be refused. */
  | { fault: string };

/**
 * A body without what people wrote, and without columns that nobody reads: it is translated to the same. Of a resource that
 * can't be read nobody knows what that is.
 * @returns `unknown` names columns that are named like fields of events, and that no event has
 */
export function keptBody(
  body: string,
  { dialect, sender }: Readonly<Record<string, string>>,
  dialects: Dialects,
): Kept {
  switch (dialect) {
    case 'csv': {
      const mapping = senderNamed(dialects, sender ?? '')?.csv;
      return withoutUnread(body, mapping, whyNoMapping(dialects, sender ?? null));
    }
    case 'hl7v2':
      return { body: withoutNarrative(body) };
    case 'fhir':
      try {
        return { body: JSON.stringify(resourceWithoutNarrative(JSON.parse(body))) };
      } catch {
        return { body: 'not JSON, and not sent' };
      }
    default:
      return { body };
  }
}
