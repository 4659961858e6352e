import { FUNCTIONS, physicalName, purposeOf } from '../../infra/settings.ts';
import type { Instant } from '../../shared/contracts/instant.ts';
import { scheduledEvent } from '../stand-ins/schedule.ts';
import { type SentMail, type SesEventType, sesEvent } from '../stand-ins/ses-events.ts';
import type { Answer, Aws } from './aws.ts';
import { rewriteRole } from './role-policies.ts';

/**
 * Replacements for what the emulator can't do. docs/deploy.md lists each of them with the evidence. None of them is in
 * the stacks.
 */

/**
 * For a stage whose identity exists in its account already. The emulator's account is empty, and SendRawEmail answered
 * MessageRejected "Email address is not verified". An identity that a stage makes itself counts as verified here.
 */
export function verifyIdentity(aws: Aws, identity: string): Promise<Answer> {
  const address = identity.includes('@');
  const operation = address ? 'VerifyEmailIdentity' : 'VerifyDomainIdentity';
  return aws.call('ses', operation, address ? { EmailAddress: identity } : { Domain: identity });
}

/**
 * At AWS, sqs:SendMessage allows SendMessageBatch too, and there is no action of that name. The emulator requires one:
 * it answered plan-mail's SendMessageBatch with AccessDenied. So it is allowed wherever SendMessage is, and only there.
 */
export async function allowBatches(aws: Aws, stage: string): Promise<void> {
  for (const purpose of Object.keys(FUNCTIONS)) {
    await rewriteRole(aws, { stage, purpose }, (statement) => {
      const actions = [statement.Action].flat();
      return [
        actions.includes('sqs:SendMessage')
          ? { ...statement, Action: [...actions, 'sqs:SendMessageBatch'] }
          : statement,
      ];
    });
  }
}

/**
 * AWS checks SendRawEmail on the identity and the configuration set and knows the address in ses:FromAddress, the emulator
 * checks it on the resource `*` and knows no address: it answered send-mail, whose role names all three, with AccessDenied.
 * So the rehearsal tests that the action is allowed, but not on which resources and from which addresses.
 */
export async function mailOnAnyResource(aws: Aws, stage: string): Promise<void> {
  await rewriteRole(aws, { stage, purpose: 'send-mail' }, (statement) => {
    if (![statement.Action].flat().includes('ses:SendRawEmail')) return [statement];
    const { Condition: _, ...unconditional } = statement;
    return [{ ...unconditional, Resource: '*' }];
  });
}

/**
 * The emulator's Scheduler doesn't replace `<aws.scheduler.scheduled-time>` by the time, and it calls a function
 * neither with the schedule's role nor asynchronously. So this calls the target of the deployed schedule with its input
 * and the time, asynchronously, so that Lambda does retries and dead letters.
 */
export async function runSchedule(aws: Aws, name: string, time: Instant): Promise<void> {
  const { ScheduleExpression, ScheduleExpressionTimezone, Target } = await aws.call('scheduler', 'GetSchedule', {
    Name: name,
  });
  const schedule = { expression: ScheduleExpression, timeZone: ScheduleExpressionTimezone, input: Target.Input };
  await aws.call('lambda', 'Invoke', {
    FunctionName: Target.Arn,
    InvocationType: 'Event',
    Payload: JSON.stringify(scheduledEvent(schedule, time)),
  });
}

/**
 * The emulator accepts a configuration set's event destination but never publishes to it. So this publishes the events
 * of SES about a mail to the deployed topic. Subscription, queue and record-delivery are those of the stage.
 */
export async function publishSesEvents(
  aws: Aws,
  { stage, account, region }: { stage: string; account: string; region: string },
  mail: SentMail,
): Promise<void> {
  const TopicArn = `arn:aws:sns:${region}:${account}:${physicalName(stage, 'mail-events')}`;
  const types: SesEventType[] = ['Send', 'Delivery'];
  for (const type of types) {
    await aws.call('sns', 'Publish', { TopicArn, Message: JSON.stringify(sesEvent(mail, type)) });
  }
}

/** The schedules of a stage by purpose, such as `plan-mail`. */
export async function schedulesOf(aws: Aws, stage: string): Promise<Map<string, string>> {
  const { Schedules } = await aws.call('scheduler', 'ListSchedules');
  const names: string[] = Schedules.map(({ Name }: Answer) => Name);
  const own = names.filter((name) => name.startsWith(physicalName(stage, '')));
  return new Map(own.map((name) => [purposeOf(name) ?? name, name]));
}
