import type { AttributeValue } from '@aws-sdk/client-dynamodb';

/** An item, or an index's copy of one, in the format of the API. */
export type Item = Record<string, AttributeValue>;

// The guide: "An attribute of type List or Map requires 3 bytes of overhead", and each element of one 1 byte more.
const CONTAINER_BYTES = 3;
const ELEMENT_BYTES = 1;

/**
 * Bytes of an item for throughput: the UTF-8 bytes of its attribute names, and its values. The 100 bytes that AWS adds
 * to every item and index entry count for storage only, so they are left out.
 *
 * Source: Amazon DynamoDB Developer Guide, "DynamoDB item sizes and formats" (CapacityUnitCalculations).
 */
export function itemSize(item: Item): number {
  let bytes = 0;
  for (const name in item) bytes += Buffer.byteLength(name) + valueSize(item[name] as AttributeValue);
  return bytes;
}

/** Bytes of one attribute value without its name. The guide does not mention sets: their members are added up. */
export function valueSize(value: AttributeValue): number {
  if (value.S !== undefined) return Buffer.byteLength(value.S);
  if (value.N !== undefined) return numberSize(value.N);
  if (value.B !== undefined) return value.B.byteLength;
  if (value.BOOL !== undefined || value.NULL !== undefined) return 1;
  if (value.SS) return sum(value.SS.map((text) => Buffer.byteLength(text)));
  if (value.NS) return sum(value.NS.map(numberSize));
  if (value.BS) return sum(value.BS.map((bytes) => bytes.byteLength));
  if (value.L) return CONTAINER_BYTES + sum(value.L.map((element) => ELEMENT_BYTES + valueSize(element)));
  if (value.M) return CONTAINER_BYTES + ELEMENT_BYTES * Object.keys(value.M).length + itemSize(value.M);
  throw new Error(`No size is known for the attribute type ${Object.keys(value).join()}`);
}

/**
 * "Approximately 1 byte per two significant digits + 1 byte", leading and trailing zeros trimmed; a minus sign takes
 * another byte, which the guide leaves out and measurements show.
 */
function numberSize(text: string): number {
  const { digits, negative } = decimal(text);
  return Math.ceil(digits.length / 2) + 1 + (negative ? 1 : 0);
}

/**
 * The same text for all ways to write a value (`1`, `1.0` and `10e-1`; sets in any order). Texts are equal if DynamoDB
 * treats the values as equal, in keys and when it decides whether an index entry has changed.
 */
export function canonicalText(value: AttributeValue): string {
  return JSON.stringify(canonical(value));
}

function canonical(value: AttributeValue): unknown {
  if (value.S !== undefined) return value;
  if (value.N !== undefined) return { N: canonicalNumber(value.N) };
  if (value.B !== undefined) return { B: base64(value.B) };
  if (value.SS) return { SS: value.SS.toSorted() };
  if (value.NS) return { NS: value.NS.map(canonicalNumber).toSorted() };
  if (value.BS) return { BS: value.BS.map(base64).toSorted() };
  if (value.L) return { L: value.L.map(canonical) };
  if (value.M) {
    const entries = Object.entries(value.M).map(([name, inner]) => [name, canonical(inner)] as const);
    return { M: entries.toSorted(([one], [other]) => (one < other ? -1 : 1)) };
  }
  return value;
}

function canonicalNumber(text: string): string {
  const { digits, exponent, negative } = decimal(text);
  if (digits === '') return '0';
  return `${negative ? '-' : ''}${digits}e${exponent}`;
}

/** Significant digits (none for zero) and the exponent of the last of them. */
function decimal(text: string): { digits: string; exponent: number; negative: boolean } {
  const parts = /^([+-]?)(\d*)\.?(\d*)(?:[eE]([+-]?\d+))?$/.exec(text.trim());
  if (!parts) throw new Error(`Not a DynamoDB number: ${text}`);
  const [, sign = '', whole = '', fraction = '', power = '0'] = parts;
  const all = whole + fraction;
  const trimmed = all.replace(/0+$/, '');
  const exponent = Number(power) - fraction.length + (all.length - trimmed.length);
  const digits = trimmed.replace(/^0+/, '');
  return { digits, exponent, negative: sign === '-' && digits !== '' };
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, next) => total + next, 0);
}
