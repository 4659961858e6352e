import { createInterface, type Interface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Children } from './children.ts';
import type { Installed } from './install.ts';

const SCRIPT = fileURLToPath(new URL('./aws.py', import.meta.url));

/** The error that AWS answered with, or one that prevented an answer. */
export class AwsError extends Error {
  override readonly name = 'AwsError';
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

// biome-ignore lint/suspicious/noExplicitAny: an answer has the shape that AWS documents for the operation
export type Answer = Record<string, any>;

/** Calls any operation of any AWS service, by the names in its API reference. */
export class Aws {
  readonly #send: (line: string) => void;
  readonly #lines: AsyncIterator<string>;
  #last: Promise<unknown> = Promise.resolve();

  private constructor(send: (line: string) => void, lines: Interface) {
    this.#send = send;
    this.#lines = lines[Symbol.asyncIterator]();
  }

  static open(children: Children, { python }: Installed, env: NodeJS.ProcessEnv, cwd: string): Aws {
    const child = children.start({ name: 'aws', command: python, args: [SCRIPT], env, cwd }, true);
    const { stdin, stdout } = child;
    if (!stdin || !stdout) throw new Error('aws.py has no streams');
    // If aws.py ends early, the next answer is missing.
    stdin.on('error', () => {});
    return new Aws((line) => stdin.write(line), createInterface({ input: stdout }));
  }

  /** Calls an operation. Throws AwsError with the code that AWS gave. */
  call(service: string, operation: string, parameters: object = {}): Promise<Answer> {
    const answer = this.#last.then(() => this.#call(service, operation, parameters));
    this.#last = answer.catch(() => {});
    return answer;
  }

  async #call(service: string, operation: string, parameters: object): Promise<Answer> {
    this.#send(`${JSON.stringify({ service, operation, parameters })}\n`);
    const { value, done } = await this.#lines.next();
    if (done) throw new Error(`aws.py ended before it answered ${operation}`);
    const { result, code, message } = JSON.parse(value);
    if (code !== undefined) throw new AwsError(code, message);
    return result;
  }
}
