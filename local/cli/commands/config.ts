import type { Command } from 'commander';
import { date, stage } from '../arguments.ts';
import type { HolidaysOptions } from '../config-holidays.ts';
import type { StatusOptions } from '../config-status.ts';
import type { Print } from '../print.ts';
import type { PullOptions, PushOptions } from '../stage-config.ts';

export function addConfig(program: Command, print: Print): void {
  const config = program.command('config').description('the configuration: policy.json and directory.json');
  config
    .command('validate')
    .description('check a configuration and name each problem: file, path, value and what would be right')
    .argument('<dir>', 'folder with policy.json and directory.json')
    .option('--all', 'print all of a long list, not only the first 20 problems and warnings')
    .option('--json', 'print {valid, problems, warnings} as JSON, all of them')
    .action(async (folder: string, { json = false, all = false }: { json?: boolean; all?: boolean }) => {
      const [{ validateConfig }, { systemTime }] = await Promise.all([
        import('../config.ts'),
        import('../../../shared/platform/time-source.ts'),
      ]);
      process.exitCode = await validateConfig(folder, {
        json,
        all,
        wrapped: process.stdout.isTTY,
        print,
        now: systemTime.now(),
      });
    });
  config
    .command('holidays')
    .description(
      "add the days of an iCalendar file to a site's holidays in directory.json, recurring and longer ones too",
    )
    .argument('<file>', 'calendar (.ics), as calendar programs and public holiday lists export it')
    .requiredOption('--site <id>', 'the site that is closed on these days')
    .option('--config <dir>', 'folder with directory.json', '.')
    .option('--from <date>', 'first date that is looked at; by default 1 January of this year', date)
    .option('--until <date>', 'last date that is looked at; by default 31 December of next year', date)
    .option('--only <text>', 'only events with this in their title, description or categories: "Public holiday"')
    .option('--dry-run', 'print what would be added, and change nothing')
    .option('--json', 'print {file, site, from, until, added, leftOut, known, dryRun} as JSON')
    .action(async (file: string, options: HolidaysOptions) => {
      const [{ addHolidays }, { systemTime }] = await Promise.all([
        import('../config-holidays.ts'),
        import('../../../shared/platform/time-source.ts'),
      ]);
      await addHolidays(file, options, { now: systemTime.now(), print });
    });
  config
    .command('push')
    .description(
      'put a configuration in force on a deployed stage; `npx loopwatch config status --stage NAME` says when all its referrals follow it',
    )
    .argument('<dir>', 'folder with policy.json and directory.json')
    .requiredOption('--stage <name>', 'the stage, in the account and region of its file', stage)
    .option('--json', 'print {stage, version, replaced, changed, inPlace, by} as JSON')
    .action(async (folder: string, options: PushOptions) => {
      const { pushStageConfig } = await import('../stage-config.ts');
      await pushStageConfig(folder, options, print);
    });
  config
    .command('pull')
    .description('write the configuration that is in force on a deployed stage')
    .requiredOption('--stage <name>', 'the stage, in the account and region of its file', stage)
    .option('--out <dir>', 'where to write policy.json and directory.json', '.')
    .option('--force', 'replace files there that say something else')
    .option('--json', 'print {stage, version, files} as JSON')
    .action(async (options: PullOptions) => {
      const { pullStageConfig } = await import('../stage-config.ts');
      await pullStageConfig(options, print);
    });
  config
    .command('status')
    .description(
      'which configuration is in force on a deployed stage, who pushed it, and how far its referrals are folded with it',
    )
    .requiredOption('--stage <name>', 'the stage, in the account and region of its file', stage)
    .option('--verbose', 'also print the ids of the first 20 referrals that were set aside')
    .option('--json', 'print it as JSON')
    .action(async (options: StatusOptions) => {
      const { stageConfigStatus } = await import('../config-status.ts');
      await stageConfigStatus(options, print);
    });
}
