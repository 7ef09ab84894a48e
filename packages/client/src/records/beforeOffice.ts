import { grantsAt, parseId, type FileId } from "@sinetti/core";
import { grantFiles } from "../changeAccess.ts";
import type { Client } from "../client.ts";
import type { Context } from "../context.ts";
import type { GrantWish } from "../createFiles.ts";
import { ClientError } from "../errors.ts";
import { fetchFiles } from "../fetchFiles.ts";
import type { FileRef } from "../fileBook.ts";
import type { KnownFile } from "../fileCache.ts";
import { findOffice } from "./officeFile.ts";
import { findPatientFiles, officeGrants } from "./patients.ts";
import { openRoster } from "./roster.ts";
import { holdsGrant } from "./shareLate.ts";

/** The offices that know everybody of this caseload. */
const KNOWN = "office/known";

const refOf = (file: string): FileRef => ({ file: parseId<FileId>(file), vault: "who" });

/** The office teams that do not hold a file. */
function missingFrom(file: KnownFile, teams: readonly GrantWish[]): GrantWish[] {
  const holders = new Set<string>(grantsAt(file.access).map(({ grant }) => grant.subject.id));
  return teams.filter(({ subject }) => !holders.has(subject.id));
}

/**
 * The patients of one's own who were registered before the practice had its office, so that it cannot find them. Opens no record; once
 * the office knows everybody nothing is asked any more.
 */
export async function listBeforeOffice(client: Client): Promise<FileId[]> {
  const { context } = client;
  const teams = officeGrants(context);
  if (teams.length === 0 || !client.roles.includes("therapist")) return [];
  const names = teams.map(({ subject }) => subject.id).join(" ");
  const kept = await context.device.read(KNOWN);
  if (kept !== null && new TextDecoder().decode(kept) === names) return [];
  const { values } = await openRoster(context, true);
  const refs = [...values.values()].map(({ files }) => refOf(files.identity));
  const fetched = await fetchFiles(context, refs, { boxes: false });
  const unknown = [...fetched.values()]
    .filter(({ file }) => holdsGrant(client, file) && missingFrom(file, teams).length > 0)
    .map(({ file }) => file.file);
  if (unknown.length === 0)
    await context.device.write([context.device.seal(KNOWN, new TextEncoder().encode(names))]);
  return unknown;
}

/**
 * Lets the office find and edit a patient who was registered before it had its team: who they are, and who pays. Teams that hold it stay
 * as they are. Error: `refused` without an office.
 */
export async function grantOffice(client: Client, patient: string): Promise<FileId[]> {
  const { context } = client;
  const { identity } = await findPatientFiles(client, patient);
  if (identity === null) throw new ClientError("unknown-record");
  const teams = officeGrants(context);
  if (teams.length === 0)
    throw new ClientError("refused", { detail: "the practice has no office team" });
  const given = await grantMissing(context, identity, teams);
  const office = await findOffice(client, identity.file);
  return office === undefined
    ? given
    : [...given, ...(await grantMissing(context, refOf(office), teams))];
}

async function grantMissing(
  context: Context,
  ref: FileRef,
  teams: readonly GrantWish[],
): Promise<FileId[]> {
  const held = (await fetchFiles(context, [ref], { boxes: false })).get(ref.file);
  const missing = held === undefined ? teams : missingFrom(held.file, teams);
  for (const wish of missing) await grantFiles(context, [ref], wish);
  return missing.length === 0 ? [] : [ref.file];
}
