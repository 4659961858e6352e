/** What 80 to 9F stand for. Five of them stand for nothing, and stay as they are. */
const FROM_80 = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';

/** Reads bytes in Windows-1252. `TextDecoder` of Node 22.18 and 24.0 takes them for ISO 8859-1, which has no quotes and no €. */
export function decode1252(bytes: Uint8Array): string {
  return Buffer.from(bytes)
    .toString('latin1')
    .replace(/[\u0080-\u009f]/g, (character) => FROM_80.charAt(character.charCodeAt(0) - 0x80));
}
