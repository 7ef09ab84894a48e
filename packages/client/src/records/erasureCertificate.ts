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
  type DeviceId,
  type FileId,
  type Hash,
  type MemberId,
} from "@sinetti/core";
import type { Paper } from "@sinetti/paper";
import type { Client } from "../client.ts";
import { ClientError, hardStop } from "../errors.ts";
import { memberName, openDirectory } from "./directory.ts";
import type { Erasure } from "./erasureRecord.ts";

/** One person of an erasure. */
export interface CertifiedPerson {
  readonly member: MemberId | null;
  readonly name: string;
}

/** What proves that one file was erased. */
export interface CertifiedFile {
  readonly compartment: string;
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
  nameOf: (member: MemberId | null) => string,
): Promise<CertifiedFile> {
  const { statement, acceptance } = await readErasing(client, file);
  const link = readStatement(statement);
  const { order: signed, approvals } = readAccessBody(link, "erase");
  const order = readOrder(signed);
  const person = (by: { by: string; id: string }, at?: number): CertifiedPerson => {
    const device = liveDevice(client.practice, by.id as DeviceId, at);
    const member = by.by === "device" ? (device?.member ?? null) : null;
    return { member, name: by.by === "code" ? "the paper code" : nameOf(member) };
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
  const nameOf = (member: MemberId | null): string =>
    (member === null ? null : memberName(directory, member)) ?? member ?? "unknown";
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

const REASON_WORDS: Record<Erasure["reason"], string> = {
  retention: "The time for which the record had to be kept is over",
  request: "The patient asked for it",
  error: "The record was made in error",
  order: "A court or an authority ordered it",
};

function fileRows({ idHash, order, orderedBy, approvedBy, head, acceptance, week }: CertifiedFile) {
  const names = approvedBy.map(({ name }) => name);
  return [
    { label: "Ordered by", value: orderedBy.name },
    {
      label: "Approved by",
      value: names.length === 0 ? "nobody: 24 hours had passed" : names.join(", "),
    },
    { label: "Accepted in the week of", value: week },
    { label: "SHA-256 of the record’s id", value: [{ text: idHash, mono: true }] },
    { label: "Order", value: [{ text: order, mono: true }] },
    { label: `Statement ${head.seq} of its chain`, value: [{ text: head.hash, mono: true }] },
    { label: "The gate’s acceptance", value: [{ text: acceptance, mono: true }] },
  ];
}

/** The certificate as it is printed. */
export function certificatePaper(certificate: Certificate): Paper {
  const { request, practice, reason, finished, inBackupsUntil, files } = certificate;
  const total = files.reduce((sum, { entries }) => sum + entries, 0);
  return {
    title: "Certificate of erasure",
    language: "en",
    footer: `${practice} · erasure ${request}`,
    made: finished,
    blocks: [
      { type: "heading", level: 1, text: "Certificate of erasure" },
      {
        type: "fields",
        rows: [
          { label: "Practice", value: practice },
          { label: "Erasure", value: [{ text: request, mono: true }] },
          { label: "Why", value: REASON_WORDS[reason] },
          { label: "What", value: `${files.length} records with ${total} entries` },
          { label: "Finished", value: `${finished.slice(0, 16).replace("T", " ")} UTC` },
        ],
      },
      {
        type: "paragraph",
        text: `Erased now; in backups until ${inBackupsUntil}. A backup that is restored before that day erases again before anybody can open it.`,
      },
      {
        type: "paragraph",
        text: "The halves of the keys at the gate, their copies, the wraps and the sealed entries are destroyed. The chains keep hashes of what was there, and nothing that opens it. This paper names nobody who was treated.",
        tone: "quiet",
      },
      ...files.flatMap((file) => [
        {
          type: "heading" as const,
          level: 2 as const,
          text: `${file.compartment[0]?.toUpperCase()}${file.compartment.slice(1)}: ${file.entries} entries`,
        },
        { type: "fields" as const, rows: fileRows(file) },
      ]),
      {
        type: "paragraph",
        text: "Each hash can be compared with the chains that the services keep: sinetti fsck verifies them.",
        tone: "quiet",
      },
    ],
  };
}
