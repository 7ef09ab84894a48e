import type { PracticeId } from "@sinetti/core";

import { bytes, toColumn } from "./columns.ts";
import type { Tx } from "./transaction.ts";

export interface LookupCell {
  readonly token: Uint8Array;
  readonly cell: Uint8Array;
}

/** Keeps cells; the file that one leads to is sealed inside it and stands nowhere else. */
export async function keepCells(
  tx: Tx,
  practice: PracticeId,
  cells: readonly LookupCell[],
): Promise<void> {
  await tx`
    insert into lookup_cells (practice, token, cell)
    select ${toColumn(practice)}, * from unnest(
      ${bytes(tx, cells, ({ token }) => token)}::bytea[],
      ${bytes(tx, cells, ({ cell }) => cell)}::bytea[])
    on conflict do nothing`;
}

/** The cells under these tokens, `count` a token at most. */
export async function findCells(
  tx: Tx,
  practice: PracticeId,
  { tokens, count }: { tokens: readonly Uint8Array[]; count: number },
): Promise<LookupCell[]> {
  return tx<LookupCell[]>`
    select found.token, found.cell
    from unnest(${bytes(tx, tokens, (token) => token)}::bytea[]) as t(token)
    cross join lateral (
      select c.token, c.cell from lookup_cells c
      where c.practice = ${toColumn(practice)} and c.token = t.token limit ${count}
    ) found`;
}

/** Drops exactly these cells; those that are not there are no matter. */
export async function dropCells(
  tx: Tx,
  practice: PracticeId,
  cells: readonly LookupCell[],
): Promise<void> {
  await tx`
    delete from lookup_cells c using unnest(
      ${bytes(tx, cells, ({ token }) => token)}::bytea[],
      ${bytes(tx, cells, ({ cell }) => cell)}::bytea[]) as gone(token, cell)
    where c.practice = ${toColumn(practice)} and c.token = gone.token and c.cell = gone.cell`;
}
