/** Longest name of a file that a pattern is tried on. */
export const MOST_NAME_CHARACTERS = 128;
const MOST_PATTERN_CHARACTERS = 200;
const MOST_VARIED = 2;
const MOST_CHOICES = 4;
/** The most that `{8}` may ask for. */
const MOST_REPEATS = 20;

/** What a pattern may be made of: the group for the date; a set; an escape; a repetition; a branch; anything plain. */
const PIECE =
  /\((?![?])|\(\?:|\)|\[\^?(?:\\[dDwWsS\\\]^.-]|[^\]\\])+\]|\\[dDwWsS.\\/()[\]{}+*?|^$_-]|([+*?]\??|\{(\d{1,3})(,\d{0,3})?\}\??)|\||[^\\()[\]{}+*?|]/y;

/**
 * Whether a regular expression with one group can be tried on any name of a file: it has no way to try a long time. One
 * that repeats what repeats, such as `(a+)+`, tries for hours on a name of 30 characters that doesn't fit. So groups
 * aren't repeated, at most two pieces repeat as often as it fits, at most four others may be there or not, and nothing looks
 * ahead or back: on 128 characters that is part of a second at the very worst.
 */
export function isFileNamePattern(pattern: string): boolean {
  const pieces = pattern.length > MOST_PATTERN_CHARACTERS ? null : piecesOf(pattern);
  if (!pieces) return false;
  const count = (kind: Piece): number => pieces.filter((piece) => piece === kind).length;
  const repeatsGroup = pieces.some((piece, index) => pieces[index - 1] === 'close' && REPETITIONS.includes(piece));
  return (
    !repeatsGroup &&
    count('group') === 1 &&
    count('varied') <= MOST_VARIED &&
    count('choice') <= MOST_CHOICES &&
    compiles(pattern)
  );
}

type Piece = 'group' | 'close' | 'choice' | 'varied' | 'fixed' | 'plain';
const REPETITIONS: readonly Piece[] = ['varied', 'fixed'];

/** Null: the pattern has something that isn't allowed. */
function piecesOf(pattern: string): Piece[] | null {
  const pieces: Piece[] = [];
  for (let from = 0; from < pattern.length; from = PIECE.lastIndex) {
    PIECE.lastIndex = from;
    const found = PIECE.exec(pattern);
    if (!found) return null;
    const [text, repetition, least, range] = found;
    if (Number(least) > MOST_REPEATS) return null;
    pieces.push(repetition === undefined ? (PLAIN[text] ?? 'plain') : kindOf(repetition, least, range));
  }
  return pieces;
}

function kindOf(repetition: string, least: string | undefined, range: string | undefined): Piece {
  if (repetition.startsWith('?')) return 'choice';
  return least === undefined || range !== undefined ? 'varied' : 'fixed';
}

const PLAIN: Record<string, Piece | undefined> = { '(': 'group', ')': 'close', '|': 'choice' };

function compiles(pattern: string): boolean {
  try {
    return Boolean(new RegExp(pattern));
  } catch {
    return false;
  }
}
