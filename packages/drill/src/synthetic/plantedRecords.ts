import { createHash } from "node:crypto";

import type { CareBody, EntryBody, IdentityBody, PortalBody } from "@sinetti/practice";

import type { PatientCompartment } from "./patient.ts";

/** What a planted record may name. */
export interface Around {
  readonly at: string;
  readonly date: string;
  readonly author: string;
  /** Id of an entry of this patient's care file. */
  readonly entry: string;
}

/** A kind of field: its name, what fits into it, and the record that holds a string there. */
export type Plant<C extends PatientCompartment> = readonly [
  field: string,
  length: "line" | "text",
  body: (text: string, around: Around) => EntryBody<C>,
];

const v = 1;

/** So often that PostgreSQL would compress it, if it lay there unsealed. */
const REPEATED_LETTERS = 8000;
const timesIn = (text: string): number => Math.max(1, Math.ceil(REPEATED_LETTERS / text.length));

export const IDENTITY: readonly Plant<"identity">[] = [
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

export const OFFICE: readonly Plant<"office">[] = [
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

export const CARE: readonly Plant<"care">[] = [
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

export const PORTAL: readonly Plant<"portal">[] = [
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

export const PROCESS: readonly Plant<"process">[] = [
  ["processNote.text", "text", (text, { at }) => ({ v, type: "processNote", at, text })],
];

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

/** A note that holds a string. */
export function note(
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
