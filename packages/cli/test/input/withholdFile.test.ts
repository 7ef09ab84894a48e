import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { readWithholdFile } from "../../src/input/withholdFile.ts";

const ENTRY = "0123456789abcdef0123456789abcdef";
const PASSAGE = { entry: ENTRY, field: "sections.plan", code: "harm", reason: "for now" };
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "sinetti-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function read(content: unknown) {
  const path = join(folder, "withhold.json");
  writeFileSync(path, JSON.stringify(content));
  return readWithholdFile(path);
}

it.each([
  [{}, "passages (missing)"],
  [{ passages: [] }, "passages (missing)"],
  [{ passages: ["x"] }, "passages.0 (wrong-type)"],
  [{ passages: [PASSAGE, { ...PASSAGE, entry: "x" }] }, "passages.1.entry (wrong-format)"],
  [
    { passages: [{ ...PASSAGE, code: "because" }] },
    "passages.0.code (one of third-person, harm, other-law)",
  ],
  [{ passages: [{ ...PASSAGE, reason: "" }] }, "passages.0.reason (wrong-format)"],
  [{ passages: [{ ...PASSAGE, reason: "x".repeat(301) }] }, "passages.0.reason (wrong-format)"],
  [{ passages: [{ ...PASSAGE, field: 3 }] }, "passages.0.field (wrong-type)"],
  [{ passages: [{ ...PASSAGE, text: "secret" }] }, "text (unknown-field)"],
])("a file of passages is refused: %j", (content, field) => {
  expect(() => read(content)).toThrowError(expect.objectContaining({ fields: [field] }) as Error);
});

it("a file of passages is read, with and without a field", () => {
  const { field: _field, ...whole } = PASSAGE;
  expect(read({ passages: [PASSAGE, whole] })).toEqual([PASSAGE, whole]);
});
