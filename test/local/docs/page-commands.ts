import { loopwatchProgram } from '../../../local/cli/program.ts';
import type { Block, Page } from './pages.ts';
import { commandsIn } from './shell.ts';

/**
 * `whole`: to be typed as it stands, but for placeholders. `synopsis`: not all of its options at once. `named`: what it
 * leaves out isn't missing.
 */
export type Kind = 'whole' | 'synopsis' | 'named';

/** A command that a page shows. */
export interface PageCommand {
  /** Page and line, for people. */
  where: string;
  words: string[];
  kind: Kind;
}

/** With these words a command begins. */
const TOOLS = [
  ...['npx', 'npm', 'loopwatch', 'cdk', 'aws', 'node', 'bash', 'git'],
  ...['cat', 'cd', 'cp', 'curl', 'date', 'echo', 'export', 'head', 'less', 'ls', 'mkdir', 'mv', 'open', 'rm', 'tail'],
];
const COMMANDS = loopwatchProgram(() => {}).commands;
const SHELLS = ['sh', 'bash', 'shell'];

/** The commands in a page's blocks, and in what stands in backquotes. Throws on a block of which nobody knows what it is. */
export function commandsOf(page: Page): PageCommand[] {
  const { scripts, text } = indentedBlocks(page);
  const blocks = [...page.blocks, ...scripts].flatMap((block) =>
    commandsIn(scriptOf(block, page)).map((words): PageCommand => {
      return { where: `${page.path}, block from line ${block.line}`, words, kind: 'whole' };
    }),
  );
  // What was once true stands there for good.
  if (page.path === 'CHANGELOG.md') return blocks;
  return [...blocks, ...text.flatMap((line, index) => inLine(line, `${page.path}:${index + 1}`))];
}

/** The commands of a `console` block, without their prompts, each with what it prints. */
export function sessionOf({ text }: Block): { command: string; output: string }[] {
  const session: { command: string; output: string }[] = [];
  let continued = false;
  for (const line of text.split('\n').slice(0, -1)) {
    const last = session.at(-1);
    if (continued && last) last.command += `\n${line}`;
    else if (line.startsWith('$ ')) session.push({ command: line.slice(2), output: '' });
    else if (last) last.output += `${line}\n`;
    else throw new Error(`a console block begins with "$ ", not with ${line}`);
    continued = line.endsWith('\\') && (continued || line.startsWith('$ '));
  }
  return session;
}

function scriptOf(block: Block, { path }: Page): string {
  const [language = ''] = block.info;
  if (language === 'console') {
    return sessionOf(block)
      .map(({ command }) => command)
      .join('\n');
  }
  if (SHELLS.includes(language)) return block.text;
  if (language !== '') return '';
  if (isScript(block.text)) return block.text;
  // Text of people, JSON and files begin otherwise.
  if (/^[a-z]+ /.test(block.text)) throw new Error(`${path}, line ${block.line}: neither a known command nor text`);
  return '';
}

/** Its first word, after what is set for it. */
const isScript = (text: string) => TOOLS.includes(/^(?:[A-Z_]+=\S+ )*([\w-]+)/.exec(text)?.[1] ?? '');

/** The blocks that are indented by four spaces after an empty line, and the lines that aren't in one. */
function indentedBlocks({ prose }: Page): { scripts: Block[]; text: string[] } {
  const scripts: Block[] = [];
  const text: string[] = [];
  let open: Block | null = null;
  for (const [index, line] of prose.entries()) {
    const indented: string | undefined = /^ {4,}(\S.*)$/.exec(line)?.[1];
    if (indented !== undefined && open) open.text += `${indented}\n`;
    else if (indented !== undefined && (prose[index - 1] ?? '') === '' && !isContinued(prose, index)) {
      open = { info: [], text: `${indented}\n`, line: index + 1 };
      scripts.push(open);
    } else if (line !== '') open = null;
    text.push(open ? '' : line);
  }
  return { scripts, text };
}

/** Whether an indented line goes on with the text of a list, whose marker is as wide as the line is indented. */
function isContinued(prose: readonly string[], index: number): boolean {
  const indent = /^ */.exec(prose[index] ?? '')?.[0].length ?? 0;
  const marker = prose.slice(0, index).findLast((line) => /^\s*(?:[-*]|\d+\.)\s/.test(line) || /^\S/.test(line)) ?? '';
  const width = /^\s*(?:[-*]|\d+\.)\s+/.exec(marker)?.[0].length ?? 0;
  return width > 0 && indent < width + 4 && !isScript(prose[index]?.trim() ?? '');
}

function inLine(line: string, where: string): PageCommand[] {
  return [...line.matchAll(/`([^`]+)`/g)].flatMap(([, shown = '']) => {
    const code = withTool(shown.replaceAll('\\|', '|'));
    if (!code.includes(' ') || !isScript(code)) return [];
    const kind = kindOf(code);
    return alternatives(code).flatMap((each) => commandsIn(each).map((words): PageCommand => ({ where, words, kind })));
  });
}

/** `mail list --json` and `rebuild --dry-run` are commands of Loopwatch, too. */
function withTool(code: string): string {
  const [first, second = ''] = code.split(' ');
  const command = COMMANDS.find((each) => each.name() === first);
  if (!command) return code;
  const names = command.commands.length > 0 ? /^[a-z]/.test(second) : / \[?--[a-z]/.test(code);
  return names ? `loopwatch ${code}` : code;
}

function kindOf(code: string): Kind {
  const open = /[|…]|\.\.\./.test(code.replace(/\w\.\.\./g, ''));
  if (open || !code.startsWith('npx ')) return 'named';
  return code.includes('[') ? 'synopsis' : 'whole';
}

/** A synopsis without its brackets and ellipses: `mail list|show [--json]` is `mail list --json` and `mail show --json`. */
function alternatives(code: string): string[] {
  const plain = code.replace(/[[\]]/g, ' ').replace(/\.\.\.|…/g, ' ');
  const choice = /\S+\|\S+/.exec(plain)?.[0];
  if (choice === undefined) return [plain.replaceAll(' | ', ' ')];
  return choice.split('|').map((one) => plain.replace(choice, one));
}
