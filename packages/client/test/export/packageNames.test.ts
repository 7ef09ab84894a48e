import { expect, test } from "vitest";
import { accessCsv } from "../../src/export/accessTables.ts";
import { safeName } from "../../src/export/documentParts.ts";

test.each([
  ["../../etc/passwd", undefined, "etc-passwd.bin"],
  ["..", undefined, "document.bin"],
  [".bashrc", "text/plain", "bashrc.txt"],
  ["Lähete 1.10.2026.PDF", undefined, "Lähete-1-10-2026.pdf"],
  ["scan.exe", "application/pdf", "scan.pdf"],
  ["a\u0000b\nc", "image/png; x=1", "a-b-c.png"],
  ["CON:aux\\nul|?*", "text/csv", "CON-aux-nul.csv"],
  ["x".repeat(500), "text/plain", `${"x".repeat(60)}.txt`],
])("a name made of a title is safe: %#", (title, type, name) => {
  expect(safeName(title, type)).toBe(name);
});

test("a table of the log runs no formula and keeps commas, quotes and line ends inside their cells", () => {
  const line = {
    at: "2026-03-02T10:00:00Z",
    member: "ab",
    name: '=HYPERLINK("x"),\nrow',
    device: null,
    file: "cd",
    compartment: "care",
    purpose: "session",
    outcome: "released",
  };
  const [head, ...rows] = accessCsv([line]).split("\r\n");
  expect(head).toBe("\uFEFFat,member,name,device,compartment,file,purpose,outcome");
  expect(rows).toEqual([
    `2026-03-02T10:00:00Z,ab,"'=HYPERLINK(""x""),\nrow",,care,cd,session,released`,
    "",
  ]);
});
