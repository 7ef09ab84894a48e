import { RIGHTS, isSeated, sitsInTeam, type FileId, type SiteId, type TeamId } from "@sinetti/core";
import { generateEntryId } from "@sinetti/core/secret";
import {
  displayName,
  foldIdentity,
  type EntryBody,
  type Person,
  type RosterValue,
} from "@sinetti/practice";
import { appendEntries } from "../appendEntries.ts";
import type { Client } from "../client.ts";
import type { Context } from "../context.ts";
import { createFiles, generateCaseId, type FileWish, type GrantWish } from "../createFiles.ts";
import { ClientError } from "../errors.ts";
import type { FileRef } from "../fileBook.ts";
import type { KnownFile } from "../fileCache.ts";
import { openFiles } from "../openFiles.ts";
import { authorTime, encodeBody } from "./body.ts";
import { adoptGranted, adoptOne } from "./adopt.ts";
import { lookupKeyOf, openDirectory } from "./directory.ts";
import { readIdentity } from "./identity.ts";
import { findPatients, indexPatient, type LookupAsk } from "./lookup.ts";
import { listGranted } from "./practiceFiles.ts";
import { findInRoster, openRoster, putPatients, rosterLine } from "./roster.ts";

/** A patient as lists show them; the id is the identity file's. */
export interface PatientRow {
  readonly patient: FileId;
  readonly name: string;
}

/** Grants to the office teams, of a site or of all: the office of the practice finds and edits contact details. */
export function officeGrants(context: Context, site: SiteId | null = null): GrantWish[] {
  const practice = context.practice.state;
  const teams = Object.entries(practice.teams).filter(
    ([id, team]) =>
      team.kind === "office" &&
      (site === null || team.site === site) &&
      isSeated(practice, id as TeamId),
  );
  return teams.map(([team]) => ({
    subject: { type: "team", id: team as TeamId },
    rights: RIGHTS.read | RIGHTS.write | RIGHTS.grant,
    term: "standing",
    expires: 0,
    reason: "office",
  }));
}

/** The identity and care files of one patient, to be created; office staff hold identity through their team and make no care file. */
export function patientFiles(
  client: Client,
  files: { identity: FileId | null; care: FileId | null } = { identity: null, care: null },
): { identity: FileWish; care: FileWish } {
  const isTherapist = client.roles.includes("therapist");
  const identity: FileWish = {
    file: files.identity,
    compartment: "identity",
    case: generateCaseId(),
    site: null,
    grants: officeGrants(client.context),
    own: isTherapist,
  };
  const care: FileWish = {
    file: files.care,
    compartment: "care",
    case: generateCaseId(),
    site: null,
    grants: [],
  };
  return { identity, care };
}

/** Whether this member sits in an office, and so can open what is granted to it; who was seated a moment ago is asked for once. */
async function sitsInOffice({ context, member }: Client): Promise<boolean> {
  const sits = (): boolean =>
    officeGrants(context).some(({ subject }) =>
      sitsInTeam(context.practice.state, { team: subject.id as TeamId, member }),
    );
  if (sits()) return true;
  await context.practice.sync(context.services);
  return sits();
}

/**
 * Registers a patient: identity, for a therapist also care and the roster line, and the lookup. Errors: of practice
 * `record-invalid`; `refused` with `no-seat` for who holds no patients of their own and sits in no office yet.
 */
export async function addPatient(
  client: Client,
  person: Omit<Person, "v" | "type" | "at">,
): Promise<PatientRow> {
  const { context } = client;
  const at = authorTime(context);
  const body: Person = { v: 1, type: "person", at, ...person };
  const sealed = encodeBody("identity", body);
  const isTherapist = client.roles.includes("therapist");
  if (!isTherapist && !(await sitsInOffice(client)))
    throw new ClientError("refused", { detail: "no-seat" });
  const wishes = patientFiles(client);
  const [identity] = await createFiles(context, [wishes.identity]);
  const [care] = isTherapist ? await createFiles(context, [wishes.care]) : [];
  if (identity === undefined) throw new TypeError("no file was created");
  const links =
    care === undefined
      ? []
      : [encodeBody("identity", { v: 1, type: "links", at, care: care.file })];
  await appendEntries(context, [
    {
      file: identity,
      entries: [sealed, ...links].map((each) => ({
        id: generateEntryId(),
        class: "entry" as const,
        body: each,
      })),
    },
  ]);
  if (care !== undefined) await beginCare(client, { care, identity: identity.file, at });
  const name = displayName(body);
  if (isTherapist)
    await putPatients(context, await openRoster(context, true), [
      rosterLine(identity.file, { name, care: care?.file ?? null, person: body }),
    ]);
  const folded = foldIdentity([{ entry: identity.file, body }]);
  await indexPatient(context, lookupKeyOf(await openDirectory(context)), {
    file: identity.file,
    identity: folded,
  });
  return { patient: identity.file, name };
}

