import { WIDTH } from '../cli/columns.ts';

type Json = null | boolean | number | string | Json[] | { [field: string]: Json };

/** JSON as people write it: what fits on a line of a terminal stands on one. @param indent of every line */
export function jsonLines(value: unknown, indent: number): string[] {
  const margin = ' '.repeat(indent);
  return textOf(value as Json, indent, 0, WIDTH)
    .split('\n')
    .map((line, index) => (index === 0 ? margin + line : line));
}

function textOf(value: Json, indent: number, before: number, width: number): string {
  const inline = inlineOf(value);
  if (typeof value !== 'object' || value === null || indent + before + inline.length < width) return inline;
  const inner = ' '.repeat(indent + 2);
  const parts = Array.isArray(value)
    ? value.map((each) => inner + textOf(each, indent + 2, 0, width))
    : Object.entries(value).map(([name, each]) => {
        const label = `${JSON.stringify(name)}: `;
        return inner + label + textOf(each, indent + 2, label.length, width);
      });
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  return `${open}\n${parts.join(',\n')}\n${' '.repeat(indent)}${close}`;
}

function inlineOf(value: Json): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(inlineOf).join(', ')}]`;
  const fields = Object.entries(value).map(([name, each]) => `${JSON.stringify(name)}: ${inlineOf(each)}`);
  return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`;
}
