/** Character sets of HL7 table 0211, by what the encoding standard calls them. Others are tried by their own name. */
const LABELS: Readonly<Record<string, string>> = {
  ascii: 'utf-8',
  unicode: 'utf-16le',
  'unicode utf-8': 'utf-8',
  'unicode utf-16': 'utf-16be',
  'iso ir6': 'utf-8',
  'iso ir14': 'shift_jis',
  'iso ir87': 'iso-2022-jp',
  'iso ir159': 'iso-2022-jp',
  'gb 18030-2000': 'gb18030',
  'ks x 1001': 'euc-kr',
  'big-5': 'big5',
};
const ISO_8859 = /^8859\/(\d{1,2})$/;
/** By the standard a message without MSH-18 is ASCII, which UTF-8 contains. */
const USUAL = 'utf-8';
/** What systems that say nothing send if it isn't UTF-8. */
const UNSAID = 'windows-1252';
/** A header is far shorter. */
const HEADER_BYTES = 8192;
const CHARACTER_SET_FIELD = 17;

/** Reads bytes in a character set of MSH-18; what isn't one of it becomes a replacement character. */
export function decodeBytes(bytes: Uint8Array, characterSet: string): string {
  return decoder(characterSet, false).decode(bytes);
}

/**
 * The text of a file with messages of HL7 v2: by its byte order mark, else by MSH-18 of its first message, else UTF-8 if it is
 * that. Bodies of queue messages are text already: there whoever queued them has done this.
 */
export function decodeHl7(bytes: Uint8Array): string {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  const characterSet = characterSetIn(new TextDecoder('latin1').decode(bytes.subarray(0, HEADER_BYTES)));
  try {
    return decoder(characterSet, true).decode(bytes);
  } catch {
    return new TextDecoder(characterSet === '' ? UNSAID : USUAL).decode(bytes);
  }
}

function characterSetIn(start: string): string {
  const header = start.slice(Math.max(0, start.indexOf('MSH'))).split(/[\r\n]/, 1)[0] ?? '';
  const field = header.split(header.charAt(3) || '|')[CHARACTER_SET_FIELD] ?? '';
  return field.split(/[~^]/, 1)[0] ?? '';
}

function decoder(characterSet: string, fatal: boolean): InstanceType<typeof TextDecoder> {
  try {
    return new TextDecoder(labelOf(characterSet.trim().toLowerCase()), { fatal });
  } catch {
    // A name that nobody knows.
    return new TextDecoder(USUAL, { fatal });
  }
}

function labelOf(name: string): string {
  const part = ISO_8859.exec(name)?.[1];
  if (part !== undefined) return `iso-8859-${part}`;
  const label = Object.hasOwn(LABELS, name) ? LABELS[name] : name;
  return label || USUAL;
}
