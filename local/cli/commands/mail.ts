import { type Command, Option } from 'commander';
import { MAIL_KINDS } from '../../../shared/contracts/vocabulary.ts';
import type { ListOptions } from '../../operate/mail-list.ts';
import type { ResendOptions } from '../../operate/mail-resend.ts';
import type { ShowOptions } from '../../operate/mail-show.ts';
import { count, date } from '../arguments.ts';
import type { Print } from '../print.ts';
import { stageOption, withUsage } from './operate.ts';

/** How far a mail has come, or what SES reported of it. */
export const STANDINGS = [
  ...['planned', 'queued', 'claimed', 'sent', 'empty', 'undeliverable', 'superseded', 'held'],
  ...['delivered', 'bounced', 'complained', 'rejected'],
];

/** `loopwatch mail`: what was mailed, to whom, and what became of it. */
export function addMail(program: Command, print: Print): void {
  const mail = program.command('mail').description('mails: what became of them, what they said, sending one again');
  mail
    .command('list')
    .description('mails with what became of them, newest first; never what they say')
    .option('--date <date>', 'of one UTC date', date)
    .option('--since <date>', 'since a UTC date; by default those of the last 7 days', date)
    .option('--person <id>', 'of one person of the directory; operations for the operations mailbox')
    .addOption(new Option('--kind <kind>', 'of one kind').choices(MAIL_KINDS))
    .addOption(new Option('--status <status>', 'how far it has come, or what SES reported').choices(STANDINGS))
    .option('--limit <n>', 'how many to list; by default what fits the terminal', count)
    .addOption(stageOption())
    .option('--json', 'print {stage, counts, mails, more} as JSON')
    .action(
      withUsage(async (options: ListOptions) => {
        const { listMails } = await import('../../operate/mail-list.ts');
        await listMails(options, print);
      }),
    );
  mail
    .command('show')
    .description("what a mail said, as its recipient saw it; it names patients' referrals")
    .argument('<id>', 'as `npx loopwatch mail list` shows it')
    .option('--html <file>', 'write its HTML there instead of printing its text')
    .addOption(stageOption())
    .option('--json', 'print it as JSON')
    .action(
      withUsage(async (id: string, options: ShowOptions) => {
        const { showMail } = await import('../../operate/mail-show.ts');
        await showMail(id, options, print);
      }),
    );
  mail
    .command('resend')
    .description('send a mail again that was lost, came back, or was given up: the same content, to the same person')
    .argument('<id>', 'as `npx loopwatch mail list` shows it')
    .option('--dry-run', 'say what would be sent, and change nothing')
    .option('--yes', "don't ask")
    .addOption(stageOption())
    .option('--json', 'print {dryRun, mailId, how, done} as JSON')
    .action(
      withUsage(async (id: string, options: ResendOptions) => {
        const { resendMail } = await import('../../operate/mail-resend.ts');
        await resendMail(id, options, print);
      }),
    );
}
