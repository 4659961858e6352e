import type { Choice } from '../../contracts/dialects.ts';

/** A code of a body, with its system if it says one. */
export interface Coding {
  system?: string | undefined;
  code: string;
}

/** Coding systems by their names in HL7 v2 (table 0396) and their OIDs: entries are written once for all. */
const SYSTEM_URLS: ReadonlyMap<string, string> = new Map([
  ['ln', 'http://loinc.org'],
  ['sct', 'http://snomed.info/sct'],
  ['urn:oid:2.16.840.1.113883.6.1', 'http://loinc.org'],
  ['urn:oid:2.16.840.1.113883.6.96', 'http://snomed.info/sct'],
]);
/** HL7's own tables are named by their numbers, as in HL7 v2. */
const TABLE_URL = /^https?:\/\/(?:terminology\.hl7\.org\/codesystem\/v2-|hl7\.org\/fhir\/v2\/)(\d{4})$/;
const systemOf = (system: string): string => SYSTEM_URLS.get(system) ?? TABLE_URL.exec(system)?.[1] ?? system;

/** LOINC and HL7 table 0270: what a consult note is, unless the sender's entry says otherwise. */
export const CONSULT_NOTES = ['http://loinc.org|11488-4', '0270|CN'];

/** How an entry of a list or a crosswalk may write a code: `system|code`, and `code`; without case. */
export function writtenAs({ system, code }: Coding): string[] {
  const plain = code.trim().toLowerCase();
  const name = system?.trim().toLowerCase();
  return name ? [`${name}|${plain}`, `${systemOf(name)}|${plain}`, plain] : [plain];
}

/** Whether any of some codes is in a list of `code` or `system|code`. */
export function isListed(codings: readonly Coding[], list: readonly string[]): boolean {
  const listed = new Set(list.map((each) => each.trim().toLowerCase()));
  return codings.some((coding) => writtenAs(coding).some((text) => listed.has(text)));
}

/** Whether a choice takes some codes: all of them unless `include` names none of them or `exclude` names one. */
export function isChosen(codings: readonly Coding[], { include, exclude }: Choice = {}): boolean {
  return (!include || isListed(codings, include)) && !(exclude && isListed(codings, exclude));
}
