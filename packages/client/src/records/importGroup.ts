import type { CaseId, EntryId, FileId } from "@sinetti/core";
import type { EntryBody, PatientIdentity } from "@sinetti/practice";
import type { EntryWish } from "../appendEntries.ts";
import type { Client } from "../client.ts";
import { createFiles, generateCaseId, type FileWish } from "../createFiles.ts";
import { ClientError, isRefusal } from "../errors.ts";
import type { FileRef } from "../fileBook.ts";
import { fetchFiles } from "../fetchFiles.ts";
import { appendInBatches } from "./appendInBatches.ts";
import type { ImportRun } from "./importRun.ts";
import { latelyMeasured } from "./latelyMeasured.ts";
import { officeGrants } from "./patients.ts";
import { shuffled } from "./shuffled.ts";

/** Compartments that an import writes, and their vaults. */
export const VAULT_BY_COMPARTMENT = {
  identity: "who",
  office: "who",
  care: "what",
  portal: "what",
  process: "what",
} as const;
/** A compartment that a patient's records are imported into. */
export type ImportCompartment = keyof typeof VAULT_BY_COMPARTMENT;
const COMPARTMENTS = Object.keys(VAULT_BY_COMPARTMENT) as ImportCompartment[];

/** Weeks for which whoever imports keeps what goes to a colleague: long enough to finish an import that was cut off. */
const HAND_OVER_WEEKS = 2;

/** An entry of a care file whose document lies in the package beside the bundle. */
export interface AttachedDraft {
  readonly id: EntryId;
  readonly body: Extract<EntryBody<"care">, { type: "document" | "letter" }>;
  /** Id that the entry had where the bundle was made. */
  readonly before: string | undefined;
  /** Where in the package; undefined: the bundle does not say. */
  readonly path: string | undefined;
}

/** One patient who was read from a source: what is to be written, and under which ids. */
export interface Candidate {
  readonly source: string;
  /** As the entries of the identity file add up. */
  readonly identity: PatientIdentity;
  /** Files by compartment, identity among them; only those that something is written to. */
  readonly files: ReadonlyMap<ImportCompartment, FileId>;
  readonly entries: ReadonlyMap<ImportCompartment, readonly EntryWish[]>;
  /** Entries that come with a document of their own, after the others. */
  readonly attached?: readonly AttachedDraft[];
  /** Entries that tell what became of the record elsewhere; they are no part of it, and are not counted. */
  readonly history?: ReadonlySet<EntryId>;
  /** Ids that entries had where the bundle was made: one that is here under its old id has come back. */
  readonly before?: ReadonlyMap<EntryId, string>;
  /** True: it goes to a colleague, so that this member's own grant is short from the start. */
  readonly isHandedOver?: boolean;
}

/** What one group of an import adds to the report. */
export interface GroupReport {
  readonly patients: number;
  /** Patients whom the lookup does not know yet. */
  readonly unlisted: number;
  readonly entries: number;
  readonly unchanged: number;
  readonly rejected: { file: string; reason: string }[];
}

function fileOf({ files }: Candidate, compartment: ImportCompartment): FileId {
  const file = files.get(compartment);
  if (file === undefined) throw new TypeError("no file of this compartment");
  return file;
}

/**
 * Writes what is missing of a group of patients: files, then entries, then lookup and roster. The vaults are written side
 * by side, since neither waits for the other's entries.
 */
export async function importGroup(
  client: Client,
  group: readonly Candidate[],
  { granted, listing }: Pick<ImportRun, "granted" | "listing">,
): Promise<GroupReport> {
  const { refused, rejected } = await createMissing(client, group, granted);
  const taken = group.filter((candidate) => !refused.has(candidate));
  const [who, what] = await Promise.all([
    writeVault(client, taken, { vault: "who", granted }),
    writeVault(client, taken, { vault: "what", granted }),
  ]);
  const unfinished = await listing.unlisted(taken, (candidate) => fileOf(candidate, "identity"));
  const nowMs = client.context.world.clock.now() * 1000;
  const { added, unlisted } = await listing.list(
    unfinished.map((candidate) => ({
      file: fileOf(candidate, "identity"),
      care: candidate.files.get("care") ?? null,
      identity: candidate.identity,
      lastMeasures: latelyMeasured(candidate.entries.get("care") ?? [], nowMs),
    })),
  );
  const unchanged = taken.filter(
    (candidate) =>
      !who.changed.has(candidate) &&
      !what.changed.has(candidate) &&
      !unfinished.includes(candidate),
  ).length;
  return {
    patients: added,
    unlisted,
    entries: who.appended + what.appended,
    unchanged,
    rejected,
  };
}

