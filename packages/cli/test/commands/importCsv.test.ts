import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { startPractice, type StartedPractice } from "./startedPractice.ts";

const PATIENTS =
  "Asiakasnumero;Nimi;Syntymäaika;Omaterapeutti;Muuta\r\nA1;Mäkinen, Aino;1.2.1980;Aino;vanha\r\nA2;Öhman, Per;2.3.1981;Toinen;\r\n";
const NOTES =
  "Asiakasnumero;Pvm;Teksti\r\nA2;3.4.2024;Toinen\r\nA1;2.4.2024;Ensimmäinen\r\nA7;2.4.2024;Salaisuus\r\nA1;ei;Salaisuus\r\n";

interface Report {
  patients: number;
  entries: number;
  rejected: { file: string; row: number; field: string; reason: string }[];
  byType: Record<string, number>;
  unchanged: number;
  error?: { message: string };
}

describe("importing CSV files on the command line", () => {
  let sinetti: StartedPractice;
  let files: string[];

  beforeAll(async () => {
    sinetti = await startPractice();
    const words = ["practice", "create", "--name", "Kuusi", "--member", "Aino"];
    await sinetti.run("aino", ...words, "--roles", "therapist,admin");
    const patients = sinetti.file("asiakkaat.csv", PATIENTS);
    const notes = sinetti.file("kirjaukset.csv", NOTES);
    files = ["--patients", patients, "--notes", notes];
  });
  afterAll(() => sinetti.stop());

  it("reports by row and field in a dry run, saves the mapping, writes nothing, and tells no value", async () => {
    const mapping = join(sinetti.path, "mapping.json");
    const table = join(sinetti.path, "report.csv");
    const saving = ["--save-mapping", mapping, "--report", table];
    const ran = await sinetti.run("aino", "import", "csv", ...files, "--dry-run", ...saving);
    expect(ran.exit).toBe(0);
    expect(ran.json<Report>()).toMatchObject({
      patients: 0,
      entries: 0,
      kept: 1,
      byType: { patients: 2, appointments: 0, notes: 2 },
      rejected: [
        { row: 4, field: "patient", reason: "unknown-patient" },
        { row: 5, field: "date", reason: "not-a-date" },
      ],
    });
    expect(`${ran.stdout}${ran.stderr}${readFileSync(table, "utf8")}`).not.toContain("Salaisuus");
    expect(readFileSync(table, "utf8").split("\r\n")).toHaveLength(4);
    const saved = JSON.parse(readFileSync(mapping, "utf8")) as { notes: { columns: object } };
    expect(saved.notes.columns).toEqual({ Asiakasnumero: "patient", Pvm: "date", Teksti: "text" });
    expect((await sinetti.run("aino", "patient", "list")).json()).toEqual([]);
  });

  it("refuses everything under strict with 6, and what it cannot read by its file", async () => {
    const strict = await sinetti.run("aino", "import", "csv", ...files, "--strict");
    expect([strict.exit, strict.json<Report>().entries]).toEqual([6, 0]);
    const bad = sinetti.file("bad.csv", "Asiakasnumero,Pvm,Teksti\nA1,1/2/2024,x\n");
    const ran = await sinetti.run("aino", "import", "csv", "--notes", bad);
    expect(ran.exit).toBe(6);
    expect(ran.json<Report>().error?.message).toMatch(/bad\.csv: .*--date-order.*Wrong: Pvm/);
    expect((await sinetti.run("aino", "import", "csv")).exit).toBe(2);
    expect((await sinetti.run("aino", "patient", "list")).json()).toEqual([]);
  });

  it("imports by the saved mapping, once, and hands records over by a map", async () => {
    const map = sinetti.file("map.csv", "therapist,member\nAino,Aino\n");
    const mapping = join(sinetti.path, "mapping.json");
    const words = ["import", "csv", ...files, "--mapping", mapping, "--assign", map];
    const first = (await sinetti.run("aino", ...words)).json<
      Report & { assign: { assigned: number; unknownTherapists: string[] } }
    >();
    expect(first).toMatchObject({ patients: 2, assign: { assigned: 1 } });
    expect(first.assign.unknownTherapists).toEqual(["Toinen"]);
    expect(first.entries).toBeGreaterThan(6);
    const again = (await sinetti.run("aino", ...words)).json<Report>();
    expect(again).toMatchObject({ patients: 0, entries: 0, unchanged: 2 });
  });

  it("imports documents by their names into the records of the import", async () => {
    const folder = join(sinetti.path, "lausunnot");
    mkdirSync(folder);
    writeFileSync(join(folder, "A1_lausunto.pdf"), "%PDF-1.4 of a test");
    writeFileSync(join(folder, "A9_lausunto.pdf"), "%PDF-1.4 of nobody");
    const words = ["import", "documents", folder, "--by", "filename"];
    const ran = await sinetti.run("aino", ...words);
    expect(ran.exit).toBe(0);
    expect(ran.json()).toMatchObject({
      patients: 1,
      entries: 1,
      rejected: [{ file: "A9_lausunto.pdf", reason: "unknown-patient" }],
    });
    expect((await sinetti.run("aino", ...words)).json()).toMatchObject({
      entries: 0,
      unchanged: 1,
    });
  });
});
