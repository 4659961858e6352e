/**
 * Reads a mail as strictly as a receiver may: RFC 5322 (lines, headers, folding), 2045 and 2046 (encodings, multiparts),
 * 2047 (encoded words). It shares no code with what writes mail or with mailparser, and throws at the first octet that
 * is not allowed.
 */
export interface Part {
  /** Fields by lower-case name, unfolded, encoded words as they stand. */
  headers: ReadonlyMap<string, string>;
  /** In lower case, such as `text/plain`. */
  type: string;
  parameters: ReadonlyMap<string, string>;
  /** What is inside of a multipart. */
  parts: readonly Part[];
  /** The decoded contents of any other part. */
  body: Buffer;
}

const MOST_OCTETS = 998;
const MOST_WANTED = 78;
const MOST_ENCODED = 76;
/** Encoded words stand between white space; what looks like one in a quoted string is none. */
const ENCODED_WORDS = /(?<!\S)=\?[^\s?]*\?[^\s?]*\?[^\s?]*\?=(?!\S)/g;
const ONCE = ['from', 'to', 'reply-to', 'subject', 'date', 'message-id', 'mime-version', 'content-type'];

/** @throws at whatever the standards don't allow, with the line in question */
export function readStrictly(raw: Uint8Array): Part {
  const text = Buffer.from(raw).toString('latin1');
  demand(!/\P{ASCII}|\0/u.test(text), 'NUL or 8-bit octet, though no part declares any', text);
  demand(!/(^|[^\r])\n/.test(text), 'bare LF', text.split(/(?<!\r)\n/)[0]);
  demand(!/\r(?!\n)/.test(text), 'bare CR', text.split(/\r(?!\n)/)[0]);
  demand(text.endsWith('\r\n'), 'the last line has no end', text.slice(-80));
  for (const line of text.split('\r\n')) demand(line.length <= MOST_OCTETS, 'line over 998 octets', line);
  const message = readPart(text);
  for (const name of ONCE) demand(message.headers.has(name), `no field ${name}`, name);
  demand(message.headers.get('mime-version') === '1.0', 'MIME-Version other than 1.0', text);
  return message;
}

/** The tree of a mail, such as `alternative(text/plain, text/html)`. */
export function treeOf({ type, parts }: Part): string {
  return parts.length === 0 ? type : `${type.replace('multipart/', '')}(${parts.map(treeOf).join(', ')})`;
}

/** The parts of a mail that hold something, in order. */
export function leavesOf(part: Part): Part[] {
  return part.parts.length === 0 ? [part] : part.parts.flatMap(leavesOf);
}

/** Lines as they are sent. */
export const crlf = (text: string): string => text.replaceAll('\n', '\r\n');

/** A header's text with its encoded words decoded. */
export function headerText(value: string): string {
  return value.replaceAll(/(=\?[^\s?]+\?[A-Za-z]\?[^\s?]*\?=)(?:\s+(?==\?))?/g, (_, word: string) => decodeWord(word));
}

function readPart(text: string): Part {
  const end = text.indexOf('\r\n\r\n');
  demand(end !== -1, 'no empty line after the header', text);
  const headers = readHeader(text.slice(0, end).split('\r\n'));
  const { type, parameters } = readType(headers.get('content-type') ?? 'text/plain; charset=us-ascii');
  const encoding = (headers.get('content-transfer-encoding') ?? '7bit').toLowerCase();
  const content = text.slice(end + 4);
  const part = { headers, type, parameters };
  if (type.startsWith('multipart/')) {
    demand(encoding === '7bit', 'an encoded multipart', encoding);
    return { ...part, parts: readMultipart(content, parameters.get('boundary') ?? ''), body: Buffer.alloc(0) };
  }
  const body = decode(content, encoding);
  if (type.startsWith('text/')) {
    const charset = parameters.get('charset')?.toLowerCase();
    demand(charset === 'utf-8', 'text without a charset, or another than UTF-8', `${type} ${charset}`);
    const decoded = utf8(body);
    demand(!/\r(?!\n)|(^|[^\r])\n/.test(decoded), 'text whose line breaks are not CRLF', decoded.slice(0, 200));
  }
  return { ...part, parts: [], body };
}

function readHeader(lines: readonly string[]): Map<string, string> {
  const fields: string[][] = [];
  for (const line of lines) {
    demand(/^[\t\x20-\x7e]+$/.test(line), 'control character in a header', line);
    demand(line.trim() !== '', 'a folded line of white space alone', line);
    // The first white space is what makes it a continuation, or follows the name: there it can't be folded again.
    const foldable = /^\s*\S+:?\s*\S+\s/.test(line);
    demand(line.length <= MOST_WANTED || !foldable, 'a header line over 78 that could be folded', line);
    demand(
      line.length <= MOST_ENCODED || line.match(ENCODED_WORDS) === null,
      'a line with an encoded word over 76',
      line,
    );
    if (/^[ \t]/.test(line)) {
      demand(fields.length > 0, 'a header that begins with a continuation', line);
      fields.at(-1)?.push(line);
    } else fields.push([line]);
  }
  const headers = new Map<string, string>();
  for (const field of fields) {
    const [, name, value] = /^([!-9;-~]+): ?(.*)$/.exec(field.join('')) ?? [];
    demand(name !== undefined && value !== undefined, 'a field without a name', field[0]);
    const key = name.toLowerCase();
    demand(!headers.has(key), `${name} twice`, field[0]);
    for (const word of value.match(ENCODED_WORDS) ?? []) decodeWord(word);
    headers.set(key, value.trim());
  }
  return headers;
}

