import { Command } from 'commander';
import { afterEach, expect, it, vi } from 'vitest';
import { addDemo } from '../../../local/cli/commands/demo.ts';

const seen = vi.hoisted(() => [] as string[]);
vi.mock('../../../local/cli/demo.ts', () => {
  seen.push('loaded');
  return { demo: async () => void seen.push('run') };
});

const { isTTY } = process.stderr;
afterEach(() => {
  process.stderr.isTTY = isTTY;
  vi.restoreAllMocks();
});

it('a terminal shows that the demo starts before what it runs is loaded', async () => {
  process.stderr.isTTY = true;
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    seen.push(String(text));
    return true;
  });
  const program = new Command('loopwatch');
  addDemo(program, () => {});
  await program.parseAsync(['demo'], { from: 'user' });
  expect(seen).toEqual(['\r\u001b[KStarting …', 'loaded', 'run']);
});
