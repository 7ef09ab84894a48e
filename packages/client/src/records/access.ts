import {
  FILE_AUTHORITY,
  GATE_ROUTES,
  RIGHTS,
  endWeekOf,
  grantsAt,
  policyAt,
  rolesAt,
  weekStart,
  widestCell,
  type FileId,
  type MemberId,
  type Outcome,
  type Purpose,
  type Shaped,
} from "@sinetti/core";
import { grantFiles } from "../changeAccess.ts";
import type { Client } from "../client.ts";
import type { Context } from "../context.ts";
import { ClientError } from "../errors.ts";
import type { FileRef } from "../fileBook.ts";
import { fetchFiles } from "../fetchFiles.ts";
import { revokeUnlessLast } from "../revokeUnlessLast.ts";
import { memberName, memberSubject, openDirectory, type Directory } from "./directory.ts";
import { findPatientFiles } from "./patients.ts";

/** One live grant on one file of a patient. */
export interface AccessRow {
  readonly file: FileId;
  readonly compartment: string;
  readonly subject: string;
  readonly name: string | null;
  readonly rights: readonly string[];
  readonly term: string;
  /** ISO date of the Monday on which it ends; null: never. */
  readonly until: string | null;
  readonly reason: string;
}

function refsOf({ identity, care }: { identity: FileRef | null; care: FileRef | null }): FileRef[] {
  return [identity, care].filter((ref) => ref !== null);
}

function rightNames(rights: number): string[] {
  return Object.entries(RIGHTS)
    .filter(([, bit]) => (rights & bit) !== 0)
    .map(([name]) => name);
}

/** Who may open a patient's record, and until when; read from the verified chains, nothing is opened. */
export async function listAccess(client: Client, patient: string): Promise<AccessRow[]> {
  const { context } = client;
  const refs = refsOf(await findPatientFiles(client, patient));
  const directory = await openDirectory(context);
  const rows: AccessRow[] = [];
  for (const vault of ["who", "what"] as const) {
    const fetched = await fetchFiles(
      context,
      refs.filter((ref) => ref.vault === vault),
      { boxes: false },
    );
    for (const { file } of fetched.values()) {
      for (const { grant } of grantsAt(file.access)) {
        const { subject, expires } = grant;
        rows.push({
          file: file.file,
          compartment: file.access.compartment,
          subject: `${subject.type}:${subject.id}`,
          name: subject.type === "member" ? memberName(directory, subject.id as MemberId) : null,
          rights: rightNames(grant.rights),
          term: grant.term,
          until:
            expires === 0 ? null : new Date(weekStart(expires) * 1000).toISOString().slice(0, 10),
          reason: grant.reason,
        });
      }
    }
  }
  return rows;
}

/** Grants a colleague those files of a patient that their roles may hold; `untilSeconds` is rounded up to a Monday. */
export async function grantPatient(
  client: Client,
  patient: string,
  wish: {
    member: MemberId;
    rights: number;
    untilSeconds: number | null;
    reason: "care" | "supervision" | "handover";
  },
): Promise<FileId[]> {
  const { context } = client;
  const roles = rolesAt(client.practice, wish.member);
  if (roles.length === 0) throw new ClientError("input-rejected", { detail: "member: unknown" });
  const files = await findPatientFiles(client, patient);
  const allowed = refsOf(files).filter((ref) => {
    const cell = widestCell(
      FILE_AUTHORITY[ref === files.identity ? "identity" : "care"].grantedTo,
      roles,
    );
    return cell !== "deny" && (wish.rights & ~cell.rights) === 0;
  });
  if (allowed.length === 0) throw new ClientError("refused", { detail: "not-authorised" });
  const longest = endWeekOf(context.world.clock.now()) + policyAt(client.practice).grantWeeks;
  const expires = wish.untilSeconds === null ? longest : endWeekOf(wish.untilSeconds);
  if (expires > longest)
    throw new ClientError("input-rejected", {
      detail: `until: at most ${new Date(weekStart(longest) * 1000).toISOString().slice(0, 10)}`,
    });
  await grantFiles(context, allowed, {
    subject: memberSubject(wish.member),
    rights: wish.rights,
    term: "standing",
    expires,
    reason: wish.reason,
  });
  return allowed.map(({ file }) => file);
}

/**
 * Revokes every grant of a member on a patient's files; acts at once at the gate and at each file's own vault. Error: `refused` with
 * `last-holder`, and nothing is taken, where nobody else could open one of them, or hand it on.
 */
export async function revokePatient(
  client: Client,
  patient: string,
  member: MemberId,
): Promise<FileId[]> {
  const refs = refsOf(await findPatientFiles(client, patient));
  const revoked = await revokeUnlessLast(client.context, refs, memberSubject(member));
  if (revoked.length === 0)
    throw new ClientError("unknown-record", {
      detail: "this member holds no grant on this record",
    });
  return revoked;
}

/** One line of a patient's access log. */
export interface AccessLogRow {
  readonly at: string;
  readonly member: MemberId | null;
  readonly name: string | null;
  readonly device: string | null;
  readonly file: FileId;
  readonly purpose: Purpose | null;
  readonly outcome: Outcome | null;
}

/** Every opening and refusal of a patient's files, oldest first, as the gate's log has them. */
export async function readAccessLog(client: Client, patient: string): Promise<AccessLogRow[]> {
  const { context } = client;
  const directory = await openDirectory(context);
  const refs = refsOf(await findPatientFiles(client, patient));
  return readFileLogs(
    context,
    refs.map(({ file }) => file),
    directory,
  );
}

/** Every opening and refusal of these files, oldest first. */
export async function readFileLogs(
  context: Context,
  files: readonly FileId[],
  directory: Directory,
): Promise<AccessLogRow[]> {
  const rows: (AccessLogRow & { index: number })[] = [];
  for (const file of files) {
    for (let from: number | null = 0; from !== null;) {
      const page: LogPage = await readLogPage(context, file, from);
      for (const { index, at, member, device, purpose, outcome } of page.rows)
        rows.push({
          index,
          at: new Date(at * 1000).toISOString(),
          member,
          name: member === null ? null : memberName(directory, member),
          device,
          file,
          purpose,
          outcome,
        });
      from = page.next;
    }
  }
  return rows.sort((a, b) => a.index - b.index).map(({ index: _index, ...row }) => row);
}

type LogPage = Shaped<(typeof GATE_ROUTES)["logRead"]["answer"]>;

async function readLogPage(context: Context, file: FileId, from: number): Promise<LogPage> {
  const ask = { scope: "file" as const, file, from, limit: 500 };
  return (await context.services.call("gate", GATE_ROUTES.logRead, ask)).answer;
}
