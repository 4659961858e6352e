import { describe, expect, it } from 'vitest';
import { readOptions, UsageError } from '../../../local/rehearsal/options.ts';

describe('the options of a rehearsal', () => {
  it('default to the dev stage and python3', () => {
    expect(readOptions([], '/logs')).toEqual({
      stage: 'dev',
      python: 'python3',
      logs: '/logs',
      without: null,
      help: false,
    });
  });

  it('name an action to take from a function', () => {
    const { without } = readOptions(['--without', 'send-mail=ses:SendRawEmail'], '/logs');
    expect(without).toEqual({ function: 'send-mail', action: 'ses:SendRawEmail' });
  });

  it.each(['send-mail', 'nobody=ses:SendRawEmail', 'send-mail=SendRawEmail', '=ses:SendRawEmail'])(
    'refuse --without %s, naming the functions',
    (text) => {
      const read = () => readOptions(['--without', text], '/logs');
      expect(read).toThrow(UsageError);
      expect(read).toThrow('a function of ingest-events, detect-breaches');
    },
  );
});
