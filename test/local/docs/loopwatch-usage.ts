import type { Argument, Command, Option } from 'commander';
import { loopwatchProgram } from '../../../local/cli/program.ts';
import type { Kind } from './page-commands.ts';

/** Values for placeholders, by the name that the command line has for the argument or the option's value. */
const SAMPLES: Record<string, string> = {
  name: 'dev',
  n: '1',
  s: '1',
  seed: '1',
  share: '0.5',
  seconds: '30',
  instant: '2026-04-01T16:00:00Z',
  date: '2026-04-01',
  kind: 'note',
  hash: '0123456789abcdef0123456789abcdef',
  url: 'https://example.org/queue',
};
const isPlaceholder = (word: string) => /^(?:[A-Z][A-Z0-9_]*|\$\{?[A-Z_]+\}?|<[\w-]+>)$/.test(word);

/**
 * What the command line says against these words, the first of which follows `loopwatch`; null if it would run them.
 * Nothing is run.
 */
export function usageProblem(words: readonly string[], kind: Kind): string | null {
  let said = '';
  const program = loopwatchProgram(() => {});
  for (const command of withSubcommands(program)) {
    command.exitOverride().configureOutput({
      writeOut: () => {},
      writeErr: (text) => {
        said += text;
      },
    });
    if (command.commands.length === 0) command.action(() => {});
    if (kind === 'named') relax(command);
  }
  // Alone, it says what commands there are.
  if (words.length === 0) return null;
  if (kind === 'named' && words[0]?.startsWith('-')) return unknownOption(program, words);
  try {
    program.parse(filled(program, words), { from: 'user' });
    return null;
  } catch (error) {
    const { code, exitCode } = error as { code: string; exitCode: number };
    if (exitCode === 0 || (kind === 'synopsis' && code === 'commander.conflictingOption')) return null;
    // The name of a group alone, such as `loopwatch config`.
    if (kind === 'named' && code === 'commander.help') return null;
    return said.split('\n')[0] || String(error);
  }
}

function withSubcommands(command: Command): Command[] {
  return [command, ...command.commands.flatMap(withSubcommands)];
}

/** The first option that no command has; for what is said of all commands that have it. */
function unknownOption(program: Command, words: readonly string[]): string | null {
  const known = withSubcommands(program).flatMap(({ options }) => options.map(({ long }) => long));
  const unknown = words.find((word) => word.startsWith('--') && !known.includes(word));
  return unknown === undefined ? null : `error: unknown option '${unknown}'`;
}

function relax(command: Command): void {
  for (const argument of command.registeredArguments) argument.required = false;
  for (const option of command.options) {
    if (option.required) option.optional = true;
    option.required = false;
    option.mandatory = false;
  }
}

/** The words with a value that the command takes for each placeholder. */
function filled(program: Command, words: readonly string[]): string[] {
  let command = program;
  let position = 0;
  return words.map((word, index) => {
    const sub = command.commands.find((each) => each.name() === word);
    if (sub) {
      command = sub;
      return word;
    }
    if (word.startsWith('-')) return word;
    const option = command.options.find(({ long, flags }) => long === words[index - 1] && /[<[]/.test(flags));
    if (option) return isPlaceholder(word) ? sampleOf(option) : word;
    const argument = command.registeredArguments[Math.min(position++, command.registeredArguments.length - 1)];
    return argument && isPlaceholder(word) ? sampleOf(argument) : word;
  });
}

function sampleOf(of: Argument | Option): string {
  const name = 'flags' in of ? (/[<[]([\w-]+)/.exec(of.flags)?.[1] ?? '') : of.name();
  return of.argChoices?.[0] ?? SAMPLES[name] ?? 'any';
}
