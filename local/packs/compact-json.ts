const LINE = 110;

/**
 * JSON for people: a value that fits on one line takes one line, others are indented by two. Ends with a line break.
 */
export function compactJson(value: unknown): string {
  return `${write(value, 0, 0)}\n`;
}

function write(value: unknown, depth: number, prefix: number): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const flat = onOneLine(value);
  if (depth > 0 && 2 * depth + prefix + flat.length <= LINE) return flat;
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  const members = Array.isArray(value)
    ? value.map((member) => write(member, depth + 1, 0))
    : defined(value).map(([key, member]) => `${JSON.stringify(key)}: ${write(member, depth + 1, key.length + 4)}`);
  const indent = '  '.repeat(depth);
  return `${open}\n${members.map((member) => `${indent}  ${member}`).join(',\n')}\n${indent}${close}`;
}

function onOneLine(value: unknown): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(onOneLine).join(', ')}]`;
  const members = defined(value).map(([key, member]) => `${JSON.stringify(key)}: ${onOneLine(member)}`);
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
}

const defined = (value: object) => Object.entries(value).filter(([, member]) => member !== undefined);
