import { type Command, Option } from 'commander';
import { alertKind, count, instant, stage, url } from '../arguments.ts';
import type { Mark, MarkOptions } from '../mark.ts';
import type { Print } from '../print.ts';

export function addAck(program: Command, print: Print): void {
  const ack = program
    .command('ack')
    .description('say that an alert is known and worked on: digests go on listing it, marked');
  addMark(ack, 'alert.acknowledged', print);
}

export function addSnooze(program: Command, print: Print): void {
  const snooze = program
    .command('snooze')
    .description('hide an alert from digests and urgent mail until an instant, for 30 days at most')
    .requiredOption('--until <instant>', 'hidden until then', instant);
  addMark(snooze, 'alert.snoozed', print);
}

function addMark(command: Command, type: Mark['type'], print: Print): void {
  command
    .argument('<referralId>', 'as in the digest')
    .argument('<kind>', 'kind of the alert, such as note or referrer_update; all for every open one', alertKind)
    .requiredOption('--by <who>', 'who says so')
    .option('--instance <n>', 'which of several of the kind; the open one without it', count)
    .option('--note <text>', 'kept in the event log, never mailed')
    .addOption(
      new Option('--stage <name>', 'a deployed stage: its queue is found by its name')
        .argParser(stage)
        .conflicts('queueUrl'),
    )
    .option('--queue-url <url>', 'the queue itself; without this and --stage the demo that is running', url)
    .option('--json', 'print the event as JSON')
    .action(async (referralId: string, kind: Mark['kind'], options: MarkOptions) => {
      const { mark, MarkUsageError } = await import('../mark.ts');
      try {
        await mark({ type, referralId, kind }, options, print);
      } catch (error) {
        if (!(error instanceof MarkUsageError)) throw error;
        command.error(`error: ${error.message}`, { exitCode: 2 });
      }
    });
}
