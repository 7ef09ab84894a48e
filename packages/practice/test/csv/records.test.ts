import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import {
  CSV_FIELDS,
  CSV_KINDS,
  CsvRow,
  PatientRegistry,
  checkColumns,
  detectColumns,
  mappedColumns,
  mergePatients,
  noteSource,
  parseCsvMapping,
  parseEntryBody,
  readAppointmentRow,
  readNoteRow,
  readPatientRow,
} from "../../src/index.ts";
import type { CsvKind, PatientRow } from "../../src/index.ts";

const AT = "2026-11-21T08:00:00.000Z";
const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

function rowOf(kind: CsvKind, cells: Record<string, string>): CsvRow {
  const headers = Object.keys(cells);
  const fields = detectColumns(kind, headers);
  const table = { kind, headers, fields, readings: new Map(), zone: "Europe/Helsinki", sha256 };
  return new CsvRow(table, Object.values(cells));
}
function patient(cells: Record<string, string>): PatientRow {
  const read = readPatientRow(rowOf("patients", cells));
  if (read === undefined) throw new TypeError("no patient");
  return read;
}

describe("columns", () => {
  it.each([
    ["English", ["Client ID", "Last Name", "First Name", "SSN", "DOB", "Mobile Phone"]],
    ["Finnish", ["Asiakasnumero", "Sukunimi", "Etunimet", "Hetu", "Syntymäaika", "Puhelin"]],
    ["Swedish", ["Kundnummer", "Efternamn", "Förnamn", "Personnummer", "Födelsedatum", "Mobil"]],
  ])("are known by their headers: %s", (_, headers) => {
    expect(detectColumns("patients", headers)).toEqual([
      "id",
      "family",
      "given",
      "code",
      "born",
      "phone",
    ]);
  });
  it("give a field that one column holds to its best header, and keep the other", () => {
    expect(detectColumns("notes", ["ID", "Patient ID", "Date", "Created", "Note", "Text"])).toEqual(
      ["id", "patient", "date", null, "text", "text"],
    );
  });
  it("give a field that several columns hold all of them, numbered ones too, and another field one", () => {
    const headers = ["Name", "Name (2)", "Phone", "Phone (2)", "Puhelin 3"];
    expect(detectColumns("patients", headers)).toEqual(["name", null, "phone", "phone", "phone"]);
  });
  it("know every header for one field of a file at most", () => {
    for (const kind of CSV_KINDS)
      for (const { headers } of CSV_FIELDS[kind])
        for (const header of headers) expect(header).toMatch(/^[\p{Ll}\p{N}]+$/u);
  });
  it("are refused by the field without which nothing can be taken", () => {
    expect(() => checkColumns("notes", ["patient", "text"])).toThrow(
      expect.objectContaining({ code: "column-missing", field: "notes: date" }),
    );
    expect(() => checkColumns("notes", ["patient", "text", "date"])).not.toThrow();
  });
  it("are read as a saved mapping says, and a column that it does not name is kept", () => {
    const mapping = parseCsvMapping({ v: 1, notes: { columns: { Numero: "patient", Muu: null } } });
    const file = mapping.notes ?? { columns: {} };
    expect(mappedColumns("notes", file, ["numero", "Muu", "Teksti"])).toEqual([
      "patient",
      null,
      null,
    ]);
    expect(() => mappedColumns("notes", file, ["Muu"])).toThrow(
      expect.objectContaining({ code: "mapping-column", field: "Numero" }),
    );
  });
  it.each([
    [{ v: 2 }, "v"],
    [{ v: 1, notes: { columns: { A: "shoe" } } }, "notes, column 1"],
    [{ v: 1, notes: { columns: { A: "date", B: "date" } } }, "notes, date"],
    [{ v: 1, other: {} }, ""],
  ])("are refused in a mapping of another form: %j", (value, field) => {
    expect(() => parseCsvMapping(value)).toThrow(
      expect.objectContaining({ code: "mapping-invalid", field }),
    );
  });
});

