/** Far more than a line's place: a function's name has no more than this. */
const LONGEST_NAME = 80;
const FRAME =
  /^ {4}at (?:async )?(?:(?<name>\S[^()]*?) (?:\[as [^\]]*\] )?\()?(?<file>[^()]+):(?<line>\d+):(?<column>\d+)\)?$/;
/** What isn't ours says nothing about our fault: Node, and packages where they aren't bundled. */
const FOREIGN = /^node:|\/node_modules\//;
/** How much of a path is shown. The bundle on Lambda is one file. */
const PATH_PARTS = 3;

/**
 * Where an error came from, function, file, line and column of each of our own frames, innermost first; nothing of its
 * message. A stack begins with the message as it was when the error was made, and a message can have any number of lines,
 * also such that look like frames. So it is cut off exactly, and of an error whose message has changed since nothing is
 * said.
 */
export function stackFrames(error: unknown, most: number): string[] {
  if (!(error instanceof Error) || typeof error.stack !== 'string') return [];
  const frames = withoutMessage(error.stack, error.message);
  return frames.flatMap((line) => frameOf(line) ?? []).slice(0, most);
}

/** The lines of a stack after its message. */
function withoutMessage(stack: string, message: unknown): string[] {
  if (typeof message !== 'string') return [];
  if (message === '') {
    const [head = '', ...lines] = stack.split('\n');
    return /^[\w.$]*(?: \[\w+\])?(?:: ?)?$/.test(head) ? lines : [];
  }
  // Before a message there is the name of its error, which it may begin with itself.
  const [name = ''] = /^[\w.$]+(?: \[\w+\])?: /.exec(stack) ?? [];
  const head = [`${name}${message}\n`, `${message}\n`].find((text) => stack.startsWith(text));
  if (head === undefined) return [];
  const lines = stack.slice(head.length).split('\n');
  return lines.every((line) => line.startsWith('    at ')) ? lines : [];
}

function frameOf(line: string): string | null {
  const { name, file = '', line: row, column } = FRAME.exec(line)?.groups ?? {};
  if (file === '' || FOREIGN.test(file)) return null;
  const place = `${file.split('/').slice(-PATH_PARTS).join('/')}:${row}:${column}`;
  return name === undefined ? place : `${name.slice(0, LONGEST_NAME)} ${place}`;
}