const TOKEN = /^[!#-'*+\-.0-9A-Z^-~]+$/;

function readType(value: string): { type: string; parameters: Map<string, string> } {
  const [type = '', ...rest] = value.match(/(?:[^;"]|"(?:[^"\\]|\\.)*")+/g)?.map((each) => each.trim()) ?? [];
  demand(/^[a-z]+\/[a-z0-9.+-]+$/i.test(type), 'a content type that is none', value);
  const parameters = new Map<string, string>();
  for (const parameter of rest) {
    const [, name = '', text = ''] = /^([^=]+)=(.*)$/.exec(parameter) ?? [];
    const quoted = /^"((?:[^"\\]|\\.)*)"$/.exec(text)?.[1]?.replaceAll(/\\(.)/g, '$1');
    demand(TOKEN.test(name) && (quoted !== undefined || TOKEN.test(text)), 'a parameter that is none', parameter);
    demand(!parameters.has(name.toLowerCase()), 'a parameter twice', value);
    parameters.set(name.toLowerCase(), quoted ?? text);
  }
  return { type: type.toLowerCase(), parameters };
}

function readMultipart(content: string, boundary: string): Part[] {
  demand(/^[0-9A-Za-z'()+_,\-./:=? ]{0,69}[0-9A-Za-z'()+_,\-./:=?]$/.test(boundary), 'a bad boundary', boundary);
  const [preamble = '', ...pieces] = `\r\n${content}`.split(`\r\n--${boundary}`);
  demand(preamble === '', 'text before the first part', preamble);
  const epilogue = pieces.pop() ?? '';
  demand(epilogue === '--\r\n', 'no closing boundary, or text after it', epilogue);
  demand(pieces.length > 0, 'a multipart without parts', content);
  return pieces.map((piece) => {
    demand(piece.startsWith('\r\n'), 'a boundary within a line', piece.slice(0, 80));
    return readPart(piece.slice(2));
  });
}

function decode(content: string, encoding: string): Buffer {
  switch (encoding) {
    case '7bit':
      return Buffer.from(content, 'latin1');
    case 'quoted-printable':
      return decodeQuotedPrintable(content);
    case 'base64':
      return decodeBase64(content);
  }
  throw new Error(`an encoding that is none: ${encoding}`);
}

function decodeQuotedPrintable(content: string): Buffer {
  const lines = content.split('\r\n');
  const octets = lines.map((line, index) => {
    demand(line.length <= MOST_ENCODED, 'a quoted-printable line over 76', line);
    demand(!/[ \t]$/.test(line), 'white space at the end of a quoted-printable line', line);
    const soft = line.endsWith('=');
    demand(!soft || index < lines.length - 1, 'a soft line break at the very end', line);
    const text = soft ? line.slice(0, -1) : line;
    demand(/^(?:[\t\x20-\x3c\x3e-\x7e]|=[0-9A-F]{2})*$/.test(text), 'not quoted-printable', line);
    const decoded = text.replaceAll(/=(..)/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
    return soft || index === lines.length - 1 ? decoded : `${decoded}\r\n`;
  });
  return Buffer.from(octets.join(''), 'latin1');
}

function decodeBase64(content: string): Buffer {
  const lines = content.replace(/\r\n$/, '').split('\r\n');
  for (const [index, line] of lines.entries()) {
    demand(
      index === lines.length - 1 ? line.length <= 76 : line.length === 76,
      'a base64 line of another length',
      line,
    );
  }
  const all = lines.join('');
  demand(/^[A-Za-z0-9+/]*={0,2}$/.test(all) && all.length % 4 === 0, 'not base64', all.slice(0, 80));
  const decoded = Buffer.from(all, 'base64');
  demand(decoded.toString('base64') === all, 'base64 with stray bits', all.slice(-8));
  return decoded;
}

function decodeWord(word: string): string {
  const [, charset, encoding, text = ''] = /^=\?([^?]+)\?([QB])\?([!->@-~]*)\?=$/i.exec(word) ?? [];
  demand(charset?.toLowerCase() === 'utf-8' && encoding !== undefined, 'an encoded word that is none', word);
  demand(word.length <= 75, 'an encoded word over 75', word);
  if (encoding.toUpperCase() === 'B') return utf8(decodeBase64(text));
  demand(/^(?:[^=]|=[0-9A-F]{2})*$/.test(text), 'an encoded word with bad escapes', word);
  const octets = text
    .replaceAll('_', ' ')
    .replaceAll(/=(..)/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return utf8(Buffer.from(octets, 'latin1'));
}

const utf8 = (octets: Uint8Array): string => new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(octets);

function demand(holds: boolean, otherwise: string, where: string | undefined): asserts holds {
  if (!holds) throw new Error(`${otherwise}: ${JSON.stringify((where ?? '').slice(0, 200))}`);
}
