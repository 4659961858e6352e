import type { Item } from '../../local/cost/item-size.ts';
import type { FunctionCall } from './organization.ts';

/** Units by function, then by what they went to: kinds of item (reads and writes) and `index <name>`. */
export class Tally {
  readonly reads = new Map<string, Map<string, number>>();
  readonly writes = new Map<string, Map<string, number>>();
  requests = 0;

  add(call: FunctionCall): void {
    this.requests += 1;
    const { functionName, index, readUnits, writeUnits, indexWriteUnits, items } = call;
    if (readUnits > 0) {
      const kinds = [...new Set(items.map(kindOf))].sort().join(' + ') || 'nothing';
      count(this.reads, functionName, index === undefined ? kinds : `index ${index}`, readUnits);
    }
    if (writeUnits === 0) return;
    const ofIndexes = Object.values(indexWriteUnits).reduce((sum, units) => sum + units, 0);
    count(this.writes, functionName, kindOf(items[0] ?? {}), writeUnits - ofIndexes);
    for (const [name, units] of Object.entries(indexWriteUnits)) {
      count(this.writes, functionName, `index ${name}`, units);
    }
  }
}

/** All units of a tally, or those of one function. */
export function total(units: ReadonlyMap<string, ReadonlyMap<string, number>>, functionName?: string): number {
  let sum = 0;
  for (const [name, by] of units) {
    if (functionName === undefined || name === functionName) for (const value of by.values()) sum += value;
  }
  return sum;
}

/** What an item is, from its key: `1#alert#...` is an alert, `mail#...` a mail. */
function kindOf({ pk, sk }: Item): string {
  const sorted = /^\d#(\w+)/.exec(sk?.S ?? '');
  return sorted?.[1] ?? (pk?.S ?? '').split('#')[0] ?? '';
}

function count(units: Map<string, Map<string, number>>, functionName: string, target: string, value: number): void {
  const by = units.get(functionName) ?? new Map<string, number>();
  units.set(functionName, by);
  by.set(target, (by.get(target) ?? 0) + value);
}
