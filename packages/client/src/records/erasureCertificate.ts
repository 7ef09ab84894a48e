import {
  BACKUP_DAYS,
  GATE_ROUTES,
  bytesToHash,
  hashOrder,
  liveDevice,
  readAccessBody,
  readAcceptance,
  readApproval,
  readOrder,
  readStatement,
  sha256,
  weekStart,
  type Compartment,
  type DeviceId,
  type FileId,
  type Hash,
  type MemberId,
} from "@sinetti/core";
import type { Client } from "../client.ts";
import { ClientError, hardStop } from "../errors.ts";
import { memberName, openDirectory } from "./directory.ts";
import type { Erasure } from "./erasureRecord.ts";

/** One person of an erasure. */
export interface CertifiedPerson {
  /** Null: no member's device signed it. */
  readonly member: MemberId | null;
  /** Null: the directory names nobody of that id, or there is no member. */
  readonly name: string | null;
  readonly isPaperCode: boolean;
}

/** What proves that one file was erased. */
export interface CertifiedFile {
  readonly compartment: Compartment;
  readonly entries: number;
  /** SHA-256 of the id: who has a backup can tell that it is this one, nobody else can tell whose. */
  readonly idHash: Hash;
  readonly order: Hash;
  readonly orderedBy: CertifiedPerson;
  readonly approvedBy: readonly CertifiedPerson[];
  /** Head of the access chain: the statement that erased it. */
  readonly head: { readonly seq: number; readonly hash: Hash };
  /** The gate's signed word on that statement, and the Monday of its week. */
  readonly acceptance: Hash;
  readonly week: string;
}

/** An erasure as it is certified. */
export interface Certificate {
  readonly request: string;
  readonly practice: string;
  readonly reason: Erasure["reason"];
  /** By the clock of the device that finished it. */
  readonly finished: string;
  readonly inBackupsUntil: string;
  readonly files: readonly CertifiedFile[];
}

const DAY_MS = 86_400_000;

const isoDay = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** The last link of a file's access chain, as the gate accepted it. */
async function readErasing(
  { context }: Client,
  file: FileId,
): Promise<{ statement: Uint8Array; acceptance: Uint8Array }> {
  for (let from = 0; ;) {
    const { answer } = await context.services.call("gate", GATE_ROUTES.accessRead, { file, from });
    const last = answer.links.at(-1);
    if (last === undefined) throw hardStop("the gate has lost a chain");
    if (!answer.more) return last;
    from += answer.links.length;
  }
}

async function certifyFile(
  client: Client,
  { file, compartment, entries }: Erasure["files"][number],
  nameOf: (member: MemberId) => string | null,
): Promise<CertifiedFile> {
  const { statement, acceptance } = await readErasing(client, file);
  const link = readStatement(statement);
  const { order: signed, approvals } = readAccessBody(link, "erase");
  const order = readOrder(signed);
  const person = (by: { by: string; id: string }, at?: number): CertifiedPerson => {
    const device = liveDevice(client.practice, by.id as DeviceId, at);
    const member = by.by === "device" ? (device?.member ?? null) : null;
    const name = member === null ? null : nameOf(member);
    return { member, name, isPaperCode: by.by === "code" };
  };
  return {
    compartment,
    entries,
    idHash: bytesToHash(sha256(new TextEncoder().encode(file))),
    order: hashOrder(signed),
    orderedBy: person(order.author, order.seen.seq),
    approvedBy: approvals.map((approval) => person(readApproval(approval).author)),
    head: { seq: link.statement.seq, hash: link.hash },
    acceptance: bytesToHash(sha256(acceptance)),
    week: isoDay(weekStart(readAcceptance(acceptance).week) * 1000),
  };
}

/** What is certified of an erasure that is finished: nothing in it names the patient. Error: `refused` when it is not finished. */
export async function certifyErasure(client: Client, erasure: Erasure): Promise<Certificate> {
  const { finished, request, reason, files } = erasure;
  if (finished === null)
    throw new ClientError("refused", { detail: "the erasure is not finished" });
  const directory = await openDirectory(client.context);
  const practice = directory.values.get("practice");
  const nameOf = (member: MemberId): string | null => memberName(directory, member);
  const certified: CertifiedFile[] = [];
  for (const file of files) certified.push(await certifyFile(client, file, nameOf));
  return {
    request,
    practice: practice?.kind === "practice" ? practice.name : client.practice.practice,
    reason,
    finished,
    inBackupsUntil: isoDay(Date.parse(finished) + BACKUP_DAYS * DAY_MS),
    files: certified,
  };
}
