import type { EntryId, FileId, Secret } from "@sinetti/core";
import { importEntryId, importFileId } from "@sinetti/core/secret";
import {
  foldIdentity,
  renameIds,
  type EntryBody,
  type EntryDraft,
  type MappedBundle,
} from "@sinetti/practice";
import type { EntryWish } from "../appendEntries.ts";
import { encodeBody } from "./body.ts";
import type { AttachedDraft, Candidate, ImportCompartment } from "./importGroup.ts";

/** Compartments that a FHIR bundle may have records for. */
const COMPARTMENTS = ["identity", "office", "care", "portal", "process"] as const;
/** Files that every patient gets. */
const ALWAYS = new Set<ImportCompartment>(["identity", "care"]);

/** The file of a patient whom `key` names at the source. */
export function importedFile(
  importKey: Secret<"import-key">,
  compartment: ImportCompartment,
  key: string,
): FileId {
  return importFileId(importKey, new TextEncoder().encode(`${compartment}\n${key}`));
}

/** What a source holds about one patient; only an export of ours has what is optional here. */
export type MappedDrafts = Pick<MappedBundle, "identity" | "office" | "care" | "kept"> &
  Partial<Pick<MappedBundle, "portal" | "process" | "history" | "renames" | "documents">>;

/** Names files and entries of a mapped bundle by the practice's import key; `key` tells the patient at the source. */
export function toCandidate(
  source: string,
  mapped: MappedDrafts,
  { key, importKey }: { key: string; importKey: Secret<"import-key"> },
): Candidate {
  const { identity, office, portal = [], process = [], history = [], renames = [] } = mapped;
  const pathBySource = new Map(
    (mapped.documents ?? []).map(({ sourceId, path }) => [sourceId, path]),
  );
  const care = [...mapped.care, ...mapped.kept].filter(
    ({ sourceId }) => !pathBySource.has(sourceId),
  );
  const drafts = { identity, office, care, portal, process };
  const files = new Map<ImportCompartment, FileId>(
    COMPARTMENTS.filter((each) => ALWAYS.has(each) || drafts[each].length > 0).map(
      (compartment) => [compartment, importedFile(importKey, compartment, key)],
    ),
  );
  const entryId = (compartment: ImportCompartment, sourceId: string): EntryId =>
    importEntryId(importKey, new TextEncoder().encode(`${compartment}\n${key}\n${sourceId}`));
  const renamed = new Map<string, string>(
    renames.map(({ from, compartment, sourceId }) => [from, entryId(compartment, sourceId)]),
  );
  const wishes = <C extends ImportCompartment>(
    compartment: C,
    of: readonly EntryDraft<EntryBody<C>>[],
  ): EntryWish[] =>
    of.map(({ sourceId, body }) => ({
      id: entryId(compartment, sourceId),
      class: "entry",
      body: encodeBody(compartment, renamed.size === 0 ? body : renameIds(body, renamed)),
    }));
  const at = identity[0]?.body.at ?? "1970-01-01T00:00:00.000Z";
  const links = { v: 1, type: "links", at } as const;
  const entries = new Map<ImportCompartment, EntryWish[]>();
  const linked = Object.fromEntries([...files].filter(([each]) => each !== "identity"));
  const { care: careFile, ...besideCare } = linked;
  const back = { ...links, identity: files.get("identity") ?? "" };
  entries.set("identity", [
    ...wishes("identity", identity),
    ...wishes("identity", [{ sourceId: "links", body: { ...links, ...linked } }]),
  ]);
  if (files.has("office")) entries.set("office", wishes("office", office));
  entries.set("care", [
    ...wishes("care", [{ sourceId: "links", body: { ...back, ...besideCare } }]),
    // Before what they tell of: cut off in between, no note stands here without whoever wrote it.
    ...wishes("care", [...history, ...care]),
  ]);
  const withCare = { ...back, ...(careFile !== undefined && { care: careFile }) };
  if (files.has("portal"))
    entries.set("portal", [
      ...wishes("portal", [{ sourceId: "links", body: withCare }]),
      ...wishes("portal", portal),
    ]);
  if (files.has("process"))
    entries.set("process", [
      ...wishes("process", [{ sourceId: "links", body: withCare }]),
      ...wishes("process", process),
    ]);
  const folded = foldIdentity(identity.map(({ sourceId, body }) => ({ entry: sourceId, body })));
  const before = new Map(
    renames.map(({ from, compartment, sourceId }) => [entryId(compartment, sourceId), from]),
  );
  const attached = mapped.care.flatMap(({ sourceId, body }): AttachedDraft[] =>
    pathBySource.has(sourceId) && (body.type === "document" || body.type === "letter")
      ? [
          {
            id: entryId("care", sourceId),
            body: renameIds(body, renamed),
            path: pathBySource.get(sourceId),
            before: before.get(entryId("care", sourceId)),
          },
        ]
      : [],
  );
  const told = new Set(history.map(({ sourceId }) => entryId("care", sourceId)));
  return { source, identity: folded, files, entries, attached, before, history: told };
}
