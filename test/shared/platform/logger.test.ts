import { describe, expect, it } from 'vitest';
import { errorName, LoggableError } from '../../../shared/platform/logger.ts';

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
