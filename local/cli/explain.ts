import type { Command } from 'commander';
import type { Print } from './config.ts';
export function addExplain(_program: Command, _print: Print): void {}
