import { type Problem, problemText } from '../../shared/contracts/config-problem.ts';
import { WIDTH, wrap } from './columns.ts';

/** Of a long list the first ones: whoever has mended these runs it again. */
const SHOWN = 20;
const INDENT = 9;

interface TextOptions {
  /** All of them, and not only the first 20 problems and warnings. */
  all?: boolean;
  /** For a terminal of 80 columns. In a pipe each is one line. */
  wrapped?: boolean;
}

/** Problems, then warnings, as lines; each finding begins with `error` or `warning`. */
export function findingLines(
  problems: readonly Problem[],
  warnings: readonly Problem[],
  options: TextOptions,
): string[] {
  return [...ofKind('error', problems, options), ...ofKind('warning', warnings, options)];
}

function ofKind(
  kind: 'error' | 'warning',
  findings: readonly Problem[],
  { all = false, wrapped = false }: TextOptions,
) {
  const shown = all ? findings : findings.slice(0, SHOWN);
  const more = findings.length - shown.length;
  return [
    ...shown.flatMap((finding) => lines(kind, problemText(finding), wrapped)),
    ...(more > 0
      ? [`${' '.repeat(INDENT)}and ${counted(more, `more ${kind}`)}; npx loopwatch config validate --all shows them`]
      : []),
  ];
}

/** @param wrapped breaks a word that is longer than a line, too: a path or a value */
function lines(kind: string, text: string, wrapped: boolean): string[] {
  const label = kind.padEnd(INDENT);
  if (!wrapped) return [label + text];
  const room = WIDTH - INDENT;
  const words = text.split(' ').flatMap((word) => word.match(new RegExp(`.{1,${room}}`, 'gsu')) ?? []);
  return wrap(words, room).map((line, index) => (index === 0 ? label : ' '.repeat(INDENT)) + line);
}

/** `no warnings`, `1 warning`, `2 warnings`. */
export const counted = (count: number, noun: string): string =>
  `${count === 0 ? 'no' : count} ${noun}${count === 1 ? '' : 's'}`;
