import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Outcome, outcomeOf } from '../outcome.ts';
import { sessionOf } from './page-commands.ts';
import { type Block, type Page, ROOT } from './pages.ts';

/** A page with this line has its blocks run. CONTRIBUTING.md says how they are written. */
export const MARK = '<!-- run by test/local/docs/run-pages.test.ts -->';

const NOT_RUN = 'not-run';
const BIN = join(ROOT, 'local', 'bin', 'loopwatch.mjs');

/** What stands in a page, and what came of it. Equal if the page is right. */
interface Step {
  expected: string;
  actual: string;
}

/** A folder that stands for the checkout, and a `npx` that has nothing but `loopwatch` of this one. */
export interface Place {
  root: string;
  env: NodeJS.ProcessEnv;
}

export function placeIn(folder: string): Place {
  const [root, bin] = [join(folder, 'checkout'), join(folder, 'bin')];
  for (const part of ['config', 'docs']) {
    cpSync(join(ROOT, part), join(root, part), { recursive: true, filter: (path) => !path.endsWith('images') });
  }
  mkdirSync(bin);
  const only = '[ "$1" = loopwatch ] || { echo "npx $1: not run by this test" >&2; exit 127; }';
  const script = `#!/bin/sh\n${only}\nshift\nexec '${process.execPath}' '${BIN}' "$@"\n`;
  writeFileSync(join(bin, 'npx'), script, { mode: 0o755 });
  const env = Object.entries(process.env).filter(([name]) => !/^(?:NODE_ENV|AWS_.*|\w+_ENDPOINT)$/.test(name));
  const own = { PATH: `${bin}:${process.env.PATH ?? ''}`, LOOPWATCH_HOME: join(folder, 'home') };
  return { root, env: { ...Object.fromEntries(env), ...own, AWS_EC2_METADATA_DISABLED: 'true' } };
}

/** Follows a block as a reader would. @throws Error on one that can't be followed */
export async function follow(block: Block, page: Page, place: Place): Promise<Step[]> {
  const [language = '', ...more] = block.info;
  if (more.includes(NOT_RUN)) return [];
  if (language === 'sh') {
    const { code, stdout } = await run(`set -e\n${block.text}`, place);
    return [{ expected: block.text, actual: code === 0 ? block.text : `${block.text}ends with ${code}:\n${stdout}` }];
  }
  if (language === 'console') return followSession(block, place);
  const file = more.find((word) => /[./]/.test(word));
  if (file !== undefined) saveAs(file, block, page, place);
  return [];
}

async function followSession(block: Block, place: Place): Promise<Step[]> {
  const wanted = Number(block.info.find((word) => word.startsWith('exit='))?.slice('exit='.length) ?? 0);
  const steps: Step[] = [];
  for (const { command, output } of sessionOf(block)) {
    const { code, stdout } = await run(command, place);
    const printed = stdout.replace(/[ \t]+$/gm, '');
    const same = patternOf(output).test(printed);
    const end = code === wanted ? '' : `ends with ${code}, not ${wanted}\n`;
    steps.push({ expected: `$ ${command}\n${output}`, actual: `$ ${command}\n${same ? output : printed}${end}` });
  }
  return steps;
}

const escaped = (text: string) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');

/** Matches what a page shows: a line of `...` stands for any lines, `…` for any text within a line. */
export function patternOf(shown: string): RegExp {
  const lines = shown.split('\n').slice(0, -1);
  const parts = lines.map((line) =>
    line === '...' ? '(?:.*\\n)*?' : `${line.trimEnd().split('…').map(escaped).join('.*?')}\\n`,
  );
  return new RegExp(`^${parts.join('')}$`);
}

function saveAs(file: string, { text, line }: Block, page: Page, { root }: Place): void {
  // A reader doesn't see the name that stands beside the language.
  if (!page.prose.some((each) => each.includes(`\`${file}\``))) {
    throw new Error(`${page.path}, line ${line}: the text doesn't say that this is \`${file}\``);
  }
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), text);
}

/** Both outputs come in `stdout`, in their order. */
function run(script: string, { root, env }: Place): Promise<Outcome> {
  return outcomeOf(
    spawn('bash', ['-c', `exec 2>&1\n${script}`], { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] }),
  );
}
