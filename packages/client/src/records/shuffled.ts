import { randomBytes } from "@sinetti/core";

/** The same items in an order that nobody can foresee. */
export function shuffled<T>(items: readonly T[]): T[] {
  const keys = randomBytes(items.length * 4);
  const view = new DataView(keys.buffer, keys.byteOffset, keys.byteLength);
  return items
    .map((item, index) => ({ item, key: view.getUint32(index * 4) }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item);
}
