import type { Argument, Command, Option } from 'commander';
import { code, table } from './markdown.ts';

/** Every command of the command line with its arguments and options: a section for each, in the order of `--help`. */
export function commandSections(program: Command): string {
  return program.commands.map((command) => section(command, 2)).join('\n\n');
}

/** What a command's help says below its options; empty if nothing. */
export function textAfterHelp(command: Command): string {
  let shown = '';
  const { writeOut } = command.configureOutput();
  command.configureOutput({
    writeOut: (text) => {
      shown += text;
    },
  });
  command.outputHelp();
  command.configureOutput({ ...(writeOut && { writeOut }) });
  return shown.slice(command.helpInformation().length).trim();
}

function section(command: Command, depth: number): string {
  const parts = [`${'#'.repeat(depth)} ${pathOf(command)}`, sentence(command.description())];
  if (command.commands.length > 0)
    return [...parts, ...command.commands.map((sub) => section(sub, depth + 1))].join('\n\n');
  const after = textAfterHelp(command);
  return [...parts, `\`\`\`text\n${usage(command)}\n\`\`\``, rows(command), ...(after === '' ? [] : [after])].join(
    '\n\n',
  );
}

function pathOf(command: Command): string {
  const { parent } = command;
  return parent?.parent ? `${pathOf(parent)} ${command.name()}` : command.name();
}

/** What can't be left out, and what may follow. */
function usage(command: Command): string {
  const needed = command.options.filter(({ mandatory }) => mandatory).map(({ flags }) => flags);
  const free = command.options.some(({ mandatory }) => !mandatory) ? ['[options]'] : [];
  const words = [...command.registeredArguments.map(argumentText), ...needed, ...free];
  return ['npx loopwatch', pathOf(command), ...words].join(' ');
}

function argumentText(argument: Argument): string {
  const name = `${argument.name()}${argument.variadic ? '...' : ''}`;
  return argument.required ? `<${name}>` : `[${name}]`;
}

function rows(command: Command): string {
  const named = [
    ...command.registeredArguments.map((argument) => row(argumentText(argument), argument, argument.required)),
    ...command.options.filter(({ hidden }) => !hidden).map((option) => row(option.flags, option, option.mandatory)),
  ];
  return table(['argument, option', 'default', 'meaning'], named);
}

function row(name: string, of: Argument | Option, required: boolean): string[] {
  const { argChoices, defaultValue, defaultValueDescription } = of;
  const preset = defaultValueDescription ?? (defaultValue === undefined ? '' : String(defaultValue));
  const choices = argChoices ? `: ${argChoices.map(code).join(', ')}` : '';
  return [code(name), required ? 'required' : preset && code(preset), `${escaped(of.description)}${choices}`];
}

/** What isn't in backquotes must not be read as HTML. */
const escaped = (text: string): string =>
  text
    .split('`')
    .map((part, index) => (index % 2 === 0 ? part.replaceAll('<', '&lt;') : part))
    .join('`');

const sentence = (text: string): string => `${text[0]?.toUpperCase()}${escaped(text.slice(1))}.`;