describe("a patient", () => {
  it("has everything that the columns hold, each in its place", () => {
    const row = rowOf("patients", {
      Asiakasnumero: "a1",
      Sukunimi: "Mäkinen",
      Etunimet: "Äiti Maria",
      Kutsumanimi: "Maija",
      Entinen_nimi: "Virtanen",
      Hetu: "131052-308T",
      Sukupuoli: "nainen",
      Puhelin: "040 1",
      Matkapuhelin: "050 2",
      Sähköposti: "m@example.test",
      Lähiosoite: "Katu 1\nC 4",
      Postinumero: "00100",
      Postitoimipaikka: "Helsinki",
      Maa: "FI",
      Kieli: "fi",
      Omaterapeutti: "Terho",
      Aloituspäivä: "1.2.2024",
      Lopetuspäivä: "2024-03-01",
      Lähiomainen: "Mäkinen, Pekka",
      "Lähiomaisen puhelin": "040 3",
      Lääkitys: "x",
    });
    const read = readPatientRow(row);
    expect(row.issues).toEqual([]);
    expect(row.kept).toEqual({ Lääkitys: "x" });
    expect(read).toMatchObject({
      keys: { id: "A1", code: "131052-308T", name: "maria mäkinen äiti", born: "1952-10-13" },
      person: {
        name: { family: "Mäkinen", given: ["Äiti", "Maria"] },
        preferredName: "Maija",
        formerNames: [{ family: "Virtanen", given: [] }],
        personalCode: { country: "FI", value: "131052-308T" },
        otherCodes: [{ kind: "source-id", value: "a1" }],
        birthDate: "1952-10-13",
        sex: "female",
        phones: [{ value: "040 1" }, { value: "050 2" }],
        emails: ["m@example.test"],
        addresses: [
          { lines: ["Katu 1", "C 4"], postalCode: "00100", city: "Helsinki", country: "FI" },
        ],
        language: "fi",
      },
      contact: { name: { family: "Mäkinen", given: ["Pekka"] }, phones: [{ value: "040 3" }] },
      relationship: {
        status: "ended",
        from: "2024-02-01",
        until: "2024-03-01",
        therapistName: "Terho",
      },
    });
    expect(JSON.stringify(read?.person.source)).not.toContain("Lääkitys");
    expect(() => parseEntryBody("identity", { ...read?.person, at: AT })).not.toThrow();
    expect(() => parseEntryBody("identity", { ...read?.contact, at: AT })).not.toThrow();
    expect(() => parseEntryBody("care", { ...read?.relationship, at: AT })).not.toThrow();
  });
  it("keeps a code that does not hold as text, and says so", () => {
    const row = rowOf("patients", { Nimi: "Aino Virtanen", Hetu: "010101-000X" });
    const read = readPatientRow(row);
    expect(row.issues).toEqual([{ field: "code", reason: "identity-code" }]);
    expect(read?.person.personalCode).toBeUndefined();
    expect(read?.person.otherCodes).toEqual([{ kind: "identity-code", value: "010101-000X" }]);
  });
  it("is nobody without a name, a code and a number", () => {
    const row = rowOf("patients", { Nimi: "", Hetu: " ", Puhelin: "040 1" });
    expect(readPatientRow(row)).toBeUndefined();
    expect(row.issues).toEqual([{ field: "name", reason: "missing" }]);
  });
});

