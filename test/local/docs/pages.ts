import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Reads every page of the repository. */

export const ROOT = join(import.meta.dirname, '..', '..', '..');
const FENCE = /^ {0,3}(`{3,}|~{3,})\s*(.*)$/;

export interface Block {
  /** The words after the backquotes: a language and what else is said. */
  info: string[];
  text: string;
  /** Line of the page, from 1, on which the text begins. */
  line: number;
}

export interface Page {
  /** From the repository's root. */
  path: string;
  text: string;
  /** Its lines, with those of fenced blocks empty. */
  prose: string[];
  /** Its fenced blocks. */
  blocks: Block[];
}

/** Every Markdown file of the repository, by its path. */
export function pages(): Page[] {
  const exclude = ['**/node_modules', '**/.loopwatch', '**/cdk.out'];
  return globSync(['**/*.md', '.github/**/*.md'], { cwd: ROOT, exclude })
    .map((path) => path.replaceAll('\\', '/'))
    .sort()
    .map((path) => readPage(path, readFileSync(join(ROOT, path), 'utf8')));
}

export function readPage(path: string, text: string): Page {
  const prose: string[] = [];
  const blocks: Block[] = [];
  let open: { fence: string; block: Block; lines: string[] } | null = null;
  for (const [index, line] of text.split('\n').entries()) {
    const [, fence, info = ''] = FENCE.exec(line) ?? [];
    if (open === null && fence !== undefined) {
      open = { fence, lines: [], block: { info: info.split(/\s+/).filter(Boolean), text: '', line: index + 2 } };
    } else if (open !== null && fence?.startsWith(open.fence) && info === '') {
      blocks.push({ ...open.block, text: open.lines.map((each) => `${each}\n`).join('') });
      open = null;
    } else if (open !== null) {
      open.lines.push(line);
    }
    prose.push(open !== null || fence !== undefined ? '' : line);
  }
  if (open) throw new Error(`${path}: the block from line ${open.block.line} on is never closed`);
  return { path, text, prose, blocks };
}
