/** A Markdown table. Bars within cells are escaped. */
export function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(heads), line(heads.map(() => '---')), ...rows.map(line)].join('\n');
}

export const code = (text: string): string => `\`${text}\``;

/** Replaces the text between `<!-- generated: NAME -->` and `<!-- end -->`. Throws if the page has no such marks. */
export function withGenerated(page: string, name: string, body: string): string {
  const start = `<!-- generated: ${name} -->\n`;
  const from = page.indexOf(start);
  const to = page.indexOf('<!-- end -->', from);
  if (from < 0 || to < 0) throw new Error(`the page has no place "generated: ${name}"`);
  return `${page.slice(0, from + start.length)}\n${body}\n\n${page.slice(to)}`;
}
