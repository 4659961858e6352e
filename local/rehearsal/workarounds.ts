import { FUNCTIONS, physicalName, purposeOf } from '../../infra/settings.ts';
import type { Instant } from '../../shared/contracts/instant.ts';
import { scheduledEvent } from '../stand-ins/schedule.ts';
import { type SentMail, type SesEventType, sesEvent } from '../stand-ins/ses-events.ts';
import type { Answer, Aws } from './aws.ts';
import { rewriteRole } from './role-policies.ts';

/**
 * What the emulator can't do, done in its place. Each of these is listed in docs/deploy.md with the evidence; none of it
 * is in the stacks.
 */

/**
 * A stage with an identity that its account has already: the emulator's account is empty, and SendRawEmail answered
 * MessageRejected "Email address is not verified". An identity that a stage makes itself counts as verified at once here.
 */
export function verifyIdentity(aws: Aws, identity: string): Promise<Answer> {
  const address = identity.includes('@');
  const operation = address ? 'VerifyEmailIdentity' : 'VerifyDomainIdentity';
  return aws.call('ses', operation, address ? { EmailAddress: identity } : { Domain: identity });
}

/**
 * At AWS sqs:SendMessage allows SendMessageBatch too, and there is no action of that name. The emulator asks for one:
 * plan-mail's SendMessageBatch was answered AccessDenied. It is allowed here where, and only where, SendMessage is.
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
 * The emulator asks SendRawEmail's right on the resource `*`, where AWS asks it on the identity and the configuration set:
 * send-mail's role, which names both, was answered AccessDenied. So the action is shown to be allowed, its resources
 * aren't.
 */
export async function mailOnAnyResource(aws: Aws, stage: string): Promise<void> {
  await rewriteRole(aws, { stage, purpose: 'send-mail' }, (statement) => [
    [statement.Action].flat().includes('ses:SendRawEmail') ? { ...statement, Resource: '*' } : statement,
  ]);
}

/**
 * The emulator's Scheduler hands over `<aws.scheduler.scheduled-time>` as it stands, where Scheduler puts the time, and it
 * calls neither with the schedule's role nor as Lambda's asynchronous call. So a run is called here: the deployed
 * schedule's own target and input with the time in it, asynchronously, so that retries and dead letters are Lambda's.
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
 * The emulator takes a configuration set's event destination but never publishes to it. What SES would publish of a mail
 * is published here, to the deployed topic: subscription, queue and record-delivery are the stage's.
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
