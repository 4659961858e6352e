/** Names and ids come from other systems. In a mail they must not break a line, fill the page or reverse its direction. */

const LONGEST_NAME = 60;
const LINE_BREAKING = /[\p{Cc}\p{Zl}\p{Zp}]+/gu;
/** Characters that change the direction of the text after them. */
const BIDI_CONTROLS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;
const CONTROLS = new RegExp(`${BIDI_CONTROLS.source}|[\\p{Cc}\\p{Zl}\\p{Zp}]`, 'gu');
const RIGHT_TO_LEFT = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;
const FIRST_STRONG_ISOLATE = '\u2068';
const POP_ISOLATE = '\u2069';

/** Characters that command a terminal, break a line or turn its direction, as `\u001b`: in JSON too they mean the same. */
export function withoutControls(text: string): string {
  return text.replace(CONTROLS, (control) => `\\u${(control.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`);
}

/** Text on one line, in full. Right-to-left text is isolated, so that the text around it keeps its order. */
export function oneLine(text: string): string {
  const line = text.replace(BIDI_CONTROLS, '').replace(LINE_BREAKING, ' ');
  return RIGHT_TO_LEFT.test(line) ? `${FIRST_STRONG_ISOLATE}${line}${POP_ISOLATE}` : line;
}

/** Text on one line, of at most 60 characters. */
export function clip(text: string): string {
  const characters = [...text];
  return oneLine(characters.length <= LONGEST_NAME ? text : `${characters.slice(0, LONGEST_NAME - 1).join('')}…`);
}

/** The directory's name for an id; the id itself if it has none. */
export function nameOf(list: readonly { id: string; name: string }[], id: string): string {
  return clip(list.find((entry) => entry.id === id)?.name ?? id);
}
