import type { FileId } from "@sinetti/core";
import type { Person, RosterValue } from "@sinetti/practice";
import type { Context } from "../context.ts";
import { createFiles } from "../createFiles.ts";
import { ClientError } from "../errors.ts";
import { changeFolded, openFolded, type FoldedFile } from "./folded.ts";
import { personFacts } from "./retentionFacts.ts";
import { findOwnFile, rememberOwnFile } from "./practiceFiles.ts";

/** A therapist's own caseload, sealed to them alone. */
export type Roster = FoldedFile<"roster">;

/** Rosters that are being made: what asks for one at the same time gets the same. */
const making = new WeakMap<Context, Promise<Roster>>();

/** Opens the roster of this member; a therapist without one gets it here. Error: `refused` for who is no therapist. */
export async function openRoster(context: Context, isTherapist: boolean): Promise<Roster> {
  const ref = await findOwnFile(context, "roster");
  if (ref !== null)
    return openFolded(context, ref, { compartment: "roster", purpose: "scheduling" });
  if (!isTherapist) throw new ClientError("refused", { detail: "only a therapist has a caseload" });
  const begun = making.get(context);
  if (begun !== undefined) return begun;
  const made = makeRoster(context).finally(() => making.delete(context));
  making.set(context, made);
  return made;
}

async function makeRoster(context: Context): Promise<Roster> {
  const ref = await findOwnFile(context, "roster");
  if (ref !== null)
    return openFolded(context, ref, { compartment: "roster", purpose: "scheduling" });
  const [file] = await createFiles(context, [
    { file: null, compartment: "roster", case: null, site: null, grants: [] },
  ]);
  if (file === undefined) throw new TypeError("no file was created");
  await rememberOwnFile(context, "roster", file.file);
  return { file, values: new Map() };
}

/** Puts patients into the roster in one append. */
export async function putPatients(
  context: Context,
  roster: Roster,
  patients: readonly RosterValue[],
): Promise<void> {
  await changeFolded(context, roster, {
    compartment: "roster",
    changes: patients.map((value) => ({ key: value.patient, value })),
  });
}

/** A patient of the roster by the id of any of their files; null: not of this caseload. */
export function findInRoster({ values }: Roster, id: string): RosterValue | null {
  const direct = values.get(id);
  if (direct !== undefined) return direct;
  return [...values.values()].find(({ files }) => Object.values(files).includes(id)) ?? null;
}

/** What the caseload calls somebody of whom nobody has written a name down. */
const NAMELESS = "No name given";

/** A roster line of a patient whose files have just been made; `nameless` is what is shown where `name` is empty. */
export function rosterLine(
  patient: FileId,
  {
    name,
    nameless = NAMELESS,
    care,
    person,
  }: {
    name: string;
    nameless?: string | undefined;
    care: FileId | null;
    person?: Person | undefined;
  },
): RosterValue {
  return {
    patient,
    name: name === "" ? nameless : name,
    files: care === null ? { identity: patient } : { identity: patient, care },
    unfinishedNotes: [],
    lastMeasures: [],
    ...(person === undefined ? {} : { retention: personFacts(person) }),
  };
}
