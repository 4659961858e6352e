import { isUtf8 } from 'node:buffer';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { getNodeValue, type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import { collection, type Report } from '../../shared/contracts/config-findings.ts';
import { type ConfigFile, type Problem, pathText } from '../../shared/contracts/config-problem.ts';
import { isDeeperThan, MAX_DEPTH } from '../../shared/contracts/depth.ts';

/** A file of a configuration, or what keeps it from being read. */
export type ReadFile = { text: string; value: unknown } | { problems: Problem[] };

/**
 * Reads a file of a configuration folder. What is no JSON is named with line, column and the text that stands there; so
 * is a field that an object has twice, of which `JSON.parse` keeps the last without a word.
 */
export async function readConfigFile(folder: string, file: ConfigFile): Promise<ReadFile> {
  const unreadable = (message: string): ReadFile => ({ problems: [{ file, path: '', value: undefined, message }] });
  let bytes: Buffer;
  try {
    bytes = await readFile(join(folder, file));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' && !existsSync(folder)) return unreadable(`there is no folder ${folder}`);
    if (code === 'ENOENT') return unreadable(`expected a file ${file} in ${folder}`);
    if (code === 'ENOTDIR') return unreadable(`expected a folder, and ${folder} is a file`);
    return unreadable(`can't be read: ${messageOf(error)}`);
  }
  const encoding = complaintOfEncoding(bytes);
  if (encoding !== null) return unreadable(encoding);
  const text = bytes.toString('utf8');
  // Some editors on Windows put a byte order mark before the text, which JSON does not allow.
  const json = text.replace(/^\uFEFF/, '');
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    return unreadable(complaintOfSyntax(json) ?? `is not JSON: ${messageOf(error).replace(/\s+/g, ' ')}`);
  }
  if (isDeeperThan(MAX_DEPTH, value)) {
    return unreadable(`expected at most ${MAX_DEPTH} levels of lists and objects`);
  }
  const problems = repeatedFields(file, json);
  return problems.length > 0 ? { problems } : { text, value };
}

/** A file that need not be there: then its value is undefined. */
export async function readOptionalFile(folder: string, file: ConfigFile): Promise<ReadFile> {
  return existsSync(join(folder, file)) ? readConfigFile(folder, file) : { text: '', value: undefined };
}

function complaintOfEncoding(bytes: Buffer): string | null {
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    return 'is UTF-16; expected UTF-8, so save it with that encoding';
  }
  if (isUtf8(bytes)) return null;
  // No character of UTF-8 but a line break has the byte of a line break.
  const lines = bytes.toString('latin1').split('\n');
  const at = lines.findIndex((line) => !isUtf8(Buffer.from(line, 'latin1')));
  const line = Buffer.from(lines[at] ?? '', 'latin1').toString('utf8');
  const column = line.indexOf('\uFFFD');
  return `line ${at + 1}, column ${column + 1}: is not UTF-8, in ${shown(line.slice(Math.max(0, column - 10), column + 10).trim())}; expected UTF-8, so save it with that encoding`;
}

/** The first fault of a text that is not JSON. Null: none is found. */
function complaintOfSyntax(json: string): string | null {
  if (json.trim() === '') return 'is empty; expected a JSON object';
  const errors: ParseError[] = [];
  try {
    parseTree(json, errors, { disallowComments: true, allowTrailingComma: false });
  } catch (error) {
    // So many brackets are open that the parser has no room left.
    if (!(error instanceof RangeError)) throw error;
  }
  const [first] = errors;
  if (!first) return null;
  const found = tokenAt(json, first.offset);
  const isEnd = found === '';
  return `is not JSON: ${position(json, isEnd ? json.trimEnd().length : first.offset)}: ${expectation(first, json, found)}, found ${isEnd ? 'the end of the file' : shown(found)}`;
}

function expectation({ error, offset }: ParseError, json: string, found: string): string {
  switch (printParseErrorCode(error)) {
    case 'InvalidCommentToken':
    case 'UnexpectedEndOfComment':
      return 'JSON has no comments';
    case 'PropertyNameExpected':
      return isAfterComma(json, offset) && found === '}'
        ? 'expected no comma after the last field'
        : 'expected the name of a field in double quotes';
    case 'ValueExpected':
      return isAfterComma(json, offset) && found === ']'
        ? 'expected no comma after the last entry'
        : 'expected a value';
    case 'ColonExpected':
      return 'expected a colon after the name of a field';
    case 'CommaExpected':
      return 'expected a comma before it, or a closing bracket';
    case 'CloseBraceExpected':
      return 'expected a closing }';
    case 'CloseBracketExpected':
      return 'expected a closing ]';
    case 'EndOfFileExpected':
      return 'expected nothing more';
    case 'UnexpectedEndOfString':
      return 'expected closing double quotes on the same line';
    case 'InvalidNumberFormat':
    case 'UnexpectedEndOfNumber':
      return 'expected a number such as 14 or 0.5';
    case 'InvalidUnicode':
    case 'InvalidEscapeCharacter':
      return 'expected a backslash to be written as two';
    case 'InvalidCharacter':
      return 'expected no tab or other control character in a text';
    default:
      return 'expected a value: text and names take double quotes, other words are true, false and null';
  }
}

const isAfterComma = (json: string, offset: number): boolean => json.slice(0, offset).trimEnd().endsWith(',');

/** What stands at an offset: a bracket or mark, a text in quotes, or a word, and no more than its line. */
function tokenAt(json: string, offset: number): string {
  const [token = ''] = /^([{}[\],:]|\/[/*].*|"[^"\n]*"?|[^\s{}[\],:]+|\s*$)/.exec(json.slice(offset)) ?? [];
  return token.trim();
}

const MOST_SHOWN = 30;
const shown = (text: string): string => (text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN - 3)}...` : text);

function position(json: string, offset: number): string {
  const before = json.slice(0, offset).split('\n');
  return `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
}

function repeatedFields(file: ConfigFile, json: string): Problem[] {
  const root = parseTree(json);
  const { report, all } = collection();
  if (root) checkRepeated(root, [], file, json, report);
  return all();
}

function checkRepeated(node: Node, path: readonly (string | number)[], file: ConfigFile, json: string, report: Report) {
  const children = node.children ?? [];
  if (node.type === 'array') {
    for (const [index, child] of children.entries()) checkRepeated(child, [...path, index], file, json, report);
  }
  if (node.type !== 'object') return;
  const first = new Map<string, Node>();
  for (const field of children) {
    const [name, value] = field.children ?? [];
    if (!name || !value) continue;
    const at = [...path, name.value as string];
    const earlier = first.get(name.value);
    if (earlier === undefined) first.set(name.value, name);
    else report(file, at, getNodeValue(value), () => repeatedText(path, [earlier, name], json));
    checkRepeated(value, at, file, json, report);
  }
}

function repeatedText(path: readonly (string | number)[], names: readonly Node[], json: string): string {
  const places = names.map(({ offset }) => position(json, offset)).join(' and ');
  return `stands twice in ${path.length === 0 ? 'the file' : pathText(path)}: ${places}; expected it once`;
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
