import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** One figure that a bench has a goal for. `against` says what a ratio is measured against. */
export interface Goal {
  name: string;
  unit: string;
  goal: number;
  measured: number;
  met: boolean;
  against?: string;
}

const FILE = fileURLToPath(new URL('./results/latest.json', import.meta.url));
const DIGITS = 1000;

/** A figure that is to stay at or below its goal. */
export function goal(name: string, unit: string, most: number, measured: number, against?: string): Goal {
  const rounded = Math.round(measured * DIGITS) / DIGITS;
  return { name, unit, goal: most, measured: rounded, met: rounded <= most, ...(against && { against }) };
}

/** Prints figures and writes them to `bench/results/latest.json`; what other benches wrote there stays. */
export function writeResults(goals: readonly Goal[]): void {
  for (const { name, measured, goal, met } of goals) {
    console.log(`${met ? 'met   ' : 'MISSED'} ${name}: ${measured} (goal ${goal})`);
  }
  const before: { goals: Goal[] } = existsSync(FILE) ? JSON.parse(readFileSync(FILE, 'utf8')) : { goals: [] };
  const names = new Set(goals.map(({ name }) => name));
  const all = [...before.goals.filter(({ name }) => !names.has(name)), ...goals];
  const commit = execFileSync('git', ['rev-parse', 'HEAD'], { encoding: 'utf8' }).trim();
  writeFileSync(FILE, `${JSON.stringify({ commit, node: process.version, goals: all }, null, 2)}\n`);
}
