import { plainCode, systemOf } from '../../contracts/code-text.ts';
import type { Choice } from '../../contracts/dialects.ts';

/** A code of a body, with its system if it says one. */
export interface Coding {
  system?: string | undefined;
  code: string;
}

const CODE = /^[A-Za-z0-9_.-]{1,20}$/;
const SYSTEM = /^[A-Za-z0-9_.:/-]{1,40}$/;

/** A code for a person to see, as a list would write it: a short system with it, and nothing that may be more than a code. */
export function shownCode({ system, code }: Coding): string {
  if (!CODE.test(code)) return '?';
  return system !== undefined && SYSTEM.test(system) ? `${system}|${code}` : code;
}

/** LOINC and HL7 table 0270: what a consult note is, unless the sender's entry says otherwise. */
export const CONSULT_NOTES = ['http://loinc.org|11488-4', '0270|CN'];

/** How an entry of a list or a crosswalk may write a code: `system|code`, and `code`; without case. */
export function writtenAs({ system, code }: Coding): string[] {
  const plain = code.trim().toLowerCase();
  const name = system?.trim().toLowerCase();
  return name ? [`${name}|${plain}`, `${systemOf(name)}|${plain}`, plain] : [plain];
}

/** Whether any of some codes is in a list of `code` or `system|code`, whichever of its names the list has for a system. */
export function isListed(codings: readonly Coding[], list: readonly string[]): boolean {
  const listed = new Set(list.flatMap((entry) => [entry.trim().toLowerCase(), plainCode(entry)]));
  return codings.some((coding) => writtenAs(coding).some((text) => listed.has(text)));
}

/** Whether a choice takes some codes: all of them unless `include` names none of them or `exclude` names one. */
export function isChosen(codings: readonly Coding[], { include, exclude }: Choice = {}): boolean {
  return (!include || isListed(codings, include)) && !(exclude && isListed(codings, exclude));
}
