import { formOf } from "../../notes/templates.ts";
import type { NoteContent } from "../../notes/checkNote.ts";
import type { Countersignature, NoteAmendment, SessionNote } from "../../records/note.ts";
import type { GroupNote, ProcessNote } from "../../records/process.ts";
import { withoutUndefined } from "../elements.ts";
import type { OutMapper } from "./outMapper.ts";
import { concept, fhirList, fhirText, loinc, narrative } from "./parts.ts";
import { SYSTEM } from "./vocabulary.ts";

/** LOINC: mental health progress note; psychology note for what assesses; progress note for what was no session. */
const TYPE_BY_TEMPLATE: Record<string, string> = {
  intake: "11510-5",
  risk: "11510-5",
  contact: "11506-3",
  "missed-session": "11506-3",
  discharge: "18842-5",
};
const SESSION_NOTE = "34904-3";

function sectionsOf(note: NoteContent): Record<string, unknown>[] | undefined {
  const found = formOf(note);
  return fhirList(
    note.sections.map(({ id, text }) => {
      const words = narrative(text);
      if (words === undefined) return undefined;
      const title = found?.sections.find((section) => section.id === id)?.label.en ?? id;
      return { title, code: concept(SYSTEM.section, id), text: words };
    }),
  );
}

function composition(
  { id, note, at }: { id: string; note: NoteContent & { author: string }; at: string },
  context: Parameters<OutMapper<SessionNote>>[1],
): Record<string, unknown> & { resourceType: string; id: string } {
  const name = formOf(note)?.label.en ?? note.template;
  const { date, minutes, attendance, modality } = note.session;
  return withoutUndefined({
    resourceType: "Composition",
    id,
    type: loinc(TYPE_BY_TEMPLATE[note.template] ?? SESSION_NOTE, name),
    category: [concept(SYSTEM.template, note.template)],
    subject: context.subject,
    date: at,
    author: [context.member(note.author)],
    title: `${name} ${date}`,
    event: [
      withoutUndefined({
        code: [{ text: `${attendance}, ${modality}, ${minutes} min` }],
        period: { start: date },
      }),
    ],
    section: sectionsOf(note),
  });
}

/** A signed note → Composition; a trainee's is preliminary until it is countersigned. */
export const sessionNoteOut: OutMapper<SessionNote> = ({ id, body }, context) => {
  const made = composition({ id, note: body, at: body.at }, context);
  const status = body.status === "pending" ? "preliminary" : "final";
  const attester =
    status === "final"
      ? [{ mode: "legal", time: body.at, party: context.member(body.author) }]
      : undefined;
  return [withoutUndefined({ ...made, status, attester })];
};

/** A correction → a Composition of its own that replaces what it names, with the reason. */
export const noteAmendmentOut: OutMapper<NoteAmendment> = ({ id, body }, context) => {
  const made = composition({ id, note: body, at: body.at }, context);
  const target = context.entry(body.amends);
  const reason = narrative(body.reason);
  const resource = withoutUndefined({
    ...made,
    status: "amended",
    attester: [{ mode: "legal", time: body.at, party: context.member(body.author) }],
    text: reason,
    relatesTo:
      target === undefined
        ? undefined
        : [{ code: "replaces", targetReference: { reference: target.reference } }],
  });
  return [resource];
};

/** A supervisor's signature → Basic about the note. */
export const countersignatureOut: OutMapper<Countersignature> = ({ id, body }, context) => {
  const resource = withoutUndefined({
    resourceType: "Basic",
    id,
    code: concept(SYSTEM.record, "countersignature", "Countersigned"),
    subject: context.entry(body.signs),
    created: body.at.slice(0, 10),
    author: context.member(body.supervisor),
    text: narrative(body.remark ?? ""),
  });
  return [resource];
};

/** Marks what is psychotherapy notes in the sense of 45 CFR 164.501. */
const PSYCHOTHERAPY_NOTE = {
  security: [
    { system: "http://terminology.hl7.org/CodeSystem/v3-ActCode", code: "PSYTHPN" },
    { system: "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", code: "V" },
  ],
};

/** The therapist's private reflection, when its owner wants it out → a Composition labelled PSYTHPN. */
export const processNoteOut: OutMapper<ProcessNote | GroupNote> = (
  { id, member, body },
  context,
) => {
  const words = narrative(body.text);
  const resource = withoutUndefined({
    resourceType: "Composition",
    id,
    meta: PSYCHOTHERAPY_NOTE,
    status: "final",
    type: loinc("11510-5", "Process note"),
    subject: context.subject,
    date: body.at,
    author: [context.member(member)],
    title: fhirText(`Process note ${body.sessionDate ?? ""}`.trim()),
    confidentiality: "V",
    section: words === undefined ? undefined : [{ text: words }],
  });
  return [resource];
};
