import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { awsProblem } from './aws-usage.ts';
import { usageProblem } from './loopwatch-usage.ts';
import { commandsOf, type PageCommand } from './page-commands.ts';
import { type Page, pages, ROOT, readPage } from './pages.ts';

/** Every command that a page shows is one that there is: nothing is run here. run-pages.test.ts runs those of some pages. */

const { scripts }: { scripts: Record<string, string> } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
const CDK = ['bootstrap', 'deploy', 'destroy', 'diff', 'import', 'synth'];
const GIT = ['checkout', 'clone', 'fetch', 'pull'];
const NPM = ['ci', 'install', 'pack'];
/** Nothing of ours is in them that a test could look up. */
const PLAIN = [
  'cat',
  'cd',
  'curl',
  'date',
  'echo',
  'export',
  'head',
  'less',
  'ls',
  'mkdir',
  'mv',
  'open',
  'rm',
  'tail',
];

/** What is wrong with a command; null if nothing is known to be. */
function problemOf({ words: [tool = '', ...words], kind }: Pick<PageCommand, 'words' | 'kind'>): string | null {
  const [first = '', ...rest] = words;
  switch (tool) {
    case 'npx':
      if (first === 'loopwatch' || first === 'cdk') return problemOf({ words, kind });
      return existsSync(join(ROOT, 'node_modules', '.bin', first)) ? missing(rest) : `no package brings ${first}`;
    case 'loopwatch':
      return usageProblem(words, kind);
    case 'npm':
      return npmProblem(words);
    case 'cdk':
      return CDK.includes(first) ? null : `cdk ${first}: no known command`;
    case 'aws':
      return awsProblem(words);
    case 'node':
    case 'bash':
      return existsSync(inCheckout(first)) ? missing(rest) : `there is no ${first}`;
    case 'git':
      return GIT.includes(first) ? null : `git ${first}: no known command`;
    case 'cp':
      return missing(words.slice(0, -1));
    default:
      return PLAIN.includes(tool) ? null : `no test knows ${tool}: a known command, or no block of commands?`;
  }
}

