import { epochAt, parseId, type FileId, type Outcome } from "@sinetti/core";
import { displayName, type PatientCompartment, type RecordEntry } from "@sinetti/practice";
import type { Client } from "../client.ts";
import { ClientError } from "../errors.ts";
import type { FileRef } from "../fileBook.ts";
import type { KnownFile } from "../fileCache.ts";
import { openFiles } from "../openFiles.ts";
import { readRecords } from "../records/body.ts";
import { requestRelease } from "../release.ts";
import { leasedRoster } from "../chart/leased.ts";
import { checkAuthors } from "../records/notes.ts";
import { findInRoster } from "../records/roster.ts";
import { readIdentity } from "../records/identity.ts";
import { findPatientFiles } from "../records/patients.ts";

const VAULT: Record<PatientCompartment, "who" | "what"> = {
  identity: "who",
  office: "who",
  care: "what",
  portal: "what",
  process: "what",
};
const COMPARTMENTS = Object.keys(VAULT) as PatientCompartment[];

/** A file of a patient, open. */
export interface OpenPart {
  readonly compartment: PatientCompartment;
  readonly file: KnownFile;
}

/** A file of a patient that this member may not open, and the gate's word. */
export interface ClosedPart {
  readonly compartment: PatientCompartment;
  readonly file: FileId;
  readonly outcome: Exclude<Outcome, "released">;
}

/** What of a patient this member may open for an export, and what not. */
export interface OpenPatient {
  readonly name: string;
  readonly open: readonly OpenPart[];
  readonly closed: readonly ClosedPart[];
}

interface PartRef extends FileRef {
  readonly compartment: PatientCompartment;
}

/** Opens a patient's files for an export: identity and care first, since they name the others; `isIdentity` says what the id is of. Errors: `unknown-record`, `refused` when nothing opens. */
export async function openPatient(
  client: Client,
  patient: string,
  { withProcessNotes, isIdentity = false }: { withProcessNotes: boolean; isIdentity?: boolean },
): Promise<OpenPatient> {
  const { identity, care, name } = isIdentity
    ? { identity: { file: parseId<FileId>(patient), vault: "who" as const }, care: null, name: "" }
    : await findPatientFiles(client, patient);
  const named: PartRef[] = [
    ...(identity === null ? [] : [{ ...identity, compartment: "identity" as const }]),
    ...(care === null ? [] : [{ ...care, compartment: "care" as const }]),
  ];
  if (withProcessNotes && !isIdentity) named.push(...(await ownProcess(client, patient)));
  const first = await openParts(client, named);
  const linked = linkedParts(client, first.open).filter(
    ({ compartment, file }) =>
      (compartment !== "process" || withProcessNotes) &&
      !named.some((known) => known.file === file),
  );
  const second = await openParts(client, linked);
  const open = inOrder([...first.open, ...second.open]);
  const closed = inOrder([...first.closed, ...second.closed]);
  if (open.length === 0)
    throw new ClientError("refused", { detail: `gate: ${closed[0]?.outcome ?? "unknown-file"}` });
  return { name: nameOf(client, open) ?? name, open, closed };
}

/** A therapist's own process notes, which the caseload alone names. */
async function ownProcess(client: Client, patient: string): Promise<PartRef[]> {
  if (!client.roles.includes("therapist")) return [];
  const line = findInRoster(await leasedRoster(client), patient);
  const file = line?.files.process;
  return file === undefined
    ? []
    : [{ compartment: "process", file: parseId<FileId>(file), vault: "what" }];
}

async function openParts(
  client: Client,
  refs: readonly PartRef[],
): Promise<Pick<OpenPatient, "open" | "closed">> {
  const open: OpenPart[] = [];
  const closed: ClosedPart[] = [];
  if (refs.length === 0) return { open, closed };
  const refused = await tellGate(client, refs);
  const opened = await openFiles(client.context, refs, { purpose: "export" });
  for (const [index, { outcome, file, ref }] of opened.entries()) {
    const compartment = refs[index]?.compartment ?? "identity";
    const said = refused.get(ref.file) ?? outcome;
    if (file !== null && said === "released") open.push({ compartment, file });
    else if (said !== "released") closed.push({ compartment, file: ref.file, outcome: said });
  }
  return { open, closed };
}

/** An export is asked of the gate also where a lease would open the file without a word. */
async function tellGate(
  { context }: Client,
  refs: readonly PartRef[],
): Promise<Map<FileId, Outcome>> {
  const held = await Promise.all(refs.map((ref) => context.files.get(ref)));
  const items = held.flatMap((file) =>
    file === null || file.keys.size === 0
      ? []
      : [{ file: file.file, epoch: epochAt(file.access).epoch, record: file.record.head }],
  );
  if (items.length === 0) return new Map();
  const answer = await requestRelease(context, items, "export");
  return new Map(answer.items.map(({ file, outcome }) => [file, outcome]));
}

/** The files that open ones name. */
function linkedParts({ context }: Client, open: readonly OpenPart[]): PartRef[] {
  const found = new Map<PatientCompartment, PartRef>();
  for (const { compartment, file } of open) {
    if (compartment !== "identity" && compartment !== "care") continue;
    for (const { body } of readRecords(context, file, { compartment })) {
      if (body.type !== "links") continue;
      for (const linked of COMPARTMENTS) {
        const id = (body as Partial<Record<PatientCompartment, string>>)[linked];
        if (id === undefined) continue;
        found.set(linked, { compartment: linked, file: parseId<FileId>(id), vault: VAULT[linked] });
      }
    }
  }
  return [...found.values()];
}

function inOrder<P extends { compartment: PatientCompartment }>(parts: readonly P[]): P[] {
  return parts.toSorted(
    (a, b) => COMPARTMENTS.indexOf(a.compartment) - COMPARTMENTS.indexOf(b.compartment),
  );
}

function nameOf({ context }: Client, open: readonly OpenPart[]): string | undefined {
  const identity = open.find(({ compartment }) => compartment === "identity");
  const person = identity && readIdentity(context, identity.file).person;
  return person === undefined ? undefined : displayName(person);
}

/** The entries of open files, in chain order, file by file. Hard stop: one names another author than its signature. */
export function readOpenEntries({ context }: Client, open: readonly OpenPart[]): RecordEntry[] {
  for (const { compartment, file } of open)
    if (compartment === "care") checkAuthors(readRecords(context, file, { compartment }));
  return open.flatMap(({ compartment, file }) =>
    readRecords(context, file, { compartment }).map(
      ({ id, member, body }) => ({ compartment, entry: id, member, body }) as RecordEntry,
    ),
  );
}
