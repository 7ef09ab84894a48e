import { parseEntryBody } from "../../records/entryBody.ts";
import { PracticeError } from "../../error.ts";
import { base64ToText, narrativeToText } from "../embeddedText.ts";
import { isRecord } from "../bundle.ts";
import type { PatientRecord, RecordEntry, WithholdCode, Withheld } from "./exported.ts";
import { fhirDocumentsOf, sourcesOf } from "./originals.ts";

/** A passage that is to be kept from the patient: a field of an entry (`sections.plan`, `text`), or the whole entry. */
export interface WithholdWish {
  readonly entry: string;
  readonly field?: string;
  readonly code: WithholdCode;
  readonly reason: string;
}

/** Why a passage cannot be withheld as asked; `index` counts the wishes from 0. */
export interface WithholdProblem {
  readonly index: number;
  readonly problem: "unknown-entry" | "unknown-field" | "not-a-passage" | "stands-elsewhere";
  /** Where else the same passage stands. */
  readonly entry?: string;
}

/** Characters from which on a passage is looked for in the rest of the record: shorter ones say nothing by themselves. */
const FIELD_PASSAGE_MIN = 12;
const ENTRY_PASSAGE_MIN = 40;

/**
 * The record without these passages; each leaves a mark where it stood. An entry that came from elsewhere loses its original with
 * its passage. Refused as a whole: an entry or field that is not there, and a passage that still stands somewhere else.
 */
export function withholdPassages(
  record: PatientRecord,
  wishes: readonly WithholdWish[],
  options: { mark: (wish: WithholdWish) => string },
): { ok: true; value: PatientRecord } | { ok: false; reason: readonly WithholdProblem[] } {
  const entryById = new Map(record.entries.map((entry) => [entry.entry, entry]));
  const problems: WithholdProblem[] = [];
  const passages: { index: number; texts: Set<string> }[] = [];
  const withheld: Withheld[] = [];
  const gone = new Set<string>();
  const touched = new Set<string>();
  wishes.forEach((wish, index) => {
    const entry = entryById.get(wish.entry);
    if (entry === undefined) return problems.push({ index, problem: "unknown-entry" });
    const { field } = wish;
    touched.add(wish.entry);
    withheld.push({
      compartment: entry.compartment,
      type: entry.body.type,
      at: entry.body.at,
      ...wish,
    });
    if (field === undefined) {
      gone.add(wish.entry);
      return passages.push({ index, texts: longTexts(entry.body, ENTRY_PASSAGE_MIN) });
    }
    const cut = cutField(entry.body, field, options.mark(wish));
    if (!cut.ok) return problems.push({ index, problem: cut.reason });
    const changed = parseBody({ ...entry, body: cut.value.body } as RecordEntry);
    if (changed === undefined) return problems.push({ index, problem: "not-a-passage" });
    entryById.set(wish.entry, changed);
    return passages.push({ index, texts: longTexts(cut.value.passage, FIELD_PASSAGE_MIN) });
  });
  if (problems.length > 0) return { ok: false, reason: problems };
  const entries = withoutOriginals([...entryById.values()], { gone, touched });
  const keyed = [...record.appointments, ...record.invoices];
  const left = [
    ...entries.map(({ entry, body }) => ({ entry, text: [...allTexts(body)].join("\n") })),
    ...keyed.map(({ key, value }) => ({ entry: key, text: [...allTexts(value)].join("\n") })),
  ];
  for (const { index, texts } of passages)
    for (const text of texts) {
      const found = left.find((each) => each.text.includes(text));
      if (found !== undefined)
        problems.push({ index, problem: "stands-elsewhere", entry: found.entry });
    }
  if (problems.length > 0) return { ok: false, reason: problems };
  return { ok: true, value: { ...record, entries, withheld: [...record.withheld, ...withheld] } };
}

function parseBody(entry: RecordEntry): RecordEntry | undefined {
  try {
    return { ...entry, body: parseEntryBody(entry.compartment, entry.body) } as RecordEntry;
  } catch (cause) {
    if (cause instanceof PracticeError) return undefined;
    throw cause;
  }
}

type Cut =
  | { ok: true; value: { body: object; passage: unknown } }
  | { ok: false; reason: "unknown-field" | "not-a-passage" };