describe("the same person", () => {
  const CODE = "131052-308T";
  const OTHER = "010101-100E";
  it("is one by number, by sound code, or by name and birth date", () => {
    const registry = new PatientRegistry();
    expect(registry.take({ id: "A1", name: "aino", born: "1952-10-13" })).toBe(0);
    expect(registry.take({ id: "A1", name: "another" })).toBe(0);
    expect(registry.take({ id: "A2", code: CODE, name: "aino", born: "1952-10-13" })).toBe(0);
    expect(registry.take({ code: CODE })).toBe(0);
    expect(registry.size).toBe(1);
  });
  it("is two with two sound codes, and with one code that does not hold", () => {
    const registry = new PatientRegistry();
    const alike = { name: "aino", born: "1952-10-13" };
    expect(registry.take({ ...alike, code: CODE })).toBe(0);
    expect(registry.take({ ...alike, code: OTHER })).toBe(1);
    expect(registry.take({ looseCode: "-", name: "a" })).toBe(2);
    expect(registry.take({ looseCode: "-", name: "b" })).toBe(3);
  });
  it("has one key whatever the order of the rows", () => {
    const rows = [
      { id: "B", name: "aino", born: "1952-10-13" },
      { id: "A", name: "aino", born: "1952-10-13" },
    ];
    const keys = [rows, rows.toReversed()].map((order) => {
      const registry = new PatientRegistry();
      for (const row of order) registry.take(row);
      return registry.keyOf(0);
    });
    expect(keys[0]).toBe(keys[1]);
  });
  it("is found by what a note says, never by two people's", () => {
    const registry = new PatientRegistry();
    registry.take({ id: "A1", code: CODE, name: "aino", born: "1952-10-13" });
    registry.take({ id: "A2", name: "eero", born: "1960-01-01" });
    registry.take({ id: "A3", name: "eero", born: "1961-01-01" });
    expect(registry.find({ id: "A1" })).toBe(0);
    expect(registry.find({ code: CODE })).toBe(0);
    expect(registry.find({ name: "1 a", either: "A1" })).toBe(0);
    expect(registry.find({ name: "eero", born: "1961-01-01" })).toBe(2);
    expect(registry.find({ name: "eero" })).toBe("several-patients");
    expect(registry.find({ id: "A2", code: CODE })).toBe("several-patients");
    expect(registry.find({ id: "A9", name: "aino", born: "1952-10-13" })).toBe("unknown-patient");
  });
  it("is filled from later rows, whose other values are named", () => {
    const first = patient({ Asiakasnumero: "1", Nimi: "Aino Laine", Puhelin: "040 1" });
    const later = patient({
      Asiakasnumero: "1",
      Nimi: "Aino Virtanen",
      Puhelin: "050 2",
      Syntymäaika: "1.2.1980",
      Kieli: "sv",
    });
    const { patient: merged, differing } = mergePatients([first, later]);
    expect(differing).toEqual([["name"]]);
    expect(merged.person.birthDate).toBe("1980-02-01");
    expect(merged.person.phones).toEqual([{ value: "040 1" }, { value: "050 2" }]);
    expect(merged.person.formerNames).toMatchObject([{ family: "Virtanen" }]);
  });
});

