import { readFileSync } from 'node:fs';
import { DAY_MS } from '../../shared/contracts/duration.ts';
import type { Instant } from '../../shared/contracts/instant.ts';
import { utcDate } from '../../shared/domain/mail/mail-id.ts';
import type { InboxMail } from './inbox.ts';
import { type Journey, mailsAreDone } from './journey.ts';
import { rewriteRole } from './role-policies.ts';
import { mailOnAnyResource, runSchedule, schedulesOf } from './workarounds.ts';

/** What the rehearsal of a hold needs beside what has been deployed and mailed. */
export interface HoldSteps {
  /** Deploys the functions again, with mail held or not. */
  deploy(hold: boolean): Promise<void>;
  /** Runs `loopwatch mail ...` on the stage, as its operator. @returns the file with what it printed */
  mail(what: string, ...args: string[]): Promise<string>;
  inbox(): Promise<readonly InboxMail[]>;
}

/**
 * Holds mail for the digests of one day and lifts the hold for those of the next.
 * @param planned up to when mail has been planned: the day is the first after it
 */
export async function holdAndLift(
  journey: Journey,
  planned: Instant,
  { deploy, mail, inbox }: HoldSteps,
): Promise<void> {
  const { aws, world, checks, data } = journey;
  // Those of the first day are sent already.
  const days = Math.max(1, Math.floor((planned - data.digestAt) / DAY_MS) + 1);
  const digestAt = data.digestAt + days * DAY_MS;
  const planMail = (await schedulesOf(aws, world.stage)).get('plan-mail') ?? 'plan-mail';
  const countOf = async (status: string) => (await world.mails()).filter((job) => job.status === status).length;
  const [sent, received] = [await countOf('sent'), (await inbox()).length];

  await deploy(true);
  checks.note('held: send-mail has no right of SES', (await rightsOfSes(journey)).join(', '));
  await runSchedule(aws, planMail, digestAt);
  await mailsAreDone(world, 'every mail of the day is made and held', async () =>
    (await countOf('held')) > 0 ? null : 'none is held',
  );
  const more = (await inbox()).length - received;
  checks.note(`held: ${await countOf('held')} mails made, none in SES`, more === 0 ? null : `${more} went out`);
  const date = utcDate(digestAt);
  const listed = JSON.parse(readFileSync(await mail('list', '--date', date, '--status', 'held', '--json'), 'utf8'));
  const [first] = listed.mails;
  const shown = JSON.parse(readFileSync(await mail('show', first?.mailId ?? 'none', '--json'), 'utf8'));
  checks.note(`held, and can be read: ${shown.subject}`, shown.text ? null : 'no text');

  await deploy(false);
  await mailOnAnyResource(aws, world.stage);
  await runSchedule(aws, planMail, digestAt + DAY_MS);
  await mailsAreDone(world, 'the next mails are sent', async () =>
    (await countOf('sent')) > sent ? null : 'none was sent',
  );
  const [newlySent, newlyReceived] = [(await countOf('sent')) - sent, (await inbox()).length - received];
  const wrong = newlySent === newlyReceived ? null : `${newlySent} sent, ${newlyReceived} in SES`;
  checks.note(`lifted: the next ${newlySent} mails are sent, and no held one`, wrong);
}

/** The actions of SES in the role of send-mail. */
async function rightsOfSes({ aws, world: { stage } }: Journey): Promise<string[]> {
  const actions: string[] = [];
  await rewriteRole(aws, { stage, purpose: 'send-mail' }, (statement) => {
    actions.push(...[statement.Action].flat());
    return [statement];
  });
  return actions.filter((action) => action.startsWith('ses:'));
}
