import type { Hash, Link } from "@sinetti/core";

import { Refusal } from "../problem.ts";

/** The acceptance of this very statement if it stands already; null: its place is free. Error: `conflict` when another stands there. */
export async function findPlace(
  link: Link,
  headSeq: number,
  find: () => Promise<{ hash: Hash; acceptance: Uint8Array } | undefined>,
): Promise<Uint8Array | null> {
  if (link.statement.seq > headSeq) return null;
  const found = await find();
  if (found?.hash !== link.hash) throw new Refusal("conflict");
  return found.acceptance;
}
