import type { FileId, Secret } from "@sinetti/core";
import { importEntryId, importFileId } from "@sinetti/core/secret";
import {
  foldIdentity,
  type EntryBody,
  type EntryDraft,
  type MappedBundle,
} from "@sinetti/practice";
import type { EntryWish } from "../appendEntries.ts";
import { encodeBody } from "./body.ts";
import type { Candidate, ImportCompartment } from "./importGroup.ts";

/** Compartments that a FHIR bundle has records for. */
const COMPARTMENTS = ["identity", "office", "care"] as const;

/** The file of a patient whom `key` names at the source. */
export function importedFile(
  importKey: Secret<"import-key">,
  compartment: ImportCompartment,
  key: string,
): FileId {
  return importFileId(importKey, new TextEncoder().encode(`${compartment}\n${key}`));
}

/** Names files and entries of a mapped bundle by the practice's import key; `key` tells the patient at the source. */
export function toCandidate(
  source: string,
  mapped: Pick<MappedBundle, (typeof COMPARTMENTS)[number] | "kept">,
  { key, importKey }: { key: string; importKey: Secret<"import-key"> },
): Candidate {
  const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
  const used = COMPARTMENTS.filter(
    (compartment) => compartment !== "office" || mapped.office.length > 0,
  );
  const files = new Map<ImportCompartment, FileId>(
    used.map((compartment) => [compartment, importedFile(importKey, compartment, key)]),
  );
  const wish = <C extends (typeof COMPARTMENTS)[number]>(
    compartment: C,
    { sourceId, body }: EntryDraft<EntryBody<C>>,
  ): EntryWish => ({
    id: importEntryId(importKey, utf8(`${compartment}\n${key}\n${sourceId}`)),
    class: "entry",
    body: encodeBody(compartment, body),
  });
  const at = mapped.identity[0]?.body.at ?? "1970-01-01T00:00:00.000Z";
  const [identity, office, care] = COMPARTMENTS.map((compartment) => files.get(compartment));
  const linked = office === undefined ? {} : { office };
  const entries = new Map<ImportCompartment, EntryWish[]>();
  const forward = {
    v: 1 as const,
    type: "links" as const,
    at,
    ...linked,
    ...(care === undefined ? {} : { care }),
  };
  entries.set("identity", [
    ...mapped.identity.map((draft) => wish("identity", draft)),
    wish("identity", { sourceId: "links", body: forward }),
  ]);
  if (office !== undefined)
    entries.set(
      "office",
      mapped.office.map((draft) => wish("office", draft)),
    );
  const back = { v: 1 as const, type: "links" as const, at, identity: identity ?? "", ...linked };
  entries.set("care", [
    wish("care", { sourceId: "links", body: back }),
    ...[...mapped.care, ...mapped.kept].map((draft) => wish("care", draft)),
  ]);
  const folded = foldIdentity(
    mapped.identity.map(({ sourceId, body }) => ({ entry: sourceId, body })),
  );
  return { source, identity: folded, files, entries };
}
