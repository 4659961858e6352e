/** Codes as lists and crosswalks of `dialects.json` write them, `code` or `system|code`, and the systems' other names. */

/** Coding systems by their names in HL7 v2 (table 0396), what people call them, and their OIDs. */
const SYSTEM_URLS: ReadonlyMap<string, string> = new Map([
  ['ln', 'http://loinc.org'],
  ['loinc', 'http://loinc.org'],
  ['sct', 'http://snomed.info/sct'],
  ['urn:oid:2.16.840.1.113883.6.1', 'http://loinc.org'],
  ['urn:oid:2.16.840.1.113883.6.96', 'http://snomed.info/sct'],
]);
/** HL7's own tables are named by their numbers; HL70280 is how messages of HL7 v2 call table 0280. */
const TABLE = /^(?:hl7?|https?:\/\/(?:terminology\.hl7\.org\/codesystem\/v2-|hl7\.org\/fhir\/v2\/))(\d{4})$/;

/** The one name of a coding system, in small letters. One that nobody knows stays as it is. */
export function systemOf(system: string): string {
  const name = system.trim().toLowerCase();
  return SYSTEM_URLS.get(name) ?? TABLE.exec(name)?.[1] ?? name;
}

/** The one spelling of a code that an entry names, for comparing: in small letters, its system by its one name. */
export function plainCode(entry: string): string {
  const text = entry.trim().toLowerCase();
  const bar = text.indexOf('|');
  return bar < 1 ? text : `${systemOf(text.slice(0, bar))}|${text.slice(bar + 1).trim()}`;
}

/** What is surely no code. */
const SYSTEM_NAME = /^(?:hl7\d{4}|ln|loinc|sct|https?:\/\/.+|urn:oid:.+)$/i;
/** `https://www.loinc.org/` is nobody's name for it. */
const ADDRESS = /^https?:\/\/(?:www\.)?(.+?)\/*$/;

/** How an entry was probably meant whose system is written in a way that no sender writes. Null: it may be right. */
export function meantCode(entry: string): string | null {
  const bar = entry.indexOf('|');
  if (bar < 1) return null;
  const [system, code] = [entry.slice(0, bar).trim(), entry.slice(bar + 1).trim()];
  if (SYSTEM_NAME.test(code) && !SYSTEM_NAME.test(system)) return `${code}|${system}`;
  const address = ADDRESS.exec(system.toLowerCase())?.[1];
  const url = [...SYSTEM_URLS.values()].find((each) => each === `http://${address}`);
  return url === undefined || url === system.toLowerCase() ? null : `${url}|${code}`;
}
