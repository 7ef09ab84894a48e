import { withoutUndefined } from "../fhir/elements.ts";
import { localTimeToInstant } from "../calendar/localTime.ts";
import { TEXT_MAX } from "../records/fields.ts";
import type { Source } from "../records/fields.ts";
import type { NoteSection, NoteSession, SessionNote } from "../records/note.ts";
import type { CsvRow } from "./csvRow.ts";
import { readTime } from "./dates.ts";
import { REFERENCE_FIELDS, readReference } from "./patientReference.ts";
import type { PatientReference } from "./patientReference.ts";
import { readAttendance, readMinutes, readModality } from "./values.ts";

/** Sections of a note by the templates that have them, the most particular first. */
const TEMPLATES: readonly (readonly [template: string, mark: readonly string[]])[] = [
  ["soap", ["subjective", "objective"]],
  ["birp", ["behaviour"]],
  ["dap", ["data"]],
];
const SECTIONS = [
  "subjective",
  "objective",
  "data",
  "behaviour",
  "intervention",
  "response",
  "assessment",
  "plan",
  "risk",
];
const SECTIONS_BY_TEMPLATE: Record<string, readonly string[]> = {
  soap: ["subjective", "objective", "assessment", "plan", "risk"],
  birp: ["behaviour", "intervention", "response", "plan", "risk"],
  dap: ["data", "assessment", "plan", "risk"],
  narrative: ["narrative", "risk"],
};
const TEXT_FIELDS = new Set(["text", ...SECTIONS]);

/** A note as one row tells it, without who imported it. */
export interface NoteRow {
  reference: PatientReference;
  /** The note's own number at the source. */
  id: string | undefined;
  /** Names this content of one patient wherever the row stands: SHA-256 over date and text. */
  contentHash: string;
  note: Omit<SessionNote, "author" | "source">;
}

/** Reads a note; undefined, with the issue, when it has no day or no text. */
export function readNoteRow(row: CsvRow): NoteRow | undefined {
  const day = row.date("date");
  if (row.texts("date").length === 0) row.issue("date", "missing");
  const { template, sections } = readSections(row);
  if (sections.length === 0) row.issue("text", "missing");
  const isLong = sections.some(({ text }) => text.length > TEXT_MAX);
  if (isLong) row.issue("text", "too-long");
  if (day === undefined || sections.length === 0 || isLong) return undefined;
  const time = readClock(row, "time") ?? day.time;
  const start = time === undefined ? undefined : `${day.date}T${time}`;
  const at = localTimeToInstant(start ?? `${day.date}T00:00`, row.table.zone);
  const texts = sections.map(({ id, text }) => [id, text.replace(/\r\n?/g, "\n").trim()]);
  return {
    reference: readReference(row),
    id: row.line("id"),
    contentHash: row.table.sha256(JSON.stringify([day.date, texts])),
    note: withoutUndefined({
      v: 1 as const,
      type: "sessionNote" as const,
      at: new Date(at).toISOString(),
      template,
      session: readSession(row, { date: day.date, start }),
      sections,
      objectives: [],
      status: "signed" as const,
      writtenBy: row.line("author"),
    }),
  };
}

/** Where a note came from: its cells as they came, without its text, which the note holds, and without whose it is. */
export function noteSource(row: CsvRow, sourceId: string): Source {
  return row.source(sourceId, isBesideText);
}

/** What a note's row holds beside its text and whose it is; null: nothing. */
export function cellsBesideText(row: CsvRow): Record<string, string> | null {
  return row.cells(isBesideText);
}

function isBesideText(field: string | null): boolean {
  return field === null || !(TEXT_FIELDS.has(field) || REFERENCE_FIELDS.has(field));
}

function readSession(
  row: CsvRow,
  { date, start }: { date: string; start: string | undefined },
): NoteSession {
  return withoutUndefined({
    date,
    start,
    minutes: readWord(row, "minutes", { read: readMinutes, otherwise: "not-a-number" }) ?? 0,
    attendance: readWord(row, "attendance", { read: readAttendance }) ?? ("attended" as const),
    modality: readWord(row, "modality", { read: readModality }) ?? ("other" as const),
  });
}

/** A field by its reader; undefined when it is empty or, which is said, not understood. */
export function readWord<T>(
  row: CsvRow,
  field: string,
  options: {
    read: (text: string) => T | undefined;
    otherwise?: "not-known" | "not-a-number" | "not-a-time";
  },
): T | undefined {
  const [text] = row.texts(field);
  if (text === undefined) return undefined;
  const value = options.read(text);
  if (value === undefined) row.issue(field, options.otherwise ?? "not-known");
  return value;
}

/** A time of day in a column of its own. */
export function readClock(row: CsvRow, field: string): string | undefined {
  return readWord(row, field, { read: readTime, otherwise: "not-a-time" });
}

/** The template whose sections the row fills; a free text, alone or beside sections, makes a narrative that holds all of it. */
function readSections(row: CsvRow): { template: string; sections: NoteSection[] } {
  const filled = SECTIONS.flatMap((id) => row.texts(id).map((text) => ({ id, text: clean(text) })));
  const free = row.texts("text").map(clean);
  const template =
    free.length > 0
      ? "narrative"
      : (TEMPLATES.find(([, marks]) => filled.some(({ id }) => marks.includes(id)))?.[0] ??
        "narrative");
  const own = SECTIONS_BY_TEMPLATE[template] ?? [];
  const fitting = filled.filter(({ id }) => own.includes(id));
  const others = filled.filter(({ id }) => !own.includes(id));
  if (free.length === 0 && others.length === 0) return { template, sections: fitting };
  const whole = [...free, ...filled.filter(({ id }) => id !== "risk").map(labelled)];
  const risk = filled.filter(({ id }) => id === "risk");
  const sections = whole.length === 0 ? [] : [{ id: "narrative", text: whole.join("\n\n") }];
  return { template: "narrative", sections: [...sections, ...risk] };
}

function labelled({ id, text }: NoteSection): string {
  return `${id.slice(0, 1).toUpperCase()}${id.slice(1)}: ${text}`;
}

function clean(text: string): string {
  return text.toWellFormed();
}
