import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { Interrupted, onTerminal } from '../../../local/operate/terminal.ts';
import { outcomeOf } from '../outcome.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const folder = temporaryFolder();
const CTRL_C = '\u0003';
const CTRL_D = '\u0004';

describe('At a question', () => {
  /** What becomes of two questions when something is typed at each. */
  async function typed(first: string, second = ''): Promise<{ outcome: unknown; printed: string }> {
    const input = new PassThrough();
    const output = Object.assign(new PassThrough(), { isTTY: true });
    let printed = '';
    output.on('data', (chunk) => {
      printed += chunk;
    });
    const work = onTerminal(
      async (ask) => {
        const answers = [ask('First: ')];
        input.write(first);
        await answers[0];
        answers.push(ask('Second: '));
        input.write(second);
        return Promise.all(answers);
      },
      input,
      output,
    );
    const outcome = await work.catch((error: unknown) => error);
    return { outcome, printed };
  }

  it('Ctrl-C interrupts, and the next line of the terminal is free', async () => {
    const { outcome, printed } = await typed('one\r', CTRL_C);
    expect(outcome).toBeInstanceOf(Interrupted);
    expect(printed.endsWith('\n')).toBe(true);
  });

  it('the end of the input is an error in words', async () => {
    expect((await typed(CTRL_D)).outcome).toEqual(new Error('not all was answered; nothing was done'));
  });

  it('what is typed is the answer', async () => {
    expect((await typed('one\r', 'two\r')).outcome).toEqual(['one', 'two']);
  });
});

describe('A command that is interrupted', () => {
  const BIN = fileURLToPath(new URL('../../../local/bin/loopwatch.mjs', import.meta.url));
  /** As where `node` isn't Lambda's Node: another process runs the command. */
  const WRAPPER = fileURLToPath(new URL('../../../local/bin/lambda-node.mjs', import.meta.url));
  /** Has the process take its pipes for a terminal. */
  const AS_TERMINAL = 'data:text/javascript,process.stdin.isTTY=process.stderr.isTTY=true';

  /** Starts a command as on a terminal and presses keys once it asks something. */
  function onFirstQuestion(args: string[], act: (child: ChildProcess) => void) {
    const child = spawn(process.execPath, [WRAPPER, '--import', AS_TERMINAL, BIN, ...args]);
    child.stderr.once('data', () => act(child));
    return outcomeOf(child);
  }

  it('ends with 130, has written nothing and says nothing', async () => {
    const args = ['init', join(folder, 'new')];
    const { code, stdout, stderr } = await onFirstQuestion(args, ({ stdin }) => stdin?.write(CTRL_C));
    expect({ code, stdout }).toEqual({ code: 130, stdout: '' });
    expect(stderr).not.toMatch(/loopwatch|Error|nothing was/);
    expect(existsSync(join(folder, 'new'))).toBe(false);
  });

  it('by a signal ends with the status that shells give it', async () => {
    const { code } = await onFirstQuestion(['init', join(folder, 'new')], (child) => child.kill('SIGTERM'));
    expect(code).toBe(143);
  });
});
