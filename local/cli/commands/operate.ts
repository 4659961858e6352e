import { type Command, Option } from 'commander';
import { stage } from '../arguments.ts';

/** What the operator's commands have in common. */

export const stageOption = (): Option =>
  new Option(
    '--stage <name>',
    'a deployed stage, in the account and region of its file; without it the demo that is running',
  ).argParser(stage);

/** An action whose UsageError ends the command as wrong usage. commander calls it with the command as `this`. */
export function withUsage<A extends unknown[]>(action: (...args: A) => Promise<void>) {
  return async function act(this: Command, ...args: A): Promise<void> {
    try {
      await action(...args);
    } catch (error) {
      if ((error as Error).name !== 'UsageError') throw error;
      this.error(`error: ${(error as Error).message}`, { exitCode: 2 });
    }
  };
}
