import { describe, expect, it } from "vitest";
import { z } from "zod";
import { zodIssuesToIssues } from "../../src/records/issue.ts";

describe("zodIssuesToIssues", () => {
  const found = (schema: z.ZodType, value: unknown) =>
    zodIssuesToIssues(schema.safeParse(value).error?.issues ?? []);

  it("hides a key that the input chose, and keeps places in lists", () => {
    const schema = z.record(z.string(), z.array(z.int()));
    expect(found(schema, { "131052-308T": [1, "x"] })).toEqual([
      { field: "?.1", rule: "wrong-type" },
    ]);
  });
  it("names what is wrong by a closed list", () => {
    const schema = z.strictObject({
      a: z.string().min(2).max(3),
      b: z.int().min(1),
      c: z.enum(["x"]),
    });
    expect(found(schema, { a: "1", b: 0, c: "y" }).map(({ rule }) => rule)).toEqual([
      "too-short",
      "out-of-range",
      "not-one-of",
    ]);
    expect(found(schema, { a: "1234", b: "1", c: "x", d: 1 }).map(({ rule }) => rule)).toEqual([
      "too-long",
      "wrong-type",
      "unknown-field",
    ]);
    expect(found(schema, { a: "12", c: "x" })).toEqual([{ field: "b", rule: "missing" }]);
    expect(found(schema, null)).toEqual([{ field: ".", rule: "wrong-type" }]);
  });
});
