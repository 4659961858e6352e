import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../temporary-folder.ts';
import { follow, MARK, patternOf, placeIn } from './page-run.ts';
import { type Page, pages, readPage } from './pages.ts';

/** The pages with a mark can be followed word by word: their blocks are run, in their order. */

const folder = temporaryFolder();
let places = 0;
const newPlace = () => {
  const own = join(folder, String(places++));
  mkdirSync(own);
  return placeIn(own);
};

async function followAll(page: Page): Promise<void> {
  const place = newPlace();
  for (const block of page.blocks) {
    for (const { expected, actual } of await follow(block, page, place)) {
      expect(`line ${block.line}: ${actual}`).toBe(`line ${block.line}: ${expected}`);
    }
  }
}

describe.skipIf(process.platform === 'win32')('a page that is run', () => {
  it.each(pages().filter(({ prose }) => prose.includes(MARK)))('$path does what it says', followAll);
});

describe.skipIf(process.platform === 'win32')('the following of a page', () => {
  const made = (text: string) => followAll(readPage('x.md', text));

  it('saves files, runs commands in order, and compares what they print', async () => {
    await made(
      [
        'Save this as `in/a.csv`:\n\n```csv in/a.csv\nx,y\n```\n\n```sh\nmkdir out # for the copy\ncp in/a.csv \\\n  out\n```\n',
        '```console\n$ cat out/a.csv\nx,y\n$ ls config docs | head -3; echo b >&2\nconfig:\n...\nb\n```\n',
        '```console exit=2\n$ npx loopwatch mail lst\nerror: … command …lst…\n...\n```\n',
        '```sh not-run\nnpm ci\n```\n\n```json\n{}\n```\n',
      ].join('\n'),
    );
  });

  it.each([
    ['a command that fails', '```sh\nfalse\ntrue\n```\n', 'ends with 1'],
    ['another output', '```console\n$ echo a\nb\n```\n', '$ echo a'],
    ['more output than is shown', '```console\n$ echo a; echo b\na\n```\n', '$ echo a'],
    ['a failure that is not announced', '```console\n$ false\n```\n', 'ends with 1, not 0'],
    ['other tools than Loopwatch', '```sh\nnpx cdk deploy\n```\n', 'ends with 127'],
    ['a file whose name is not in the text', '```csv a.csv\nx\n```\n', "doesn't say that this is `a.csv`"],
    ['output without a command', '```console\nall is well\n```\n', 'begins with "$ "'],
  ])('finds %s', async (_, text, message) => {
    await expect(made(text)).rejects.toThrow(message);
  });

  it.each([
    ['a\n...\nb\n', 'a\nb\n', true],
    ['a\n...\nb\n', 'a\n1\n2\nb\n', true],
    ['...\n', '', true],
    ['took … s\n', 'took 1.2 s\n', true],
    ['took … s\n', 'took 1.2\n s\n', false],
    ['a.c\n', 'abc\n', false],
    ['a\n', 'a\nb\n', false],
    ['', 'a\n', false],
  ])('takes %j for %j: %s', (shown, printed, same) => {
    expect(patternOf(shown).test(printed)).toBe(same);
  });
});
