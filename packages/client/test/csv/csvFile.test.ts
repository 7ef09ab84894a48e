import { createHash } from "node:crypto";
import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { FileMapping } from "@sinetti/practice";
import { CsvFile, type ScannedRow } from "../../src/records/csv/csvFile.ts";
import { RowIndex } from "../../src/records/csv/rowIndex.ts";
import { sourceOf, utf16, windows1252 } from "./csvSources.ts";

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
const HEADER = "Asiakasnumero;Päivämäärä;Teksti";

function open(content: string | Uint8Array, mapping?: Partial<FileMapping>): Promise<CsvFile> {
  const told = mapping === undefined ? undefined : { columns: {}, ...mapping };
  const settings = { zone: "Europe/Helsinki", sha256, mapping: told };
  return CsvFile.open(sourceOf("notes.csv", content), "notes", settings);
}

async function rowsOf(file: CsvFile): Promise<ScannedRow[]> {
  const rows: ScannedRow[] = [];
  for await (const row of file.rows()) rows.push(row);
  return rows;
}

const refusal = (code: string, field?: string) =>
  expect.objectContaining({ code, source: "notes.csv", ...(field !== undefined && { field }) });

describe("an encoding", () => {
  const text = `${HEADER}\r\nA1;1.2.2024;"äö €\r\n2"\r\n`;
  test.each([
    ["utf-8", new TextEncoder().encode(text)],
    ["utf-8", new TextEncoder().encode(`\uFEFF${text}`)],
    ["windows-1252", windows1252(text)],
    ["utf-16le", utf16(text, true)],
    ["utf-16be", utf16(text, false)],
  ])("is found: %s", async (encoding, bytes) => {
    const file = await open(bytes);
    expect(file.mapping.encoding).toBe(encoding);
    const [row] = await rowsOf(file);
    if (row === undefined) throw new TypeError("no row");
    expect(row.cells).toEqual(["A1", "1.2.2024", "äö €\r\n2"]);
    expect(await file.read(row)).toEqual(row.cells);
    expect(row).toMatchObject({ row: 2, line: 2 });
  });

  test("that is two at once, or none of these, is refused", async () => {
    const mixed = Uint8Array.from([
      ...windows1252(text),
      ...new TextEncoder().encode("A2;2.2.2024;ä"),
    ]);
    await expect(open(mixed)).rejects.toEqual(refusal("encoding-mixed"));
    const dos = Uint8Array.from(`${HEADER}\nA1;1.2.2024;s\u0084\u0084 t\u0094\u0094`, (each) =>
      each.charCodeAt(0) === 0xe4 ? 0x84 : each.charCodeAt(0),
    );
    await expect(open(dos)).rejects.toEqual(refusal("encoding-unknown"));
    await expect(open(utf16(text, true).subarray(2))).rejects.toEqual(refusal("encoding-unknown"));
  });

  test("that is told goes before what is found, and a row that does not fit it is named", async () => {
    const bytes = windows1252(
      `Asiakasnumero;Date;Teksti\nA1;1.2.2024;a\nA2;1.2.2024;ä\nA3;1.2.2024;b`,
    );
    const rows = await rowsOf(await open(bytes, { encoding: "utf-8" }));
    expect(rows.map(({ row, reason }) => [row, reason])).toEqual([
      [2, null],
      [3, "encoding"],
      [4, null],
    ]);
  });
});

describe("a file", () => {
  test.each([
    ["no-header", "", undefined],
    ["no-header", "\n\n \n", undefined],
    ["column-missing", "Asiakasnumero;Teksti\nA1;x", "notes: date"],
    ["date-order-unknown", "Patient ID,Date,Note\nA1,1/2/2024,x", "Date"],
    ["pivot-missing", "Patient ID,Date,Note\nA1,1.2.24,x", "Date"],
    ["delimiter-unknown", "Asiakasnumero\nA1", undefined],
  ])("is refused whole by its name: %s", async (code, content, field) => {
    await expect(open(content)).rejects.toEqual(refusal(code, field));
  });

  test("is read as it is told", async () => {
    const told = { dateOrder: "mdy", pivot: 30, delimiter: "," } as const;
    const file = await open("Patient ID,Date,Note\nA1,1/2/24,x", told);
    expect(file.mapping).toMatchObject({ ...told, encoding: "utf-8" });
  });

  test("numbers rows as a spreadsheet does, and lines as an editor does", async () => {
    const text = `\uFEFFsep=;\r\n\r\n${HEADER}\r\nA1;1.2.2024;"a\r\nb"\r\n;;\r\n\r\nA2;1.2.2024;c;;;\r\n`;
    const rows = await rowsOf(await open(text));
    expect(rows.map(({ row, line, cells }) => [row, line, cells?.[2]])).toEqual([
      [3, 4, "a\r\nb"],
      [6, 8, "c"],
    ]);
  });

  test("gives what a reader of RFC 4180 gives, and each row again from its place", async () => {
    const cell = fc.string({ unit: fc.constantFrom("a", "ä", "€", '"', ";", "\n", " ", "1") });
    const table = fc.array(fc.tuple(cell, cell), { maxLength: 20 });
    const quoted = (text: string): string =>
      /[";\n]/.test(text) || text.trim() !== text || text === ""
        ? `"${text.replaceAll('"', '""')}"`
        : text;
    await fc.assert(
      fc.asyncProperty(table, fc.constantFrom("\n", "\r\n"), async (cells, line) => {
        const rows = cells.map(([a, b]) => `A1;1.2.2024;${quoted(a)};${quoted(b)}`);
        const text = ["Asiakasnumero;Päivämäärä;Teksti;Muu", ...rows].join(line);
        const expected: unknown = parse(text, { delimiter: ";", from: 2 });
        const file = await open(text);
        const found = await rowsOf(file);
        expect(found.map((row) => row.cells)).toEqual(expected);
        for (const row of found) expect(await file.read(row)).toEqual(row.cells);
      }),
      { numRuns: 200 },
    );
  });
});

describe("an index of rows", () => {
  test("gives each person's rows in the order of the file", () => {
    const index = new RowIndex();
    const place = (row: number) => ({ from: row * 10, units: 9, row, line: row + 1 });
    for (let row = 0; row < 5000; row++) index.add(place(row), row % 7);
    expect(index.length).toBe(5000);
    for (let owner = 0; owner < 7; owner++) {
      const expected = Array.from({ length: 5000 }, (_, row) => row).filter(
        (row) => row % 7 === owner,
      );
      expect(index.of(owner)).toEqual(expected.map(place));
    }
    expect(index.of(7)).toEqual([]);
  });
});
