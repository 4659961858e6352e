import type { Item } from '../cost/item-size.ts';

/** What one call read or wrote and cost, in request units (`local/cost/model.ts`). */
export interface Metered {
  readonly action: string;
  readonly table: string;
  readonly index: string | undefined;
  readonly readUnits: number;
  /** In all, indexes included. */
  readonly writeUnits: number;
  readonly indexWriteUnits: Readonly<Record<string, number>>;
  /** The items read, or the key of the item written. */
  readonly items: readonly Item[];
}

/** Works out what a call cost, for those who ask: items are never changed in place, so it is the same at any time. */
export type Measure = () => Metered;

const metered = new WeakSet<object>();
const callsByAnswer = new WeakMap<object, readonly Measure[]>();

/** Notes that a client asks tables in memory. */
export const noteMetered = (client: object): void => void metered.add(client);

/** Whether a client asks tables in memory, whose answers say what they cost. */
export const isMetered = (client: object): boolean => metered.has(client);

/** Notes the calls of an answer, an output or an error. */
export const noteCalls = (answer: object, calls: readonly Measure[]): void => void callsByAnswer.set(answer, calls);

/** What a call read or wrote, by the output or the error that it gave to a client of tables in memory. */
export const callsOf = (answer: object): Metered[] => (callsByAnswer.get(answer) ?? []).map((measure) => measure());
