import { type ConfigFile, type Path, type Problem, pathText, problem } from './config-problem.ts';
import { messageOn } from './fill-in.ts';

/** What would be right, in words. As a function it is made only if the finding is kept: it may take a while. */
export type Message = string | (() => string);
/** Takes one finding of a check. */
export type Report = (file: ConfigFile, path: Path, value: unknown, message: Message) => void;
export interface Findings {
  problem: Report;
  warning: Report;
}

/** Of one file. Whoever has mended so many runs the check again. */
const MOST_KEPT = 1_000;

/** Keeps findings as they come. */
export interface Collection {
  report: Report;
  /** Of each file the first 1000, and in place of its others one that says how many there are. */
  all(): Problem[];
}

export function collection(): Collection {
  const kept: Problem[] = [];
  const counts = new Map<ConfigFile, number>();
  return {
    report: (file, path, value, message) => {
      const count = (counts.get(file) ?? 0) + 1;
      counts.set(file, count);
      if (count > MOST_KEPT) return;
      const text = typeof message === 'string' ? message : message();
      kept.push(problem(file, path, value, messageOn(value, text)));
    },
    all: () => {
      const long = [...counts].filter(([, count]) => count > MOST_KEPT);
      return [
        ...kept,
        ...long.map(([file, count]) => problem(file, [], undefined, `${count - MOST_KEPT} more, not listed`)),
      ];
    },
  };
}

/** Reports each member whose `field` has the value of an earlier one. */
export function repeated<K extends string>(
  file: ConfigFile,
  members: readonly Record<K, string>[],
  field: K,
  paths: readonly Path[],
  report: Report,
): void {
  const first = new Map<string, number>();
  for (const [index, member] of members.entries()) {
    const value = member[field];
    const earlier = first.get(value);
    if (earlier === undefined) first.set(value, index);
    else
      report(
        file,
        [...(paths[index] ?? []), field],
        value,
        () => `expected another than ${pathText(paths[earlier] ?? [])} has`,
      );
  }
}
