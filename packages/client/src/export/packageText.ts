import type { PatientRecord, PrintLanguage, WithholdCode } from "@sinetti/practice";
import type { ClosedPart } from "./openPatient.ts";
import { MANIFEST, type ManifestPart } from "./zipFile.ts";

/** What a package says of itself, beside the hashes of its files. */
export interface PackageFacts {
  readonly record: PatientRecord;
  readonly closed: readonly ClosedPart[];
}

type Rows = readonly (readonly [en: string, fi: string, sv: string])[];
const COLUMN: Record<PrintLanguage, 0 | 1 | 2> = { en: 0, fi: 1, sv: 2 };

const README: Rows = [
  ["Copy of a patient record", "Jäljennös potilaskertomuksesta", "Kopia av en patientjournal"],
  ["", "", ""],
  [
    "record.pdf         The record for reading and printing.",
    "record.pdf         Kertomus luettavaksi ja tulostettavaksi.",
    "record.pdf         Journalen för läsning och utskrift.",
  ],
  [
    "record.fhir.json   The same record for another record system (HL7 FHIR R4 bundle).",
    "record.fhir.json   Sama kertomus toista potilastietojärjestelmää varten (HL7 FHIR R4).",
    "record.fhir.json   Samma journal för ett annat journalsystem (HL7 FHIR R4).",
  ],
  [
    "documents/         Documents that belong to the record, as they were saved.",
    "documents/         Kertomukseen kuuluvat asiakirjat sellaisina kuin ne tallennettiin.",
    "documents/         Dokument som hör till journalen, så som de sparades.",
  ],
  [
    "access-log.csv     Who opened the record, when and why: a table for any spreadsheet.",
    "access-log.csv     Kuka on avannut kertomuksen, milloin ja miksi: taulukko.",
    "access-log.csv     Vem som har öppnat journalen, när och varför: en tabell.",
  ],
  [
    "access-log.json    The same for programs.",
    "access-log.json    Sama ohjelmille.",
    "access-log.json    Detsamma för program.",
  ],
  [
    `${MANIFEST}      Size and SHA-256 of each file, to see that nothing was changed.`,
    `${MANIFEST}      Kunkin tiedoston koko ja SHA-256, joista näkee, ettei mitään ole muutettu.`,
    `${MANIFEST}      Storlek och SHA-256 för varje fil, som visar att inget har ändrats.`,
  ],
  ["", "", ""],
  [
    "These files are no longer sealed. Whoever holds them can read them: keep them safe.",
    "Nämä tiedostot eivät ole enää sinetöityjä. Kuka tahansa, jolla ne on, voi lukea ne: säilytä ne turvassa.",
    "Dessa filer är inte längre förseglade. Den som har dem kan läsa dem: förvara dem säkert.",
  ],
];
const WITHHELD: Rows[number] = ["Passages withheld", "Pois jätettyjä kohtia", "Utelämnade avsnitt"];
const CLOSED: Rows[number] = [
  "Not in this copy, since whoever made it may not open it",
  "Ei tässä jäljennöksessä, koska sen tekijä ei voi avata sitä",
  "Inte i denna kopia, eftersom den som gjorde den inte får öppna det",
];
const REASON: Record<WithholdCode, Rows[number]> = {
  "third-person": ["about a third person", "koskee toista henkilöä", "om en tredje person"],
  harm: [
    "could cause serious harm",
    "voisi aiheuttaa vakavaa vaaraa",
    "kunde orsaka allvarlig skada",
  ],
  "other-law": ["another law forbids it", "muu laki kieltää", "annan lag förbjuder det"],
};

/** What each file of the package is, in the patient's language. */
export function readmeText({ record, closed }: PackageFacts, language: PrintLanguage): string {
  const say = (row: Rows[number]): string => row[COLUMN[language]];
  const { practice, made, withheld } = record;
  const lines = [...README.map(say), "", `${practice.name}, ${made}`];
  if (withheld.length > 0) {
    lines.push("", `${say(WITHHELD)}: ${withheld.length}`);
    const codes = Map.groupBy(withheld, ({ code }) => code);
    for (const [code, passages] of codes) lines.push(`  ${say(REASON[code])}: ${passages.length}`);
  }
  if (closed.length > 0) {
    lines.push("", `${say(CLOSED)}:`);
    for (const { compartment, outcome } of closed) lines.push(`  ${compartment} (${outcome})`);
  }
  return `${lines.join("\r\n")}\r\n`;
}

/** The manifest of a package: its files with size and SHA-256, what was withheld, and what could not be opened. */
export function manifestText(facts: PackageFacts, parts: readonly ManifestPart[]): string {
  const { practice, patient, made, withheld } = facts.record;
  const closed = facts.closed.map(({ compartment, outcome }) => ({ compartment, outcome }));
  const manifest = {
    v: 1,
    kind: "patient-record",
    practice,
    patient,
    made,
    parts,
    withheld: withheld.length,
    closed,
  };
  return `${JSON.stringify(manifest, null, 2)}\n`;
}
