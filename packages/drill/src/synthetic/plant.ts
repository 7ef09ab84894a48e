import type { Person } from "@sinetti/practice";

import { writtenOn } from "./careRecords.ts";
import type { InventedDocument } from "./documents.ts";
import type { InventedPatient, PatientCompartment, Records } from "./patient.ts";
import {
  CARE,
  IDENTITY,
  OFFICE,
  PORTAL,
  PROCESS,
  note,
  type Around,
  type Plant,
} from "./plantedRecords.ts";

/** A string from outside, under its number in the list that it came from. */
export interface Needle {
  readonly index: number;
  readonly text: string;
}

/** Where a string was put: the field, and the entry that holds it. */
export interface PlantPlace {
  readonly needle: number;
  /** `care.letter.text`, `identity.person.emails`. */
  readonly field: string;
  readonly patient: number;
  readonly sourceId: string;
}

/** Characters of the longest line, and what no line may hold. */
const LINE_MAX = 500;
const CONTROL = /\p{Cc}/u;

/** Whether a string may stand in a field. */
export function fits({ text }: Needle, length: "line" | "text"): boolean {
  return length === "text" || (text.length <= LINE_MAX && !CONTROL.test(text));
}

/** Puts strings into every kind of field of a patient, and says where. */
export function plantPatient(
  patient: InventedPatient,
  needles: readonly Needle[],
  { author, entryIdOf }: { author: string; entryIdOf: (sourceId: string) => string },
): { patient: InventedPatient; places: PlantPlace[] } {
  const places: PlantPlace[] = [];
  const records: Records = { ...patient.records };
  const date = patient.person.at.slice(0, 10);
  const entry = entryIdOf(patient.records.care[0]?.sourceId ?? "");
  const around: Around = { at: writtenOn(date), date, author, entry };
  const remember = (needle: Needle, field: string, sourceId: string): void => {
    places.push({ needle: needle.index, field, patient: patient.number, sourceId });
  };
  const into = <C extends PatientCompartment>(
    compartment: C,
    plants: readonly Plant<C>[],
  ): Records[C] => {
    const added = needles.flatMap((needle) =>
      plants
        .filter(([, length]) => fits(needle, length))
        .map(([field, , body]) => {
          const sourceId = `plant/${needle.index}/${field}`;
          remember(needle, `${compartment}.${field}`, sourceId);
          return { sourceId, body: body(needle.text, around) };
        }),
    );
    return [...patient.records[compartment], ...added] as Records[C];
  };
  const person = plantPerson(patient.person, needles);
  for (const needle of needles)
    for (const field of PERSON_FIELDS)
      if (fits(needle, "line")) remember(needle, `identity.person.${field}`, "person/0");
  records.identity = into("identity", IDENTITY).map((draft) =>
    draft.sourceId === "person/0" ? { ...draft, body: person } : draft,
  );
  records.office = into("office", OFFICE);
  records.care = into("care", CARE);
  records.portal = into("portal", PORTAL);
  records.process = into("process", PROCESS);
  const documents = needles.map((needle) => plantDocument(needle, around.at));
  for (const [index, { sourceId }] of documents.entries())
    for (const field of ["title", "bytes"])
      if (field === "bytes" || fits(needles[index] as Needle, "line"))
        remember(needles[index] as Needle, `care.document.${field}`, sourceId);
  const drafts = needles.map(({ text }) => note(text, date));
  for (const needle of needles)
    remember(needle, "care.noteDraft.sections", `draft/${needle.index}`);
  return {
    patient: {
      ...patient,
      person,
      records,
      documents: [...patient.documents, ...documents],
      drafts: [...patient.drafts, ...drafts],
    },
    places,
  };
}

const PERSON_FIELDS = ["formerNames", "otherCodes", "addresses", "emails"] as const;

function plantPerson(person: Person, needles: readonly Needle[]): Person {
  const lines = needles.filter((needle) => fits(needle, "line")).map(({ text }) => text);
  return {
    ...person,
    formerNames: [...person.formerNames, ...lines.map((text) => ({ given: [], text }))],
    otherCodes: [...person.otherCodes, ...lines.map((value) => ({ kind: "planted", value }))],
    addresses: [
      ...person.addresses,
      ...lines.map((text) => ({ use: "old" as const, lines: [text] })),
    ],
    emails: [...person.emails, ...lines],
    safeContact: {
      post: "unknown",
      phone: "unknown",
      email: "unknown",
      instructions: needles.map(({ text }) => text).join("\n"),
    },
  };
}

function plantDocument(needle: Needle, at: string): InventedDocument {
  const title = fits(needle, "line") ? needle.text : "planted";
  return {
    sourceId: `plant/${needle.index}/document`,
    title,
    at,
    mediaType: "text/plain",
    bytes: () => Promise.resolve(new TextEncoder().encode(`${needle.text}\n`)),
  };
}
