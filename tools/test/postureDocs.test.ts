import { readFileSync } from "node:fs";
import { join } from "node:path";

import { checks } from "@sinetti/posture";
import { describe, expect, it } from "vitest";

import { catalogueText, replacePart, writtenPage } from "../postureDocs.ts";
import { root } from "../step.ts";

const page = readFileSync(join(root, "docs", "posture.md"), "utf8");

describe("docs/posture.md", () => {
  it("is what the checks say of themselves: node tools/postureDocs.ts", () => {
    expect(writtenPage(page)).toBe(page);
  });

  it("has every check once, each with why, how and mend", () => {
    const text = catalogueText();
    expect(new Set(checks.map(({ id }) => id)).size).toBe(checks.length);
    for (const { id, why, how, mend } of checks) {
      expect(text.split(`#### ${id} · `)).toHaveLength(2);
      for (const part of [why, how, mend]) expect(part.length).toBeGreaterThan(10);
    }
  });

  it("is not written where it has no marks", () => {
    expect(() => replacePart("no marks", "catalogue", "text")).toThrow(RangeError);
  });
});
