import { decodeBytes } from './character-set.ts';

/** The characters that a message gives a meaning, by MSH-1 and MSH-2. */
export interface Separators {
  field: string;
  component: string;
  repetition: string;
  escaping: string;
  subcomponent: string;
}

const HEX = /^X((?:[0-9A-Fa-f]{2})+)$/;
/** Line breaks, and what only says how a text is shown: highlighting, indents, other character sets, local commands. */
const LINE_BREAK = /^\.(br|sp)/i;
const SHOWN_ONLY = /^([HN]|[CMZ][0-9A-Za-z]*|\.[A-Za-z]{2}[+-]?\d*)$/;

/** Undoes the escapes of a text. What isn't an escape stays as it is. @param characterSet of MSH-18; of \X..\ */
export function undoEscapes(text: string, separators: Separators, characterSet: string): string {
  const { escaping } = separators;
  let from = text.indexOf(escaping);
  if (from === -1) return text;
  let undone = text.slice(0, from);
  while (from !== -1) {
    const to = text.indexOf(escaping, from + 1);
    if (to === -1) return undone + text.slice(from);
    const meant = meaning(text.slice(from + 1, to), separators, characterSet);
    // A backslash that is no escape: the next one may begin one.
    const next = meant === null ? to : text.indexOf(escaping, to + 1);
    undone += meant === null ? text.slice(from, to) : meant + text.slice(to + 1, next === -1 ? undefined : next);
    from = next;
  }
  return undone;
}

/** Null: it means nothing. */
function meaning(code: string, separators: Separators, characterSet: string): string | null {
  switch (code) {
    case 'F':
      return separators.field;
    case 'S':
      return separators.component;
    case 'T':
      return separators.subcomponent;
    case 'R':
      return separators.repetition;
    case 'E':
      return separators.escaping;
    default: {
      const hex = HEX.exec(code)?.[1];
      if (hex !== undefined) return decodeBytes(Buffer.from(hex, 'hex'), characterSet);
      if (LINE_BREAK.test(code)) return '\n';
      return SHOWN_ONLY.test(code) ? '' : null;
    }
  }
}
