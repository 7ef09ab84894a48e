import { z } from "zod";
import { entryKey, instant } from "./fields.ts";

const SNAPSHOT_MAX = 20_000;

/** Schema of the entries of a folded file: put, remove, or a snapshot of all that held before it. */
export function putRemoveOf<S extends z.ZodType>(value: S) {
  return z.discriminatedUnion("op", [
    z.strictObject({ v: z.literal(1), at: instant, op: z.literal("put"), key: entryKey, value }),
    z.strictObject({ v: z.literal(1), at: instant, op: z.literal("remove"), key: entryKey }),
    z.strictObject({
      v: z.literal(1),
      at: instant,
      op: z.literal("snapshot"),
      values: z.array(z.strictObject({ key: entryKey, value })).max(SNAPSHOT_MAX),
    }),
  ]);
}

/** One entry of a folded file. */
export type PutRemove<V> =
  | { v: 1; at: string; op: "put"; key: string; value: V }
  | { v: 1; at: string; op: "remove"; key: string }
  | Snapshot<V>;

/** All that held when it was written; whatever stands before it need not be read. */
export interface Snapshot<V> {
  v: 1;
  at: string;
  op: "snapshot";
  values: { key: string; value: V }[];
}

/**
 * What holds after `entries` in chain order, on top of `before`: the last put of a key wins, a remove ends it, a snapshot
 * replaces all. Does not change `before`.
 */
export function foldPutRemove<V>(
  entries: Iterable<PutRemove<V>>,
  before: ReadonlyMap<string, V> = new Map(),
): Map<string, V> {
  let valueByKey = new Map(before);
  for (const entry of entries) {
    if (entry.op === "put") valueByKey.set(entry.key, entry.value);
    else if (entry.op === "remove") valueByKey.delete(entry.key);
    else valueByKey = new Map(entry.values.map(({ key, value }) => [key, value]));
  }
  return valueByKey;
}

/** The snapshot entry of a folded state, keys in order; `at` is the author's time. */
export function snapshotOf<V>(valueByKey: ReadonlyMap<string, V>, at: string): Snapshot<V> {
  const values = [...valueByKey].map(([key, value]) => ({ key, value }));
  values.sort((a, b) => (a.key < b.key ? -1 : 1));
  return { v: 1, at, op: "snapshot", values };
}
