import { type EntryId, type FileId, type Secret } from "@sinetti/core";
import { importEntryId, importFileId } from "@sinetti/core/secret";
import {
  displayName,
  foldIdentity,
  type EntryBody,
  type EntryDraft,
  type MappedBundle,
} from "@sinetti/practice";
import type { EntryWish } from "../appendEntries.ts";
import type { Client } from "../client.ts";
import { createFiles, generateCaseId, type FileWish } from "../createFiles.ts";
import { ClientError, isRefusal } from "../errors.ts";
import type { FileRef } from "../fileBook.ts";
import { fetchFiles } from "../fetchFiles.ts";
import { appendInBatches } from "./appendInBatches.ts";
import { encodeBody } from "./body.ts";
import { lookupKeyOf, openDirectory } from "./directory.ts";
import { indexPatient } from "./lookup.ts";
import { officeGrants, rosterLine } from "./patients.ts";
import { openRoster, putPatients } from "./roster.ts";

/** Compartments that an import writes, and their vaults. */
const VAULT_BY_COMPARTMENT = { identity: "who", office: "who", care: "what" } as const;
type ImportCompartment = keyof typeof VAULT_BY_COMPARTMENT;
const COMPARTMENTS = Object.keys(VAULT_BY_COMPARTMENT) as ImportCompartment[];

/** One patient who was read from a source: what is to be written, and under which ids. */
export interface Candidate {
  readonly source: string;
  readonly mapped: MappedBundle;
  /** Files by compartment; only those that something is written to. */
  readonly files: ReadonlyMap<ImportCompartment, FileId>;
  readonly entries: ReadonlyMap<ImportCompartment, readonly EntryWish[]>;
}

/** What one group of an import adds to the report. */
export interface GroupReport {
  readonly patients: number;
  readonly entries: number;
  readonly unchanged: number;
  readonly rejected: { file: string; reason: string }[];
}

