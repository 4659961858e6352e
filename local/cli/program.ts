import { createRequire } from 'node:module';
import { Command } from 'commander';
import { addConfig } from './commands/config.ts';
import { addDemo } from './commands/demo.ts';
import { addDialect } from './commands/dialect.ts';
import { addDlq } from './commands/dlq.ts';
import { addDoctor } from './commands/doctor.ts';
import { addExplain } from './commands/explain.ts';
import { addFind } from './commands/find.ts';
import { addInit } from './commands/init.ts';
import { addMail } from './commands/mail.ts';
import { addAck, addSnooze } from './commands/mark.ts';
import { addQuarantine } from './commands/quarantine.ts';
import { addRebuild } from './commands/rebuild.ts';
import { addReplay } from './commands/replay.ts';
import { addRestore } from './commands/restore.ts';
import { addSend } from './commands/send.ts';
import { addSimulate } from './commands/simulate.ts';
import { errorColumns, fitted } from './error-text.ts';
import type { Print } from './print.ts';

const { version } = createRequire(import.meta.url)('../../package.json') as { version: string };

/** The command line, which `print` gets the output of. It throws, instead of ending the process, on wrong usage and after help. */
export function loopwatchProgram(print: Print): Command {
  const program = new Command('npx loopwatch')
    .description('Monitoring of the closed-loop referral: SLA clocks, alerts and digests.')
    .version(version, '--version', 'print the version')
    .showHelpAfterError('(--help says what is expected)')
    .helpCommand('help [command]', 'show the help of a command')
    .addHelpText('after', '\nExit status: 0 done, 1 failed, 2 wrong usage, 130 stopped with Ctrl-C.')
    .configureOutput({ outputError: (text, write) => write(fitted(text, errorColumns())) })
    .exitOverride();
  for (const add of [
    ...[
      addDemo,
      addInit,
      addSimulate,
      addReplay,
      addExplain,
      addFind,
      addSend,
      addAck,
      addSnooze,
      addConfig,
      addDialect,
    ],
    ...[addQuarantine, addDlq, addMail, addRebuild, addRestore, addDoctor],
  ]) {
    add(program, print);
  }
  return program;
}
