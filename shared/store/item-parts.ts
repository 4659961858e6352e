/** An item holds 400 KB at most, with its keys and all else that it says. */
const MOST_PART_BYTES = 350_000;

/** Cuts bytes into parts that fit an item each, in order. None if there are no bytes. */
export function cutBytes(bytes: Uint8Array): Uint8Array[] {
  const count = Math.ceil(bytes.length / MOST_PART_BYTES);
  return Array.from({ length: count }, (_, index) =>
    bytes.subarray(index * MOST_PART_BYTES, (index + 1) * MOST_PART_BYTES),
  );
}