/** The body with a mark where a field's text was; an attachment goes without one. */
function cutField(body: object, field: string, mark: string): Cut {
  const copy = JSON.parse(JSON.stringify(body)) as Record<string, unknown>;
  const path = field.split(".");
  let at: unknown = copy;
  for (const segment of path.slice(0, -1)) at = childOf(at, segment);
  const last = path.at(-1) ?? "";
  const value = childOf(at, last);
  if (value === undefined) return { ok: false, reason: "unknown-field" };
  if (isRecord(value) && typeof value["text"] === "string") {
    const passage = value["text"];
    value["text"] = mark;
    return { ok: true, value: { body: copy, passage } };
  }
  if (last === "attachment" && isRecord(at)) {
    delete at[last];
    return { ok: true, value: { body: copy, passage: "" } };
  }
  if (typeof value !== "string") return { ok: false, reason: "not-a-passage" };
  if (Array.isArray(at)) at[Number(last)] = mark;
  else if (isRecord(at)) at[last] = mark;
  return { ok: true, value: { body: copy, passage: value } };
}

/** A member of an object, an item of a list by its number or its id. */
function childOf(parent: unknown, segment: string): unknown {
  if (Array.isArray(parent)) {
    const items = parent as unknown[];
    if (/^\d{1,4}$/.test(segment)) return items[Number(segment)];
    return items.find((item) => isRecord(item) && item["id"] === segment);
  }
  return isRecord(parent) && Object.hasOwn(parent, segment) ? parent[segment] : undefined;
}

/** What is left when the originals of what was touched have gone with it; of the identity, all of them, for one Patient holds it all. */
function withoutOriginals(
  entries: readonly RecordEntry[],
  { gone, touched }: { gone: ReadonlySet<string>; touched: ReadonlySet<string> },
): RecordEntry[] {
  const isIdentity = entries.some(
    ({ compartment, entry }) => compartment === "identity" && touched.has(entry),
  );
  const loses = ({ compartment, entry }: RecordEntry): boolean =>
    touched.has(entry) || (isIdentity && compartment === "identity");
  const sources = new Set(
    entries.filter(loses).flatMap(({ body }) => sourcesOf(body).map(({ sourceId }) => sourceId)),
  );
  return entries.flatMap((entry) => {
    if (gone.has(entry.entry)) return [];
    const { body } = entry;
    if (loses(entry)) return [withoutSource(entry)];
    const kept = fhirDocumentsOf(body);
    if (kept.length === 0 || body.type !== "sourceDocument") return [entry];
    const documents = body.documents.filter(({ sourceId }) => !sources.has(sourceId));
    if (documents.length === body.documents.length) return [entry];
    return documents.length === 0
      ? []
      : [{ ...entry, body: { ...body, documents } } as RecordEntry];
  });
}

/** The original's words go; that there was one, and its hash, may stay. */
function withoutSource(entry: RecordEntry): RecordEntry {
  const strip = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(strip);
    if (!isRecord(value)) return value;
    const known = Object.entries(value).filter(
      ([key]) => !(key === "json" && typeof value["sourceId"] === "string"),
    );
    return Object.fromEntries(known.map(([key, each]) => [key, strip(each)]));
  };
  return { ...entry, body: strip(entry.body) } as RecordEntry;
}

/** Words, not codes: what has no space in it is an id, a hash or an address. */
function longTexts(value: unknown, min: number): Set<string> {
  const trimmed = [...allTexts(value)].map((text) => text.trim());
  return new Set(trimmed.filter((text) => text.length >= min && /^[^{[].*\s/s.test(text)));
}

/** Every text inside a value, also inside the JSON, base64 and markup that originals carry. */
function* allTexts(value: unknown, key = ""): Generator<string> {
  if (typeof value === "string") {
    yield value;
    if (key === "div") yield narrativeToText(value);
    const decoded = key === "data" ? base64ToText(value) : undefined;
    if (decoded !== undefined) yield decoded;
    if (key === "json" || key === "content") yield* allTexts(parsed(value));
  } else if (typeof value === "object" && value !== null)
    for (const [name, each] of Object.entries(value)) yield* allTexts(each, name);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    if (cause instanceof SyntaxError) return undefined;
    throw cause;
  }
}
