import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { StackProps } from 'aws-cdk-lib';
import { closest, distance } from 'fastest-levenshtein';
import * as z from 'zod';
import { STAGE_NAME } from './settings.ts';

const FOLDER = fileURLToPath(new URL('./stages/', import.meta.url));
const SHOWN = 'infra/stages';
const SUFFIX = '.json';
const DOMAIN = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/;
const ORIGINS = ['new', 'existing'] as const;
/** An ARN of one role or user. Neither a session of a role nor a wildcard is one. */
const PRINCIPAL = /^arn:aws(?:-[a-z]+)*:iam::\d{12}:(?:role|user)\/[\w+=,.@/-]+$/;
const ACCOUNT = /^\d{12}$/;
const SENDER = new RegExp(`${ACCOUNT.source}|${PRINCIPAL.source}`);
const LOG_LEVELS = ['DEBUG', 'INFO', 'WARN', 'ERROR'] as const;
/** The periods that CloudWatch Logs offers. */
const LOG_RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
] as const;

/** A strict object whose errors list the known fields. */
function object<Shape extends z.ZodRawShape>(shape: Shape) {
  const known = Object.keys(shape);
  const free = known.filter((key) => z.safeParse(shape[key] as z.ZodType, undefined).success);
  const needed = known.filter((key) => !free.includes(key)).join(', ');
  const more = free.length === 0 ? '' : `optionally ${free.join(', ')}`;
  const error = ({ code, keys = [] }: { code?: string; keys?: string[] }) =>
    code === 'unrecognized_keys'
      ? `unknown field${meant(keys, known) ?? `, known are ${known.join(', ')}`}`
      : `expected an object with ${[needed, more].filter(Boolean).join(', and ')}`;
  return z.strictObject(shape, { error });
}

/** How much of a field's name may be misspelled. */
const WRONG_SHARE = 0.5;

/** `, did you mean mail?` of a single unknown field. Null: none of the known is near. */
function meant([key = '', ...others]: readonly string[], known: readonly string[]): string | null {
  const near = closest(key, known);
  const isNear = distance(key, near) <= Math.max(key.length, near.length) * WRONG_SHARE;
  return isNear && others.length === 0 ? `, did you mean ${near}?` : null;
}

const oneOf = (values: readonly unknown[]) => `expected one of ${values.join(', ')}`;
const text = (format: RegExp, error: string) => z.string({ error }).regex(format, { error });
const ARN = 'the ARN of a role or user such as arn:aws:iam::111122223333:role/feed; wildcards are refused';

/** A list in which nothing is named twice. */
function distinct(form: z.ZodString, error: string) {
  return z
    .array(form, { error: 'expected a list' })
    .refine((list) => new Set(list).size === list.length, { error: `${error}, each of them once` });
}

const hours = { error: 'expected a whole number of hours, 1 to 168, or "off"' };
const months = { error: 'expected a whole number of months, 1 to 120' };

