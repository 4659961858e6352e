import { findNodeAtLocation, modify, type Node, parseTree } from 'jsonc-parser';

const LINE = 110;

/**
 * The text of `directory.json` with other holidays of a site; all the rest stays as it is written. The list stays on one
 * line if it was on one and fits.
 * @param index the site's place in `sites`
 */
export function withHolidays(text: string, index: number, holidays: readonly string[]): string {
  const path = ['sites', index, 'holidays'];
  const mark = text.startsWith('\uFEFF') ? '\uFEFF' : '';
  const json = text.slice(mark.length);
  const known = findNodeAtLocation(rootOf(json), path);
  if (known) return mark + replaced(json, known, listText(json, known, holidays));
  const [insertion] = modify(json, path, [], {});
  if (!insertion) throw new Error('the site is not where it should be');
  const { offset, length } = insertion;
  const content = spaced(json, index, insertion.content);
  const inserted = json.slice(0, offset) + content + json.slice(offset + length);
  const list = findNodeAtLocation(rootOf(inserted), path) as Node;
  return mark + replaced(inserted, list, listText(inserted, list, holidays));
}

function rootOf(json: string): Node {
  const root = parseTree(json);
  if (!root) throw new Error('is empty');
  return root;
}

/** What is inserted behind a site's last field, written as the space between its fields is. */
function spaced(json: string, index: number, content: string): string {
  const fields = findNodeAtLocation(rootOf(json), ['sites', index])?.children ?? [];
  const [before, last] = fields.slice(-2);
  const between = before && last ? json.slice(before.offset + before.length, last.offset) : ', ';
  return content
    .replace(/^,\s*/, between)
    .replace(/^("holidays"):\s*/m, '$1: ')
    .replace(/"holidays":\[/, '"holidays": [');
}

function replaced(json: string, { offset, length }: Node, by: string): string {
  return json.slice(0, offset) + by + json.slice(offset + length);
}

function listText(json: string, { offset, length }: Node, holidays: readonly string[]): string {
  const dates = holidays.map((date) => JSON.stringify(date));
  const flat = `[${dates.join(', ')}]`;
  const lineStart = json.lastIndexOf('\n', offset) + 1;
  const isOneLine = !json.slice(offset, offset + length).includes('\n');
  if (isOneLine && offset - lineStart + flat.length <= LINE) return flat;
  const eol = json.includes('\r\n') ? '\r\n' : '\n';
  const indent = /^[ \t]*/.exec(json.slice(lineStart))?.[0] ?? '';
  const unit = /\n([ \t]+)/.exec(json)?.[1] ?? '  ';
  return `[${eol}${dates.map((date) => indent + unit + date).join(`,${eol}`)}${eol}${indent}]`;
}
