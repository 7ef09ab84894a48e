import type { IdentityBody } from "../../records/identity.ts";
import { mapBundle } from "../mapBundle.ts";
import type { RecordEntry } from "./exported.ts";
import { sourcesOf, type Original } from "./originals.ts";

/**
 * The identity entries that the import of a Patient made beside the person (contacts, old codes): they carry no source of their
 * own, and the Patient, when it comes out as it came in, makes them again. By entry: their source id, and the Patient's.
 */
export function derivedFrom(
  entries: readonly RecordEntry[],
  originals: ReadonlyMap<string, Original>,
  { sha256 }: { sha256: (text: string) => string },
): Map<string, { sourceId: string; of: string }> {
  const derived = new Map<string, { sourceId: string; of: string }>();
  for (const { compartment, body } of entries) {
    const [source] = sourcesOf(body);
    if (compartment !== "identity" || body.type !== "person" || source === undefined) continue;
    const original = originals.get(source.sourceId);
    if (original === undefined) continue;
    const bundle = {
      resourceType: "Bundle",
      type: "collection",
      entry: [{ resource: original.resource }],
    };
    const { identity } = mapBundle(bundle, { at: body.at, zone: "UTC", sha256 });
    const made = identity.filter((draft) => draft.sourceId !== source.sourceId);
    for (const draft of made) {
      const found = entries.find(
        (entry) =>
          entry.compartment === "identity" &&
          !derived.has(entry.entry) &&
          isSame(entry.body, draft.body),
      );
      if (found !== undefined)
        derived.set(found.entry, { sourceId: draft.sourceId, of: source.sourceId });
    }
  }
  return derived;
}

function isSame(a: IdentityBody, b: IdentityBody): boolean {
  return a.type === b.type && JSON.stringify(a) === JSON.stringify(b);
}
