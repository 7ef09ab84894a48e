import type { FileId, PracticeId } from "@sinetti/core";

import { ids, bytes, numbers, toColumn } from "./columns.ts";
import type { Tx } from "./transaction.ts";

export interface SealedShare {
  readonly file: FileId;
  readonly epoch: number;
  readonly sealed: Uint8Array;
}

/** Keeps the gate's sealed halves, each written once. */
export async function keepShares(
  tx: Tx,
  practice: PracticeId,
  shares: readonly SealedShare[],
): Promise<void> {
  if (shares.length === 0) return;
  await tx`
    insert into shares (practice, file, epoch, sealed)
    select ${toColumn(practice)}, * from unnest(
      ${ids(tx, shares, ({ file }) => file)}::bytea[],
      ${numbers(tx, shares, ({ epoch }) => epoch)}::bigint[],
      ${bytes(tx, shares, ({ sealed }) => sealed)}::bytea[])
    on conflict do nothing`;
}
