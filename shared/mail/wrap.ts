/** Plain text in lines of at most 72 columns. */

export const WIDTH = 72;

/** Columns that a text takes up. */
export const widthOf = (text: string): number => [...text].length;

/** Lines of at most 72 columns, except for longer words. */
export const wrap = (text: string, indent = ''): string[] =>
  filled(text.split(' '), WIDTH - indent.length).map((line) => indent + line);

/** A paragraph whose further lines are indented. */
export function hanging(text: string, indent = '  '): string[] {
  return wrap(text.trimEnd(), indent).map((line, index) => (index === 0 ? line.slice(indent.length) : line));
}

/** Lines of at most `width` columns; a word that is longer is broken. */
export const broken = (text: string, width: number): string[] =>
  filled(
    text.split(' ').flatMap((word) => chunks(word, width)),
    width,
  );

/** As many words on each line as fit. */
function filled(words: readonly string[], width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of words) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && widthOf(longer) > width) {
      lines.push(line);
      line = word;
    } else {
      line = longer;
    }
  }
  return [...lines, line];
}

function chunks(word: string, width: number): string[] {
  const characters = [...word];
  const count = Math.max(1, Math.ceil(characters.length / width));
  return Array.from({ length: count }, (_, index) => characters.slice(index * width, (index + 1) * width).join(''));
}
