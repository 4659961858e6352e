/** DynamoDB's JSON, as it goes over the network: bytes go as Base64, and stand under `B` or in a list under `BS`. */
export const toWire = (body: object): string =>
  JSON.stringify(body, function (this: Record<string, unknown>, key, value) {
    // A Buffer has made something else of itself before it comes here.
    const before = this[key];
    return before instanceof Uint8Array ? Buffer.from(before).toString('base64') : value;
  });

/** What `toWire` wrote. */
export const fromWire = (body: string): object =>
  JSON.parse(body, (key, value) => {
    // Attributes may be called B, too: those are never texts.
    if (key === 'B' && typeof value === 'string') return bytesOf(value);
    if (key === 'BS' && Array.isArray(value)) return value.map(bytesOf);
    return value;
  });

const bytesOf = (base64: string): Uint8Array => new Uint8Array(Buffer.from(base64, 'base64'));
