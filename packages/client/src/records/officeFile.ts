import { grantsAt, hexToBytes, parseId, rolesAt, type FileId, type MemberId } from "@sinetti/core";
import { generateEntryId, importFileId, importKeyFromBytes } from "@sinetti/core/secret";
import { foldOffice, type EntryBody, type OfficeState } from "@sinetti/practice";
import { appendEntries } from "../appendEntries.ts";
import { changeRosterLine } from "../chart/leased.ts";
import type { Client } from "../client.ts";
import { memberGrant, type FileWish, type GrantWish } from "../createFiles.ts";
import { ClientError } from "../errors.ts";
import { filesThere } from "../filesThere.ts";
import type { KnownFile } from "../fileCache.ts";
import { authorTime, encodeBody, readRecords } from "./body.ts";
import { openDirectory } from "./directory.ts";
import { readIdentity } from "./identity.ts";
import { tryCreate } from "./importGroup.ts";
import { findPatientFiles, officeGrants, openOne } from "./patients.ts";
import { findInRoster, openRoster } from "./roster.ts";

/** A patient's office file, open. */
export interface OfficeFile {
  /** The identity file. */
  readonly patient: FileId;
  readonly file: KnownFile;
  readonly state: OfficeState;
}

/**
 * Opens a patient's office file, or makes it at first use: the office holds it, and the therapists who hold the identity. Its id is
 * made from the identity's, so that two who make it at once make one. Errors: `unknown-record`, `refused` with the gate's word.
 */
export async function openOffice(client: Client, patient: string): Promise<OfficeFile> {
  const { context } = client;
  const line = client.roles.includes("therapist")
    ? findInRoster(await openRoster(context, true), patient)
    : null;
  const identity = parseId<FileId>(line?.files.identity ?? (await identityOf(client, patient)));
  const known = line?.files.office ?? (await findOffice(client, identity));
  const id = known === undefined ? await makeOffice(client, identity) : parseId<FileId>(known);
  const file = await openMade(client, id);
  if (line !== null && line.files.office === undefined)
    await changeRosterLine(client, identity, (now) => ({
      ...now,
      files: { ...now.files, office: id },
    }));
  return { patient: identity, file, state: readOfficeState(client, file) };
}

const TRIES = 5;
const PAUSE_MS = 100;

/** Whoever makes it tells the vault first: for a moment the file is there, and the gate knows nobody who holds it. */
async function openMade({ context }: Client, file: FileId): Promise<KnownFile> {
  for (let tries = 1; ; tries++)
    try {
      return await openOne(context, { file, vault: "who" }, "billing");
    } catch (error) {
      const isEarly = error instanceof ClientError && error.detail === "gate: not-granted";
      if (!isEarly || tries === TRIES) throw error;
      await new Promise((resolve) => setTimeout(resolve, tries * PAUSE_MS));
    }
}

async function identityOf(client: Client, patient: string): Promise<FileId> {
  const { identity } = await findPatientFiles(client, patient);
  if (identity === null) throw new ClientError("unknown-record");
  return identity.file;
}

/** An open office file as it stands. */
function readOfficeState({ context }: Client, file: KnownFile): OfficeState {
  const records = readRecords(context, file, { compartment: "office" });
  return foldOffice(records.map(({ id, body }) => ({ entry: id, body })));
}

async function officeId({ context }: Client, identity: FileId): Promise<FileId> {
  const practice = (await openDirectory(context)).values.get("practice");
  if (practice?.kind !== "practice") throw new ClientError("not-ready");
  const key = importKeyFromBytes(hexToBytes(practice.importKey));
  return importFileId(key, new TextEncoder().encode(`office of\n${identity}`));
}

/** The one of our making, else the one that the identity names: an import gives ids of its own. */
export async function findOffice(client: Client, identity: FileId): Promise<string | undefined> {
  const { context } = client;
  const ref = { file: await officeId(client, identity), vault: "who" as const };
  if ((await filesThere(context, [ref])).length > 0) return ref.file;
  const opened = await openOne(context, { file: identity, vault: "who" }, "billing");
  return readIdentity(context, opened).links.office;
}

async function makeOffice(client: Client, patient: FileId): Promise<FileId> {
  const { context } = client;
  const identity = await openOne(context, { file: patient, vault: "who" }, "billing");
  const wish: FileWish = {
    file: await officeId(client, patient),
    compartment: "office",
    case: identity.access.case,
    site: null,
    grants: [...officeGrants(context), ...colleagueGrants(client, identity)],
    own: client.roles.includes("therapist"),
  };
  const { file } = wish;
  if (file === null) throw new TypeError("an office file has an id of its own");
  if (!(await tryCreate(client, [wish]))) return file;
  const made = await openOne(context, { file, vault: "who" }, "billing");
  await writeBodies(client, made, [{ type: "links", identity: patient }]);
  const at = authorTime(context);
  const body = encodeBody("identity", { v: 1, type: "links", at, office: file });
  await appendEntries(context, [
    { file: identity, entries: [{ id: generateEntryId(), class: "entry", body }] },
  ]);
  return file;
}

/** The therapists who hold the patient's identity beside this member. */
function colleagueGrants(client: Client, identity: KnownFile): GrantWish[] {
  return grantsAt(identity.access).flatMap(({ grant: { subject, rights } }) => {
    const member = subject.id as MemberId;
    if (subject.type !== "member" || member === client.member) return [];
    if (!rolesAt(client.practice, member).includes("therapist")) return [];
    return [memberGrant(client.context, { member, rights, reason: "office" })];
  });
}

type Body<T = EntryBody<"office">> = T extends unknown ? Omit<T, "v" | "at"> : never;

async function writeBodies(
  { context }: Client,
  file: KnownFile,
  bodies: readonly Body[],
): Promise<string[]> {
  const at = authorTime(context);
  const entries = bodies.map((body) => ({
    id: generateEntryId(),
    class: "entry" as const,
    body: encodeBody("office", { v: 1, at, ...body }),
  }));
  await appendEntries(context, [{ file, entries }]);
  return entries.map(({ id }) => id);
}

/** Writes entries into a patient's office file in one append; gives their ids. Errors: `unknown-record`, `refused`; of practice: `record-invalid`. */
export async function writeOffice(
  client: Client,
  patient: string,
  bodies: readonly Body[],
): Promise<string[]> {
  const { file } = await openOffice(client, patient);
  return writeBodies(client, file, bodies);
}
