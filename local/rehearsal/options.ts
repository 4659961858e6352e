import { parseArgs } from 'node:util';
import { FUNCTIONS } from '../../infra/settings.ts';
import type { Right } from './without-right.ts';

export const USAGE = `npm run deploy:rehearsal [-- options]

Deploys a stage to an AWS emulator on this machine and lets events through it, to the mails.

  --stage NAME            the stage, as in infra/stages (dev)
  --python COMMAND        the interpreter for the emulator's virtual environment (python3)
  --logs DIR              where logs are written (.loopwatch/rehearsal)
  --without FUNCTION=ACTION
                          take an action from a deployed function's role, such as send-mail=ses:SendRawEmail:
                          the rehearsal has to fail then
  --help

Exit status: 0 all is well, 1 failed, 2 the emulator can't be installed, or wrong usage.`;

export interface Options {
  stage: string;
  python: string;
  logs: string;
  without: Right | null;
  help: boolean;
}

/** The command line is wrong. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Reads the command line. Throws UsageError. */
export function readOptions(args: readonly string[], defaultLogs: string): Options {
  const { stage, python, logs, without, help } = parse(args);
  return { stage, python, logs: logs ?? defaultLogs, without: without === undefined ? null : right(without), help };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        stage: { type: 'string', default: 'dev' },
        python: { type: 'string', default: 'python3' },
        logs: { type: 'string' },
        without: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function right(text: string): Right {
  const [name = '', action = ''] = text.split('=');
  if (name in FUNCTIONS && /^[a-z]+:[A-Za-z*]+$/.test(action)) return { function: name, action };
  const functions = Object.keys(FUNCTIONS).join(', ');
  throw new UsageError(`--without ${text}: expected FUNCTION=SERVICE:ACTION with a function of ${functions}`);
}
