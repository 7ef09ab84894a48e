import type { FileId } from "@sinetti/core";
import type { MappedBundle } from "@sinetti/practice";
import type { Candidate, ImportCompartment } from "./importGroup.ts";

/** A patient whom an import has taken: how the source names them, and who treats them there. */
export interface ImportedRecord {
  /** The identity file. */
  readonly patient: FileId;
  readonly files: ReadonlyMap<ImportCompartment, FileId>;
  /** The patient's key at the source; never shown where names must not be. */
  readonly key: string;
  /** The responsible therapist as the source names them; null: it names nobody. */
  readonly therapist: string | null;
}

/** A candidate as it is to be assigned. */
export function recordOf(
  { files }: Pick<Candidate, "files">,
  { key, therapist }: Pick<ImportedRecord, "key" | "therapist">,
): ImportedRecord {
  const patient = files.get("identity");
  if (patient === undefined) throw new TypeError("a patient without an identity file");
  return { patient, files, key, therapist };
}

/**
 * Who is responsible for a patient by their FHIR bundle: the care manager of the running episode of care, else of the newest, else
 * whoever the newest encounter names first.
 */
export function responsibleTherapist({ care }: Pick<MappedBundle, "care">): string | null {
  const episodes: { name: string; isRunning: boolean; from: string }[] = [];
  const encounters: { name: string; from: string }[] = [];
  for (const { body } of care) {
    if (body.type === "careRelationship" && body.therapistName !== undefined)
      episodes.push({
        name: body.therapistName,
        isRunning: body.status === "active",
        from: body.from ?? "",
      });
    const [first] = body.type === "encounter" ? body.participants : [];
    if (body.type === "encounter" && first !== undefined)
      encounters.push({ name: first, from: body.start ?? body.on ?? "" });
  }
  episodes.sort((a, b) => Number(b.isRunning) - Number(a.isRunning) || newer(a, b));
  encounters.sort(newer);
  return episodes[0]?.name ?? encounters[0]?.name ?? null;
}

function newer(a: { from: string }, b: { from: string }): number {
  return a.from < b.from ? 1 : a.from > b.from ? -1 : 0;
}