describe("a note", () => {
  const NOTE = { Asiakasnumero: "1", Päivämäärä: "1.2.2024" };
  it("has its session, its author and its text word for word", () => {
    const row = rowOf("notes", {
      ...NOTE,
      Kirjausnumero: "N1",
      Kello: "klo 14.30",
      Kesto: "0,75 h",
      Kirjaaja: "Terho",
      Toteutuma: "myöhässä",
      Tapaamismuoto: "etä",
      Teksti: ' "Hei"\r\nSäde ',
      Laskutus: "K1",
    });
    const read = readNoteRow(row);
    expect(row.issues).toEqual([]);
    expect(read).toMatchObject({
      reference: { id: "1" },
      id: "N1",
      note: {
        at: "2024-02-01T12:30:00.000Z",
        template: "narrative",
        session: {
          date: "2024-02-01",
          start: "2024-02-01T14:30",
          minutes: 45,
          attendance: "late",
          modality: "video",
        },
        sections: [{ id: "narrative", text: ' "Hei"\r\nSäde ' }],
        writtenBy: "Terho",
      },
    });
    const source = noteSource(row, "note/1");
    expect(JSON.parse(source.json ?? "")).toEqual({
      Päivämäärä: "1.2.2024",
      Kirjausnumero: "N1",
      Kello: "klo 14.30",
      Kesto: "0,75 h",
      Kirjaaja: "Terho",
      Toteutuma: "myöhässä",
      Tapaamismuoto: "etä",
      Laskutus: "K1",
    });
    const body = { ...read?.note, author: "a".repeat(32), source };
    expect(() => parseEntryBody("care", body)).not.toThrow();
  });
  it("has the template whose sections its columns are", () => {
    const soap = { ...NOTE, Subjective: "s", Objective: "o", Assessment: "a", Plan: "p" };
    expect(readNoteRow(rowOf("notes", soap))?.note).toMatchObject({
      template: "soap",
      sections: ["subjective", "objective", "assessment", "plan"].map((id) => ({ id })),
    });
    const mixed = readNoteRow(rowOf("notes", { ...soap, Text: "free" }))?.note;
    expect(mixed?.template).toBe("narrative");
    expect(mixed?.sections).toEqual([
      {
        id: "narrative",
        text: "free\n\nSubjective: s\n\nObjective: o\n\nAssessment: a\n\nPlan: p",
      },
    ]);
  });
  it("is named by its day and text, not by its number or its place", () => {
    const hashOf = (cells: Record<string, string>): string | undefined =>
      readNoteRow(rowOf("notes", cells))?.contentHash;
    const hash = hashOf({ ...NOTE, Teksti: "a\r\nb" });
    expect(hashOf({ ...NOTE, Teksti: "a\nb", Kirjausnumero: "N1" })).toBe(hash);
    expect(hashOf({ ...NOTE, Teksti: "a\nc" })).not.toBe(hash);
  });
  it.each([
    [{ Päivämäärä: "1.2.2024", Teksti: " " }, "text", "missing"],
    [{ Päivämäärä: "32.1.2024", Teksti: "a" }, "date", "not-a-date"],
    [{ Päivämäärä: "", Teksti: "a" }, "date", "missing"],
    [{ Päivämäärä: "1.2.2024", Teksti: "a".repeat(200_001) }, "text", "too-long"],
  ])("is left out by its field: %#", (cells, field, reason) => {
    const row = rowOf("notes", { Asiakasnumero: "1", ...cells });
    expect(readNoteRow(row)).toBeUndefined();
    expect(row.issues).toEqual([{ field, reason }]);
  });
  it("is taken with what else cannot be read, which is named and kept as it came", () => {
    const row = rowOf("notes", { ...NOTE, Teksti: "a", Kesto: "pitkä", Kello: "aamulla" });
    expect(readNoteRow(row)?.note.session.minutes).toBe(0);
    expect(row.issues.map(({ field, reason }) => `${field} ${reason}`).sort()).toEqual([
      "minutes not-a-number",
      "time not-a-time",
    ]);
    expect(noteSource(row, "n").json).toContain("aamulla");
  });
});

describe("an appointment", () => {
  it("has its time, length, room and state", () => {
    const row = rowOf("appointments", {
      Varausnumero: "V1",
      Asiakasnumero: "1",
      Alkaa: "1.2.2024 klo 14.30",
      Loppuu: "1.2.2024 klo 15.15",
      Tila: "Ei saapunut",
      Terapeutti: "Terho",
      Huone: "3",
      Videolinkki: "https://video.example.test/a?b=1",
    });
    expect(readAppointmentRow(row)?.appointment).toEqual({
      kind: "appointment",
      start: "2024-02-01T14:30",
      zone: "Europe/Helsinki",
      minutes: 45,
      therapistName: "Terho",
      room: "3",
      remoteLink: "https://video.example.test/a?b=1",
      status: "missed",
    });
    expect(row.issues).toEqual([]);
  });
  it.each([
    [{ Alkaa: "1.2.2024" }, "time", "missing"],
    [{ Alkaa: "" }, "start", "missing"],
    [{ Alkaa: "huomenna" }, "start", "not-a-date"],
  ])("is left out by its field: %j", (cells, field, reason) => {
    const row = rowOf("appointments", { Asiakasnumero: "1", ...cells });
    expect(readAppointmentRow(row)).toBeUndefined();
    expect(row.issues).toEqual([{ field, reason }]);
  });
});
