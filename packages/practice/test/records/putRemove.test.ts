import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { directoryKey, foldPutRemove, snapshotOf } from "../../src/index.ts";
import type { PutRemove } from "../../src/index.ts";
import { AT, HASH, ID } from "./bodies.ts";

const put = (key: string, value: number): PutRemove<number> => ({
  v: 1,
  at: AT,
  op: "put",
  key,
  value,
});
const remove = (key: string): PutRemove<number> => ({ v: 1, at: AT, op: "remove", key });

const entries = fc.array(
  fc.oneof(
    fc.tuple(fc.constantFrom("a", "b", "c"), fc.nat()).map(([key, value]) => put(key, value)),
    fc.constantFrom("a", "b", "c").map(remove),
  ),
);

describe("foldPutRemove", () => {
  it("keeps the last put of a key and drops what was removed", () => {
    const folded = foldPutRemove([
      put("a", 1),
      put("b", 2),
      put("a", 3),
      remove("b"),
      remove("never"),
    ]);
    expect([...folded]).toEqual([["a", 3]]);
  });

  it("leaves the state that it continues untouched", () => {
    const before = new Map([["a", 1]]);
    foldPutRemove([remove("a")], before);
    expect(before.get("a")).toBe(1);
  });

  it("gives the same from a snapshot as from the beginning", () => {
    fc.assert(
      fc.property(entries, entries, (first, later) => {
        const whole = foldPutRemove([...first, ...later]);
        const snapshot = snapshotOf(foldPutRemove(first), AT);
        expect(new Map(foldPutRemove([put("gone", 1), snapshot, ...later]))).toEqual(whole);
      }),
    );
  });

  it("gives the same in two steps as in one", () => {
    fc.assert(
      fc.property(entries, entries, (first, later) => {
        expect(foldPutRemove(later, foldPutRemove(first))).toEqual(
          foldPutRemove([...first, ...later]),
        );
      }),
    );
  });
});

describe("snapshotOf", () => {
  it("orders keys, so that equal states give equal snapshots", () => {
    expect(
      snapshotOf(
        new Map([
          ["b", 1],
          ["a", 2],
        ]),
        AT,
      ),
    ).toEqual(
      snapshotOf(
        new Map([
          ["a", 2],
          ["b", 1],
        ]),
        AT,
      ),
    );
  });
});

describe("directoryKey", () => {
  it("gives each kind its own keys", () => {
    expect(directoryKey({ kind: "practice", name: "P", importKey: "00".repeat(32) })).toBe(
      "practice",
    );
    expect(directoryKey({ kind: "site", id: ID, name: "S", lookupKey: HASH })).toBe(`site/${ID}`);
  });
});
