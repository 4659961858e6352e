/** What a check says: `unknown` if what it needs couldn't be read. */
export type Level = 'fail' | 'warn' | 'unknown' | 'ok';

export interface Finding {
  /** What was checked, in a word or two. */
  check: string;
  level: Level;
  /** One line. */
  says: string;
  /** How to mend it. Null: there is nothing to mend. */
  mend: string | null;
}

/** What a check needs: it was read, or why it wasn't. What couldn't be read is never taken for nothing. */
export type Read<T> = { is: 'read'; value: T } | { is: 'unread'; why: string };

/** What a check finds, without its name. */
type Found = Omit<Finding, 'check'>;

export const ok = (says: string): Found => ({ level: 'ok', says, mend: null });
export const warn = (says: string, mend: string): Found => ({ level: 'warn', says, mend });
export const fail = (says: string, mend: string): Found => ({ level: 'fail', says, mend });

/** Decides by what was read. If it wasn't, the finding is `unknown`. */
export function finding<T>(check: string, read: Read<T>, decide: (value: T) => Found): Finding {
  if (read.is === 'read') return { check, ...decide(read.value) };
  return { check, level: 'unknown', says: read.why, mend: null };
}

/** Names, the first few of many. */
export function some(names: readonly string[], most = 4): string {
  const shown = names.slice(0, most).join(', ');
  return names.length > most ? `${shown} and ${names.length - most} more` : shown;
}
