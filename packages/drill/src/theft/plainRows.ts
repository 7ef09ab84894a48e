import { createHash } from "node:crypto";

import { encodeBody } from "@sinetti/client";
import type { Secret } from "@sinetti/core";
import { displayName, lookupFields, normaliseName } from "@sinetti/practice";

import { toCandidate, type PatientIds } from "../synthetic/candidate.ts";
import {
  inventStaff,
  needlesOf,
  practiceName,
  type Caseload,
  type PracticeWish,
} from "../synthetic/caseload.ts";
import { directoryValues, inventBooks } from "../synthetic/officeWork.ts";
import { fits, type PlantPlace } from "../synthetic/plant.ts";
import { planPatient } from "../synthetic/writeCaseload.ts";

/** A row as a vault would keep it if nothing were sealed. */
export interface PlainRow {
  readonly service: "who" | "what";
  readonly table: "entries" | "attachments" | "drafts" | "lookup_cells";
  /** 16 bytes as hexadecimal digits. */
  readonly file: string;
  readonly id: string;
  readonly bytes: Uint8Array;
  /** Strings that were put into it, each with the field. */
  readonly planted: readonly { readonly needle: number; readonly field: string }[];
}

/** What the plain rows of a practice are made of. */
export interface PlainSource {
  readonly wish: PracticeWish;
  readonly caseloads: readonly Caseload[];
  readonly authors: readonly string[];
  readonly importKey: Secret<"import-key">;
  /** What else is looked for and has no place of its own among the invented records. */
  readonly also: readonly string[];
}

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const idOf = (name: string): string => createHash("sha256").update(name).digest("hex").slice(0, 32);
const VAULT_OF = {
  identity: "who",
  office: "who",
  care: "what",
  portal: "what",
  process: "what",
} as const;

/** The same practice with sealing replaced by nothing: what the search must find all of. */
export async function* plainRows(source: PlainSource): AsyncGenerator<PlainRow> {
  for (const [index, caseload] of source.caseloads.entries()) {
    const author = source.authors[index] ?? "";
    for (let number = caseload.from; number < caseload.to; number++)
      yield* patientRows(source, number, author);
  }
  yield* bookRows(source);
  yield* directoryRows(source);
}

async function* patientRows(
  { wish, importKey }: PlainSource,
  number: number,
  author: string,
): AsyncGenerator<PlainRow> {
  const { patient, ids, places } = planPatient(wish, number, { author, importKey });
  const candidate = toCandidate(patient, ids);
  const plantedIn = (compartment: string, sourceId: string): PlainRow["planted"] =>
    places.filter(
      (place) => place.sourceId === sourceId && place.field.startsWith(`${compartment}.`),
    );
  const sourceIdOf = sourceIds(places, ids);
  for (const [compartment, entries] of candidate.entries)
    for (const { id, body } of entries)
      yield {
        service: VAULT_OF[compartment],
        table: "entries",
        file: ids.file(compartment),
        id,
        bytes: body,
        planted: plantedIn(compartment, sourceIdOf.get(id) ?? ""),
      };
  const care = ids.file("care");
  for (const { sourceId, title, at, mediaType, ...document } of patient.documents) {
    const id = ids.entry("care", sourceId);
    const both = plantedIn("care", sourceId);
    const body = encodeBody("care", { v: 1, type: "document", at, title, mediaType });
    const row = { service: "what" as const, file: care, id };
    yield {
      ...row,
      table: "entries",
      bytes: body,
      planted: both.filter(({ field }) => field.endsWith(".title")),
    };
    const bytes = await document.bytes();
    yield {
      ...row,
      table: "attachments",
      bytes,
      planted: both.filter(({ field }) => field.endsWith(".bytes")),
    };
  }
  const needles = needlesOf(wish, number);
  for (const [index, draft] of patient.drafts.entries()) {
    const needle = needles[index - (patient.drafts.length - needles.length)];
    const planted =
      needle === undefined ? [] : [{ needle: needle.index, field: "care.noteDraft.sections" }];
    yield {
      service: "what",
      table: "drafts",
      file: care,
      id: idOf(`draft/${number}/${index}`),
      bytes: utf8(JSON.stringify(draft)),
      planted,
    };
  }
  const identity = ids.file("identity");
  const lines = needles.filter((needle) => fits(needle, "line"));
  for (const { index, text } of lines)
    yield {
      service: "who",
      table: "entries",
      file: idOf(`roster/${author}`),
      id: idOf(`roster/${index}`),
      bytes: utf8(JSON.stringify({ patient: identity, name: text })),
      planted: [{ needle: index, field: "roster.name" }],
    };
  for (const { field, value } of lookupFields(candidate.identity)) {
    const planted = lines
      .filter(({ text }) => field === "name" && value === normaliseName(text))
      .map(({ index }) => ({ needle: index, field: "lookup.name" }));
    yield {
      service: "who",
      table: "lookup_cells",
      file: identity,
      id: idOf(`${field}|${value}`),
      bytes: utf8(`${field}|${value}|${displayName(patient.person)}`),
      planted,
    };
  }
}

/** By entry id, the name of the record that it became; only of those that something was put into. */
function sourceIds(places: readonly PlantPlace[], ids: PatientIds): Map<string, string> {
  return new Map(
    places.map(({ field, sourceId }) => {
      const [compartment = ""] = field.split(".");
      return [ids.entry(compartment as keyof typeof VAULT_OF, sourceId), sourceId];
    }),
  );
}

function* bookRows({ wish, caseloads, authors, importKey }: PlainSource): Generator<PlainRow> {
  const books = inventBooks(wish, { caseloads, authors, importKey });
  for (const compartment of ["schedule", "ledger"] as const)
    for (const { key, value, needle } of books[compartment])
      yield {
        service: "who",
        table: "entries",
        file: idOf(compartment),
        id: idOf(`${compartment}/${key}`),
        bytes: utf8(JSON.stringify(value)),
        planted: needle === null ? [] : [{ needle, field: compartment }],
      };
}

function* directoryRows({ wish, also }: PlainSource): Generator<PlainRow> {
  const { plant } = wish;
  const { founder, office, caseloads } = inventStaff(wish);
  const staff = [founder, office, ...caseloads.map(({ therapist }) => therapist)];
  const own = [
    practiceName(wish),
    ...staff.map(({ name }) => ({ name })),
    ...also.map((name) => ({ name })),
  ];
  for (const [index, value] of own.entries())
    yield {
      service: "who",
      table: "entries",
      file: idOf("directory"),
      id: idOf(`directory/own/${index}`),
      bytes: utf8(JSON.stringify(value)),
      planted: [],
    };
  for (const [index, text] of plant.entries()) {
    if (!fits({ index, text }, "line")) continue;
    for (const [key, value] of directoryValues(text, index))
      yield {
        service: "who",
        table: "entries",
        file: idOf("directory"),
        id: idOf(`directory/${key}`),
        bytes: utf8(JSON.stringify(value)),
        planted: [{ needle: index, field: `directory.${value.kind}` }],
      };
  }
}
