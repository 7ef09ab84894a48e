import {
  ALL_RIGHTS,
  LIMITS,
  RIGHTS,
  bytesToHex,
  bytesToId,
  grantsAt,
  hexToBytes,
  randomBytes,
  weekOf,
  type MemberId,
  type Secret,
  type SiteId,
  type Subject,
} from "@sinetti/core";
import { lookupSiteKey } from "@sinetti/core/secret";
import {
  directoryKey,
  type DirectoryMember,
  type DirectorySite,
  type DirectoryValue,
} from "@sinetti/practice";
import { grantToMany, revokeGrant } from "../changeAccess.ts";
import type { Context } from "../context.ts";
import { createFiles, memberGrant } from "../createFiles.ts";
import { ClientError, hardStop } from "../errors.ts";
import { changeFolded, openFolded, type FoldedFile } from "./folded.ts";
import { findOwnFile, rememberOwnFile } from "./practiceFiles.ts";

/** The directory: names of practice, staff and sites, and the keys that staff share for lookups and imports. */
export type Directory = FoldedFile<"directory">;

/** Creates the directory of a new practice, with its founder and one site. */
export async function createDirectory(
  context: Context,
  { name, founder, site }: { name: string; founder: Omit<DirectoryMember, "kind">; site: string },
): Promise<Directory> {
  const [file] = await createFiles(context, [
    { file: null, compartment: "directory", case: null, site: null, grants: [] },
  ]);
  if (file === undefined) throw new TypeError("no file was created");
  await rememberOwnFile(context, "directory", file.file);
  const values: DirectoryValue[] = [
    { kind: "practice", name, importKey: bytesToHex(randomBytes(32)) },
    { kind: "member", ...founder },
    {
      kind: "site",
      id: bytesToId<SiteId>(randomBytes(16)),
      name: site,
      lookupKey: bytesToHex(randomBytes(32)),
    },
  ];
  const directory: Directory = { file, values: new Map() };
  await changeFolded(context, directory, {
    compartment: "directory",
    changes: values.map((value) => ({ key: directoryKey(value), value })),
  });
  return directory;
}

/** Opens the directory. Error: `not-ready` before an administrator has granted it. */
export async function openDirectory(context: Context): Promise<Directory> {
  const ref = await findOwnFile(context, "directory");
  if (ref === null)
    throw new ClientError("not-ready", { detail: "the directory is not granted yet" });
  return openFolded(context, ref, { compartment: "directory", purpose: "directory" });
}

/** Names new members in one append and grants them the directory: read for everybody, all for an administrator. What stands already stays. */
export async function admitMembers(
  context: Context,
  members: readonly Omit<DirectoryMember, "kind">[],
): Promise<void> {
  const directory = await openDirectory(context);
  const values = members.map((member): DirectoryValue => ({ kind: "member", ...member }));
  const changes = values
    .map((value) => ({ key: directoryKey(value), value }))
    .filter(({ key, value }) => !isSame(directory.values.get(key), value));
  for (let start = 0; start < changes.length; start += LIMITS.entriesPerAppend)
    await changeFolded(context, directory, {
      compartment: "directory",
      changes: changes.slice(start, start + LIMITS.entriesPerAppend),
    });
  const holders = await liveHolders(context, directory, members);
  const wishes = members
    .filter(({ id }) => !holders.has(id as MemberId))
    .map(({ id, roles }) =>
      memberGrant(context, {
        member: id as MemberId,
        rights: roles.includes("admin") ? ALL_RIGHTS : RIGHTS.read,
        reason: "staff",
      }),
    );
  if (wishes.length > 0) await grantToMany(context, directory.file, wishes);
}

/**
 * Who holds the directory. Of the members to be admitted, a grant whose day is over is taken away first: what nobody renewed does not
 * go on, and whoever granted it once may give it anew.
 */
async function liveHolders(
  context: Context,
  { file }: Directory,
  members: readonly Pick<DirectoryMember, "id">[],
): Promise<Set<string>> {
  const week = weekOf(context.world.clock.now());
  const grants = grantsAt(file.access).map(({ grant }) => grant);
  const isOver = ({ subject, expires }: (typeof grants)[number]): boolean =>
    expires !== 0 && week >= expires && members.some(({ id }) => id === subject.id);
  for (const { subject } of grants.filter(isOver)) await revokeGrant(context, file, subject);
  return new Set(grants.filter((grant) => !isOver(grant)).map(({ subject }) => subject.id));
}

/** Gives a member the directory again whose access to it has ended. For an administrator. Error: `unknown-record`. */
export async function readmitMember(context: Context, member: MemberId): Promise<void> {
  const { values } = await openDirectory(context);
  const found = values.get(`member/${member}`);
  if (found?.kind !== "member") throw new ClientError("unknown-record");
  await admitMembers(context, [found]);
}

function isSame(a: DirectoryValue | undefined, b: DirectoryValue): boolean {
  return (
    a?.kind === "member" &&
    b.kind === "member" &&
    a.name === b.name &&
    a.roles.join() === b.roles.join()
  );
}

/** A member's name; null: the directory does not know them. */
export function memberName({ values }: Directory, member: MemberId): string | null {
  const found = values.get(`member/${member}`);
  return found?.kind === "member" ? found.name : null;
}

/** The sites. */
export function sites({ values }: Directory): DirectorySite[] {
  return [...values.values()].filter((value) => value.kind === "site");
}

/** The lookup key of the practice's first site. */
export function lookupKeyOf(directory: Directory): Secret<"lookup-site"> {
  const [site] = sites(directory);
  if (site === undefined) throw hardStop("the directory names no site");
  return lookupSiteKey(hexToBytes(site.lookupKey));
}

/** A member as the subject of a grant. */
export function memberSubject(member: MemberId): Subject {
  return { type: "member", id: member };
}
