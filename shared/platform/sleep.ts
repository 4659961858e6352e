import { setTimeout as wait } from 'node:timers/promises';

/** Waits. The local run and tests bring one that doesn't. */
export type Sleep = (milliseconds: number) => Promise<void>;

export const realSleep: Sleep = async (milliseconds) => {
  await wait(milliseconds);
};
