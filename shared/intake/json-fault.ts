const XML = /^<[?!A-Za-z]/;
/** What `JSON.parse` says of a text that is whole as far as it goes. */
const ENDS_EARLY = /^Unexpected end|^Unterminated string/;

/**
 * Why a text isn't JSON, and from where on, for whoever sent it: `not JSON: wrong from line 3, column 5 on`. Shows nothing of
 * the text: it may be about a patient.
 */
export function faultOfJson(text: string): string {
  const trimmed = text.trim();
  if (trimmed === '') return 'not JSON: empty';
  if (XML.test(trimmed)) return 'not JSON: it is XML';
  // So are most lines of a document that stands over many lines of a file of lines: one cause, and one text.
  if (!/^[{[]/.test(trimmed)) return 'not JSON: begins with neither { nor [';
  const from = endOfRight(text);
  if (from >= text.trimEnd().length) {
    return `not JSON: ends in the middle, so it was cut off${isLine(text) ? ', or is one document over many lines' : ''}`;
  }
  const whole = isJson(text.slice(0, from));
  if (whole && /^\s*[{[]/.test(text.slice(from))) {
    return `not JSON: a second document begins at ${placeOf(from + text.slice(from).search(/\S/), text)}`;
  }
  return `not JSON: wrong from ${placeOf(from, text)} on`;
}

/** How much of a text may begin a document. What `JSON.parse` says has no position of every fault, and shows the text. */
function endOfRight(text: string): number {
  let [right, wrong] = [0, text.length + 1];
  while (wrong - right > 1) {
    const middle = Math.floor((right + wrong) / 2);
    if (mayBegin(text.slice(0, middle))) right = middle;
    else wrong = middle;
  }
  return right;
}

function mayBegin(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch (error) {
    const { message } = error as Error;
    return ENDS_EARLY.test(message) || Number(/ at position (\d+)/.exec(message)?.[1] ?? -1) >= text.length;
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const isLine = (text: string): boolean => !/[\r\n]/.test(text.trim());

/** Of a single line, which has a number in its file, the column alone. */
function placeOf(offset: number, text: string): string {
  const lines = text.slice(0, offset).split(/\r\n|[\r\n]/);
  const column = `column ${(lines.at(-1)?.length ?? 0) + 1}`;
  return isLine(text) ? column : `line ${lines.length}, ${column}`;
}
