import { expect, test } from "vitest";
import type { CsvKind } from "@sinetti/practice";
import { previewCsv } from "../../src/records/csv/previewCsv.ts";
import { sourceOf, windows1252 } from "./csvSources.ts";

test.each<[CsvKind, string]>([
  ["patients", "Asiakasnumero;Sukunimi;Etunimet;Hetu;Puhelin\nA1;Virtanen;Aino;;\n"],
  ["appointments", "Asiakasnumero;Alkaa;Loppuu;Tila;Huone\nA1;1.2.2024 10:00;;;\n"],
  ["notes", "Asiakasnumero;Päivämäärä;Kirjaaja;Teksti\nA1;1.2.2024;;\n"],
])("a preview tells by its headers that a file lists %s", async (kind, text) => {
  const preview = await previewCsv(sourceOf("export.csv", windows1252(text)), null);
  expect(preview.kind).toBe(kind);
  expect(preview.mapping).toMatchObject({ delimiter: ";" });
  expect(Object.values(preview.mapping.columns)).not.toContain(null);
});

test("a preview names columns that nobody knows, and asks for nothing that is missing", async () => {
  const preview = await previewCsv(sourceOf("notes.csv", "Kuka,Milloin,Mitä\n1,2,3\n"), "notes");
  expect(preview).toMatchObject({ kind: "notes", headers: ["Kuka", "Milloin", "Mitä"] });
  expect(preview.mapping.columns).toEqual({ Kuka: null, Milloin: null, Mitä: null });
});

test("a preview of an empty file says that it has no header, and which file it is", async () => {
  await expect(previewCsv(sourceOf("empty.csv", "\n\n"), null)).rejects.toMatchObject({
    code: expect.stringMatching(/no-header|delimiter-unknown/) as string,
    source: "empty.csv",
  });
});