/** Appends the entries that the files of one vault lack; each vault in an order of its own, so that no order joins them. */
async function writeVault(
  client: Client,
  group: readonly Candidate[],
  { vault, granted }: { vault: "who" | "what"; granted: ReadonlySet<FileId> },
): Promise<{ appended: number; changed: Set<Candidate> }> {
  const files = shuffled(group).flatMap((candidate) =>
    [...candidate.files]
      .filter(([compartment]) => VAULT_BY_COMPARTMENT[compartment] === vault)
      .map(([compartment, file]) => ({ candidate, file, compartment })),
  );
  const older = files.filter(({ file }) => granted.has(file)).map(({ file }) => ({ file, vault }));
  const held = await heldEntries(client, older);
  const changed = new Set<Candidate>();
  let told = 0;
  const missing = files.flatMap(({ candidate, file, compartment }) => {
    const { history, before } = candidate;
    const entries = (candidate.entries.get(compartment) ?? []).filter(
      ({ id }) => !held.has(id) && !held.has((before?.get(id) ?? id) as EntryId),
    );
    if (entries.every(({ id }) => history?.has(id))) return [];
    changed.add(candidate);
    told += entries.filter(({ id }) => history?.has(id)).length;
    return [{ file, entries }];
  });
  const appended = await appendInBatches(client.context, vault, missing);
  return { appended: appended - told, changed };
}

/** A patient's files of one vault count as one case. */
type Cases = Record<"who" | "what", CaseId>;

function fileWish(
  client: Client,
  candidate: Candidate,
  { compartment, cases }: { compartment: ImportCompartment; cases: Cases },
): FileWish {
  const vault = VAULT_BY_COMPARTMENT[compartment];
  const file = fileOf(candidate, compartment);
  const base = {
    file,
    compartment,
    site: null,
    case: cases[vault],
    grants: [],
    ...(candidate.isHandedOver === true && compartment !== "process"
      ? { ownWeeks: HAND_OVER_WEEKS }
      : {}),
  };
  // Process notes are recovered only if their owner wants it.
  if (vault === "what") return { ...base, recovery: compartment !== "process" };
  return {
    ...base,
    grants: officeGrants(client.context),
    own: client.roles.includes("therapist"),
  };
}

/** Creates the files that are not there yet, a request for each vault; who has a file that a colleague holds is rejected. */
async function createMissing(
  client: Client,
  group: readonly Candidate[],
  granted: ReadonlySet<FileId>,
): Promise<{ refused: Set<Candidate>; rejected: GroupReport["rejected"] }> {
  const refused = new Set<Candidate>();
  const casesOf = new Map(
    group.map((candidate) => [candidate, { who: generateCaseId(), what: generateCaseId() }]),
  );
  const wishesOf = (candidate: Candidate, vault: "who" | "what"): FileWish[] => {
    const cases = casesOf.get(candidate);
    if (cases === undefined) throw new TypeError("no case of this candidate");
    return COMPARTMENTS.filter(
      (compartment) =>
        VAULT_BY_COMPARTMENT[compartment] === vault &&
        candidate.files.has(compartment) &&
        !granted.has(fileOf(candidate, compartment)),
    ).map((compartment) => fileWish(client, candidate, { compartment, cases }));
  };
  for (const vault of ["who", "what"] as const) {
    const all = group
      .filter((candidate) => !refused.has(candidate))
      .map((candidate) => ({ candidate, wishes: wishesOf(candidate, vault) }));
    if (await tryCreate(client, shuffled(all.flatMap(({ wishes }) => wishes)))) continue;
    for (const { candidate, wishes } of all)
      if (!(await tryCreate(client, wishes))) refused.add(candidate);
  }
  return {
    refused,
    rejected: [...refused].map(({ source }) => ({
      file: source,
      reason: "already imported by a colleague",
    })),
  };
}

/** False: one of them exists already, and none was made. */
export async function tryCreate(client: Client, wishes: readonly FileWish[]): Promise<boolean> {
  if (wishes.length === 0) return true;
  try {
    await createFiles(client.context, wishes);
    return true;
  } catch (error) {
    const exists =
      isRefusal(error, "conflict") ||
      (error instanceof ClientError &&
        error.code === "refused" &&
        error.detail === "gate: the record exists already");
    if (!exists) throw error;
    for (const { file } of wishes) if (file !== null) client.context.files.forget(file);
    return false;
  }
}

/** Entries of files that were here before; one that has just been made holds none. */
export async function heldEntries(client: Client, refs: readonly FileRef[]): Promise<Set<EntryId>> {
  const fetched = await fetchFiles(client.context, refs, { boxes: false, isKept: false });
  const links = [...fetched.values()].flatMap(({ file }) => file.links);
  return new Set(links.flatMap(({ body }) => body.entries.map(({ id }) => id)));
}
