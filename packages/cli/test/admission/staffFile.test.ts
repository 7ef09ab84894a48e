import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";

import { readStaffFile } from "../../src/admission/staffFile.ts";
import { InputError } from "../../src/inputError.ts";

const folder = mkdtempSync(join(tmpdir(), "sinetti-staff-"));
afterAll(() => rmSync(folder, { recursive: true }));
const SITES = [
  { kind: "site" as const, id: "a".repeat(32), name: "Keskusta", lookupKey: "0".repeat(64) },
];

function read(text: string | Uint8Array) {
  const path = join(folder, "staff.csv");
  writeFileSync(path, text);
  return readStaffFile(path, SITES);
}
function wrong(text: string): readonly string[] {
  try {
    read(text);
    return [];
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return error.fields;
  }
}

describe("a file of staff", () => {
  it("is refused by every row and field at once, and never by what stands there", () => {
    const rows = [
      "name,roles,site",
      "Anna Aalto,therapist,",
      ",therapist,",
      "Ben Berg,chef,",
      "Anna  Aalto,office,",
      "Cai Cederberg,,Kuu",
      "Dan Dahl,reviewer;admin,",
      "Eva Ek,office;office,",
      `${"x".repeat(201)},office,`,
    ];
    expect(wrong(rows.join("\n"))).toEqual([
      "row 3 name (missing)",
      "row 4 roles (unknown)",
      "row 5 name (twice)",
      "row 6 roles (missing)",
      "row 6 site (unknown)",
      "row 7 roles (reviewer-alone)",
      "row 8 roles (twice)",
      "row 9 name (too-long)",
    ]);
    expect(wrong("name\nAnna\n")).toEqual(["row 1 roles (column-missing)"]);
    expect(wrong("")).toEqual(["row 1 file (empty)"]);
    expect(wrong("name,roles\n")).toEqual(["row 1 file (empty)"]);
    expect(wrong('name,roles\n"Anna,therapist\n')).toEqual(["row 1 file (not-a-table)"]);
    expect(wrong("name,nimi,roles\nA,B,office\n")).toEqual(["row 1 file (column-twice)"]);
  });

  it("is read in English and in Finnish, with any delimiter and either encoding", () => {
    const anna = { name: "Anna Äyräs", roles: ["therapist", "office"], site: null };
    expect(read("name,roles\nAnna Äyräs,therapist;office\n")).toEqual([anna]);
    expect(read("\u{feff}NIMI;Roolit\r\nAnna Äyräs;terapeutti, toimisto\r\n\r\n")).toEqual([anna]);
    const latin = Uint8Array.from("nimi\troolit\nAnna Äyräs\tterapeutti|toimisto\n", (character) =>
      character.charCodeAt(0),
    );
    expect(read(latin)).toEqual([anna]);
    expect(read("name,role,team\nBo,admin,keskusta\n")).toEqual([
      { name: "Bo", roles: ["admin"], site: "a".repeat(32) },
    ]);
  });
});