/** Names files and entries of a mapped bundle by the practice's import key; `key` tells the patient at the source. */
export function toCandidate(
  source: string,
  mapped: MappedBundle,
  { key, importKey }: { key: string; importKey: Secret<"import-key"> },
): Candidate {
  const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
  const used = COMPARTMENTS.filter(
    (compartment) => compartment !== "office" || mapped.office.length > 0,
  );
  const files = new Map(
    used.map((compartment) => [
      compartment,
      importFileId(importKey, utf8(`${compartment}\n${key}`)),
    ]),
  );
  const wish = <C extends ImportCompartment>(
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
  return { source, mapped, files, entries };
}

function fileOf({ files }: Candidate, compartment: ImportCompartment): FileId {
  const file = files.get(compartment);
  if (file === undefined) throw new TypeError("no file of this compartment");
  return file;
}

function doneCell(candidate: Candidate): string {
  return `imported/${fileOf(candidate, "identity")}`;
}

/**
 * Writes what is missing of a group of patients: files, then entries, then lookup and roster. The vaults are written side
 * by side, since neither waits for the other's entries.
 */
export async function importGroup(
  client: Client,
  group: readonly Candidate[],
  granted: ReadonlySet<FileId>,
): Promise<GroupReport> {
  const { refused, rejected } = await createMissing(client, group, granted);
  const taken = group.filter((candidate) => !refused.has(candidate));
  const [who, what] = await Promise.all([
    writeVault(client, taken, { vault: "who", granted }),
    writeVault(client, taken, { vault: "what", granted }),
  ]);
  const unfinished = await findUnfinished(client, taken);
  await finish(client, unfinished);
  const unchanged = taken.filter(
    (candidate) =>
      !who.changed.has(candidate) &&
      !what.changed.has(candidate) &&
      !unfinished.includes(candidate),
  ).length;
  return {
    patients: unfinished.length,
    entries: who.appended + what.appended,
    unchanged,
    rejected,
  };
}

/** Appends the entries that the files of one vault lack. */
async function writeVault(
  client: Client,
  group: readonly Candidate[],
  { vault, granted }: { vault: "who" | "what"; granted: ReadonlySet<FileId> },
): Promise<{ appended: number; changed: Set<Candidate> }> {
  const files = group.flatMap((candidate) =>
    [...candidate.files]
      .filter(([compartment]) => VAULT_BY_COMPARTMENT[compartment] === vault)
      .map(([compartment, file]) => ({ candidate, file, compartment })),
  );
  const older = files.filter(({ file }) => granted.has(file)).map(({ file }) => ({ file, vault }));
  const held = await heldEntries(client, older);
  const changed = new Set<Candidate>();
  const missing = files.flatMap(({ candidate, file, compartment }) => {
    const entries = (candidate.entries.get(compartment) ?? []).filter(({ id }) => !held.has(id));
    if (entries.length === 0) return [];
    changed.add(candidate);
    return [{ file, entries }];
  });
  return { appended: await appendInBatches(client.context, vault, missing), changed };
}

async function findUnfinished(
  { context }: Client,
  group: readonly Candidate[],
): Promise<Candidate[]> {
  const cells = await Promise.all(
    group.map((candidate) => context.device.read(doneCell(candidate))),
  );
  return group.filter((_, index) => cells[index] === null);
}

function fileWish(
  client: Client,
  candidate: Candidate,
  {
    compartment,
    whoCase,
  }: { compartment: ImportCompartment; whoCase: ReturnType<typeof generateCaseId> },
): FileWish {
  const base = { file: fileOf(candidate, compartment), compartment, site: null };
  if (compartment === "care") return { ...base, case: generateCaseId(), grants: [] };
  return {
    ...base,
    case: whoCase,
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
  const whoCases = new Map(group.map((candidate) => [candidate, generateCaseId()]));
  const wishesOf = (candidate: Candidate, vault: "who" | "what"): FileWish[] =>
    COMPARTMENTS.filter(
      (compartment) =>
        VAULT_BY_COMPARTMENT[compartment] === vault &&
        candidate.files.has(compartment) &&
        !granted.has(fileOf(candidate, compartment)),
    ).map((compartment) =>
      fileWish(client, candidate, {
        compartment,
        whoCase: whoCases.get(candidate) ?? generateCaseId(),
      }),
    );
  for (const vault of ["who", "what"] as const) {
    const all = group
      .filter((candidate) => !refused.has(candidate))
      .map((candidate) => ({ candidate, wishes: wishesOf(candidate, vault) }));
    if (
      await tryCreate(
        client,
        all.flatMap(({ wishes }) => wishes),
      )
    )
      continue;
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
async function tryCreate(client: Client, wishes: readonly FileWish[]): Promise<boolean> {
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
async function heldEntries(client: Client, refs: readonly FileRef[]): Promise<Set<EntryId>> {
  const fetched = await fetchFiles(client.context, refs, { boxes: false });
  const links = [...fetched.values()].flatMap(({ file }) => file.links);
  return new Set(links.flatMap(({ body }) => body.entries.map(({ id }) => id)));
}

/** Lookup and roster come last; a patient counts as imported once both are written. */
async function finish(client: Client, candidates: readonly Candidate[]): Promise<void> {
  if (candidates.length === 0) return;
  const { context } = client;
  const [directory, roster] = await Promise.all([
    openDirectory(context),
    client.roles.includes("therapist") ? openRoster(context, true) : null,
  ]);
  const lookupKey = lookupKeyOf(directory);
  const patients = candidates.map((candidate) => ({
    file: fileOf(candidate, "identity"),
    care: candidate.files.get("care") ?? null,
    identity: foldIdentity(
      candidate.mapped.identity.map(({ sourceId, body }) => ({ entry: sourceId, body })),
    ),
  }));
  const lines = patients
    .filter(({ file }) => roster?.values.has(file) === false)
    .map(({ file, care, identity: { person } }) => {
      const name = person === undefined ? "" : displayName(person);
      return rosterLine(file, { name: name === "" ? "?" : name, care });
    });
  await Promise.all([
    ...patients.map((patient) => indexPatient(context, lookupKey, patient)),
    ...(roster === null ? [] : [putPatients(context, roster, lines)]),
  ]);
  await context.device.write(
    candidates.map((candidate) => context.device.seal(doneCell(candidate), new Uint8Array(0))),
  );
}
