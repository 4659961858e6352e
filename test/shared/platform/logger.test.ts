import { afterEach, describe, expect, it, vi } from 'vitest';
import { ALARMED, errorName, functionLog, LoggableError } from '../../../shared/platform/logger.ts';

class KnownError extends LoggableError {
  override readonly name = 'KnownError';
}

describe('What is logged of an error', () => {
  it('is its name, without a message that may quote what was read', () => {
    expect(errorName(new SyntaxError('Unexpected token in secret'))).toBe('SyntaxError');
    expect(errorName('secret')).toBe('string');
  });

  it('is also its message if that was made to be logged', () => {
    expect(errorName(new KnownError('an item is unreadable'))).toBe('KnownError: an item is unreadable');
  });

  it('names each of several errors once, however deep', () => {
    const inner = new AggregateError([new SyntaxError('secret'), new KnownError('an item is unreadable')], 'secret');
    const error = new AggregateError([inner, new SyntaxError('another secret')], 'secret');
    expect(errorName(error)).toBe('SyntaxError, KnownError: an item is unreadable');
  });
});

describe("A function's log", () => {
  afterEach(() => {
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
  });

  /** What is written at a level of the stage's file. */
  function written(level: string): string[] {
    vi.stubEnv('LOG_LEVEL', level);
    // Powertools' logger has a console of its own, unless it is told that somebody develops.
    vi.stubEnv('POWERTOOLS_DEV', 'true');
    const lines: string[] = [];
    // Then it also replaces `trace`.
    for (const method of ['debug', 'info', 'warn', 'error', 'log', 'trace'] as const) {
      vi.spyOn(console, method).mockImplementation((line: string) => void lines.push(JSON.parse(line).message));
    }
    const log = functionLog('send-mail');
    log.info('MAIL_SENT');
    log.warn('SES_THROTTLED');
    for (const code of ALARMED) log.warn(code);
    log.error('RECORD_FAILED');
    return lines;
  }

  it.each([
    ['INFO', ['MAIL_SENT', 'SES_THROTTLED', ...ALARMED, 'RECORD_FAILED']],
    ['WARN', ['SES_THROTTLED', ...ALARMED, 'RECORD_FAILED']],
    ['ERROR', [...ALARMED, 'RECORD_FAILED']],
  ])('has at level %s all that an alarm counts', (level, expected) => {
    expect(written(level)).toEqual(expected);
  });
});
