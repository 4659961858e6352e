import { keptOfBody } from './dialects/fhir/narrative.ts';
import { keptOfText } from './dialects/hl7v2/message.ts';

/** A line of HL7 v2 of those that hold a message or what people wrote. */
const SEGMENT = /(?:^|[\r\n\v])[ \t\uFEFF]*(?:MSH|OBX|NTE)\|/;
/** The same within a text of JSON, where nothing can take it apart. */
const QUOTED_SEGMENT = /(?:"|\\[rn]|\\u000[abdABD])\s*(?:MSH|OBX|NTE)\|/;
const RESOURCE = 'resourceType';
const QUOTED_RESOURCE = /\\"resourceType\\*"/;

/**
 * What may be kept of a body that nobody could read: as it is, unless it seems to be of a dialect that holds what people
 * wrote about a patient. Then it is without that, or empty if that can't be told from the rest.
 */
export function wordless(body: string): string {
  const isMessage = SEGMENT.test(body);
  const isQuoted = QUOTED_SEGMENT.test(body) || QUOTED_RESOURCE.test(body);
  if (!isMessage && !isQuoted && !body.includes(RESOURCE)) return body;
  if (isQuoted) return '';
  return isMessage ? keptOfText(body) : resourcesOf(body);
}

/** Empty: it isn't JSON. */
function resourcesOf(body: string): string {
  try {
    return JSON.stringify(keptOfBody(JSON.parse(body)));
  } catch {
    return '';
  }
}
