import { NoConfigurationError } from '../../shared/store/config-store.ts';
import type { Read } from './finding.ts';

/** Errors that make every read fail: they end the command instead. */
const OF_CREDENTIALS = ['CredentialsProviderError', 'ExpiredToken', 'ExpiredTokenException'];

/** Reads something for a check. What may not be asked, or can't be reached, is said and fails nothing else. */
export async function reading<T>(ask: () => Promise<T>): Promise<Read<T>> {
  try {
    return { is: 'read', value: await ask() };
  } catch (error) {
    const { name, message, code } = error as NodeJS.ErrnoException;
    if (OF_CREDENTIALS.includes(name)) throw error;
    return { is: 'unread', why: whyUnread(name === 'Error' ? (code ?? name) : name, message) };
  }
}

function whyUnread(name: string, message: string): string {
  if (/AccessDenied|NotAuthorized|AuthorizationError/i.test(name)) {
    const [, action] = /perform: ([\w-]+:\w+)/.exec(message) ?? [];
    return `no right to ask${action === undefined ? '' : ` (${action})`}`;
  }
  return `could not look up (${name})`;
}

/** What is asked for, null if AWS answers that there is no such thing. */
export async function orNull<T>(ask: Promise<T>, missing: readonly string[]): Promise<T | null> {
  try {
    return await ask;
  } catch (error) {
    if (missing.includes((error as Error).name)) return null;
    throw error;
  }
}

/** What is asked for, null if no configuration was pushed. */
export async function unlessUnconfigured<T>(ask: Promise<T>): Promise<T | null> {
  try {
    return await ask;
  } catch (error) {
    if (error instanceof NoConfigurationError) return null;
    throw error;
  }
}

/** Another form of what was read. */
export const mapped = <T, U>(read: Read<T>, form: (value: T) => U): Read<U> =>
  read.is === 'read' ? { is: 'read', value: form(read.value) } : read;