/** A stage's file. The descriptions are printed in docs/deploy.md. */
export const stageSchema = object({
  account: text(ACCOUNT, 'expected the 12 digits of an AWS account, as text')
    .optional()
    .describe(
      "The AWS account to deploy to; by default that of your credentials. Commands with `--stage` refuse another account's credentials, so name it.",
    ),
  region: text(/^[a-z]{2}(-[a-z]+)+-\d$/, 'expected an AWS region such as us-east-1')
    .optional()
    .describe(
      'The region to deploy to; by default that of your credentials. Commands with `--stage` go there, so name it.',
    ),
  mail: object({
    identity: z
      .union([z.string().regex(DOMAIN), z.email()], {
        error: 'expected a domain in lower case or an e-mail address',
      })
      .describe(
        'The domain or address that mail is sent from; `organization.sender` in `directory.json` has to belong to it.',
      ),
    origin: z
      .enum(ORIGINS, { error: oneOf(ORIGINS) })
      .describe(
        '`new`: this deployment makes the SES identity; `existing`: the account has it, verified. One identity can be made only once.',
      ),
    hold: z
      .boolean({ error: 'expected true or false' })
      .default(false)
      .describe(
        '`true`: every mail is made and kept, none is sent, and nothing may send: for running beside what was there before.',
      ),
  }),
  logLevel: z
    .enum(LOG_LEVELS, { error: oneOf(LOG_LEVELS) })
    .default('INFO')
    .describe('What functions log; what an alarm counts is logged at each level.'),
  logRetentionDays: z
    .literal(LOG_RETENTION_DAYS, { error: oneOf(LOG_RETENTION_DAYS) })
    .default(90)
    .describe('After how many days log lines are deleted.'),
  retention: object({
    closedReferralMonths: z
      .int(months)
      .min(1, months)
      .max(120, months)
      .default(25)
      .describe('How many months a referral is kept after it was closed.'),
  }).prefault({}),
  alarmEmail: z
    .email({ error: 'expected an e-mail address' })
    .optional()
    .describe(
      'Who gets the alarms; AWS asks that address to confirm. Without it, only those who subscribe to the topic.',
    ),
  noInputHours: z
    .union([z.int().min(1, hours).max(168, hours), z.literal('off')], hours)
    .default(72)
    .describe(
      'After how many hours without any message on referral-events there is an alarm; 72 is longer than a weekend. `off`: never.',
    ),
  senders: distinct(text(SENDER, `expected the 12 digits of an AWS account, or ${ARN}`), 'expected senders')
    .default([])
    .describe('Who in other accounts may send referral events: accounts of 12 digits, ARNs of roles or users.'),
  operators: distinct(text(PRINCIPAL, `expected ${ARN}`), 'expected operators')
    .default([])
    .describe("Who may assume the operator's role: ARNs of roles or users. Without them there is no such role."),
});

/** What differs between stages, from `infra/stages/<stage>.json`. */
export type StageSettings = z.output<typeof stageSchema>;

/** Props of both stacks of a stage. */
export interface StageProps extends StackProps {
  stage: string;
  settings: StageSettings;
}

/** An unknown stage, or a mistake in its file. The message is written for the person who deploys. */
export class StageError extends Error {
  override readonly name = 'StageError';
}

/**
 * Reads a stage's file.
 * @throws StageError naming the existing stages, or for each mistake file, path, value and what was expected
 */
export function readStage(stage: unknown, folder = FOLDER): StageSettings {
  const stages = stageNames(folder);
  if (typeof stage !== 'string' || !stages.includes(stage)) {
    const problem = typeof stage === 'string' ? `there is no stage "${stage}"` : 'no stage was named';
    throw new StageError(`${problem}: say -c stage=<stage>, one of ${stages.join(', ')} (from ${SHOWN}/)`);
  }
  return parseStage(stage, readFileSync(join(folder, `${stage}${SUFFIX}`), 'utf8'));
}

/** The stages that have a file, by name. */
export function stageNames(folder = FOLDER): string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith(SUFFIX))
    .map((file) => basename(file, SUFFIX))
    .sort();
}

/** Checks the text of a stage's file; see `readStage`. */
function parseStage(stage: string, json: string): StageSettings {
  const file = `${SHOWN}/${stage}${SUFFIX}`;
  if (!STAGE_NAME.test(stage)) throw new StageError(`${file}: a stage's name is 1 to 16 lower-case letters and digits`);
  let input: unknown;
  try {
    input = JSON.parse(json);
  } catch (error) {
    throw new StageError(`${file}: not JSON: ${(error as Error).message}`);
  }
  const result = stageSchema.safeParse(input);
  if (result.success) return result.data;
  const problems = result.error.issues.flatMap(({ path, message, ...issue }) => {
    const paths = issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...path, key]) : [path];
    return paths.map((where) => `${file}: ${where.join('.')}: ${valueAt(input, where)} - ${message}`);
  });
  throw new StageError(problems.join('\n'));
}

function valueAt(input: unknown, path: readonly PropertyKey[]): string {
  const value = path.reduce<unknown>((inner, key) => Object(inner)[key], input);
  return value === undefined ? 'missing' : JSON.stringify(value);
}
