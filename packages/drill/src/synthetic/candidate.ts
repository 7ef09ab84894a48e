import {
  encodeBody,
  type Candidate,
  type EntryWish,
  type ImportCompartment,
} from "@sinetti/client";
import type { EntryId, FileId, Secret } from "@sinetti/core";
import { importEntryId, importFileId } from "@sinetti/core/secret";
import { foldIdentity, type EntryBody } from "@sinetti/practice";

import { PATIENT_COMPARTMENTS, type InventedPatient } from "./patient.ts";

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Names what a patient's records become, by the practice's import key: a second run finds what the first has written. */
export class PatientIds {
  readonly #importKey: Secret<"import-key">;
  readonly #key: string;

  constructor(importKey: Secret<"import-key">, { seed, number }: { seed: string; number: number }) {
    this.#importKey = importKey;
    this.#key = `synthetic/${seed}/${number}`;
  }

  file(compartment: ImportCompartment): FileId {
    return importFileId(this.#importKey, utf8(`${compartment}\n${this.#key}`));
  }

  entry(compartment: ImportCompartment, sourceId: string): EntryId {
    return importEntryId(this.#importKey, utf8(`${compartment}\n${this.#key}\n${sourceId}`));
  }
}

/** A patient's entries that name the other files: office is told of by both, portal and process only where care may be read. */
function linkBodies(
  files: ReadonlyMap<ImportCompartment, FileId>,
  at: string,
): {
  identity: EntryBody<"identity">;
  care: EntryBody<"care">;
} {
  const named = (compartment: ImportCompartment): Record<string, FileId> => {
    const file = files.get(compartment);
    return file === undefined ? {} : { [compartment]: file };
  };
  const base = { v: 1 as const, type: "links" as const, at, ...named("office") };
  const identity = files.get("identity");
  if (identity === undefined) throw new TypeError("a patient has an identity file");
  return {
    identity: { ...base, ...named("care") },
    care: { ...base, identity, ...named("portal"), ...named("process") },
  };
}

/** What is to be written of a patient, as an import writes it. */
export function toCandidate(patient: InventedPatient, ids: PatientIds): Candidate {
  const { records, number, person } = patient;
  const used = PATIENT_COMPARTMENTS.filter((compartment) => records[compartment].length > 0);
  const files = new Map(used.map((compartment) => [compartment, ids.file(compartment)]));
  const links = linkBodies(files, person.at);
  const wish = (
    compartment: ImportCompartment,
    sourceId: string,
    body: EntryBody<ImportCompartment>,
  ): EntryWish => ({
    id: ids.entry(compartment, sourceId),
    class: "entry",
    body: encodeBody(compartment, body),
  });
  const entries = new Map(
    used.map((compartment) => [
      compartment,
      [
        ...(compartment === "identity" || compartment === "care"
          ? [wish(compartment, "links", links[compartment])]
          : []),
        ...records[compartment].map(({ sourceId, body }) => wish(compartment, sourceId, body)),
      ],
    ]),
  );
  const identity = foldIdentity(
    records.identity.map(({ sourceId, body }) => ({ entry: sourceId, body })),
  );
  return { source: String(number), identity, files, entries };
}
