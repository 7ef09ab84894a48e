import type { Block, Paper } from "@sinetti/paper";
import type { PatientRecord } from "../fhir/out/exported.ts";
import {
  diagnosisSection,
  dischargeSection,
  measureSection,
  planSection,
  relationshipSection,
  riskSection,
} from "./careSections.ts";
import { elsewhereSection } from "./elsewhereSection.ts";
import { noteSection } from "./noteSection.ts";
import {
  accessSection,
  appointmentSection,
  documentSection,
  invoiceSection,
  messageSection,
} from "./otherSections.ts";
import { fullName, identityOf, personSection } from "./personSection.ts";
import { fields, section, startPrinting, type Printing } from "./printing.ts";
import { wordsOf, type PrintLanguage } from "./words.ts";

/** The mark that stands where a passage was. */
export function withheldMark(
  { code, reason }: { code: "third-person" | "harm" | "other-law"; reason: string },
  language: PrintLanguage,
): string {
  const word = wordsOf(language);
  return `[${word("withheld")}: ${word(code)}. ${reason}]`;
}

/** The language that a patient's record is printed in: the patient's where it is one of ours, else English. */
export function printLanguage(record: PatientRecord): PrintLanguage {
  const language = identityOf({ record }).person?.language?.toLowerCase().slice(0, 2);
  return language === "fi" || language === "sv" ? language : "en";
}

const NOTE_TYPES = new Set(["sessionNote", "noteAmendment"]);

function withheldSection(printing: Printing): Block[] {
  const { word, date, record } = printing;
  if (record.withheld.length === 0) return [];
  const rows = record.withheld.map(({ type, at, field, code, reason }) => {
    const place = NOTE_TYPES.has(type) ? word("note") : type;
    const where = field === undefined ? "" : ` (${field})`;
    return [`${date(at.slice(0, 10))} ${place}`, `${word(code)}. ${reason}${where}`] as const;
  });
  return section(word("withheld"), [
    { type: "paragraph", tone: "alarm", text: word("withheldText") },
    ...fields(rows),
  ]);
}

/** A patient's record for people: titled sections in reading order, each note with its corrections, every withheld place marked. */
export function patientPaper(
  record: PatientRecord,
  options: { language: PrintLanguage; zone: string },
): Paper {
  const printing = startPrinting(record, options);
  const { word, date, time } = printing;
  const { person } = identityOf(printing);
  const name = person === undefined ? word("record") : fullName(person.name);
  const born = person?.birthDate === undefined ? "" : `, ${word("born")} ${date(person.birthDate)}`;
  const made = `${word("copyOf")} ${time(record.made)}`;
  const blocks: Block[] = [
    { type: "heading", level: 1, text: name === "" ? word("record") : name },
    {
      type: "paragraph",
      tone: "quiet",
      text: `${word("record")} · ${record.practice.name} · ${made}`,
    },
    ...withheldSection(printing),
    ...personSection(printing),
    ...relationshipSection(printing),
    ...diagnosisSection(printing),
    ...planSection(printing),
    ...riskSection(printing),
    ...noteSection(printing),
    ...measureSection(printing),
    ...dischargeSection(printing),
    ...documentSection(printing),
    ...messageSection(printing),
    ...elsewhereSection(printing),
    ...appointmentSection(printing),
    ...invoiceSection(printing),
    ...accessSection(printing),
  ];
  return {
    title: `${name}${born}`,
    language: options.language,
    footer: `${record.practice.name} · ${made}`,
    made: record.made,
    blocks,
  };
}