async function beginCare(
  client: Client,
  { care, identity, at }: { care: KnownFile; identity: FileId; at: string },
): Promise<void> {
  const bodies: EntryBody<"care">[] = [
    { v: 1, type: "links", at, identity },
    {
      v: 1,
      type: "careRelationship",
      at,
      status: "active",
      from: at.slice(0, 10),
      therapist: client.member,
      kinds: [],
    },
  ];
  await appendEntries(client.context, [
    {
      file: care,
      entries: bodies.map((body) => ({
        id: generateEntryId(),
        class: "entry" as const,
        body: encodeBody("care", body),
      })),
    },
  ]);
}

/** This member's patients: the roster, and those whom colleagues have granted since; who is not in the roster yet has no name here. */
export async function listPatients(client: Client): Promise<PatientRow[]> {
  const { context } = client;
  if (!client.roles.includes("therapist")) return listGrantedPatients(client);
  const roster = await openRoster(context, true);
  const nameless = await adoptGranted(client, roster);
  const rows = [...roster.values.values()].map(({ patient, name }) => ({
    patient: patient as FileId,
    name,
  }));
  rows.sort((a, b) => a.name.localeCompare(b.name));
  return [...rows, ...nameless.map(({ file }) => ({ patient: file, name: "" }))];
}

/** Without a roster: the care files that this member was granted (a supervisor), by id alone, since names are not theirs to read. */
async function listGrantedPatients(client: Client): Promise<PatientRow[]> {
  const granted = await listGranted(client.context, "what");
  return granted
    .filter(({ compartment }) => compartment === "care")
    .map(({ file }) => ({ patient: file, name: "" }));
}

/** The files of a patient that this member can reach, by the id of any of them. Error: `unknown-record`. */
export async function findPatientFiles(
  client: Client,
  id: string,
): Promise<{ identity: FileRef | null; care: FileRef | null; name: string }> {
  const { context } = client;
  const inRoster = client.roles.includes("therapist") ? await findAdopted(client, id) : null;
  if (inRoster !== null) {
    const { files, name } = inRoster;
    const care =
      files.care === undefined ? null : { file: files.care as FileId, vault: "what" as const };
    return { identity: { file: files.identity as FileId, vault: "who" }, care, name };
  }
  const [who, what] = await Promise.all([
    listGranted(context, "who"),
    listGranted(context, "what"),
  ]);
  const identity =
    who.find(({ file, compartment }) => file === id && compartment === "identity") ?? null;
  const care = what.find(({ file, compartment }) => file === id && compartment === "care") ?? null;
  if (identity === null && care === null) throw new ClientError("unknown-record");
  return { identity, care, name: "" };
}

async function findAdopted(client: Client, id: string): Promise<RosterValue | null> {
  const roster = await openRoster(client.context, true);
  return findInRoster(roster, id) ?? adoptOne(client, roster, id);
}

/** Finds patients by one exact field through the metered lookup, and opens their identity. */
export async function lookUpPatients(client: Client, ask: LookupAsk): Promise<PatientRow[]> {
  const { context } = client;
  const files = await findPatients(context, lookupKeyOf(await openDirectory(context)), ask);
  const opened = await openFiles(
    context,
    files.map((file) => ({ file, vault: "who" as const })),
    { purpose: "contact" },
  );
  return opened.map(({ ref, file }) => {
    const person = file === null ? undefined : readIdentity(context, file).person;
    return { patient: ref.file, name: person === undefined ? "" : displayName(person) };
  });
}

/** Opens one file of a patient. Error: `refused` with the gate's word. */
export async function openOne(
  context: Context,
  ref: FileRef,
  purpose: Parameters<typeof openFiles>[2]["purpose"],
): Promise<KnownFile> {
  const [opened] = await openFiles(context, [ref], { purpose });
  if (opened === undefined || opened.file === null)
    throw new ClientError("refused", { detail: `gate: ${opened?.outcome ?? "unknown-file"}` });
  return opened.file;
}
