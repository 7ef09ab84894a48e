import { createHash } from "node:crypto";

import type { CareBody, EntryBody, IdentityBody, Person, PortalBody } from "@sinetti/practice";

import { writtenOn } from "./careRecords.ts";
import type { InventedDocument } from "./documents.ts";
import type { InventedPatient, PatientCompartment, Records } from "./patient.ts";

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

/** What a planted record may name. */
interface Around {
  readonly at: string;
  readonly date: string;
  readonly author: string;
  /** Id of an entry of this patient's care file. */
  readonly entry: string;
}

type Plant<C extends PatientCompartment> = readonly [
  field: string,
  length: "line" | "text",
  body: (text: string, around: Around) => EntryBody<C>,
];

const v = 1;
/** Characters of the longest line, and what no line may hold. */
const LINE_MAX = 500;
const CONTROL = /\p{Cc}/u;

const IDENTITY: readonly Plant<"identity">[] = [
  [
    "codeChange.old",
    "line",
    (text, { at, date }): IdentityBody => ({
      v,
      type: "codeChange",
      at,
      old: { country: "FI", value: text },
      on: date,
      reason: "corrected",
    }),
  ],
  ["contact.name", "line", (text, { at }) => contact(at, { name: { given: [], text } })],
  ["contact.organisation", "line", (text, { at }) => contact(at, { organisation: text })],
  ["contact.phones", "line", (text, { at }) => contact(at, { phones: [{ value: text }] })],
];

function contact(
  at: string,
  fields: Partial<Extract<IdentityBody, { type: "contact" }>>,
): IdentityBody {
  return {
    v,
    type: "contact",
    at,
    roles: ["other"],
    phones: [],
    emails: [],
    addresses: [],
    ...fields,
  };
}

const OFFICE: readonly Plant<"office">[] = [
  [
    "billingAddress.name",
    "line",
    (text, { at }) => ({ v, type: "billingAddress", at, name: text, lines: [text] }),
  ],
  [
    "attendance.remark",
    "text",
    (text, { at, date }) => ({
      v,
      type: "attendance",
      at,
      start: `${date}T09:00`,
      zone: "Europe/Helsinki",
      minutes: 45,
      outcome: "attended",
      remark: text,
    }),
  ],
];

const CARE: readonly Plant<"care">[] = [
  [
    "sessionNote.sections",
    "text",
    (text, { at, author, date }) => ({
      v,
      type: "sessionNote",
      at,
      author,
      status: "signed",
      ...note(text, date),
    }),
  ],
  [
    "noteAmendment.reason",
    "line",
    (text, { at, author, date, entry }) => ({
      v,
      type: "noteAmendment",
      at,
      author,
      amends: entry,
      reason: text,
      ...note("-", date),
    }),
  ],
  [
    "noteAmendment.sections",
    "text",
    (text, { at, author, date, entry }) => ({
      v,
      type: "noteAmendment",
      at,
      author,
      amends: entry,
      reason: "-",
      ...note(text, date),
    }),
  ],
  ["measure.source", "text", (text, { at, date }) => measure(text, at, date)],
  [
    "diagnosis.code",
    "line",
    (text, { at }) => ({
      v,
      type: "diagnosis",
      at,
      code: { code: text.slice(0, 64), text },
      classification: "other",
      status: "active",
      certainty: "provisional",
    }),
  ],
  [
    "plan.problem",
    "text",
    (text, { at }) => ({
      v,
      type: "plan",
      at,
      status: "draft",
      problem: text,
      diagnoses: [],
      longTermGoals: [text],
      objectives: [],
      interventions: [],
    }),
  ],
  [
    "riskPlan.concerns",
    "text",
    (text, { at }) => ({
      v,
      type: "riskPlan",
      at,
      level: "low",
      concerns: text,
      warningSigns: [text],
      copingSteps: [],
      peopleAndPlaces: [],
      professionals: [],
      makingSafe: text,
    }),
  ],
  [
    "letter.title",
    "line",
    (text, { at, date }) => ({ v, type: "letter", at, title: text, to: text, on: date, text: "-" }),
  ],
  [
    "letter.text",
    "text",
    (text, { at, date }) => ({
      v,
      type: "letter",
      at,
      title: "-",
      to: "-",
      on: date,
      text: `${text}\n`.repeat(timesIn(text)),
    }),
  ],
  [
    "discharge.summary",
    "text",
    (text, { at, date }) => ({
      v,
      type: "discharge",
      at,
      on: date,
      reason: "other",
      summary: text,
    }),
  ],
  ["sourceDocument.content", "text", (text, { at }) => original(text, at)],
  [
    "communication.parts",
    "text",
    (text, { at }) => ({
      v,
      type: "communication",
      at,
      status: "completed",
      recipients: [],
      parts: [text],
      source: source(text),
    }),
  ],
  [
    "retraction.reason",
    "line",
    (text, { at, entry }) => ({ v, type: "retraction", at, entry, reason: text }),
  ],
];

const PORTAL: readonly Plant<"portal">[] = [
  [
    "message.subject",
    "line",
    (text, { at }): PortalBody => ({
      v,
      type: "message",
      at,
      author: { is: "patient" },
      subject: text,
      text: "-",
      attachments: [],
    }),
  ],
  [
    "message.text",
    "text",
    (text, { at, author }) => ({
      v,
      type: "message",
      at,
      author: { is: "member", member: author },
      text,
      attachments: [],
    }),
  ],
  [
    "formAnswered.answers",
    "text",
    (text, { at, entry }) => ({
      v,
      type: "formAnswered",
      at,
      form: entry,
      answers: [{ question: "q1", text }],
    }),
  ],
  [
    "consent.wording",
    "text",
    (text, { at, date }) => ({
      v,
      type: "consent",
      at,
      scope: "planted",
      given: true,
      on: date,
      wording: text,
    }),
  ],
];

const PROCESS: readonly Plant<"process">[] = [
  ["processNote.text", "text", (text, { at }) => ({ v, type: "processNote", at, text })],
];

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

function note(
  text: string,
  date: string,
): {
  template: string;
  session: { date: string; minutes: number; attendance: "attended"; modality: "phone" };
  sections: { id: string; text: string }[];
  objectives: string[];
} {
  return {
    template: "narrative",
    session: { date, minutes: 45, attendance: "attended", modality: "phone" },
    sections: [{ id: "narrative", text }],
    objectives: [],
  };
}

/** Of another system, whose words about it came along. */
function source(text: string): {
  sourceType: string;
  sourceId: string;
  sha256: string;
  json: string;
} {
  return {
    sourceType: "Planted",
    sourceId: "planted",
    sha256: sha256(text),
    json: JSON.stringify({ comment: text }),
  };
}

function measure(text: string, at: string, date: string): CareBody {
  return {
    v,
    type: "measure",
    at,
    measure: "phq-9",
    date,
    total: 3,
    band: "minimal",
    alerts: [],
    source: source(text),
  };
}

function original(text: string, at: string): CareBody {
  const document = {
    sourceId: "planted",
    kind: "text",
    encoding: "text" as const,
    sha256: sha256(text),
    content: text,
  };
  return {
    v,
    type: "sourceDocument",
    at,
    sourceType: "Planted",
    sourceId: "planted",
    sha256: sha256(text),
    documents: [document],
  };
}

/** So often that PostgreSQL would compress it, if it lay there unsealed. */
const REPEATED_LETTERS = 8000;
const timesIn = (text: string): number => Math.max(1, Math.ceil(REPEATED_LETTERS / text.length));

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
