import type { AnyId, Hash } from "@sinetti/core";
import type postgres from "postgres";

import type { Sql, Tx } from "./transaction.ts";

const BYTEA_ARRAY = 1001;
const INT8_ARRAY = 1016;
const TEXT_ARRAY = 1009;

/** An id or hash as a column holds it. */
export function toColumn(id: AnyId | Hash): Buffer {
  return Buffer.from(id, "hex");
}

/** The id or hash in a column; the database holds what was validated before it was written. */
export function fromColumn<I extends AnyId | Hash>(column: Uint8Array): I {
  return Buffer.from(column.buffer, column.byteOffset, column.length).toString("hex") as I;
}

type Parameter = postgres.ArrayParameter | postgres.Parameter;
type Pick<R, V> = (row: R) => V;

/** One column of many rows, as an array that `unnest` takes apart again. */
export function ids<R>(
  tx: Sql | Tx,
  rows: readonly R[],
  pick: Pick<R, AnyId | Hash | null>,
): Parameter {
  const column = rows.map((row) => {
    const id = pick(row);
    return id === null ? null : toColumn(id);
  });
  return tx.array(column, BYTEA_ARRAY);
}

export function bytes<R>(
  tx: Sql | Tx,
  rows: readonly R[],
  pick: Pick<R, Uint8Array | null>,
): Parameter {
  return tx.array(rows.map(pick), BYTEA_ARRAY);
}

export function numbers<R>(
  tx: Sql | Tx,
  rows: readonly R[],
  pick: Pick<R, number | null>,
): Parameter {
  return tx.array(rows.map(pick), INT8_ARRAY);
}

export function texts<R>(tx: Sql | Tx, rows: readonly R[], pick: Pick<R, string>): Parameter {
  return tx.array(rows.map(pick), TEXT_ARRAY);
}

/** Ids alone, for `= any(…)`. */
export function idList(tx: Tx, list: readonly (AnyId | Hash)[]): Parameter {
  return tx.array(list.map(toColumn), BYTEA_ARRAY);
}
