import type { Command } from 'commander';
import type { DoctorOptions } from '../../doctor/doctor.ts';
import { stage } from '../arguments.ts';
import type { Print } from '../print.ts';

/** `loopwatch doctor`: whether a stage is well, and how to mend what isn't. */
export function addDoctor(program: Command, print: Print): void {
  program
    .command('doctor')
    .description('check a stage (mail, runs, queues, configuration, keys, alarms) and say how to fix it; only reads')
    .requiredOption('--stage <name>', 'a deployed stage, in the account and region of its file', stage)
    .option('--json', 'print {stage, counts, findings: [{check, level, says, mend}]} as JSON')
    .addHelpText('after', '\nExit status: 0 if no check fails, 1 if one does or the stage is not reached.')
    .action(async (options: DoctorOptions) => {
      const { doctor } = await import('../../doctor/doctor.ts');
      process.exitCode = await doctor(options, print);
    });
}