/** A path that a page gives from elsewhere begins with what stands for the checkout. */
const inCheckout = (path: string): string => join(ROOT, path.replace(/^path\/to\/checkout\//, ''));

function npmProblem([first = '', ...rest]: readonly string[]): string | null {
  if (NPM.includes(first)) return null;
  const [script = '', ...after] = first === 'run' ? rest : [first, ...rest];
  const text = scripts[script];
  if (text === undefined || (first !== 'run' && script !== 'start' && script !== 'test')) return `no script ${script}`;
  const own = after.filter((word) => word !== '--');
  const ours = /^node local\/bin\/loopwatch\.mjs (.*)$/.exec(text)?.[1];
  return ours === undefined ? missing(own) : usageProblem([...ours.split(' '), ...own], 'whole');
}

/** Of the words that look like paths of the repository, those that aren't there. */
function missing(words: readonly string[]): string | null {
  const paths = words.filter((word) => /^(?:bench|config|docs|functions|infra|local|shared|test)\//.test(word));
  const gone = paths.filter((path) => !existsSync(join(ROOT, path)));
  return gone.length > 0 ? `there is no ${gone.join(', ')}` : null;
}

describe('the commands of', () => {
  const all = pages().map((page) => ({ path: page.path, commands: commandsOf(page) }));

  it.each(all.filter(({ commands }) => commands.length > 0))('$path are commands that there are', ({ commands }) => {
    const wrong = commands.flatMap((command) => {
      const problem = problemOf(command);
      return problem === null ? [] : `${command.where}: ${command.words.join(' ')}: ${problem}`;
    });
    expect(wrong).toEqual([]);
  });

  it('all pages are found', () => {
    const found = all.flatMap(({ commands }) => commands);
    const counts = (tool: string) => found.filter(({ words }) => words.slice(0, 2).join(' ').startsWith(tool)).length;
    for (const tool of ['npx loopwatch', 'npm run', 'npx cdk', 'aws']) expect(counts(tool)).toBeGreaterThan(10);
  });
});

describe('pages about a stage', () => {
  /** Without a stage these answer for the demo that runs, of which nobody asks there. */
  const OF_STAGES = ['mail', 'quarantine', 'dlq', 'doctor', 'rebuild', 'restore'];
  const isAboutStages = ({ path }: Page): boolean =>
    /^docs\/(how-to\/.*|go-live|deploy|upgrading|runbooks)\.md$/.test(path);

  it('name it in each command of an operator', () => {
    const commands = pages().filter(isAboutStages).flatMap(commandsOf);
    const ofStages = commands.filter(({ words }) => words[1] === 'loopwatch' && OF_STAGES.includes(words[2] ?? ''));
    expect(ofStages.length).toBeGreaterThan(20);
    expect(ofStages.filter(({ words }) => !words.includes('--stage')).map(({ where }) => where)).toEqual([]);
  });
});

describe('the reading of commands', () => {
  const problems = (text: string) => commandsOf(readPage('x.md', text)).map(problemOf);

  it.each([
    ['an unknown command', '    npx loopwatch ponder R-1\n', "error: unknown command 'ponder'"],
    ['an unknown option', '    npx loopwatch doctor --stage dev --harder\n', "error: unknown option '--harder'"],
    ['a missing option', '    npx loopwatch doctor\n', "error: required option '--stage <name>' not specified"],
    ['a missing argument', '`npx loopwatch explain`\n', "error: missing required argument 'referralId'"],
    [
      'a value that is refused',
      '```sh\nnpx loopwatch ack R note --by me --instance no\n```\n',
      expect.stringContaining('positive'),
    ],
    [
      'an argument too many',
      '```console\n$ npx loopwatch demo now\nall is well\n```\n',
      expect.stringContaining('too many'),
    ],
    [
      'one of several subcommands',
      '`npx loopwatch dlq list\\|lose`\n',
      expect.stringContaining("unknown command 'lose'"),
    ],
    [
      'an option of what is only named',
      '`loopwatch rebuild --dry`\n',
      expect.stringContaining("unknown option '--dry'"),
    ],
    ['a subcommand that is named alone', '`quarantine lst`\n', expect.stringContaining("unknown command 'lst'")],
    ['an option of a command that is named alone', '`doctor --hard`\n', expect.stringContaining("'--hard'")],
    ['what is behind a pipe', '    cat x | npx loopwatch ponder\n', "error: unknown command 'ponder'"],
    ['what is within another', '    cat "$(npx loopwatch ponder)"\n', "error: unknown command 'ponder'"],
    ['a script', '    npm run tests\n', 'no script tests'],
    ['an option of a script of ours', '`npm start -- --leave`\n', "error: unknown option '--leave'"],
    ['a file', '    node local/bin/lookwatch.mjs\n', 'there is no local/bin/lookwatch.mjs'],
    ['a tool', '    npx biomes check\n', 'no package brings biomes'],
    ['an operation of AWS', '    aws sqs send-mesage\n', 'sqs has no operation send-mesage'],
    ['a parameter of AWS', '    aws sqs send-message --message-text x\n', 'sqs send-message has no --message-text'],
  ])('finds %s', (_, text, problem) => {
    expect(problems(text).filter((found) => found !== null)).toEqual([problem]);
  });

  it.each([
    [
      'placeholders',
      '`npx loopwatch ack REFERRAL KIND --by WHO --instance N`, `npx loopwatch doctor --stage $STAGE`\n',
    ],
    ['a synopsis', '`npx loopwatch demo [--exit] [--seed S]`, `npx loopwatch mail list\\|show [--stage S]`\n'],
    ['what is only named', '`loopwatch config`, `loopwatch explain --stage`, `npx loopwatch ... --stage`\n'],
    ['comments, variables and lines that go on', '```sh\n# all\nX=1 npx loopwatch \\\n  demo # one\n```\n'],
  ])('takes %s', (_, text) => {
    expect(problems(text)).not.toEqual([]);
    expect(problems(text).filter((found) => found !== null)).toEqual([]);
  });

  it('refuses a block of which nobody knows what it is', () => {
    expect(() => problems('    nxp loopwatch demo\n')).toThrow('x.md, line 1: neither a known command nor text');
  });
});
