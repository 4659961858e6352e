import { readFileSync } from 'node:fs';
import { physicalName } from '../../infra/settings.ts';
import { type Answer, type Aws, AwsError } from './aws.ts';
import { eventually } from './eventually.ts';

const PAGE = new URL('../../docs/deploy.md', import.meta.url);
/** The stage and the mail identity of the page's examples. */
const EXAMPLE = { stage: 'dev', identity: 'example.org' };
const DELETION_SECONDS = 60;

/** A command of the AWS CLI, as it stands in a page. */
export type Command = string;

/** The AWS commands in a section of docs/deploy.md, for a stage and its mail identity. Throws if there are none. */
export function documentedCommands(heading: string, stage: string, identity: string): Command[] {
  const page = readFileSync(PAGE, 'utf8');
  const [, section = ''] = page.split(new RegExp(`^#+ ${heading}$`, 'm'));
  const [text = ''] = section.split(/^#+ /m);
  const found = [...text.matchAll(/^ {4}(aws .+)$/gm)].map(([, command]) => command as string);
  if (found.length === 0) throw new Error(`docs/deploy.md has no commands under "${heading}"`);
  return found.map((command) =>
    command
      .replaceAll(physicalName(EXAMPLE.stage, ''), physicalName(stage, ''))
      .replaceAll(`Values=${EXAMPLE.stage}`, `Values=${stage}`)
      .replaceAll(EXAMPLE.identity, identity),
  );
}

/**
 * Runs a command as the AWS CLI does: its operation with its options as parameters.
 * @returns what it prints with its `--query`, if that is a path; else the whole answer
 * @throws AwsError as the service answered; Error on an option that isn't understood here
 */
export async function run(aws: Aws, command: Command): Promise<unknown> {
  const [, service = '', operation = '', ...words] = await expand(aws, command);
  if (operation === 'wait') return waitFor(aws, words);
  const { query, output: _, ...options } = optionsOf(words);
  const answer = await aws.call(service, pascal(operation), parameters(options));
  return typeof query === 'string' && /^[\w.]+$/.test(query) ? at(answer, query) : answer;
}

/** Whether a service said that there is nothing of a name. */
export function isMissing(error: unknown): boolean {
  return error instanceof AwsError && /NotFound|NonExistent|DoesNotExist/.test(error.code);
}

/** The words of a command, with `$(...)` replaced by what that prints. */
async function expand(aws: Aws, command: Command): Promise<string[]> {
  const words: string[] = [];
  for (const [, inner, quoted, plain] of command.matchAll(/"\$\((.+?)\)"|"([^"]*)"|(\S+)/g)) {
    words.push(inner === undefined ? (quoted ?? plain ?? '') : String(await run(aws, inner)));
  }
  return words;
}

/** `--no-x` is false, `--x` without a value true. */
function optionsOf(words: readonly string[]): Record<string, string | boolean> {
  const options: Record<string, string | boolean> = {};
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? '';
    const next = words[index + 1];
    if (!word.startsWith('--')) throw new Error(`${word}: expected an option`);
    if (next !== undefined && !next.startsWith('--')) {
      options[word.slice(2)] = next;
      index += 1;
    } else if (word.startsWith('--no-')) options[word.slice('--no-'.length)] = false;
    else options[word.slice(2)] = true;
  }
  return options;
}

function parameters(options: Record<string, string | boolean>): Record<string, unknown> {
  const entries = Object.entries(options).map(([name, value]): [string, unknown] => {
    if (name === 'tag-filters') return ['TagFilters', [tagFilter(String(value))]];
    if (name.endsWith('filters')) return [pascal(name), [value]];
    return [pascal(name), typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value];
  });
  return Object.fromEntries(entries);
}

function tagFilter(text: string): object {
  const [, Key, value] = /^Key=(.+),Values=(.+)$/.exec(text) ?? [];
  return { Key, Values: [value] };
}

function pascal(name: string): string {
  return name.replace(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function at(answer: Answer, path: string): unknown {
  return path.split('.').reduce<unknown>((inner, key) => Object(inner)[key], answer);
}

async function waitFor(aws: Aws, [waiter, ...words]: string[]): Promise<void> {
  if (waiter !== 'stack-delete-complete') throw new Error(`aws cloudformation wait ${waiter}: not known here`);
  const { 'stack-name': StackName } = optionsOf(words);
  await eventually(`${StackName} is deleted`, DELETION_SECONDS, async () => {
    try {
      const { Stacks } = await aws.call('cloudformation', 'DescribeStacks', { StackName });
      const [{ StackStatus }] = Stacks;
      return StackStatus === 'DELETE_COMPLETE' ? null : StackStatus;
    } catch (error) {
      if (error instanceof AwsError && error.code === 'ValidationError') return null;
      throw error;
    }
  });
}
