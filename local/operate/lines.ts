import { formatInstant, type Instant } from '../../shared/contracts/instant.ts';
import { oneLine, withoutControls } from '../../shared/mail/names.ts';

/** Parts of the lines that the operator's commands print. */

/** `2026-03-02 14:05`, in UTC as in logs. */
export const utcMinute = (instant: Instant): string => formatInstant(instant).slice(0, 16).replace('T', ' ');

/** What others wrote, on one line, of at most so many characters. */
export function shortened(text: string, width: number): string {
  const characters = [...withoutControls(oneLine(text))];
  return characters.length <= width ? characters.join('') : `${characters.slice(0, width - 1).join('')}…`;
}

/** Rows of a terminal, or of the usual one in a pipe. */
export const terminalRows = (): number => process.stdout.rows ?? 24;

/** A command to go on with, on the same target. */
export const commandOn = (stage: string | undefined, command: string): string =>
  `  npx loopwatch ${command}${stage === undefined ? '' : ` --stage ${stage}`}`;
