import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";

import { InputError, UsageError } from "../../src/inputError.ts";
import { readCsvMapping, saveCsvMapping } from "../../src/input/csvMapping.ts";
import { findDocuments } from "../../src/input/documents.ts";
import { openFileSource } from "../../src/input/fileSource.ts";

const folder = mkdtempSync(join(tmpdir(), "sinetti-csv-"));
afterAll(() => rmSync(folder, { recursive: true }));

const written = (name: string, content: string): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};
const words = {
  mapping: undefined,
  delimiter: undefined,
  encoding: undefined,
  dateOrder: undefined,
  pivot: undefined,
};

describe("how CSV files are read", () => {
  test("is what the mapping file says, unless the command line says otherwise", () => {
    const path = join(folder, "saved.json");
    const columns = { Numero: "patient", Pvm: "date", Teksti: "text", Muu: null };
    saveCsvMapping(path, { v: 1, notes: { columns, delimiter: ";", encoding: "utf-8" } });
    expect(statSync(path).mode & 0o077).toBe(0);
    const read = readCsvMapping(["notes", "patients"], {
      ...words,
      mapping: path,
      delimiter: "tab",
      dateOrder: "mdy",
      pivot: "30",
    });
    const told = { delimiter: "\t", dateOrder: "mdy", pivot: 30 };
    expect(read).toEqual({
      v: 1,
      notes: { columns, encoding: "utf-8", ...told },
      patients: { columns: {}, ...told },
    });
  });

  test.each([
    [{ delimiter: "space" }, "--delimiter"],
    [{ encoding: "ebcdic" }, "--encoding"],
    [{ dateOrder: "dym" }, "--date-order"],
    [{ pivot: "1930" }, "--pivot"],
  ])("is refused for a word that says nothing: %j", (given, option) => {
    const read = () => readCsvMapping(["notes"], { ...words, ...given });
    expect(read).toThrow(UsageError);
    expect(read).toThrow(option);
  });

  test("is refused for a mapping of another form, by its file and place", () => {
    const path = written("bad.json", '{"v":1,"notes":{"columns":{"Nimi":"shoe"}}}');
    const read = () => readCsvMapping(["notes"], { ...words, mapping: path });
    expect(read).toThrow(expect.objectContaining({ source: path, fields: ["notes, column 1"] }));
  });
});

describe("a file on disk", () => {
  test("is read from any place", async () => {
    const source = openFileSource(written("ten.txt", "0123456789"));
    expect(source.sizeBytes).toBe(10);
    expect(new TextDecoder().decode(await source.read(3, 5))).toBe("34");
    expect(await source.read(8, 99)).toHaveLength(2);
    source.close();
  });

  test("is refused by its name when it is none", () => {
    expect(() => openFileSource(join(folder, "nowhere"))).toThrow(InputError);
    expect(() => openFileSource(folder)).toThrow(expect.objectContaining({ source: folder }));
  });
});

describe("documents on disk", () => {
  const root = join(folder, "documents");
  mkdirSync(join(root, "A2"), { recursive: true });
  writeFileSync(join(root, "A1_letter one.pdf"), "%PDF-1");
  writeFileSync(join(root, "A2", "scan.png"), "png");
  writeFileSync(join(root, ".hidden"), "");

  test("say whose they are by their folder, or by the beginning of their name", async () => {
    const found = await findDocuments([root], { by: "filename" });
    expect(
      found.map(({ patient, name, title, mediaType }) => [patient, name, title, mediaType]),
    ).toEqual([
      ["A1", "A1_letter one.pdf", "A1_letter one", "application/pdf"],
      ["A2", "A2/scan.png", "scan", "image/png"],
    ]);
    expect(await found[0]?.sha256()).toMatch(/^[0-9a-f]{64}$/);
  });

  test("are described by an index, and one that it leaves out is nobody's", async () => {
    const index = written(
      "index.csv",
      "\uFEFFTiedosto;Asiakasnumero;Otsikko;Pvm\nA2/scan.png;B7;Lausunto;2024-02-01\n",
    );
    const found = await findDocuments([root], { by: "index", path: index });
    expect(found.map(({ patient, title, on }) => [patient, title, on])).toEqual([
      ["", "A1_letter one", null],
      ["B7", "Lausunto", "2024-02-01"],
    ]);
  });

  test("are refused with an index whose rows do not hold, each by its row", async () => {
    const index = written("wrong.csv", "file,patient,date\na.pdf,,1.2.2024\n");
    await expect(findDocuments([root], { by: "index", path: index })).rejects.toMatchObject({
      source: index,
      fields: ["row 2: file, patient (missing)", "row 2: date (wrong-format)"],
    });
    expect(readFileSync(index, "utf8")).toContain("a.pdf");
  });
});
