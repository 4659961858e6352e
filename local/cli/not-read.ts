import { plural } from '../../shared/mail/format-time.ts';
import { withoutControls } from '../../shared/mail/names.ts';
import type { LeaveOut } from '../pipeline/input-paths.ts';

/** What of folders wasn't read, or held nothing: how many of each ending, of `no ending`, `folder` and `empty`. */
export type NotRead = Record<string, number>;

/** @param notRead is counted in */
export const countingIn =
  (notRead: NotRead): LeaveOut =>
  (what) => {
    notRead[what] = (notRead[what] ?? 0) + 1;
  };

const MOST_ENDINGS = 6;

/** `2 files (.dat 1, no ending 1), 1 subfolder, 3 empty files`. Null: everything was read. */
export function notReadText({ folder = 0, empty = 0, ...others }: NotRead): string | null {
  const endings = Object.entries(others).sort(([, a], [, b]) => b - a);
  const files = endings.reduce((sum, [, n]) => sum + n, 0);
  const shown = endings.slice(0, MOST_ENDINGS).map(([ending, n]) => `${ending} ${n}`);
  const more = endings.length > shown.length ? ', …' : '';
  const parts = [
    ...(files > 0 ? [`${plural(files, 'file')} (${shown.join(', ')}${more})`] : []),
    ...(folder > 0 ? [plural(folder, 'subfolder')] : []),
    ...(empty > 0 ? [plural(empty, 'empty file')] : []),
  ];
  return parts.length === 0 ? null : withoutControls(parts.join(', '));
}
